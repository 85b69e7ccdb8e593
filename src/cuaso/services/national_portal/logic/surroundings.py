"""Where the portal is and what it is told, from the environment."""

from typing import Final

from cuaso.capabilities.exchange.api import peers
from cuaso.capabilities.exchange.contracts import Peer
from cuaso.kernel.actors import system
from cuaso.kernel.subjects import Subject
from cuaso.services.national_portal.models import Link

PORTAL: Final = system("Cổng Dịch vụ công quốc gia")
PEER: Final = Peer(
    name="Cổng Dịch vụ công quốc gia",
    code="national_portal",
    settings="CUASO_NATIONAL",
    header="National",
)
HOUSE: Final = system("Đồng bộ với Cổng Dịch vụ công quốc gia")


def base() -> str:
    """Return the portal's address without a slash at its end, "" when it is not configured."""
    return peers.address(PEER)


def subject(link: Link) -> Subject:
    return Subject(kind="procedures.dossier", id=link.dossier_id)


def production_refusals() -> list[str]:
    """Return why production must not start: plain HTTP to the portal, or a weak shared secret."""
    return peers.production_refusals(PEER)
