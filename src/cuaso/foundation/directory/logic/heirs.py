"""What stands today for a code that somebody outside still writes: itself, or its successors."""

from cuaso.foundation.directory import contracts, models
from cuaso.foundation.directory.logic import views
from cuaso.foundation.directory.logic.find_places import find_place, stock
from cuaso.kernel import clock
from cuaso.kernel.numbers import AgencyCode


def agency_heirs(code: str) -> tuple[contracts.Agency, ...]:
    """Return the agency of today that bears the code, else those that took over from the last
    one that bore it; `()` for a code that nobody ever bore.

    Raises Invalid for what is no agency code, in either style.
    """
    today = clock.today()
    named = models.Agency.objects.filter(code=str(AgencyCode.parse(code)))
    rows = list(named.valid_on(today)) or list(
        named.filter(until_date__lte=today).order_by("-until_date")[:1]
    )
    standing: dict[str, models.Agency] = {}
    while rows:
        standing |= {row.key: row for row in rows if views.valid(row).contains(today)}
        ended = [row for row in rows if row.key not in standing]
        rows = list(models.Agency.objects.filter(precessions__old__in=ended).distinct())
    return tuple(views.agency(standing[key]) for key in sorted(standing))


def place_heirs(code: str, level: contracts.Level) -> tuple[contracts.Place, ...]:
    """Return the place of today that has the code, else those that followed the last one that
    had it; several where it was split.
    """
    held = find_place(code)
    if held is not None and held.level == level:
        return (held,)
    ended = models.Place.objects.filter(code=code, level=level, until_date__lte=clock.today())
    last = ended.order_by("-until_date").first()
    if last is None:
        return ()
    rows = stock().valid_on(clock.today()).filter(precessions__old=last).order_by("sort_key")
    return tuple(views.place(row) for row in rows)
