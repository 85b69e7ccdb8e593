"""Take the changes that triggers wrote down and give every changed entry its next revision.

Changes are a list of work, not a log that is read by a cursor: a row that commits late is taken
late. Revisions are given by one process at a time, so a follower that has all up to one revision
has missed nothing.
"""

from datetime import date
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from cuaso.capabilities.provisioning.logic import render
from cuaso.capabilities.provisioning.logic.turns import take_turn
from cuaso.capabilities.provisioning.models import Change, Seen
from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock

BATCH: Final = 500
LOCK: Final = 0x70726F76  # "prov"
_TAKE: Final = """
delete from provisioning_change where id in (
  select id from provisioning_change order by id limit %s for update skip locked
) returning kind, subject_id
"""
_NUMBER: Final = """
update provisioning_entry as entry
set revision = given.base + given.place, revised = entry.digest
from (
  select id, row_number() over (
      order by case kind when 'person' then 0 when 'post' then 2 else 1 end, changed_at, id
    ) as place,
    (select coalesce(max(revision), 0) from provisioning_entry) as base
  from provisioning_entry where digest <> revised
) as given where entry.id = given.id
"""
_BEGUN_OR_ENDED: Final = """
insert into provisioning_change (kind, subject_id)
select 'post', id from directory_post
  where from_date > %(seen)s and from_date <= %(today)s
  or until_date > %(seen)s and until_date <= %(today)s
union all select 'agency', id from directory_agency
  where from_date > %(seen)s and from_date <= %(today)s
  or until_date > %(seen)s and until_date <= %(today)s
union all select 'unit', id from directory_unit
  where from_date > %(seen)s and from_date <= %(today)s
  or until_date > %(seen)s and until_date <= %(today)s
union all select distinct 'person', person_id from directory_post
  where person_id is not null and (
    from_date > %(seen)s and from_date <= %(today)s
    or until_date > %(seen)s and until_date <= %(today)s
  )
"""
_ALL: Final = """
insert into provisioning_change (kind, subject_id)
select 'account', id from identity_account where kind = 'official'
union all select 'agency', id from directory_agency
union all select 'unit', id from directory_unit
union all select 'post', id from directory_post
"""


def revise() -> int:
    """Bring changed entries up to date; return how many changes were taken (0: nothing waits)."""
    _look_at_the_day()
    taken = 0
    while batch := _take():
        taken += batch
        if batch < BATCH:
            break
    _number()
    return taken


def look_again() -> None:
    """Have every entry compared with the directory and the accounts at the next turns."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ALL)


def _take() -> int:
    with transaction.atomic():
        take_turn()
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [BATCH])
            rows = cursor.fetchall()
        subjects: dict[str, set[UUID]] = {}
        for kind, subject_id in rows:
            subjects.setdefault(kind, set()).add(subject_id)
        _render(subjects)
    return len(rows)


def _render(subjects: dict[str, set[UUID]]) -> None:
    people = identity.accounts_of(subjects.get("person", set()))
    accounts = subjects.get("account", set()) | {account.id for account in people.values()}
    render.render_agencies(subjects.get("agency", set()))
    render.render_units(subjects.get("unit", set()))
    render.render_posts(subjects.get("post", set()))
    render.render_people(accounts)


def _number() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        take_turn()
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [LOCK])
        if cursor.fetchone()[0]:
            cursor.execute(_NUMBER)


def _look_at_the_day() -> None:
    """On a new day, note whatever began or ended with it."""
    today = clock.today()
    with transaction.atomic():
        seen = Seen.objects.select_for_update().first()
        if seen is None:
            Seen.objects.create(day=today)
        elif seen.day < today:
            _note(seen.day, today)
            seen.day = today
            seen.save(update_fields=["day"])


def _note(seen: date, today: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_BEGUN_OR_ENDED, {"seen": seen, "today": today})


def waiting() -> int:
    """Return how many changes wait to be taken."""
    return Change.objects.count()
