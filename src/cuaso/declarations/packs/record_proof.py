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
    "dossier.received",
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
        yield from _of(procedure, registry, one, place)
        yield from _step(procedure, registry, one, place)
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
    for path in registry.key if not one.of else ():
        if path not in _heads(one) and not registry.fields[path].numbered:
            what = f"Thiếu “{path}”, ô khóa của sổ “{registry.title}”."
            yield (*place, "values"), what, f"Hãy ghi “{path}: …”."


def _heads(one: RecordOf) -> set[str]:
    return {target.partition(".")[0] for target in one.values}


def _of(procedure: Procedure, registry: Registry, one: RecordOf, place: Place) -> Iterator[Fault]:
    """Yield why an answer of the form cannot name one record."""
    if not one.of:
        return
    if procedure.form.field_at(one.of) is None:
        what = f"Tờ khai không có ô “{one.of}”."
        yield (*place, "of"), what, suggestion(one.of, procedure.form.sections)
    if len(registry.key) > 1:
        what = f"Sổ “{registry.title}” có khóa gồm nhiều ô, một ô của tờ khai không gọi đủ."
        yield (*place, "of"), what, "Hãy bỏ “of”, hoặc cho sổ một ô khóa duy nhất."
    for path in sorted(_heads(one) & {*registry.key}):
        what = f"“{path}” là khóa của bản ghi đã có, không ghi lại được."
        yield (*place, "values", path), what, f"Hãy bỏ dòng “{path}”."


def _step(procedure: Procedure, registry: Registry, one: RecordOf, place: Place) -> Iterator[Fault]:
    """Yield why a signed result could never take the step."""
    if not one.step:
        return
    here: Place = (*place, "step")
    statuses = registry.statuses
    step = statuses.moves.get(one.step) if statuses else None
    if statuses is None or step is None:
        what = f"Sổ “{registry.title}” không có bước “{one.step}”."
        yield here, what, suggestion(one.step, statuses.moves if statuses else {})
        return
    if registry.workflow is not None:
        what = f"Bước của sổ “{registry.title}” đi theo quy trình đã vẽ, kết quả không làm thay."
        yield here, what, "Hãy bỏ “step”."
    if not one.of and statuses.start not in step.start:
        what = f"Bản ghi mới ở trạng thái “{statuses.start}”, bước “{one.step}” không bắt đầu ở đó."
        yield here, what, "Hãy nêu “of: …” để gọi bản ghi đã có, hoặc chọn bước khác."
    if step.roles and procedure.result.signer not in step.roles:
        what = f"Người ký kết quả không giữ vai trò mà bước “{one.step}” dành cho."
        yield here, what, f"Bước dành cho: {', '.join(step.roles)}."
    for name in step.asks:
        if name not in _heads(one) and registry.fields[name].required is not False:
            what = f"Bước “{one.step}” hỏi “{name}” mà chưa nêu đọc ở đâu."
            yield (*place, "values"), what, f"Hãy ghi “{name}: …”."


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
