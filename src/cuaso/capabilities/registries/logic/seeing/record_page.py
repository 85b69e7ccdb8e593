"""All that the page of one record shows of it: its rows are read once for all parts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cuaso.capabilities.registries.contracts import RecordPage
from cuaso.capabilities.registries.logic.seeing import history, notices, records, rights
from cuaso.capabilities.registries.logic.storing import prepared, sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.workflow import api as workflow
from cuaso.kernel.actors import Actor

# Whether papers were drawn of a record, and the way that it is on.
_BESIDE: Final = """
select exists (
  select 1 from registries_paper where registry_id = %(registry)s and record_id = %(id)s
), (select instance_id from registries_course
  where registry_id = %(registry)s and record_id = %(id)s)
"""


def record_page(
    *,
    registry: str,
    id: UUID,
    actor: Actor,
    purpose: str = "",
    as_of: datetime | None = None,
    language: str = "vi",
) -> RecordPage:
    """Return what the page of a record shows, as it is or as it was at a moment.

    Raises NotFound and Invalid as `record` does; the look is written down as there.
    """
    built = sets.built(registry)
    live = records.find(built, id)
    versions = history.versions_of(built, id, live)
    row = _at(versions, live, as_of)
    if row is None or not _seen(built, versions[-1], actor):
        raise records.no_record(built)
    decision = records.look(built, row, actor=actor, purpose=purpose)
    has_papers, way = _beside(built, id)
    today = live if as_of is None else None
    return RecordPage(
        record=records.shown(built, row, actor=actor, language=language, decision=decision),
        history=history.told(built, versions, actor),
        has_papers=has_papers or bool(built.declared.papers),
        drawing=workflow.drawing(way) if way and today else "",
        notices=notices.of_row(built, today, actor=actor, language=language) if today else (),
    )


def _at(versions: Sequence[Any], live: Row | None, as_of: datetime | None) -> Row | None:
    """Return the row of a record as it is, or as it was at a moment, None for none."""
    if as_of is None:
        return live
    began = [row for row in versions if row.row_since <= as_of]
    last = began[-1] if began else None
    return last if last is not None and (last is live or last.row_until > as_of) else None


def _seen(built: Built, row: Row, actor: Actor) -> bool:
    return rights.decide(built, row, actor=actor, act="view").allowed


def _beside(built: Built, id: UUID) -> tuple[bool, UUID | None]:
    papers, way = prepared.ask(_BESIDE, {"registry": built.id, "id": id})
    return bool(papers), way
