"""Proves the way of a registry's records: each step of the drawing has a lane and its moves."""

from collections.abc import Iterator, Mapping
from typing import Final

from cuaso.declarations.fields import Field
from cuaso.declarations.flows import FlowFile, FlowStep
from cuaso.declarations.reading import Document
from cuaso.declarations.record_flows import BEGIN, DECISION, Workflow
from cuaso.declarations.registries import Registry
from cuaso.declarations.trouble import DeclarationError, suggestion

# Values that a condition of a drawing compares as they are kept.
READ_AS_KEPT: Final = frozenset(
    {"text", "code", "integer", "vnd", "date", "choice", "yes_no", "place"}
)


def kept_as(one: Field) -> str:
    """Return the type of a field, of a computed one that of its result."""
    return one.as_ if one.type == "computed" else one.type


def flow_faults(
    found: Document[Registry], flows: Mapping[str, FlowFile]
) -> Iterator[DeclarationError]:
    """Yield every fault between a registry and the drawing of its way."""
    way = found.value.workflow
    if way is None:
        return
    if found.value.statuses is None:
        what = "Sổ có quy trình mà không khai báo trạng thái."
        yield found.error(("workflow",), what, "Hãy thêm “statuses” với các bước của quy trình.")
        return
    drawn = flows.get(way.flow)
    if drawn is None:
        if not way.drawing:
            what = f"Không có quy trình nào tên “{way.flow}”."
            yield found.error(("workflow", "flow"), what, suggestion(way.flow, flows))
        return
    yield from _moves(found, way, drawn)
    yield from _lanes(found, way, drawn)
    yield from _drawing(found.value, drawn)


def _moves(found: Document[Registry], way: Workflow, drawn: FlowFile) -> Iterator[DeclarationError]:
    moves = found.value.statuses.moves if found.value.statuses else {}
    if BEGIN in moves:
        what = f"Bước “{BEGIN}” là tên riêng: nó đưa bản ghi vào quy trình."
        yield found.error(("statuses", "moves", BEGIN), what, "Hãy đặt tên khác.")
    for element in way.steps:
        if element not in drawn.people_steps:
            what = f"Quy trình {drawn.path.name} không có bước “{element}”."
            mend = suggestion(element, drawn.people_steps)
            yield found.error(("workflow", "steps", element), what, mend)
    seen: dict[str, str] = {}
    for step in drawn.people_steps.values():
        for move in way.moves_of(step.id):
            yield from _move(found, way, drawn, step, move, seen)
    for number, name in enumerate(way.stops):
        if name not in moves or name in seen:
            what = f"“{name}” không phải một bước ngoài quy trình."
            mend = suggestion(name, moves.keys() - seen.keys())
            yield found.error(("workflow", "stops", number), what, mend)


def _move(  # noqa: PLR0917 one step of one drawing
    found: Document[Registry],
    way: Workflow,
    drawn: FlowFile,
    step: FlowStep,
    move: str,
    seen: dict[str, str],
) -> Iterator[DeclarationError]:
    moves = found.value.statuses.moves if found.value.statuses else {}
    if move not in moves:
        what = f"Bước “{step.title}” của quy trình cần bước trạng thái “{move}” mà sổ không có."
        mend = f"{suggestion(move, moves)} Hoặc nêu trong “workflow: steps: {step.id}”."
        if step.id in way.steps:
            yield found.error(("workflow", "steps", step.id), what, mend)
        else:
            yield DeclarationError(file=drawn.path, line=step.line, what=what, remedy=mend)
    elif seen.setdefault(move, step.id) != step.id:
        what = f"Bước trạng thái “{move}” thuộc cả “{seen[move]}” và “{step.id}”."
        yield found.error(("workflow", "steps", step.id), what, "Hãy giữ ở một bước.")


def _lanes(found: Document[Registry], way: Workflow, drawn: FlowFile) -> Iterator[DeclarationError]:
    used = {step.lane for step in drawn.steps}
    for step in drawn.people_steps.values():
        if step.lane not in way.lanes:
            what = f"Làn “{step.lane}” của bước “{step.title}” chưa nói ai làm."
            mend = f"Hãy thêm “{step.lane}” vào workflow: lanes với title và roles."
            yield DeclarationError(file=drawn.path, line=step.line, what=what, remedy=mend)
    for lane in way.lanes.keys() - used:
        what = f"Quy trình {drawn.path.name} không có bước nào ở làn “{lane}”."
        yield found.error(("workflow", "lanes", lane), what, suggestion(lane, used))


def _drawing(registry: Registry, drawn: FlowFile) -> Iterator[DeclarationError]:
    for step in drawn.steps:
        if step.kind != "userTask":
            what = f"Bước “{step.title or step.id}” không do người làm; sổ chưa chạy bước này."
            mend = "Hãy vẽ một bước của người (userTask)."
            yield DeclarationError(file=drawn.path, line=step.line, what=what, remedy=mend)
    for name, line in drawn.variables:
        one = registry.fields.get(name)
        if name == DECISION or (one and kept_as(one) in READ_AS_KEPT):
            continue
        what = f"Điều kiện của quy trình đọc “{name}”: sổ không có ô chữ, số nguyên, ngày nào thế."
        mend = suggestion(name, [DECISION, *registry.fields])
        yield DeclarationError(file=drawn.path, line=line, what=what, remedy=mend)
