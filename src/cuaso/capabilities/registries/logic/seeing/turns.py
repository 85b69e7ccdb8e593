"""Where a record stands on its drawn way: which steps wait, for whom, and which moves they take."""

from collections.abc import Iterator
from uuid import UUID

from cuaso.capabilities.registries.contracts import TurnView
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.work_models import Course, Turn
from cuaso.declarations.record_flows import Lane, Workflow
from cuaso.declarations.registries import Move
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.remembering import once


def course_of(built: Built, row: Row) -> Course | None:
    """Return the way that a record is on or has gone, None for one that never began."""
    return Course.objects.filter(record_id=row.row_id, registry_id=built.id).first()


def then(built: Built, course: Course) -> Built:
    """Return the registry as it was declared when a record began its way."""
    if course.version == built.version:
        return built
    try:
        return sets.built(built.key, version=course.version)
    except NotFound:
        return built


def open_moves(built: Built, course: Course) -> Iterator[tuple[str, Move, Lane, Turn]]:
    """Yield the moves that the waiting steps of a record take, with lane and step of each."""
    began = then(built, course)
    way, statuses = began.declared.workflow, began.declared.statuses
    if way is None or statuses is None:
        return
    for turn in Turn.objects.filter(course=course).order_by("since_at", "id"):
        lane = way.lanes.get(turn.lane)
        for name in way.moves_of(turn.element):
            step = statuses.moves.get(name)
            if lane is not None and step is not None:
                yield name, step, lane, turn


def beside(way: Workflow, name: str) -> bool:
    """Say whether a move is none of the drawn way."""
    return name not in way.element_of


def works_in(built: Built, row: Row, lane: Lane, actor: Actor) -> bool:
    """Say whether the actor's post is one of a lane's, for this record."""
    return speaks_to(built, lane, actor) and (
        lane.agency != "" or lane.of != "nơi giữ" or _of_agency(row.row_agency, actor)
    )


def speaks_to(built: Built, lane: Lane, actor: Actor) -> bool:
    """Say whether a lane may be the actor's on some record of the registry."""
    if actor.kind != "official" or not set(lane.roles) & actor.roles:
        return False
    if lane.agency:
        return actor.agency_id == _agency(lane.agency)
    return lane.of != "chủ quản" or _of_agency(built.owner_id, actor)


def belongs(built: Built, row: Row, of: str, actor: Actor) -> bool:
    """Say whether the actor works at the owning agency, the keeping one or any, as `of` says;
    at the owning or the keeping one when it says nothing.
    """
    if of == "tỉnh":
        return actor.kind == "official"
    owning = of != "nơi giữ" and _of_agency(built.owner_id, actor)
    return owning or (of != "chủ quản" and _of_agency(row.row_agency, actor))


def _of_agency(agency_id: UUID, actor: Actor) -> bool:
    return agency_id == actor.agency_id or agency_id in actor.agency_scope


def _agency(key: str) -> UUID:
    return once(("registries.lane", key), lambda: directory.agency_by_key(key).id)


def turns_of(built: Built, row: Row, actor: Actor, language: str = "vi") -> tuple[TurnView, ...]:
    """Return the steps at which a record waits, in the order they came."""
    if built.declared.workflow is None:
        return ()
    course = course_of(built, row)
    if course is None:
        return ()
    way = then(built, course).declared.workflow
    lanes = way.lanes if way else {}
    return tuple(
        _view(built, row, turn, lanes.get(turn.lane), actor, language)
        for turn in Turn.objects.filter(course=course).order_by("since_at", "id")
    )


def _view(  # noqa: PLR0917 the parts of one view
    built: Built, row: Row, turn: Turn, lane: Lane | None, actor: Actor, language: str
) -> TurnView:
    return TurnView(
        id=turn.id,
        title=turn.title,
        lane=lane_title(lane, turn.lane, language),
        since_at=turn.since_at,
        due_at=turn.due_at,
        mine=lane is not None and works_in(built, row, lane, actor),
    )


def lane_title(lane: Lane | None, name: str, language: str = "vi") -> str:
    """Return what a lane is called."""
    if lane is None:
        return name
    return lane.title_en if language == "en" and lane.title_en else lane.title
