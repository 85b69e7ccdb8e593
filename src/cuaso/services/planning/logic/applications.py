"""Applications as they are read."""

from uuid import UUID

from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Entry
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import matches, sort_key
from cuaso.services.planning.contracts import DECISIONS, MOVES, ApplicationView, State
from cuaso.services.planning.models import Application
from cuaso.services.planning.policies import APPLICATIONS


def applications(*, actor: Actor, state: str = "", text: str = "") -> tuple[ApplicationView, ...]:
    """Return the applications that the actor may see, by title; `text` with or without marks."""
    rows = access.visible(
        actor=actor, act="view", queryset=Application.objects.all(), policy=APPLICATIONS
    )
    if state:
        rows = rows.filter(state=state)
    names = _titles()
    found = [_view(row, names) for row in rows if matches(text, f"{row.title} {row.purpose}")]
    return tuple(sorted(found, key=lambda one: sort_key(one.title)))


def application(*, id: UUID, actor: Actor) -> ApplicationView:
    """Return one application with the moves that the actor may make; raise NotFound."""
    row = Application.objects.filter(id=id).first()
    if row is None:
        raise unknown()
    access.require(actor=actor, act="view", record=row, policy=APPLICATIONS)
    allowed: list[State] = []
    for state in MOVES[row.state]:
        act = "decide" if state in DECISIONS else "move"
        own = state in DECISIONS and row.registered_by == actor.person_id
        if not own and access.decide(actor=actor, act=act, record=row, policy=APPLICATIONS).allowed:
            allowed.append(state)
    return _view(row, _titles(), tuple(allowed))


def application_history(*, id: UUID, actor: Actor) -> tuple[Entry, ...]:
    """Return what befell an application, oldest first; raise NotFound."""
    application(id=id, actor=actor)
    return tuple(audit.history(Subject(kind="planning.application", id=id)))


def may_register(actor: Actor) -> bool:
    """Say whether the actor registers applications of their agency."""
    if actor.agency_id is None:
        return False
    probe = Application(agency_id=actor.agency_id)
    return access.decide(actor=actor, act="register", record=probe, policy=APPLICATIONS).allowed


def _titles() -> dict[str, str]:
    return {one.key: one.title for one in dictionary.elements()}


def _view(
    row: Application, names: dict[str, str], moves: tuple[State, ...] = ()
) -> ApplicationView:
    return ApplicationView(
        id=row.id,
        title=row.title,
        purpose=row.purpose,
        agency_id=row.agency_id,
        agency=directory.agency(row.agency_id).name,
        state=row.state,
        elements=tuple((key, names.get(key, key)) for key in row.elements),
        interfaces=tuple(row.interfaces),
        level=row.level,
        cost_vnd=row.cost_vnd,
        contract=row.contract,
        since=row.from_date,
        until=row.until_date,
        justification=row.justification,
        resembled=tuple(row.resembled),
        unverified=row.unverified,
        registrar_name=row.registrar_name,
        registered_at=row.registered_at,
        version=row.version,
        moves=moves,
    )


def unknown() -> NotFound:
    return NotFound(
        code="planning.no_application",
        what="Không có ứng dụng này trong sổ đăng ký.",
        mend="Hãy tải lại danh sách ứng dụng rồi chọn lại.",
    )
