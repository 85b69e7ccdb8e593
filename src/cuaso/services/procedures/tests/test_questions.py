"""What an act asks PostgreSQL: nobody may see it grow, for each question costs every dossier."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cuaso.foundation.audit import api as audit
from cuaso.kernel.remembering import forget_everything, one_moment
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures import api as procedures
from tests.support.answers import MARITAL
from tests.support.dossiers import submit_marital

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

# As many as the acts asked of an empty memory when this was written, savepoints among them.
MOST = {"receive": 32, "propose": 39, "confirm": 21, "return": 24, "refuse": 25}


def test_kt_d5_the_acts_of_a_life_ask_no_more_than_they_did(citizen, official):
    # Tests before this one fill the memories; one that is full is emptied in the middle of an act.
    forget_everything()
    mother = citizen()
    with one_moment():
        id = submit_marital(mother).dossier_id
    reason = "Chưa đủ căn cứ để giải quyết hồ sơ này."
    acts = {
        "receive": lambda: procedures.receive(id=id, actor=official("reception")),
        "propose": lambda: procedures.propose(id=id, values={}, note="", actor=official("handler")),
        "confirm": lambda: procedures.confirm_draft(id=id, accepted=True, note="", actor=mother),
        "return": lambda: procedures.return_to_handler(
            id=id, reason=reason, actor=official("leader")
        ),
        "refuse": lambda: procedures.refuse(id=id, reason=reason, actor=official("handler")),
    }
    asked = {}
    for name, act in acts.items():
        with one_moment(), CaptureQueriesContext(connection) as questions:
            act()
        asked[name] = len(questions)
    assert {name: number for name, number in asked.items() if number > MOST[name]} == {}


def test_kt_d5_an_act_that_nobody_looks_at_afterwards_asks_less_and_does_the_same(
    citizen, official
):
    mother, desk = citizen(), official("reception")
    looked, brief = (submit_marital(mother, key=key).dossier_id for key in ("k1", "k2"))
    asked = {}
    for id, act in ((looked, procedures.receive), (brief, procedures.receive.briefly)):
        with one_moment(), CaptureQueriesContext(connection) as questions:
            told = act(id=id, actor=desk)
        asked[id] = len(questions)
        assert (told.id, told.status_say) == (id, "Đang xử lý")
    assert asked[brief] <= asked[looked] - 5
    seen = [procedures.dossier(id=id, actor=official("handler")) for id in (looked, brief)]
    assert seen[0].version == seen[1].version
    assert [line.say for line in seen[0].log] == [line.say for line in seen[1].log]


def test_kt_d5_a_dossier_its_flow_its_steps_and_its_messages_are_written_by_one_statement(citizen):
    mother = citizen()
    draft = procedures.start_draft(code="1.004873", actor=mother)
    procedures.save_draft(id=draft.id, values=MARITAL, actor=mother)
    with one_moment(), CaptureQueriesContext(connection) as questions:
        told = procedures.submit(id=draft.id, key="k1", actor=mother)
    [written] = [one["sql"] for one in questions if "insert into audit_entry" in one["sql"]]
    for table in ("workflow_instance", "procedures_work", "messaging_delivery"):
        assert f"insert into {table} " in written
    assert "insert into procedures_dossier " in written
    acts = [entry.act for entry in audit.history(subject(told.dossier_id))]
    assert acts == ["workflow.started", "messages.queued", "procedures.submitted"]


def subject(id):
    return Subject(kind="procedures.dossier", id=id)
