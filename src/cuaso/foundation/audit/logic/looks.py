"""Looks at personal data, written down as they happen.

What one page of a list or one portion of a file shows of many people is one row: a row for each of
fifty people cost more than the page itself.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Final
from uuid import UUID

from cuaso.foundation.audit.logic.planned import planned
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

# A plain statement: every look at a dossier asks it.
_INSERT: Final = """
insert into audit_look (look_id, looked_at, person_id, subject_kind, subject_id, actor_kind,
  actor_name, actor_person_id, actor_post_id, actor_agency_id, purpose, task, trace)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
# Without `offset 0` PostgreSQL would ask for each person three times.
_INSERT_MANY: Final = """
insert into audit_look_many (look_id, looked_at, people, subject_kind, subjects, listed, actor_kind,
  actor_name, actor_person_id, actor_post_id, actor_agency_id, purpose, task, trace)
select %(look_id)s::uuid, %(at)s::timestamptz, array_agg(seen.person_id), %(kind)s::text,
  array_agg(seen.subject_id), %(listed)s::boolean, %(actor_kind)s::text, %(actor_name)s::text,
  %(actor_person_id)s::uuid, %(post_id)s::uuid, %(agency_id)s::uuid, %(purpose)s::text,
  %(task)s::text, %(trace)s::text
from (
  select one.subject_id, {whose} as person_id
  from unnest(string_to_array(%(numbers)s, ','), string_to_array(%(subjects)s, ',')::uuid[])
    as one(number, subject_id)
  offset 0
) as seen
where seen.person_id is not null and seen.person_id is distinct from %(actor_person_id)s::uuid
having count(*) > 0
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
    listed: bool = False,
) -> None:
    """Write down in one row that the actor looked at many people's data at a time.

    `seen` are the digits of a person's number and the thing of the `kind` in which it stood, a
    look for each pair; `whose` gives the SQL of a person's id from that of the number, null for
    nobody. `listed`: on a page of a list. A look at oneself is none, and of nobody there is no row.
    Raises Invalid as `log_look` does.
    """
    _require(purpose)
    if not seen:
        return
    numbers, subjects = zip(*seen, strict=True)
    with planned() as cursor:
        cursor.execute(
            _INSERT_MANY.format(whose=whose("one.number")),
            {
                "look_id": new_id(),
                "at": clock.now(),
                "kind": kind,
                "listed": listed,
                "actor_kind": actor.kind,
                "actor_name": actor.name,
                "actor_person_id": actor.person_id,
                "post_id": actor.post_id,
                "agency_id": actor.agency_id,
                "purpose": purpose.strip(),
                "task": task,
                "trace": actor.trace,
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
