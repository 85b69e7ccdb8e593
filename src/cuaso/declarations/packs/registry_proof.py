"""Proves a registry: its names, lists, targets and expressions lead somewhere."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cuaso.declarations.conditions import BadCondition, condition_of
from cuaso.declarations.expressions import BadExpression
from cuaso.declarations.fields import Field, leaves, type_of
from cuaso.declarations.packs.openness_proof import openness_faults
from cuaso.declarations.registries import PLACEHOLDER, RECORD, Move, Registry
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
# Values that are compared whole, so that a rule of uniqueness may rest on them.
_COMPARED: Final = frozenset(
    {
        "text", "code", "integer", "decimal", "vnd", "date", "moment", "choice", "yes_no", "place",
        "phone", "email", "reference",
    }
)  # fmt: skip


def registry_faults(
    registry: Registry, *, codes: frozenset[str], registries: frozenset[str]
) -> Iterator[Fault]:
    """Yield every fault of a registry: place, what is wrong, remedy."""
    yield from _lost_paths(registry)
    yield from openness_faults(registry)
    yield from _doubled_columns(registry)
    yield from _uncompared(registry)
    yield from _unasked_conditions(registry)
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
    yield from _circles(registry)


def _circles(registry: Registry) -> Iterator[Fault]:
    """Yield computed fields that need their own result, themselves or through others."""
    reads = {
        name: _computed_read(registry, one)
        for name, one in registry.form.sections[RECORD].fields.items()
        if one.is_
    }
    for name in reads:
        reached: set[str] = set()
        waiting = [name]
        while waiting:
            for one in reads[waiting.pop()] - reached:
                reached.add(one)
                waiting.append(one)
        if name in reached:
            what = f"Ô “{name}” được tính từ chính kết quả của nó."
            yield ("fields", name, "is"), what, "Hãy bỏ vòng: một ô chỉ tính từ các ô đã có."


def _computed_read(registry: Registry, one: Field) -> frozenset[str]:
    """Return the computed fields of the record that a formula reads, () for one that is wrong."""
    try:
        made = registry.form.formula(one, section=RECORD)
    except BadExpression:
        return frozenset()
    read = {path[1] for path in made.expression.paths if len(path) > 1 and path[0] == RECORD}
    return frozenset(name for name in read if name in registry.fields and registry.fields[name].is_)


def _lost_paths(registry: Registry) -> Iterator[Fault]:
    for place, path in (*_paths(registry), *_verified_paths(registry)):
        if registry.field_at(path) is None:
            yield place, f"Sổ không có ô “{path}”.", suggestion(path, registry.fields)
    for path in registry.masks:
        if registry.held_at(path) is None:
            head, _, _ = path.partition(".")
            group = registry.groups.get(head)
            near = [f"{head}.{name}" for name in group.fields] if group else registry.fields
            yield ("masks", path), f"Sổ không có ô “{path}”.", suggestion(path, near)


def _uncompared(registry: Registry) -> Iterator[Fault]:
    """Yield fields on which uniqueness cannot rest: of several parts, long, or drawn."""
    wanted: list[Path] = [
        (("fields", name, "unique"), name) for name, one in registry.fields.items() if one.unique
    ]
    for number, paths in enumerate(registry.unique):
        wanted += [(("unique", number, place), path) for place, path in enumerate(paths)]
    for place, path in wanted:
        one = registry.field_at(path)
        named = one.as_ if one and one.type == "computed" else one and one.type
        if one is not None and named not in _COMPARED:
            parts = type_of(one).parts(one)
            what = f"Ô “{path}” không dùng để tránh trùng được."
            mend = suggestion(f"{path}.", [f"{path}.{part}" for part in parts]) if parts else ""
            yield place, what, mend or "Hãy chọn một ô chữ, mã, số, ngày hoặc ô chọn một."


def _unasked_conditions(registry: Registry) -> Iterator[Fault]:
    """Yield conditions of lists, figures and rights in words that their field does not take."""
    asked: list[tuple[Place, Mapping[str, Sequence[str]]]] = [
        ((kind, name, "where"), one.where)
        for kind, views in (("lists", registry.lists), ("figures", registry.figures))
        for name, one in views.items()
    ]
    asked += [(("rights", n, "where"), right.where) for n, right in enumerate(registry.rights)]
    for place, where in asked:
        for path, words in where.items():
            one = registry.field_at(path)
            if one is None:
                continue
            try:
                how = condition_of(one, words).how
            except BadCondition as bad:
                yield (*place, path), bad.what, bad.mend
                continue
            if place[0] == "rights" and how != "any":
                what = f"Quyền không lọc ô “{path}” theo cách này được."
                yield (*place, path), what, "Hãy nêu các mã mà bản ghi phải mang."


def _paths(registry: Registry) -> Iterator[Path]:
    for path in PLACEHOLDER.findall(registry.name):
        yield ("name",), path
    for key in ("key", "search", "place"):
        yield from _named(getattr(registry, key), (key,))
    yield from _named(registry.sharing.open, ("sharing", "open"))
    yield from _inner_paths(registry)
    for kind, keys in _NAMING.items():
        for name, one in getattr(registry, kind).items():
            for key in keys:
                yield from _named(getattr(one, key), (kind, name, key))
    for index, right in enumerate(registry.rights):
        yield from _named(right.person, ("rights", index, "person"))
        yield from _named(right.where, ("rights", index, "where"))


def _inner_paths(registry: Registry) -> Iterator[Path]:
    for number, paths in enumerate(registry.unique):
        yield from _named(paths, ("unique", number))
    if registry.statuses:
        yield ("statuses", "field"), registry.statuses.field
        for name, move in registry.statuses.moves.items():
            yield from _named(move.asks, ("statuses", "moves", name, "asks"))


def _verified_paths(registry: Registry) -> Iterator[Path]:
    if registry.verify:
        for key in ("by", "shows", "stands", "until"):
            yield from _named(getattr(registry.verify, key), ("verify", key))


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
            place = ("statuses", "moves", name)
            if move.when:
                yield from _cel(registry, registry.rewritten(move.when), (*place, "when"))
            yield from _unasked(registry, move, (*place, "asks"))


def _unasked(registry: Registry, move: Move, place: Place) -> Iterator[Fault]:
    """Yield fields that a move cannot ask for: the status itself, a part, what the house computes.

    Who takes the move reads them in full, for what they cannot read they would write over.
    """
    status = registry.statuses.field if registry.statuses else ""
    for number, path in enumerate(move.asks):
        one = registry.fields.get(path)
        if path == status or "." in path or (one is not None and not type_of(one).typed):
            what = f"Bước “{move.title}” không hỏi ô “{path}” được."
            mend = "Hãy nêu tên một ô mà người ta điền, trừ ô trạng thái."
            yield (*place, number), what, mend
        for masked, mask in registry.masks.items():
            blind = not move.roles or set(move.roles) - set(mask.roles)
            if masked.partition(".")[0] == path and blind:
                what = f"Bước “{move.title}” hỏi ô “{path}” mà có người làm bước này bị che ô đó."
                mend = "Hãy ghi “roles” của bước trong số vai trò được đọc đầy đủ ô ấy."
                yield (*place, number), what, mend


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
