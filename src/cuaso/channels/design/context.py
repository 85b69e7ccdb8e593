"""What every page knows of the house: its province, and whether its people are invented."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from cuaso.foundation.directory import api as directory
from cuaso.kernel.errors import Refusal


@dataclass(frozen=True, kw_only=True)
class House:
    """The name of the province today and of the committee that answers for these pages."""

    province_name: str
    committee_name: str
    invented: bool


def house(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001 the shape of a context processor
    """Give `house`; the directory is asked only when a page names it."""
    return {"house": SimpleLazyObject(_house)}


def _house() -> House:
    invented = settings.MODE != "production"
    try:
        found = directory.province()
    except (Refusal, DatabaseError, ObjectDoesNotExist):
        # Nothing is installed yet; an error page must still be shown.
        return House(
            province_name=_("Tỉnh"), committee_name=_("Ủy ban nhân dân tỉnh"), invented=invented
        )
    return House(
        province_name=found.name[:1].upper() + found.name[1:],
        committee_name=found.committee_name,
        invented=invented,
    )
