"""What an address that people remember is called today: abolished communes and districts too."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from cuaso.foundation.directory import contracts, models
from cuaso.foundation.directory.logic import views
from cuaso.foundation.directory.logic.find_places import stock
from cuaso.foundation.directory.logic.memory import MEMORY
from cuaso.kernel import clock
from cuaso.kernel.text import fold, spelling, words

# A kind of place as people write it, folded; the longer form is tried first.
_KINDS: Final = {
    "thành phố": (("thanh", "pho"), ("tp",)),
    "thị trấn": (("thi", "tran"), ("tt",)),
    "thị xã": (("thi", "xa"), ("tx",)),
    "phường": (("phuong",), ("p",)),
    "huyện": (("huyen",), ("h",)),
    "tỉnh": (("tinh",), ("t",)),
    "xã": (("xa",), ("x",)),
}
_KIND_WORDS: Final = frozenset(word for forms in _KINDS.values() for form in forms for word in form)


def places_today(text: str, on: date | None = None) -> tuple[contracts.PlaceToday, ...]:
    """Return which communes of a day (today) an address as people write it lies in.

    `text` is "xã Nhơn Hạnh, thị xã An Nhơn", with or without marks, kind or district; the first
    name may be a commune or a district, standing or abolished. A commune that was split, and a
    district, give each successor: only a person can say which. `()` where nothing is so called.
    Source: nghị quyết 1664/NQ-UBTVQH15 and 202/2025/QH15, as the province's data give them.
    """
    day = on or clock.today()
    kind, asked = _without_kind(words(text))
    if not asked:
        return ()
    found = [one for one in _known(day) if _fits(one, kind, asked)]
    exact = [one for one in found if spelling(one.asked.name) in spelling(text)]
    return _once(exact or found)


def _without_kind(asked: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    for kind, forms in _KINDS.items():
        for form in forms:
            if asked[: len(form)] == form and len(asked) > len(form):
                return kind, asked[len(form) :]
    return "", asked


def _fits(one: contracts.PlaceToday, kind: str, asked: tuple[str, ...]) -> bool:
    """Say whether the words are the place's name, followed by nothing but what it lies in."""
    name = words(one.asked.name)
    if (kind and fold(kind) != fold(one.asked.kind)) or asked[: len(name)] != name:
        return False
    around = {*words(one.within), *_KIND_WORDS}
    return all(word in around for word in asked[len(name) :])


def _once(found: Sequence[contracts.PlaceToday]) -> tuple[contracts.PlaceToday, ...]:
    """Leave out an old place that became just the one of today that was found as well."""
    standing = {one.asked.code for one in found if not one.say}
    return tuple(
        one for one in found if not one.say or {place.code for place in one.now} - standing
    )


@MEMORY.keep
def _known(day: date) -> tuple[contracts.PlaceToday, ...]:
    """Return every commune and district up to a day with what stands for it then."""
    rows = stock().exclude(level="province").order_by("sort_key", "from_date")
    return tuple(_standing(list(rows), day))


def _standing(rows: Sequence[models.Place], day: date) -> Iterator[contracts.PlaceToday]:
    by_id = {row.pk: row for row in rows}
    districts = [row for row in rows if row.level == "district"]
    within = _within()
    for row in rows:
        ended = row.until_date is not None and row.until_date <= day
        if not ended and row.level == "commune" and views.valid(row).contains(day):
            around = _around(row, districts, within)
            place = views.place(row)
            yield contracts.PlaceToday(asked=place, within=around, now=(place,), say="")
        elif ended:
            heirs = _heirs([row] if row.level == "commune" else _inside(row, rows), by_id, day)
            if heirs:
                around = _around(row, districts, within)
                now = tuple(views.place(one) for one in heirs)
                asked = views.place(row)
                say = _say(asked, around, now)
                yield contracts.PlaceToday(asked=asked, within=around, now=now, say=say)


def _within() -> dict[str, str]:
    provinces = models.Place.objects.filter(level="province").order_by("from_date")
    told: dict[str, str] = {}
    for row in provinces:
        told[row.code] = " ".join(filter(None, (told.get(row.code, ""), row.full_name)))
    return told


def _around(row: models.Place, districts: Sequence[models.Place], provinces: dict[str, str]) -> str:
    """Return in words what a place lies in: its district, if any, and its province's names."""
    above = [one for one in districts if one.code == row.parent_code and _overlap(one, row)]
    top = above[0].parent_code if above else row.parent_code
    return ", ".join(filter(None, (*(one.full_name for one in above), provinces.get(top, ""))))


def _inside(row: models.Place, rows: Sequence[models.Place]) -> list[models.Place]:
    return [
        one
        for one in rows
        if one.level == "commune" and one.parent_code == row.code and _overlap(one, row)
    ]


def _overlap(one: models.Place, other: models.Place) -> bool:
    last = min(filter(None, (one.until_date, other.until_date)), default=None)
    if last is None:
        return True
    day = last - timedelta(days=1)
    return views.valid(one).contains(day) and views.valid(other).contains(day)


def _heirs(
    began: Sequence[models.Place], by_id: dict[UUID, models.Place], day: date
) -> list[models.Place]:
    """Walk the successions to what stands on the day, in Vietnamese order."""
    waiting, standing = list(began), {}
    seen: set[UUID] = set()
    while waiting:
        row = waiting.pop()
        if row.pk in seen:
            continue
        seen.add(row.pk)
        if views.valid(row).contains(day):
            standing[row.pk] = row
            continue
        waiting += [by_id[step.new_id] for step in row.successions.all() if step.new_id in by_id]
    return sorted(standing.values(), key=lambda row: row.sort_key)


def _say(asked: contracts.Place, within: str, now: Sequence[contracts.Place]) -> str:
    inner, comma, _rest = within.partition(",")
    district = inner if comma and asked.level == "commune" else ""
    old = f"{asked.full_name}, {_small(district)}" if district else asked.full_name
    names = [_small(place.full_name) for place in now]
    if asked.level == "district":
        return f"{old} không còn; các xã, phường ở đó nay thuộc {_any_of(names)}."
    if len(names) == 1:
        return f"{old} nay thuộc {names[0]}."
    return f"{old} được chia ra, nay thuộc {_any_of(names)}, tùy nơi ở."


def _any_of(names: Sequence[str]) -> str:
    return " hoặc ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]
