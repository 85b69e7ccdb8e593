"""The organisation as the public sees it on any day: agencies, units, posts and who holds them."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from cuaso.foundation.directory import contracts, models
from cuaso.foundation.directory.logic import views
from cuaso.foundation.directory.logic.memory import MEMORY
from cuaso.kernel import clock
from cuaso.kernel.errors import NotFound
from cuaso.kernel.text import closeness, one_line, words

MOST_FOUND = 50


@MEMORY.keep
def chart(agency_id: UUID, on: date | None = None) -> contracts.Chart:
    """Return an agency with its units, posts and the agencies below it, as they were on a day
    (today); raise NotFound when it did not stand that day.
    """
    day = on or clock.today()
    row = models.Agency.objects.valid_on(day).filter(pk=agency_id).select_related("parent").first()
    if row is None:
        raise NotFound(
            code="directory.no_agency_on_day",
            what=f"Ngày {day:%d/%m/%Y} không có cơ quan này.",
            mend="Hãy chọn ngày khác, hoặc tìm cơ quan kế tục theo tên.",
        )
    posts = models.Post.objects.valid_on(day).filter(agency=row).select_related("person")
    seats = [(post.unit_id, _seat(post)) for post in posts.order_by("sort_key", "pk")]
    units = models.Unit.objects.valid_on(day).filter(agency=row).order_by("name")
    below = models.Agency.objects.valid_on(day).filter(parent=row).order_by("sort_key", "key")
    parent = row.parent if row.parent and views.valid(row.parent).contains(day) else None
    return contracts.Chart(
        agency=views.agency(row),
        parent=views.agency(parent) if parent else None,
        seats=_of(seats, None),
        units=tuple(
            contracts.ChartUnit(unit=views.unit(unit), seats=_of(seats, unit.id)) for unit in units
        ),
        below=tuple(views.agency(one) for one in below),
    )


def find_in_chart(text: str, on: date | None = None) -> contracts.ChartFound:
    """Return agencies by name or the beginning of their code, and posts by their holder's name or
    their title, on a day (today). Marks are optional; names with the typed marks come first.
    """
    asked, day = words(text), on or clock.today()
    code = one_line(text).replace("\0", "")
    if not asked:
        return contracts.ChartFound(agencies=(), posts=())
    standing = models.Agency.objects.valid_on(day)
    named = standing.found_by(asked).order_by("sort_key", "key")[:MOST_FOUND]
    coded = standing.filter(Q(code__istartswith=code) | Q(code_old_style__istartswith=code))
    agencies = {row.pk: row for row in [*coded.order_by("code")[:MOST_FOUND], *named]}
    ranked = sorted(agencies.values(), key=lambda row: -closeness(text, row.name))
    return contracts.ChartFound(
        agencies=tuple(views.agency(row) for row in ranked[:MOST_FOUND]),
        posts=_posts(text, asked, day),
    )


def _posts(text: str, asked: tuple[str, ...], day: date) -> tuple[contracts.ChartPost, ...]:
    people = models.Person.objects.found_by(asked).filter(posts__isnull=False)
    held = models.Post.objects.valid_on(day).filter(person__in=people.values("pk"))
    rows = held.select_related("person", "agency").order_by("person__sort_key", "sort_key", "pk")
    ranked = sorted(rows[: 2 * MOST_FOUND], key=lambda row: -closeness(text, _name(row)))
    return tuple(
        contracts.ChartPost(seat=_seat(row), agency=views.agency(row.agency))
        for row in ranked[:MOST_FOUND]
    )


def _seat(row: models.Post) -> contracts.Seat:
    return contracts.Seat(title=row.title, holder=_name(row), leads="leader" in row.roles)


def _name(row: models.Post) -> str:
    return row.person.name if row.person else ""


def _of(
    seats: Iterable[tuple[UUID | None, contracts.Seat]], unit_id: UUID | None
) -> tuple[contracts.Seat, ...]:
    """Return the seats of a unit, who leads first."""
    own = [seat for unit, seat in seats if unit == unit_id]
    return tuple(sorted(own, key=lambda seat: not seat.leads))
