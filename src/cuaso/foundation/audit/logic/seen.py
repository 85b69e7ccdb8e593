"""Who looked at a person's data, as that person is told.

Whoever stands at the head of a list is seen by many pages a day, for years: these are sought first
among the newest.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from cuaso.foundation.audit.contracts import Look, LookLine
from cuaso.foundation.audit.logic.planned import planned
from cuaso.kernel import clock
from cuaso.kernel.subjects import Subject

# Days to look back into, each time as far as the looks asked for are not found.
_BACK: Final = (31, 366)
_WHO: Final = """actor_kind, actor_name, actor_person_id, actor_post_id, actor_agency_id,
  purpose, task, trace"""
_SELECTED: Final = f"{_WHO}, false as listed, 1::bigint as times"
_ONE: Final = f"""(
  select look_id, looked_at, subject_kind, subject_id, {_SELECTED} from audit_look
  where person_id = %(person)s::uuid and looked_at >= %(since)s::timestamptz
    and looked_at < %(before)s::timestamptz
    and (%(kind)s::text = '' or (subject_kind, subject_id) = (%(kind)s::text, %(thing)s::uuid))
  order by looked_at desc, look_id desc limit %(most)s::bigint
)"""  # noqa: S608 our own names
_MANY: Final = """
  from audit_look_many as many, unnest(many.people, many.subjects) as pair (person_id, subject_id)
  where many.people @> array[%(person)s::uuid] and many.looked_at >= %(since)s::timestamptz
    and many.looked_at < %(before)s::timestamptz and pair.person_id = %(person)s::uuid
    and (%(kind)s::text = ''
      or (many.subject_kind, pair.subject_id) = (%(kind)s::text, %(thing)s::uuid))"""
_AMONG: Final = f"""(
  select look_id, looked_at, subject_kind, pair.subject_id, {_WHO}, listed, 1::bigint as times
  {_MANY} {{which}}
  order by looked_at desc, look_id desc, pair.subject_id desc limit %(most)s::bigint
)"""
_DAY: Final = f"(looked_at at time zone '{clock.VIETNAM.key}')::date"
_NEWEST: Final = "(array_agg({} order by looked_at desc, look_id desc, pair.subject_id desc))[1]"
_BY_DAY: Final = f"""(
  select {_NEWEST.format("look_id")}, max(looked_at), subject_kind,
    {_NEWEST.format("pair.subject_id")}, actor_kind, actor_name, actor_person_id, actor_post_id,
    actor_agency_id, purpose, task, {_NEWEST.format("trace")}, true, count(distinct look_id)
  {_MANY} and listed
  group by {_DAY}, subject_kind, actor_kind, actor_name, actor_person_id, actor_post_id,
    actor_agency_id, purpose, task
  order by max(looked_at) desc limit %(most)s::bigint
)"""
_NEWEST_FIRST: Final = (
    "order by looked_at desc, look_id desc, subject_id desc limit %(most)s::bigint"
)
_EACH: Final = f"{_ONE} union all {_AMONG.format(which='')} {_NEWEST_FIRST}"
_LINES: Final = (
    f"{_ONE} union all {_AMONG.format(which='and not listed')} union all {_BY_DAY} {_NEWEST_FIRST}"
)


def looks_at(
    person_id: UUID,
    limit: int = 50,
    before: datetime | None = None,
    subject: Subject | None = None,
) -> tuple[Look, ...]:
    """Return the newest looks at a person's data, or at one thing of it; page on with `before` =
    the last one's `at`.
    """
    found = _newest(_EACH, person_id, limit=limit, before=before, subject=subject)
    return tuple(one.look for one in found)


def looks_told(
    person_id: UUID, limit: int = 50, subject: Subject | None = None
) -> tuple[LookLine, ...]:
    """Return the newest looks at a person's data, or at one thing of it: pages of lists that one
    reader saw on one day as one line.
    """
    return _newest(_LINES, person_id, limit=limit, before=None, subject=subject)


def _newest(
    statement: str,
    person_id: UUID,
    *,
    limit: int,
    before: datetime | None,
    subject: Subject | None,
) -> tuple[LookLine, ...]:
    asked = {
        "person": person_id,
        "before": before or "infinity",
        "kind": subject.kind if subject else "",
        "thing": subject.id if subject else None,
        "most": limit,
    }
    rows: Sequence[Sequence[Any]] = ()
    for since in _since(before):
        with planned() as cursor:
            cursor.execute(statement, {**asked, "since": since})
            rows = cursor.fetchall()
        if len(rows) >= limit:
            break
    return tuple(_line(person_id, row) for row in rows)


def _since(before: datetime | None) -> Iterator[datetime | str]:
    """Yield how far back to look, by whole days, and at last all the way."""
    last = (before or clock.now()).astimezone(clock.VIETNAM).date()
    for days in _BACK:
        yield datetime.combine(last - timedelta(days=days), time(), tzinfo=clock.VIETNAM)
    yield "-infinity"


def _line(person_id: UUID, row: Sequence[Any]) -> LookLine:
    look_id, at, kind, thing, actor_kind, actor_name, actor_person, post, agency, *rest = row
    purpose, task, trace, listed, times = rest
    look = Look(
        id=look_id,
        at=at,
        person_id=person_id,
        subject=Subject(kind=kind, id=thing),
        actor_kind=actor_kind,
        actor_name=actor_name,
        actor_person_id=actor_person,
        post_id=post,
        agency_id=agency,
        purpose=purpose,
        task=task,
        trace=trace,
        listed=listed,
    )
    return LookLine(look=look, times=times)
