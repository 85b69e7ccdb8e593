from datetime import date
from typing import Final

from django.db.models import Prefetch

from cuaso.foundation.directory import contracts, models
from cuaso.foundation.directory.logic import views
from cuaso.foundation.directory.logic.memory import MEMORY
from cuaso.kernel import clock
from cuaso.kernel.errors import NotFound
from cuaso.kernel.text import closeness, words

_LEVELS: Final = ("province", "district", "commune")


def stock() -> models.FoundQuerySet[models.Place]:
    """Return places with what came before and after them: two more queries, however many rows."""
    return models.Place.objects.prefetch_related(
        Prefetch("successions", models.PlaceSuccession.objects.select_related("new")),
        Prefetch("precessions", models.PlaceSuccession.objects.select_related("old")),
    )


def place(code: str, on: date | None = None) -> contracts.Place:
    """Return the place that had the code on a day (today); raise NotFound.

    Where the code ended earlier, the refusal names the places that came after.
    """
    found = find_place(code, on)
    if found is None:
        raise _unknown(code, on or clock.today())
    return found


@MEMORY.keep
def find_place(code: str, on: date | None = None) -> contracts.Place | None:
    """Return the place that had the code on a day (today), None when there is none such."""
    row = stock().valid_on(on or clock.today()).filter(code=code).first()
    return views.place(row) if row else None


@MEMORY.keep
def places(
    level: contracts.Level | None = None, parent: str | None = None, on: date | None = None
) -> tuple[contracts.Place, ...]:
    """Return the places of a day (today) by level and parent code, in Vietnamese order."""
    rows = stock().valid_on(on or clock.today()).order_by("sort_key", "code")
    if level is not None:
        rows = rows.filter(level=level)
    if parent is not None:
        rows = rows.filter(parent_code=parent)
    return tuple(views.place(row) for row in rows)


def find_places(text: str, on: date | None = None, limit: int = 20) -> tuple[contracts.Place, ...]:
    """Return places of a day (today) that have a word beginning with each typed word.

    Marks are optional; what agrees with the typed marks comes first.
    """
    asked = words(text)
    if not asked:
        return ()
    rows = stock().valid_on(on or clock.today()).found_by(asked).order_by("sort_key", "code")
    found = sorted(rows, key=lambda row: -closeness(text, row.full_name))
    return tuple(views.place(row) for row in found[:limit])


@MEMORY.keep
def successors_of_place(code: str, on: date) -> tuple[contracts.Place, ...]:
    """Return what the place that had the code on a day became; `()` while it still stands.

    A place of which only a part went over has several: nobody but a person can say which one
    an address falls in.
    """
    held = place(code, on)
    rows = stock().filter(pk__in=[link.id for link in held.successors])
    return tuple(views.place(row) for row in rows.order_by("sort_key"))


def ancestors(code: str, on: date) -> dict[str, contracts.Place]:
    """Return the place and those above it on a day, by level."""
    found: dict[str, contracts.Place] = {}
    while code and len(found) < len(_LEVELS):
        current = place(code, on)
        found[current.level] = current
        code = current.parent_code
    return found


def _unknown(code: str, day: date) -> NotFound:
    ended = stock().filter(code=code, until_date__lte=day).order_by("until_date").last()
    heirs = ", ".join(link.full_name for link in views.place(ended).successors) if ended else ""
    return NotFound(
        code="directory.no_place",
        what=f"Không có địa bàn mang mã “{code}” vào ngày {day:%d/%m/%Y}.",
        why=f"{ended.full_name} đã được sắp xếp lại." if ended else "",
        mend=f"Hãy chọn trong: {heirs}." if heirs else "Hãy chọn lại xã, phường trong danh sách.",
        data={"code": code},
    )
