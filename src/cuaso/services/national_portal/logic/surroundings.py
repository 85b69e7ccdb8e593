"""Where the portal is and what it is told, from the environment."""

import os
from typing import Final

from cuaso.kernel.actors import system
from cuaso.kernel.subjects import Subject
from cuaso.services.national_portal.models import Link

PORTAL: Final = system("Cổng Dịch vụ công quốc gia")
HOUSE: Final = system("Đồng bộ với Cổng Dịch vụ công quốc gia")


def base() -> str:
    """Return the portal's address without a slash at its end, "" when it is not configured."""
    return os.environ.get("CUASO_NATIONAL_URL", "").rstrip("/")


def subject(link: Link) -> Subject:
    return Subject(kind="procedures.dossier", id=link.dossier_id)
