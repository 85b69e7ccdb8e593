from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from cuaso.foundation.audit import contracts
from cuaso.foundation.audit.logic.planned import planned
from cuaso.foundation.audit.models import Look
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem
from cuaso.kernel.identifiers import new_id, new_ids
from cuaso.kernel.subjects import Subject

# A plain statement: every look at a dossier asks it.
_INSERT: Final = """
insert into audit_look (look_id, looked_at, person_id, subject_kind, subject_id, actor_kind,
  actor_name, actor_person_id, actor_post_id, actor_agency_id, purpose, task, trace)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_INSERT_MANY: Final = """
insert into audit_look (look_id, looked_at, person_id, subject_kind, subject_id, actor_kind,
  actor_name, actor_person_id, actor_post_id, actor_agency_id, purpose, task, trace)
select seen.look_id, %(at)s::timestamptz, seen.person_id, %(kind)s::text, seen.subject_id,
  %(actor_kind)s::text, %(actor_name)s::text, %(actor_person_id)s::uuid, %(post_id)s::uuid,
  %(agency_id)s::uuid, %(purpose)s::text, %(task)s::text, %(trace)s::text
from (
  select one.look_id, one.subject_id, {whose} as person_id
  from unnest(string_to_array(%(looks)s, ',')::uuid[], string_to_array(%(numbers)s, ','),
    string_to_array(%(subjects)s, ',')::uuid[]) as one(look_id, number, subject_id)
) as seen
where seen.person_id is not null and seen.person_id is distinct from %(actor_person_id)s::uuid
"""


def log_look(
    *, actor: Actor, person_id: UUID, subject: Subject, purpose: str, task: str = ""
) -> UUID:
    """Write down that the actor looked at a person's data; every look is a row of its own.

    `purpose` is a sentence that the person will read. Raises Invalid when it is blank.
    """
    _require(purpose)
    look_id = new_id()
    whose = (actor.person_id, actor.post_id, actor.agency_id)
    said = (purpose.strip(), task, actor.trace)
    with planned() as cursor:
        cursor.execute(
            _INSERT,
            [
                *(look_id, clock.now(), person_id, subject.kind, subject.id),
                *(actor.kind, actor.name, *whose, *said),
            ],
        )
    return look_id


def log_looks(
    *,
    actor: Actor,
    kind: str,
    seen: Collection[tuple[str, UUID]],
    whose: Callable[[str], str],
    purpose: str,
    task: str = "",
) -> None:
    """Write down in one statement that the actor looked at many people's data at a time.

    `seen` are the digits of a person's number and the thing of the `kind` in which it stood, a
    look for each pair; `whose` gives the SQL of a person's id from that of the number, null for
    nobody. A look at oneself is none. Raises Invalid as `log_look` does.
    """
    _require(purpose)
    if not seen:
        return
    numbers, subjects = zip(*seen, strict=True)
    with planned() as cursor:
        cursor.execute(
            _INSERT_MANY.format(whose=whose("one.number")),
            {
                "at": clock.now(),
                "kind": kind,
                "actor_kind": actor.kind,
                "actor_name": actor.name,
                "actor_person_id": actor.person_id,
                "post_id": actor.post_id,
                "agency_id": actor.agency_id,
                "purpose": purpose.strip(),
                "task": task,
                "trace": actor.trace,
                "looks": _joined(new_ids(len(seen))),
                "numbers": ",".join(numbers),
                "subjects": _joined(subjects),
            },
        )


def _joined(ids: Iterable[UUID]) -> str:
    # A list of them costs the process four times as much to say.
    return ",".join([id.hex for id in ids])


def _require(purpose: str) -> None:
    if not purpose.strip():
        say = "Hãy ghi mục đích xem dữ liệu cá nhân."
        raise Invalid(
            code="audit.purpose_missing",
            what="Chưa ghi mục đích xem.",
            why="Mỗi lượt xem dữ liệu cá nhân đều được ghi lại kèm mục đích để chủ dữ liệu biết.",
            mend=say,
            problems=(Problem(field="purpose", say=say),),
        )


def looks_at(
    person_id: UUID,
    limit: int = 50,
    before: datetime | None = None,
    subject: Subject | None = None,
) -> tuple[contracts.Look, ...]:
    """Return the newest looks at a person's data, or at one thing of it; page on with `before` =
    the last one's `at`.
    """
    rows = Look.objects.filter(person_id=person_id)
    if subject is not None:
        rows = rows.filter(subject_kind=subject.kind, subject_id=subject.id)
    if before is not None:
        rows = rows.filter(looked_at__lt=before)
    return tuple(_as_look(row) for row in rows.order_by("-looked_at", "-look_id")[:limit])


def _as_look(row: Look) -> contracts.Look:
    return contracts.Look(
        id=row.look_id,
        at=row.looked_at,
        person_id=row.person_id,
        subject=Subject(kind=row.subject_kind, id=row.subject_id),
        actor_kind=row.actor_kind,
        actor_name=row.actor_name,
        actor_person_id=row.actor_person_id,
        post_id=row.actor_post_id,
        agency_id=row.actor_agency_id,
        purpose=row.purpose,
        task=row.task,
        trace=row.trace,
    )
