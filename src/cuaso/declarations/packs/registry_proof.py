"""Proves a registry: its names, lists, targets and expressions lead somewhere."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cuaso.declarations.expressions import BadExpression
from cuaso.declarations.fields import Field, type_of
from cuaso.declarations.registries import PLACEHOLDER, RECORD, Registry
from cuaso.declarations.strict_yaml import Place
from cuaso.declarations.trouble import suggestion

Fault = tuple[Place, str, str]
Path = tuple[Place, str]
# Which keys of the views of a registry name its fields.
_NAMING: Final[Mapping[str, tuple[str, ...]]] = {
    "lists": ("columns", "filters", "sort", "where"),
    "maps": ("at", "colour"),
    "calendars": ("day", "colour"),
    "figures": ("by", "sum", "average", "where"),
    "prints": ("columns",),
    "parts": ("fields",),
}


def registry_faults(
    registry: Registry, *, codes: frozenset[str], registries: frozenset[str]
) -> Iterator[Fault]:
    """Yield every fault of a registry: place, what is wrong, remedy."""
    yield from _lost_paths(registry)
    for name, printed in registry.prints.items():
        if printed.list not in registry.lists:
            what = f"Không có danh sách “{printed.list}”."
            yield ("prints", name, "list"), what, suggestion(printed.list, registry.lists)
    yield from _fields(registry.fields, ("fields",), codes, registries)
    for name, group in registry.groups.items():
        yield from _fields(group.fields, ("groups", name, "fields"), codes, registries)
        for index, rule in enumerate(group.rules):
            place: Place = ("groups", name, "rules", index, "check")
            yield from _cel(registry, rule.check, place, section=name)
    yield from _conditions(registry)


def _lost_paths(registry: Registry) -> Iterator[Fault]:
    for place, path in _paths(registry):
        if registry.field_at(path) is None:
            yield place, f"Sổ không có ô “{path}”.", suggestion(path, registry.fields)


def _paths(registry: Registry) -> Iterator[Path]:
    for path in PLACEHOLDER.findall(registry.name):
        yield ("name",), path
    for key in ("key", "search", "place", "masks"):
        yield from _named(getattr(registry, key), (key,))
    yield from _named(registry.sharing.open, ("sharing", "open"))
    if registry.statuses:
        yield ("statuses", "field"), registry.statuses.field
    for kind, keys in _NAMING.items():
        for name, one in getattr(registry, kind).items():
            for key in keys:
                yield from _named(getattr(one, key), (kind, name, key))
    for index, right in enumerate(registry.rights):
        yield from _named(right.person, ("rights", index, "person"))
        yield from _named(right.where, ("rights", index, "where"))


def _named(value: str | Mapping[str, object] | Sequence[str], place: Place) -> Iterator[Path]:
    """Yield the field paths that a declared value names: one, the keys of a mapping, or many."""
    if isinstance(value, str):
        if value:
            yield place, value
    elif isinstance(value, Mapping):
        yield from (((*place, name), name) for name in value)
    else:
        yield from (((*place, n), path.removeprefix("-")) for n, path in enumerate(value))


def _fields(
    fields: Mapping[str, Field], place: Place, codes: frozenset[str], registries: frozenset[str]
) -> Iterator[Fault]:
    for name, one in fields.items():
        for part in (one, *type_of(one).parts(one).values()):
            if part.codes and part.codes not in codes:
                what = f"Không có danh mục nào tên “{part.codes}”."
                yield (*place, name, "codes"), what, suggestion(part.codes, codes)
        if one.to and one.to not in registries:
            what = f"Không có sổ nào tên “{one.to}”."
            yield (*place, name, "to"), what, suggestion(one.to, registries)


def _conditions(registry: Registry) -> Iterator[Fault]:
    shown = registry.form.sections[RECORD].fields
    for name, one in registry.fields.items():
        under = shown[name]
        for key in ("required", "when", "is_"):
            text = getattr(under, key, "")
            if isinstance(text, str) and text and getattr(one, key):
                yield from _cel(registry, text, ("fields", name, key.rstrip("_")))
    for index, rule in enumerate(registry.form.rules):
        yield from _cel(registry, rule.check, ("rules", index, "check"))
    if registry.statuses:
        for name, move in registry.statuses.moves.items():
            if move.when:
                place: Place = ("statuses", "moves", name, "when")
                yield from _cel(registry, registry.rewritten(move.when), place)


def _cel(registry: Registry, text: str, place: Place, *, section: str = "") -> Iterator[Fault]:
    try:
        registry.form.expression(text, section=section)
    except BadExpression as bad:
        yield place, bad.what, bad.mend
