"""Proves what the acts of a registry write into others: the records found, the fields written."""

from collections.abc import Iterator, Mapping

from cuaso.declarations.conditions import BadCondition, condition_of
from cuaso.declarations.effects import Effect
from cuaso.declarations.expressions import BadExpression
from cuaso.declarations.fields import Field
from cuaso.declarations.registries import RECORD, Registry
from cuaso.declarations.strict_yaml import Place
from cuaso.declarations.trouble import suggestion

Fault = tuple[Place, str, str]
Registries = Mapping[str, Registry]
ITEM = "item."


def effect_faults(registry: Registry, *, pack: str, registries: Registries) -> Iterator[Fault]:
    """Yield every fault of `does`: place, what is wrong, remedy."""
    listed: list[tuple[Place, Effect]] = [(("does", n), one) for n, one in enumerate(registry.does)]
    for name, move in registry.statuses.moves.items() if registry.statuses else ():
        listed += [(("statuses", "moves", name, "does", n), one) for n, one in enumerate(move.does)]
    for place, one in listed:
        key = _full(one.registry, pack)
        target = registries.get(key)
        if target is None:
            what = f"Không có sổ nào tên “{one.registry}”."
            yield (*place, "in"), what, suggestion(one.registry, registries)
        elif target.owner != registry.owner:
            what = f"Sổ “{target.title}” thuộc cơ quan khác nên không ghi sang được."
            yield (*place, "in"), what, "Hãy chọn một sổ của cùng cơ quan chủ quản."
        elif one.each and one.each not in registry.groups:
            what = f"Sổ không có nhóm “{one.each}”."
            yield (*place, "each"), what, suggestion(one.each, registry.groups)
        else:
            yield from _effect(registry, target, one, place, pack, registries)


def _full(key: str, pack: str) -> str:
    return key if "/" in key else f"{pack}/{key}"


def _effect(  # noqa: PLR0917 what one effect names
    registry: Registry, target: Registry, one: Effect, place: Place, pack: str, known: Registries
) -> Iterator[Fault]:
    if one.when:
        text = one.when if one.each else registry.rewritten(one.when)
        try:
            registry.form.expression(text, section=one.each)
        except BadExpression as bad:
            yield (*place, "when"), bad.what, bad.mend
    yield from _found(registry, target, one, place, pack)
    yield from _where(target, one, (*place, "where"))
    for theirs, source in one.values.items():
        if target.workflow and target.statuses and theirs == target.statuses.field:
            what = f"Sổ “{target.title}” đi theo luồng đã vẽ nên không ghi thẳng trạng thái được."
            yield (*place, "values", theirs), what, "Hãy bỏ ô này và để người có việc chuyển bước."
        if target.field_at(theirs) is None:
            what = f"Sổ “{target.title}” không có ô “{theirs}”."
            yield (*place, "values", theirs), what, suggestion(theirs, target.fields)
        if not _readable(registry, one, source, pack, known):
            what = f"Không đọc được “{source}”."
            mend = "Hãy ghi một ô của sổ, “item.ô” của dòng, today, hoặc chữ trong nháy đơn."
            yield (*place, "values", theirs), what, mend


def _found(
    registry: Registry, target: Registry, one: Effect, place: Place, pack: str
) -> Iterator[Fault]:
    """Yield faults of how the records of an effect are found."""
    if one.record:
        named = _field(registry, one, one.record)
        if named is None or not named.to:
            what = f"Ô “{one.record}” không chỉ một bản ghi của sổ khác."
            yield (*place, "record"), what, "Hãy nêu một ô tham chiếu, ví dụ “item.unit”."
        elif _full(named.to, pack) != _full(one.registry, pack):
            what = f"Ô “{one.record}” chỉ sang sổ “{named.to}”, không phải “{one.registry}”."
            yield (*place, "record"), what, "Hãy sửa “in” hoặc “record”."
    for theirs, ours in one.same.items():
        if target.field_at(theirs) is None:
            what = f"Sổ “{target.title}” không có ô “{theirs}”."
            yield (*place, "same", theirs), what, suggestion(theirs, target.fields)
        if ours != RECORD and _field(registry, one, ours) is None:
            yield (*place, "same", theirs), f"Sổ không có ô “{ours}”.", "Hãy nêu một ô của sổ."


def _where(target: Registry, effect: Effect, place: Place) -> Iterator[Fault]:
    for path, words in effect.where.items():
        one = target.field_at(path)
        if one is None:
            what = f"Sổ “{target.title}” không có ô “{path}”."
            yield (*place, path), what, suggestion(path, target.fields)
            continue
        try:
            condition_of(one, words)
        except BadCondition as bad:
            yield (*place, path), bad.what, bad.mend


def _field(registry: Registry, effect: Effect, path: str) -> Field | None:
    if path.startswith(ITEM):
        return registry.held_at(f"{effect.each}.{path.removeprefix(ITEM)}") if effect.each else None
    return registry.field_at(path)


def _readable(
    registry: Registry, effect: Effect, source: str, pack: str, known: Registries
) -> bool:
    if source in (RECORD, "today") or (source.startswith("'") and source.endswith("'")):
        return True
    if _field(registry, effect, source) is not None:
        return True
    reference, _, field = source.rpartition(".")
    named = _field(registry, effect, reference) if reference else None
    other = known.get(_full(named.to, pack)) if named is not None and named.to else None
    return other is not None and other.field_at(field) is not None
