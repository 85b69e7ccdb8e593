"""Proves a registry: its names, lists, targets and expressions lead somewhere."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cuaso.declarations.expressions import BadExpression
from cuaso.declarations.fields import Field, leaves, type_of
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
    yield from _doubled_columns(registry)
    for name, printed in registry.prints.items():
        if printed.list not in registry.lists:
            what = f"Không có danh sách “{printed.list}”."
            yield ("prints", name, "list"), what, suggestion(printed.list, registry.lists)
    yield from _fields(registry.fields, ("fields",), codes, registries)
    for name, group in registry.groups.items():
        yield from _fields(group.fields, ("groups", name, "fields"), codes, registries)
        yield from _conditions_in(registry, name, group.fields, ("groups", name, "fields"))
        for index, rule in enumerate(group.rules):
            place: Place = ("groups", name, "rules", index)
            yield from _cel(registry, rule.check, (*place, "check"), section=name)
            if rule.at and rule.at not in group.fields:
                what = f"Nhóm “{name}” không có ô “{rule.at}”."
                yield (*place, "at"), what, suggestion(rule.at, group.fields)
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
    yield from _conditions_in(registry, RECORD, shown, ("fields",))
    for index, rule in enumerate(registry.rules):
        place: Place = ("rules", index)
        yield from _cel(registry, registry.rewritten(rule.check), (*place, "check"))
        if rule.at and rule.at not in registry.groups and not _stands(registry, rule.at):
            what = f"Sổ không có ô “{rule.at}”."
            yield (*place, "at"), what, suggestion(rule.at, registry.fields)
    if registry.statuses:
        for name, move in registry.statuses.moves.items():
            if move.when:
                place = ("statuses", "moves", name, "when")
                yield from _cel(registry, registry.rewritten(move.when), place)


def _stands(registry: Registry, path: str) -> bool:
    """Say whether a path is a field's, or a field's in a row of a group (`criteria.0.met`)."""
    return bool(registry.field_at(path) or registry.form.field_at(path))


def _conditions_in(
    registry: Registry, section: str, fields: Mapping[str, Field], place: Place
) -> Iterator[Fault]:
    inside = "" if section == RECORD else section
    for name, one in fields.items():
        for key in ("required", "when"):
            text = getattr(one, key)
            if isinstance(text, str) and text:
                yield from _cel(registry, text, (*place, name, key), section=inside)
        if one.is_:
            yield from _formula(registry, one, section, (*place, name, "is"))


def _formula(registry: Registry, one: Field, section: str, place: Place) -> Iterator[Fault]:
    try:
        registry.form.formula(one, section=section)
    except BadExpression as bad:
        yield place, bad.what, bad.mend


def _doubled_columns(registry: Registry) -> Iterator[Fault]:
    """Yield fields whose parts would stand in one column: `owner.full_name`, `owner_full_name`."""
    seen: dict[str, str] = {}
    for path, _ in leaves(registry.fields):
        column = path.replace(".", "_")
        if column in seen:
            what = f"Ô “{path}” và ô “{seen[column]}” trùng tên cột “{column}”."
            yield ("fields", path.partition(".")[0]), what, "Hãy đổi tên một trong hai ô."
        seen[column] = path


def _cel(registry: Registry, text: str, place: Place, *, section: str = "") -> Iterator[Fault]:
    try:
        registry.form.expression(text, section=section)
    except BadExpression as bad:
        yield place, bad.what, bad.mend
