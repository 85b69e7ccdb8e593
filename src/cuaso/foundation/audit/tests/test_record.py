from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from cuaso.foundation.audit import api
from cuaso.foundation.audit.contracts import Publication, Written
from cuaso.foundation.audit.logic.guards import TRUNCATE_GUARDS
from cuaso.foundation.audit.models import Entry, Event, Look
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

NOON = datetime(2025, 8, 4, 5, 0, tzinfo=UTC)
OFFICER = Actor(
    kind="official",
    name="Nguyễn Văn Ất",
    person_id=UUID(int=1),
    post_id=UUID(int=2),
    agency_id=UUID(int=3),
    trace="trace-1",
)
DOSSIER = Subject(kind="procedures.dossier", id=UUID(int=9))


def receive(**content):
    return api.record(
        actor=OFFICER, act="procedures.received", subject=DOSSIER, content=content, reason="Đủ"
    )


@pytest.mark.django_db
def test_an_act_is_recorded_and_read_back_whole():
    with clock.at(NOON):
        entry_id = receive(code="H08.1", fee_vnd=8000, on=date(2025, 8, 4), who=UUID(int=7))
    [entry] = api.history(DOSSIER)
    assert entry == api.entry(entry_id)
    assert (entry.id, entry.at, entry.act, entry.subject) == (
        entry_id,
        NOON,
        "procedures.received",
        DOSSIER,
    )
    assert (entry.actor_kind, entry.actor_name, entry.person_id) == (
        "official",
        "Nguyễn Văn Ất",
        UUID(int=1),
    )
    assert (entry.post_id, entry.agency_id, entry.trace) == (UUID(int=2), UUID(int=3), "trace-1")
    assert entry.reason == "Đủ"
    assert entry.content == {
        "code": "H08.1",
        "fee_vnd": 8000,
        "on": "2025-08-04",
        "who": str(UUID(int=7)),
    }
    assert (entry.leaf_index, entry.erased_at) == (None, None)


@pytest.mark.django_db
def test_acts_are_read_in_the_order_in_which_they_were_done():
    ids = [receive(step=step) for step in range(20)]
    other = Subject(kind="procedures.dossier", id=UUID(int=10))
    api.record(actor=OFFICER, act="procedures.received", subject=other, content={})
    assert [entry.id for entry in api.history(DOSSIER)] == ids


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="belongs inside"):
        receive()
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_entry():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        receive(share=1 / 0 if receive() else 0)
    assert not Entry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("value", [object(), b"bytes", float("nan"), 1j])
def test_content_that_json_cannot_say_is_refused(value):
    with pytest.raises(TypeError, match="the ledger cannot write"):
        receive(value=value)
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_the_same_content_gives_another_commitment_each_time():
    receive(code="H08.1")
    receive(code="H08.1")
    first, second = Entry.objects.order_by("pk")
    assert first.sealed == second.sealed
    assert bytes(first.commitment) != bytes(second.commitment)


@pytest.mark.django_db
def test_decimals_sets_and_odd_letters_survive():
    receive(length=Decimal("15.50"), tags=frozenset({"b", "a"}), odd='\x00\x7f\u2028"đ')
    [entry] = api.history(DOSSIER)
    assert entry.content == {"length": "15.50", "tags": ["a", "b"], "odd": '\x00\x7f\u2028"đ'}


@pytest.mark.django_db
def test_an_unknown_entry_is_not_found():
    with pytest.raises(NotFound):
        api.entry(new_id())


def refused(sql):
    with (
        pytest.raises(IntegrityError, match="Sổ cái chỉ ghi thêm"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "act = 'x'",
        "subject_id = gen_random_uuid()",
        "sealed = '{}'",
        "salt = '\\x00'",
        "sealed = NULL, salt = NULL",
        "leaf = '\\x00', leaf_index = 0",
        "leaf_index = 0, act = 'x'",
        "erased_at = now()",
        "recorded_at = now()",
        "actor_person_id = NULL",
    ],
)
def test_the_database_refuses_to_change_an_entry(change):
    receive()
    before = list(Entry.objects.values())
    refused(f"UPDATE audit_entry SET {change}")
    assert list(Entry.objects.values()) == before


@pytest.mark.django_db
def test_the_database_refuses_to_delete_or_renumber():
    receive()
    api.log_look(actor=OFFICER, person_id=UUID(int=5), subject=DOSSIER, purpose="Thụ lý")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET leaf_index = 0")
    refused("UPDATE audit_entry SET leaf_index = 1")
    refused("DELETE FROM audit_entry")
    refused("DELETE FROM audit_look")
    refused("UPDATE audit_look SET purpose = 'x'")
    assert (Entry.objects.count(), Look.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_the_database_refuses_to_truncate():
    receive()
    with connection.cursor() as cursor:
        cursor.execute(TRUNCATE_GUARDS)
    for table in ("audit_entry", "audit_node", "audit_head", "audit_look", "audit_key"):
        refused(f"TRUNCATE {table}")
    assert Entry.objects.count() == 1


MOVED = Written(
    statement="insert into audit_event (event_id, topic, subject_kind, subject_id, payload, trace,"
    " published_at, next_try_at) values (%s, 'procedures.moved', %s, %s, '{}', '', %s, %s)",
    values=(UUID(int=8), DOSSIER.kind, DOSSIER.id, NOON, NOON),
)


def act_with(*beside: Written) -> None:
    with transaction.atomic():
        api.record(
            actor=OFFICER,
            act="procedures.received",
            subject=DOSSIER,
            content={},
            publications=[Publication(topic="procedures.received", payload={"version": 2})],
            beside=beside,
        )


@pytest.mark.django_db
def test_what_an_act_writes_beside_its_entry_goes_in_one_statement_with_it(
    django_assert_num_queries,
):
    with django_assert_num_queries(3):  # two of them are the savepoint of this act
        act_with(MOVED)
    assert [entry.act for entry in api.history(DOSSIER)] == ["procedures.received"]
    topics = Event.objects.order_by("topic").values_list("topic", flat=True)
    assert list(topics) == ["procedures.moved", "procedures.received"]


@pytest.mark.django_db
def test_where_what_an_act_writes_is_refused_its_entry_and_its_events_are_not_there_either():
    with pytest.raises(IntegrityError):
        act_with(MOVED, MOVED)
    assert (api.history(DOSSIER), Event.objects.count()) == ((), 0)


def an_act_that_fails_after(inner: Callable[[], object]) -> None:
    with transaction.atomic():
        with api.joining():
            inner()
        message = "too late"
        raise ValueError(message)


def an_act_that_goes_on_after_a_failure(then: Callable[[], object]) -> None:
    with transaction.atomic():
        with suppress(ValueError), api.joining():
            raise ValueError
        then()


@pytest.mark.django_db(transaction=True)
def test_an_act_inside_another_costs_no_savepoint_and_fails_with_the_whole(
    django_assert_num_queries,
):
    with django_assert_num_queries(3), transaction.atomic(), api.joining():  # begin, entry, commit
        receive(n=1)
    with pytest.raises(ValueError, match="too late"):
        an_act_that_fails_after(lambda: receive(n=2))
    with api.joining():
        receive(n=3)
    assert [entry.content for entry in api.history(DOSSIER)] == [{"n": 1}, {"n": 3}]


@pytest.mark.django_db(transaction=True)
def test_who_goes_on_after_an_inner_act_failed_can_write_nothing_more():
    with pytest.raises(TransactionManagementError):
        an_act_that_goes_on_after_a_failure(lambda: receive(n=1))
    assert api.history(DOSSIER) == ()
