"""The parts of one act go to PostgreSQL together, and no differently than one after another."""

from contextlib import suppress
from uuid import UUID

import pytest
from django.db import connection, transaction

from cuaso.foundation.audit import api
from cuaso.foundation.audit.contracts import Publication, Written
from cuaso.foundation.audit.models import Entry, Event
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Invalid
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

HOUSE = system("Cửa Số")
DOSSIER = Subject(kind="procedures.dossier", id=UUID(int=9))
PLANS = """
select count(*) from pg_prepared_statements where statement like 'insert into audit_delivery%'
"""


def act(name, *, beside=()):
    """Do an act of a subject that says its own name in ledger and outbox."""
    api.record(
        actor=HOUSE,
        act=name,
        subject=DOSSIER,
        content={"said": name},
        publications=[Publication(topic=name, payload={})],
        beside=beside,
    )


def row(name):
    return Written(
        statement="insert into audit_delivery (event_id, subscriber, attempts, error)"
        " values (%s, %s, 0, '')",
        values=[new_id(), name],
    )


def rows():
    with connection.cursor() as cursor:
        cursor.execute("select subscriber from audit_delivery order by subscriber")
        return [name for (name,) in cursor.fetchall()]


def entries():
    return list(Entry.objects.order_by("position").values_list("act", flat=True))


def events():
    return list(Event.objects.order_by("position").values_list("topic", flat=True))


@pytest.mark.django_db
def test_an_act_of_three_parts_is_one_statement_and_the_ledger_keeps_their_order(
    django_assert_num_queries,
):
    with transaction.atomic():
        with django_assert_num_queries(1), api.gathered():
            act("flow.started", beside=[row("a")])
            api.write([row("b")])
            with api.joining():
                act("message.queued")
            act("dossier.submitted", beside=[row("c")])
        assert entries() == ["flow.started", "message.queued", "dossier.submitted"]
    assert events() == entries()
    assert rows() == ["a", "b", "c"]
    # The fourth says by which key the ledger signs.
    assert api.sequence() == 4
    assert api.verify().ok


@pytest.mark.django_db
def test_an_act_that_fails_at_its_end_leaves_nothing_of_its_parts():
    with suppress(Invalid), transaction.atomic(), api.gathered():
        act("flow.started", beside=[row("a")])
        raise Invalid(code="test.no", what="Không được.")
    assert (entries(), events(), rows()) == ([], [], [])
    with transaction.atomic():
        act("dossier.submitted")
    assert entries() == ["dossier.submitted"]


@pytest.mark.django_db
def test_a_part_that_is_taken_back_by_its_savepoint_is_not_written_with_the_others():
    with transaction.atomic(), api.gathered():
        act("flow.started", beside=[row("a")])
        with suppress(Invalid), transaction.atomic():
            act("message.queued", beside=[row("b")])
            raise Invalid(code="test.no", what="Không được.")
        act("dossier.submitted", beside=[row("c")])
    assert entries() == ["flow.started", "dossier.submitted"]
    assert rows() == ["a", "c"]


@pytest.mark.django_db
def test_a_part_that_asks_what_was_written_before_it_finds_it():
    with transaction.atomic(), api.gathered():
        act("flow.started", beside=[row("a")])
        assert rows() == []
        with api.at_once():
            assert rows() == ["a"]
            act("fee.obliged", beside=[row("b")])
            assert rows() == ["a", "b"]
        act("dossier.submitted", beside=[row("c")])
    assert entries() == ["flow.started", "fee.obliged", "dossier.submitted"]
    assert rows() == ["a", "b", "c"]


@pytest.mark.django_db
def test_a_statement_that_comes_again_is_planned_once_for_its_connection():
    for name in ("a", "b", "c"):
        api.write([row(name)])
    with connection.cursor() as cursor:
        cursor.execute(PLANS)
        assert cursor.fetchone() == (1,)
    assert rows() == ["a", "b", "c"]
