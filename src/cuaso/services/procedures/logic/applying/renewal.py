"""Bring the places of a draft that waited to what stands today.

A place code is chosen on a day, and codes are used again: a draft begun in June 2025 names the
communes of June. What became one commune is replaced, with a sentence; what was split is asked.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from cuaso.declarations.forms import Form
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Place, PlaceToday
from cuaso.kernel import clock
from cuaso.kernel.errors import Problem
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.models import Draft

# In `sources`: where a value came from, followed by the sentence for the applicant.
FOLLOWED = "successor:"
SPLIT = "split:"


def renew(row: Draft) -> None:
    """Replace in memory the abolished places of a draft; its next save keeps that.

    A value that several places of today may follow becomes empty.
    """
    chosen_on, today = clock.legal_date(row.updated_at), clock.today()
    if chosen_on >= today:
        return
    form, values, sources = declared.form(row.procedure), dict(row.values), dict(row.sources)
    chosen = dict(_places(form, row))
    followed = {code: _followed(code, chosen_on) for code in set(chosen.values())}
    for path, code in chosen.items():
        if (found := followed[code]) is None:
            continue
        one = len(found.now) == 1
        values[path] = found.now[0].code if one else ""
        sources[path] = (FOLLOWED if one else SPLIT) + found.say
    row.values, row.sources = values, sources


def _places(form: Form, row: Draft) -> Iterator[tuple[str, str]]:
    for path, value in row.values.items():
        field = form.field_at(path)
        if field is not None and field.type == "place" and isinstance(value, str) and value:
            yield path, value


def _followed(code: str, chosen_on: date) -> PlaceToday | None:
    """Return what followed the place that had a code on a day, None while it stands."""
    held = directory.find_place(code, on=chosen_on)
    if held is None or held.valid.contains(clock.today()):
        return None
    within = _district(held, chosen_on)
    told = directory.places_today(f"{held.full_name}, {within}" if within else held.full_name)
    return next((one for one in told if one.asked.id == held.id), None)


def _district(held: Place, on: date) -> str:
    above = directory.find_place(held.parent_code, on=on) if held.parent_code else None
    return above.full_name if above is not None and above.level == "district" else ""


def sentences(row: Draft) -> tuple[str, ...]:
    """Return what the applicant is told of places that changed while the draft waited."""
    told = [
        origin.removeprefix(mark)
        for origin in row.sources.values()
        for mark in (FOLLOWED, SPLIT)
        if str(origin).startswith(mark)
    ]
    return tuple(dict.fromkeys(told))


def explained(row: Draft, problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems; where a place is missing because it was split, that is said."""
    split = {
        path: origin.removeprefix(SPLIT)
        for path, origin in row.sources.items()
        if str(origin).startswith(SPLIT)
    }
    return [
        Problem(field=one.field, say=f"{split[one.field]} Hãy chọn nơi đang ở.")
        if one.field in split
        else one
        for one in problems
    ]
