"""What every export needs: elements with the domain of a day, and the codes they may hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from cuaso.foundation.dictionary.contracts import Code, Domain, Element
from cuaso.foundation.dictionary.logic.find_codes import codes
from cuaso.foundation.dictionary.logic.find_elements import elements
from cuaso.foundation.dictionary.models import CodeList
from cuaso.kernel import clock

CHOICES = ("choice", "multi_choice")


@dataclass(frozen=True, kw_only=True)
class Described:
    """An element as it stands on a day; `codes` are empty for what is no choice."""

    element: Element
    domain: Domain
    codes: tuple[Code, ...]

    @property
    def object_class(self) -> str:
        return self.element.key.partition(".")[0]

    @property
    def name(self) -> str:
        return self.element.key.partition(".")[2]


def described(keys: Iterable[str] | None, on: date | None) -> tuple[Described, ...]:
    """Return the elements of these keys (all) that have a published version on a day (today)."""
    day = on or clock.today()
    known = set(CodeList.objects.values_list("list_id", flat=True))
    found = []
    for one in elements(keys):
        version = one.version_on(day)
        if version:
            listed = version.domain.codes if version.domain.codes in known else ""
            permitted = codes(listed, day) if listed else ()
            found.append(Described(element=one, domain=version.domain, codes=permitted))
    return tuple(sorted(found, key=lambda each: each.element.key))


def base() -> str:
    """Return the address under which the dictionary's things are named."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/tu-dien/"
