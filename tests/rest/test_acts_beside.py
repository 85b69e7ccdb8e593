"""The rarer acts by HTTP alone: the clock, the way, the result, the people."""

import pytest

from cuaso.foundation.directory import api as directory
from tests.rest.test_refusals import problem
from tests.rest.test_settling import act
from tests.support.dossiers import issue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]

REASON = "Phải xác minh thêm tại nơi thường trú."


def test_the_clock_is_extended_paused_and_goes_on_by_http(officer, dossier_id):
    act(officer("reception"), dossier_id, "receive")
    handler = officer("handler")
    extended = act(handler, dossier_id, "extend", {"reason": REASON, "until": "2026-10-20"})
    assert extended["due"]["due_at"].startswith("2026-10-20")
    assert extended["due"]["original_due_at"] < extended["due"]["due_at"]
    grounds = handler.get("/grounds/pause").json()
    assert grounds[0]["unverified"] is True
    paused = act(
        handler, dossier_id, "pause", {"ground": grounds[0]["code"], "document": "Công văn 12"}
    )
    assert paused["due"]["state"] == "paused"
    assert act(handler, dossier_id, "resume")["due"]["state"] == "ok"
    again = handler.post(
        f"/dossiers/{dossier_id}/extend", {"reason": REASON, "until": "2026-10-30"}, If_Match="*"
    )
    assert problem(again, 409)["code"] == "procedures.extended_already"


def test_a_dossier_is_sent_on_handed_back_and_stopped_by_http(officer, dossier_id):
    act(officer("reception"), dossier_id, "receive")
    handler, there = officer("handler"), directory.competent_agency("21592", "commune")
    choices = handler.get(f"/dossiers/{dossier_id}/destinations").json()
    assert str(there.id) in {one["id"] for one in choices}
    moved = act(handler, dossier_id, "transfer", {"agency_id": str(there.id), "reason": REASON})
    assert moved["transfers"][0]["to_name"] == there.name
    act(officer("handler", "21592"), dossier_id, "hand-back", {"reason": REASON})
    stopped = act(handler, dossier_id, "stop", {"ground": "dispute", "reason": REASON})
    assert (stopped["status"], stopped["stop"]["reason"]) == (8, REASON)


def test_a_result_is_corrected_and_revoked_by_http(officer, official, citizen, dossier_id):
    issue(dossier_id, citizen(), official)
    changed = {"values": {"child.birth_place": "Trạm y tế Quy Nhơn"}, "reason": REASON}
    opened = act(officer("handler"), dossier_id, "correct-result", changed)
    assert opened["result"]["state"] == "draft"
    act(officer("leader"), dossier_id, "approve")
    assert act(officer("clerk"), dossier_id, "seal")["earlier_results"][0]["by_number"] == "02/2026"
    body = {"ground": "against_rules", "reason": REASON}
    revoked = act(officer("leader"), dossier_id, "revoke-result", body)
    assert revoked["result"]["state"] == "revoked"


def test_work_changes_hands_by_http(officer, official, dossier_id):
    here = official("reception")
    posts = [one.post.id for one in directory.holders(here.agency_id, "reception")]
    there = str(next(id for id in posts if id != here.post_id))
    act(officer("reception"), dossier_id, "claim")
    given = act(officer("reception"), dossier_id, "delegate", {"post_id": there, "note": ""})
    assert given["works"][0]["delegated_by_name"] == here.name
    body = {"ids": [str(dossier_id)], "post_id": str(here.post_id), "reason": REASON}
    (told,) = officer("leader").post("/reassignments", body).json()
    assert told["ok"] is True
    absent = {
        "post_id": str(here.post_id),
        "deputy_post_id": there,
        "since": "2026-10-07",
        "until": "2026-10-09",
    }
    made = officer("reception").post("/deputies", absent)
    assert (made.status_code, made.json()["in_force"]) == (201, True)
    assert len(officer("reception").get("/deputies").json()) == 1
    ended = officer("reception").send("DELETE", f"/deputies/{made.json()['id']}")
    assert ended.json()["in_force"] is False


def test_a_draft_is_mended_by_http_and_a_citizen_does_none_of_this(officer, mother, dossier_id):
    act(officer("reception"), dossier_id, "receive")
    act(officer("handler"), dossier_id, "propose", {"values": {}, "note": ""})
    body = {"values": {"child.birth_place": "Trạm y tế Quy Nhơn"}, "note": "Sai nơi sinh"}
    assert act(officer("handler"), dossier_id, "edit-draft", body)["result"]["state"] == "draft"
    problem(mother.post(f"/dossiers/{dossier_id}/edit-draft", body, If_Match="*"), 403)
