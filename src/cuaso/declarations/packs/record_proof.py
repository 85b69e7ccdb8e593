"""Proves that records which results write have a registry, its fields, and something to read."""

from collections.abc import Iterator, Mapping
from typing import Final

from cuaso.declarations.expressions import BadExpression
from cuaso.declarations.procedures import Procedure, RecordOf
from cuaso.declarations.registries import Registry
from cuaso.declarations.strict_yaml import Place
from cuaso.declarations.trouble import suggestion

FACTS: Final = (
    "result.number",
    "result.date",
    "result.signer",
    "result.agency",
    "result.valid_until",
    "result.personal_number",
    "dossier.code",
)
Fault = tuple[Place, str, str]


def record_faults(procedure: Procedure, registries: Mapping[str, Registry]) -> Iterator[Fault]:
    """Yield every fault of `records`: place, what is wrong, remedy."""
    for name, one in procedure.records.items():
        place: Place = ("records", name)
        registry = registries.get(one.registry)
        if registry is None:
            what = f"Không có sổ nào tên “{one.registry}” trong gói này và các gói nó cần."
            yield (*place, "registry"), what, suggestion(one.registry, registries)
            continue
        yield from _values(procedure, registry, one, place)
        if one.when:
            try:
                procedure.form.expression(one.when)
            except BadExpression as bad:
                yield (*place, "when"), bad.what, bad.mend


def _values(
    procedure: Procedure, registry: Registry, one: RecordOf, place: Place
) -> Iterator[Fault]:
    for target, source in one.values.items():
        if target in registry.groups:
            yield from _rows(procedure, registry, target, source, (*place, "values", target))
            continue
        if registry.field_at(target) is None:
            what = f"Sổ “{registry.title}” không có ô “{target}”."
            yield (*place, "values", target), what, suggestion(target, registry.fields)
        if not _readable(procedure, source):
            what = f"Không đọc được “{source}”."
            mend = "Hãy ghi một ô của tờ khai, một từ như result.number, hoặc chữ trong nháy đơn."
            yield (*place, "values", target), what, mend
    for path in registry.key:
        if path not in {target.partition(".")[0] for target in one.values}:
            what = f"Thiếu “{path}”, ô khóa của sổ “{registry.title}”."
            yield (*place, "values"), what, f"Hãy ghi “{path}: …”."


def _rows(
    procedure: Procedure, registry: Registry, target: str, source: str, place: Place
) -> Iterator[Fault]:
    """Yield why rows of the form cannot become the rows of a group: field by field, by name."""
    section = procedure.form.sections.get(source)
    if section is None or section.repeat is None:
        what = f"“{source}” không phải một phần có nhiều dòng của tờ khai."
        yield place, what, suggestion(source, procedure.form.sections)
        return
    group = registry.groups[target].fields
    for field in section.fields:
        if field not in group:
            what = f"Nhóm “{target}” của sổ “{registry.title}” không có ô “{field}”."
            yield place, what, suggestion(field, group)


def _readable(procedure: Procedure, source: str) -> bool:
    if source in FACTS or (source.startswith("'") and source.endswith("'")):
        return True
    return procedure.form.field_at(source) is not None
