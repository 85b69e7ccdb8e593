"""kill -9 of each process while people submit and receive: nothing accepted is lost or doubled."""

import os

import pytest

from tests.faults.state import State, eventually
from tests.faults.traffic import Traffic
from tests.support.answers import MARITAL

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
SIMULATORS = ("vneid", "population", "timestamp", "sms", "national_portal", "payments")
# How often each process is killed; `./cuaso soak --kills` asks for more.
ROUNDS = int(os.environ.get("CUASO_SOAK_KILLS", "1"))


@pytest.fixture
def people(mother, staff):
    return Traffic(citizen=mother, officer=staff["reception"], values=MARITAL)


def test_killing_the_web_while_people_submit_loses_and_doubles_nothing(people, state):
    with people:
        people.wait_for_receipts(2)
        for _ in range(ROUNDS):
            kill_and_wait(state, "web")
            people.wait_for_receipts(2)
    assert_kept(people, state)


def test_killing_the_workers_of_the_web_server_loses_and_doubles_nothing(people, state):
    before = len(state.starts("web"))
    with people:
        people.wait_for_receipts(2)
        for _ in range(ROUNDS):
            assert state.kill_children("web") >= 1
            people.wait_for_receipts(2)
    assert_kept(people, state)
    assert 0 <= len(state.starts("web")) - before <= ROUNDS


def test_killing_the_background_worker_loses_and_doubles_nothing(people, state):
    with people:
        people.wait_for_receipts(2)
        for _ in range(ROUNDS):
            kill_and_wait(state, "worker")
            people.wait_for_receipts(2)
    assert_kept(people, state)


def test_killing_everything_outside_loses_and_doubles_nothing(people, state):
    before = {name: len(state.starts(name)) for name in SIMULATORS}
    with people:
        people.wait_for_receipts(1)
        for name in SIMULATORS:
            state.kill(name)
        people.wait_for_receipts(2)
    assert_kept(people, state)
    eventually(lambda: all(len(state.starts(name)) == before[name] + 1 for name in SIMULATORS))


def kill_and_wait(state: State, name: str) -> None:
    """Kill a process and see that it comes back, and that the house said so."""
    before = state.starts(name)
    state.kill(name)
    eventually(lambda: len(state.starts(name)) == len(before) + 1)
    eventually(state.ready)
    said = state.house.said()
    assert "đã dừng bất ngờ (tín hiệu 9); tự khởi động lại sau" in said
    assert "đã chạy lại (lần " in said


def assert_kept(people: Traffic, state: State) -> None:
    """Compare what people were told with what stands in the rows."""
    assert people.strange == []
    state.settle()
    assert_receipts(people, state)
    assert_codes(people, state)
    assert_flows(state)
    code, said = state.verify_ledger()
    assert code == 0, said


def assert_receipts(people: Traffic, state: State) -> None:
    stood = dict(
        state.rows(
            "select draft.id::text, dossier.tracking_code from procedures_draft as draft"
            " join procedures_dossier as dossier on dossier.id = draft.dossier_id"
            " where draft.id = any(%s::uuid[])",
            list(people.receipts),
        )
    )
    assert stood == people.receipts
    assert len(set(stood.values())) == len(stood) >= 3
    doubled = state.column(
        "select subject_id from audit_entry where act = 'procedures.submitted'"
        " group by subject_id having count(*) > 1"
        " union all select id from procedures_dossier where id not in (select subject_id"
        " from audit_entry where act = 'procedures.submitted')"
        " union all select id from procedures_dossier where id not in"
        " (select dossier_id from procedures_draft where dossier_id is not null)"
    )
    assert doubled == []
    told = state.rows(
        "select dossier.id, count(notice.id) from procedures_dossier as dossier"
        " left join messaging_notice as notice on notice.subject_id = dossier.id"
        " and notice.template = 'submitted' group by dossier.id having count(notice.id) <> 1"
    )
    assert told == []


def assert_codes(people: Traffic, state: State) -> None:
    stood = dict(
        state.rows(
            "select id::text, dossier_code from procedures_dossier where id = any(%s::uuid[])",
            list(people.received),
        )
    )
    assert stood == people.received
    assert people.received != {}
    for agency, day, last in state.rows(
        "select agency_code, to_char(day, 'YYMMDD'), last from procedures_codecounter"
    ):
        given = state.column(
            "select dossier_code from procedures_dossier where dossier_code like %s",
            f"{agency}-{day}-%",
        )
        numbers = sorted(int(code.rpartition("-")[2]) for code in given)
        assert numbers == list(range(1, last + 1))
    unequal = state.rows(
        "select dossier.id from procedures_dossier as dossier left join audit_entry as entry"
        " on entry.subject_id = dossier.id and entry.act = 'procedures.received'"
        " group by dossier.id"
        " having count(entry.position) <> (dossier.dossier_code is not null)::int"
    )
    assert unequal == []


def assert_flows(state: State) -> None:
    """Every dossier has one flow, and waits where its flow waits."""
    without = state.column(
        "select dossier.id from procedures_dossier as dossier left join workflow_instance as flow"
        " on flow.id = dossier.flow_instance_id and flow.subject_id = dossier.id"
        " where flow.id is null"
    )
    assert without == []
    flows = state.column("select count(*) from workflow_instance")
    assert flows == state.column("select count(*) from procedures_dossier")
    waiting = state.rows(
        "select flow.subject_id, waiting.id from workflow_waiting as waiting"
        " join workflow_instance as flow on flow.id = waiting.instance_id"
        " where waiting.done_at is null and waiting.withdrawn_at is null"
    )
    works = state.rows("select dossier_id, task_id from procedures_work where done_at is null")
    assert set(works) <= set(waiting)
    assert {dossier for dossier, _task in works} == {dossier for dossier, _task in waiting}
