"""Proves the notices of a registry: what they read, beside what they look, whom they remind."""

from collections.abc import Iterator, Mapping, Sequence

from cuaso.declarations.conditions import BadCondition, condition_of
from cuaso.declarations.fields import Field
from cuaso.declarations.noticing import Beside, Notice, Remind
from cuaso.declarations.registries import PLACEHOLDER, RECORD, Registry
from cuaso.declarations.strict_yaml import Place
from cuaso.declarations.trouble import suggestion

Fault = tuple[Place, str, str]


def notice_faults(
    registry: Registry, *, pack: str, registries: Mapping[str, Registry]
) -> Iterator[Fault]:
    """Yield every fault of the notices: place, what is wrong, remedy."""
    for name, listed in registry.lists.items():
        if listed.notice and listed.notice not in registry.notices:
            what = f"Sổ không có lời nhắc “{listed.notice}”."
            yield ("lists", name, "notice"), what, suggestion(listed.notice, registry.notices)
    for name, one in registry.notices.items():
        place: Place = ("notices", name)
        yield from _words(registry, one, place)
        yield from _asked(registry, one.where, (*place, "where"))
        if one.remind:
            yield from _reminded(registry, one.remind, (*place, "remind"))
        if one.beside:
            key = one.beside.registry
            target = registries.get(key if "/" in key else f"{pack}/{key}")
            if target is None:
                what = f"Không có sổ nào tên “{key}”."
                yield (*place, "beside", "in"), what, suggestion(key, registries)
            else:
                yield from _beside(registry, target, one.beside, (*place, "beside"))


def _words(registry: Registry, one: Notice, place: Place) -> Iterator[Fault]:
    for key in ("say", "say_en"):
        for path in PLACEHOLDER.findall(getattr(one, key)):
            if not _simple(registry, path):
                yield (*place, key), f"Sổ không có ô “{path}”.", suggestion(path, registry.fields)
    if one.at and one.at not in registry.fields:
        yield (*place, "at"), f"Sổ không có ô “{one.at}”.", suggestion(one.at, registry.fields)


def _asked(registry: Registry, where: Mapping[str, Sequence[str]], place: Place) -> Iterator[Fault]:
    for path, words in where.items():
        one = registry.field_at(path)
        if one is None:
            yield (*place, path), f"Sổ không có ô “{path}”.", suggestion(path, registry.fields)
            continue
        try:
            condition_of(one, words)
        except BadCondition as bad:
            yield (*place, path), bad.what, bad.mend


def _reminded(registry: Registry, remind: Remind, place: Place) -> Iterator[Fault]:
    for key, path, wanted in (("day", remind.day, "date"), ("times", remind.times, "integer")):
        one = registry.fields.get(path)
        if path and (one is None or one.type != wanted):
            what = f"Ô “{path}” không ghi được lần nhắc."
            yield (*place, key), what, f"Hãy nêu một ô kiểu {wanted} của sổ."
    head = remind.person.partition(".")[0]
    if head and head not in registry.fields:
        what = f"Sổ không có ô “{remind.person}”."
        yield (*place, "person"), what, suggestion(head, registry.fields)


def _beside(registry: Registry, target: Registry, beside: Beside, place: Place) -> Iterator[Fault]:
    yield from _asked(target, beside.where, (*place, "where"))
    for theirs, ours in beside.same.items():
        for whole, path, says in ((target, theirs, "Sổ kia"), (registry, ours, "Sổ")):
            if path != RECORD and not _simple(whole, path):
                what = f"{says} không có ô “{path}” để so."
                yield (*place, "same", theirs), what, suggestion(path, whole.fields)
    sides = ((registry, "days", beside.days), (target, "their_days", beside.their_days))
    for whole, key, days in sides:
        for number, path in enumerate(days or ()):
            if not _day(whole.fields.get(path)):
                what = f"Ô “{path}” không phải một ngày."
                yield (*place, key, number), what, "Hãy nêu ô ngày đầu và ô ngày cuối."


def _simple(registry: Registry, path: str) -> bool:
    """Say whether a path is one value: a simple field, a part of one, a field in a group's rows."""
    one = registry.held_at(path)
    return one is not None and (one.type not in ("person", "organisation", "address"))


def _day(one: Field | None) -> bool:
    return one is not None and "date" in (one.type, one.as_)
