"""An act whose content PostgreSQL completes: the entry is what Python would have made of it."""

import json

import pytest
from django.db import connection

from cuaso.foundation.audit import api
from cuaso.foundation.audit.contracts import Publication
from cuaso.foundation.audit.logic.sealing import commit, leaf_of
from cuaso.foundation.audit.models import Entry, Event
from cuaso.foundation.audit.tests.test_record import DOSSIER, NOON, OFFICER
from cuaso.kernel import clock

DIGITS = "0123456789abcdef"
CHANGED = Publication(topic="x.changed", payload={"of": "Đủ"}, heard=False)
HEARD = Publication(topic="x.heard", payload={})


def completing(**said):
    return api.completed(
        actor=OFFICER,
        act="x.changed",
        subject=DOSSIER,
        content={"what": "Đủ \\ “hồ sơ” %s {}", "on": NOON},
        late="sum",
        digits="said",
        rows="found",
        reason="Lý do",
        **said,
    )


def send(parts, digits=DIGITS):
    found = "with found as (select %s::text as said where %s::text is not null)"
    others = "".join(f", part_{at} as ({one.statement})" for at, one in enumerate(parts))
    values = [value for one in parts for value in one.values]
    with api.planned() as cursor:
        cursor.execute(f"{found}{others} select 1", [digits, digits, *values])


@pytest.mark.django_db
def test_an_act_completed_by_postgresql_is_sealed_as_python_seals_it():
    with clock.at(NOON):
        send(completing(publications=[CHANGED, HEARD]))
    entry = Entry.objects.get()
    sealed = json.loads(entry.sealed or "")
    assert sealed["content"] == {
        "on": "2025-08-04T05:00:00.000000Z",
        "sum": DIGITS,
        "what": "Đủ \\ “hồ sơ” %s {}",
    }
    assert entry.sealed == json.dumps(
        sealed, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert bytes(entry.commitment) == commit(sealed=entry.sealed, salt=bytes(entry.salt or b""))
    assert bytes(entry.leaf) == leaf_of(entry)
    (told,) = api.history(DOSSIER)
    assert (told.act, told.reason, told.actor_name, told.post_id, told.trace, told.at) == (
        "x.changed",
        "Lý do",
        OFFICER.name,
        OFFICER.post_id,
        OFFICER.trace,
        NOON,
    )
    events = Event.objects.order_by("position").values_list("topic", "payload", "subject_id")
    assert list(events) == [
        ("x.changed", {"of": "Đủ"}, DOSSIER.id),
        ("x.heard", {}, DOSSIER.id),
    ]


@pytest.mark.django_db
def test_the_ledger_proves_an_act_that_postgresql_completed():
    send(completing())
    api.sequence()
    found = api.verify()
    assert (found.ok, found.size, found.faults) == (True, Entry.objects.count(), ())


@pytest.mark.django_db
def test_where_the_act_wrote_no_row_there_is_no_entry():
    send(completing(), digits=None)
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_entries_that_wait_for_others_are_not_completed_by_postgresql():
    with pytest.raises(RuntimeError, match="change places"), api.gathered():
        completing()
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_only_events_that_are_heard_wake_the_deliverers():
    connection.run_on_commit.clear()
    api.wake_for([CHANGED])
    assert connection.run_on_commit == []
    api.wake_for([CHANGED, HEARD])
    assert len(connection.run_on_commit) == 1
