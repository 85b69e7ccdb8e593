"""Proves what a registry reads of records it refers to: in rules, and on maps by chainage."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cuaso.declarations.expressions import BadExpression
from cuaso.declarations.fields import Field
from cuaso.declarations.registries import RECORD, Registry
from cuaso.declarations.registry_views import Along
from cuaso.declarations.strict_yaml import Place
from cuaso.declarations.trouble import suggestion

Fault = tuple[Place, str, str]
_TEXTS: Final = frozenset({"text", "code", "choice", "place", "phone", "email", "reference"})
_READ: Final[Mapping[str, frozenset[str]]] = {
    "text": _TEXTS,
    "integer": frozenset({"integer"}),
    "decimal": frozenset({"decimal", "chainage"}),
    "date": frozenset({"date"}),
    "yes_no": frozenset({"yes_no"}),
    "vnd": frozenset({"vnd"}),
}


def reaching_faults(
    registry: Registry, *, pack: str, registries: Mapping[str, Registry]
) -> Iterator[Fault]:
    """Yield every fault: place, what is wrong, remedy."""
    held: list[tuple[Place, Mapping[str, Field]]] = [(("fields",), registry.fields)]
    held += [(("groups", name, "fields"), one.fields) for name, one in registry.groups.items()]
    for place, fields in held:
        for name, one in fields.items():
            target = _target(one, pack, registries)
            if target is not None:
                yield from _brought(one, target, (*place, name, "brings"))
    yield from _moves(registry)
    for name, drawn in registry.maps.items():
        if drawn.along is not None:
            yield from _along(registry, drawn.along, pack, registries, ("maps", name, "along"))


def _target(one: Field | None, pack: str, registries: Mapping[str, Registry]) -> Registry | None:
    if one is None or not one.to:
        return None
    return registries.get(one.to if "/" in one.to else f"{pack}/{one.to}")


def _brought(one: Field, target: Registry, place: Place) -> Iterator[Fault]:
    for name, kind in one.brings.items():
        found = target.fields.get(name)
        if found is None:
            what = f"Sổ “{target.title}” không có ô “{name}”."
            yield (*place, name), what, suggestion(name, target.fields)
        elif name in target.masks:
            what = f"Ô “{name}” của sổ “{target.title}” được che, nên luật của sổ khác không đọc."
            yield (*place, name), what, "Hãy chọn một ô không bị che."
        elif (found.as_ if found.type == "computed" else found.type) not in _READ[kind]:
            what = f"Ô “{name}” của sổ “{target.title}” không phải kiểu {kind}."
            yield (*place, name), what, "Hãy ghi đúng kiểu của ô ấy."


def _moves(registry: Registry) -> Iterator[Fault]:
    """Yield steps of status that read another record: it is read only when a form is written."""
    reaching = {name for name, one in registry.fields.items() if one.brings}
    for name, move in registry.statuses.moves.items() if registry.statuses else ():
        if not move.when or not reaching:
            continue
        try:
            read = registry.form.expression(registry.rewritten(move.when)).paths
        except BadExpression:
            continue
        lost = sorted({path[1] for path in read if path[0] == RECORD and path[1:]} & reaching)
        if lost:
            what = f"Bước “{move.title}” đọc bản ghi khác qua ô “{lost[0]}”."
            mend = "Hãy đặt điều kiện ấy trong “rules”."
            yield ("statuses", "moves", name, "when"), what, mend


def _along(
    registry: Registry,
    one: Along,
    pack: str,
    registries: Mapping[str, Registry],
    place: Place,
) -> Iterator[Fault]:
    yield from _typed(registry, (one.of,), {"reference"}, (*place, "of"))
    yield from _typed(registry, one.km, _READ["decimal"], (*place, "km"))
    target = _target(registry.fields.get(one.of), pack, registries)
    if target is not None:
        yield from _typed(target, (one.line,), {"line"}, (*place, "line"))
        yield from _typed(target, (one.starts,), _READ["decimal"], (*place, "starts"))
        yield from _typed(target, (one.ends,), _READ["decimal"], (*place, "ends"))


def _typed(
    registry: Registry, names: Sequence[str], types: frozenset[str] | set[str], place: Place
) -> Iterator[Fault]:
    for name in names:
        one = registry.fields.get(name)
        if one is None:
            what = f"Sổ “{registry.title}” không có ô “{name}”."
            yield place, what, suggestion(name, registry.fields)
        elif one.type not in types:
            what = f"Ô “{name}” của sổ “{registry.title}” không chỉ chỗ trên đường được."
            yield place, what, f"Hãy chọn một ô kiểu {' hoặc '.join(sorted(types))}."
