"""The machine's clock jumps two minutes back: queue, ledger, events and deadlines hold."""

from datetime import timedelta

import pytest

from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.models import Entry, Event
from cuaso.kernel import clock
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures import api as procedures
from cuaso.wiring.processes import events
from tests.support.dossiers import submit_marital
from tests.support.house import WEDNESDAY_MORNING

pytestmark = pytest.mark.django_db
BACK = WEDNESDAY_MORNING - timedelta(minutes=2)


@pytest.fixture
def jumped(citizen, official):
    """Return a dossier that was submitted at nine and received when the clock had jumped back."""
    with clock.at(WEDNESDAY_MORNING):
        id = submit_marital(citizen()).dossier_id
    with clock.at(BACK):
        procedures.receive(id=id, actor=official("reception"))
    return id


def test_the_history_keeps_the_order_of_the_acts_though_moments_run_backwards(jumped):
    history = audit.history(Subject(kind="procedures.dossier", id=jumped))
    lines = [line for line in history if line.act.startswith("procedures.")]
    assert [line.act for line in lines] == ["procedures.submitted", "procedures.received"]
    assert [line.at for line in lines] == [WEDNESDAY_MORNING, BACK]


def test_the_ledger_is_sequenced_and_verified_across_the_jump(jumped, official):
    with clock.at(WEDNESDAY_MORNING):
        audit.sequence()
    with clock.at(BACK):
        procedures.give_opinion(id=jumped, text="Đã xem.", actor=official("handler"))
        audit.sequence()
    rows = Entry.objects.order_by("position").values_list("leaf_index", flat=True)
    assert list(rows) == list(range(len(rows)))
    assert audit.verify().ok


def test_the_due_moment_is_reckoned_from_the_receipt_as_the_clock_then_said(jumped, official):
    with clock.at(BACK):
        view = procedures.dossier(id=jumped, actor=official("handler"))
    assert view.received_at == BACK
    assert view.due.due_at.astimezone(clock.VIETNAM).isoformat() == "2026-10-12T17:00:00+07:00"


def test_the_queue_shows_the_dossier_once_before_and_after_the_clock_catches_up(jumped, official):
    for moment in (BACK, WEDNESDAY_MORNING):
        with clock.at(moment):
            rows = procedures.queue(actor=official("handler"), view="mine").rows
        assert [row.id for row in rows] == [jumped]


def test_events_are_late_by_the_jump_at_most_and_keep_their_order(jumped):
    with clock.at(BACK):
        events.deliver()
    with clock.at(WEDNESDAY_MORNING + timedelta(seconds=1)):
        events.deliver()
    told = Event.objects.filter(subject_id=jumped)
    assert list(told.filter(settled_at=None)) == []
    topics = told.filter(topic__startswith="procedures.")
    assert list(topics.order_by("position").values_list("topic", flat=True)) == [
        "procedures.submitted",
        "procedures.received",
    ]
