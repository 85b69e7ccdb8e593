"""A dossier's life by HTTP alone: reception, questions, signatures, locker, proofs."""

import pytest

from cuaso.foundation.audit import api as audit
from cuaso.services.procedures.models import Dossier
from tests.rest.conftest import ROOT, signed_in
from tests.rest.test_refusals import problem
from tests.support.answers import BIRTH, FATHER, PDF
from tests.support.dossiers import let_the_house_work, open_steps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]


def act(caller, dossier_id, name, body=None):
    """Do an act on the version that the caller sees now."""
    seen = caller.get(f"/dossiers/{dossier_id}", purpose="Thử")
    assert seen.status_code == 200, seen.content.decode()
    done = caller.post(f"/dossiers/{dossier_id}/{name}", body, If_Match=seen["ETag"])
    assert done.status_code == 200, done.content.decode()
    assert done["ETag"] == f'"{done.json()["version"]}"'
    return done.json()


def test_a_dossier_goes_to_the_locker_by_http_alone(mother, officer, guest, dossier_id):
    received = act(officer("reception"), dossier_id, "receive")
    assert received["dossier_code"].endswith("-261007-0001")
    act(officer("handler"), dossier_id, "propose", {"values": {}, "note": "Đúng"})
    draft = officer("handler").get(f"/dossiers/{dossier_id}/draft-result")
    assert b"".join(draft.streaming_content).startswith(b"%PDF-")
    problem(mother.get(f"/dossiers/{dossier_id}/result"), 409)
    confirmed = mother.post(f"/dossiers/{dossier_id}/confirm", {"accepted": True})
    assert confirmed.status_code == 200
    let_the_house_work()
    assert act(officer("leader"), dossier_id, "approve")["result"]["state"] == "signed"
    assert act(officer("clerk"), dossier_id, "seal")["result"]["number"] == "01/2026"

    result = mother.get(f"/dossiers/{dossier_id}/result")
    pdf = b"".join(result.streaming_content)
    assert result["Cache-Control"] == "private, no-store"
    verdict = guest.upload("/signature-checks", content=pdf).json()
    assert (verdict["ok"], len(verdict["signatures"])) == (True, 2)

    (paper,) = mother.get("/locker/papers").json()
    assert paper["title"] == "Giấy khai sinh – Trần Võ An Nhiên"
    kept = mother.get(f"/locker/papers/{paper['id']}/content")
    assert b"".join(kept.streaming_content) == pdf
    check = {"code": paper["verify_code"], "second_fact": "01/2026"}
    assert guest.post("/paper-checks", check).json()["ok"] is True
    wrong = guest.post("/paper-checks", {**check, "second_fact": "02/2026"}).json()
    assert (wrong["ok"], wrong["title"]) == (False, "")


def test_the_log_is_proven_to_the_applicant_and_to_nobody_else(
    mother, citizen, guest, officer, dossier_id
):
    act(officer("reception"), dossier_id, "receive")
    (line,) = [
        one
        for one in mother.get(f"/dossiers/{dossier_id}").json()["log"]
        if one["say"].startswith("tiếp nhận hồ sơ")
    ]
    address = f"/ledger/entries/{line['entry_id']}/proof"
    problem(mother.get(address), 409)
    audit.sequence()
    proof = mother.get(address).json()
    assert proof["entry_id"] == line["entry_id"]
    assert proof["checkpoint"] == guest.get("/ledger/head").json()["checkpoint"]
    assert problem(guest.get(address), 401)["code"] == "rest.not_signed_in"
    problem(signed_in(citizen(FATHER)).get(address), 404)
    problem(officer("leader").get(address), 403)


def test_anybody_follows_the_ledger_from_head_to_head(guest, dossier_id):
    audit.sequence()
    head = guest.get("/ledger/head").json()
    assert head["key_id"] in guest.get("/ledger/keys").json()
    found = guest.get("/ledger/consistency", first="1", second=str(head["size"])).json()
    assert found["second_root"] == head["root"]
    problem(guest.get("/ledger/consistency", first="1", second=str(head["size"] + 1)), 422)


def test_who_needs_no_dossier_back_gets_its_version_alone(mother, officer, dossier_id):
    def briefly(caller, name, body=None):
        done = caller.post(
            f"/dossiers/{dossier_id}/{name}",
            body,
            If_Match="*",
            Prefer="respond-async, return=minimal",
        )
        assert (done.status_code, done.content) == (204, b"")
        assert done["Preference-Applied"] == "return=minimal"
        return done["ETag"]

    received = briefly(officer("reception"), "receive")
    assert received == officer("handler").get(f"/dossiers/{dossier_id}")["ETag"]
    proposed = briefly(officer("handler"), "propose", {"values": {}, "note": ""})
    confirmed = briefly(mother, "confirm", {"accepted": True})
    assert confirmed == mother.get(f"/dossiers/{dossier_id}")["ETag"]
    assert len({received, proposed, confirmed}) == 3


def test_an_old_version_is_refused_and_nothing_changes(officer, dossier_id):
    reception = officer("reception")
    old = reception.get(f"/dossiers/{dossier_id}")["ETag"]
    act(reception, dossier_id, "receive")
    before = Dossier.objects.values().get(id=dossier_id)
    answer = officer("handler").post(
        f"/dossiers/{dossier_id}/refuse", {"reason": "Hồ sơ không đủ."}, If_Match=old
    )
    assert problem(answer, 412)["code"] == "procedures.acted_meanwhile"
    assert Dossier.objects.values().get(id=dossier_id) == before


def test_an_act_without_a_version_is_refused(officer, dossier_id):
    answer = officer("reception").post(f"/dossiers/{dossier_id}/receive")
    assert problem(answer, 428)["code"] == "rest.version_missing"
    for bad in ('"x"', "3; drop", '"99999999999999999999"'):
        problem(officer("reception").post(f"/dossiers/{dossier_id}/receive", If_Match=bad), 422)
    assert Dossier.objects.get(id=dossier_id).dossier_code is None


def test_an_act_on_any_version_says_so(officer, dossier_id):
    done = officer("reception").post(f"/dossiers/{dossier_id}/receive", If_Match="*")
    assert done.status_code == 200
    again = officer("reception").post(f"/dossiers/{dossier_id}/receive", If_Match="*")
    assert problem(again, 409)["code"] == "procedures.moved_on"
    assert Dossier.objects.get(id=dossier_id).version == done.json()["version"]


def test_a_supplement_is_asked_and_answered(mother, officer, dossier_id):
    act(officer("reception"), dossier_id, "receive")
    handler = officer("handler")
    said = handler.post(
        f"/dossiers/{dossier_id}/ask-supplement", {"items": [" "], "reason": ""}, If_Match="*"
    )
    assert [one["field"] for one in problem(said, 422)["problems"]] == ["items", "reason"]
    asked = act(
        handler, dossier_id, "ask-supplement", {"items": ["Bản rõ hơn"], "reason": "Bị mờ."}
    )
    assert (asked["status"], asked["due"]["state"]) == (5, "paused")
    form = mother.get(f"/dossiers/{dossier_id}/forms/supplement")
    assert b"".join(form.streaming_content).startswith(b"%PDF-")

    file_id = mother.upload("/files", name="ro-hon.pdf").json()["id"]
    answered = mother.post(
        f"/dossiers/{dossier_id}/supplement",
        {"note": "Bản rõ.", "files": [{"component": "birth_notice", "file_id": file_id}]},
    )
    assert answered.json()["status"] == 4
    paper = answered.json()["papers"][-1]
    content = handler.get(f"/dossiers/{dossier_id}/papers/{paper['id']}/content")
    assert b"".join(content.streaming_content) == PDF
    problem(mother.post(f"/dossiers/{dossier_id}/supplement", {"note": "Nữa"}), 409)


def test_a_supplement_with_a_strangers_file_changes_nothing(mother, citizen, officer, dossier_id):
    act(officer("reception"), dossier_id, "ask-supplement", {"items": ["A"], "reason": "Bị mờ."})
    theirs = signed_in(citizen(FATHER)).upload("/files").json()["id"]
    before = Dossier.objects.values().get(id=dossier_id)
    body = {"files": [{"component": "birth_notice", "file_id": theirs}]}
    problem(mother.post(f"/dossiers/{dossier_id}/supplement", body), 404)
    assert Dossier.objects.values().get(id=dossier_id) == before


def test_a_refusal_carries_its_reason(mother, officer, dossier_id):
    short = officer("reception").post(
        f"/dossiers/{dossier_id}/refuse", {"reason": "Không"}, If_Match="*"
    )
    assert problem(short, 422)["problems"][0]["field"] == "reason"
    act(officer("reception"), dossier_id, "refuse", {"reason": "Trẻ đã được đăng ký rồi."})
    assert mother.get(f"/dossiers/{dossier_id}").json()["status"] == 3


def test_a_mother_withdraws_once(mother, dossier_id):
    done = mother.post(f"/dossiers/{dossier_id}/withdraw", {"reason": "Tôi nộp ở xã khác."})
    assert done.json()["status"] == 7
    problem(mother.post(f"/dossiers/{dossier_id}/withdraw", {"reason": "Tôi nộp ở xã khác."}), 409)


def test_work_is_claimed_given_and_listed(officer, dossier_id):
    handler = officer("handler")
    act(officer("reception"), dossier_id, "receive")
    page = handler.get("/queue").json()
    assert [row["id"] for row in page["rows"]] == [dossier_id]
    assert [view[0] for view in page["views"]] == [
        "mine",
        "late",
        "soon",
        "waiting",
        "done",
        "all",
    ]
    assert act(handler, dossier_id, "claim")["works"][-1]["holder_name"]
    choices = handler.get(f"/dossiers/{dossier_id}/colleagues").json()
    given = act(handler, dossier_id, "assign", {"post_id": choices[-1]["id"]})
    assert given["works"][-1]["holder_name"] == choices[-1]["label"].split(",")[0]
    stranger = {"post_id": dossier_id}
    answer = handler.post(f"/dossiers/{dossier_id}/assign", stranger, If_Match="*")
    assert problem(answer, 422)["problems"][0]["field"] == "post_id"


def test_other_agencies_are_asked_and_answer(officer, dossier_id):
    act(officer("reception"), dossier_id, "receive")
    handler = officer("handler")
    choices = {
        one["label"]: one["id"] for one in handler.get(f"/dossiers/{dossier_id}/agencies").json()
    }
    south = choices["Ủy ban nhân dân phường Quy Nhơn Nam"]
    asked = act(
        handler, dossier_id, "consult", {"agency_ids": [south], "question": "Đã kết hôn chưa?"}
    )
    (question,) = asked["consultations"]
    body = {"consultation_id": question["id"], "answer": "Đã kết hôn."}
    act(officer("handler", "21592"), dossier_id, "answer", body)
    assert open_steps(dossier_id) == ["examine"]


def test_an_opinion_stays_inside(mother, officer, dossier_id):
    handler = officer("reception")
    act(handler, dossier_id, "opinion", {"text": "Cần đối chiếu."})
    assert handler.get(f"/dossiers/{dossier_id}").json()["opinions"][0]["text"] == "Cần đối chiếu."
    assert mother.get(f"/dossiers/{dossier_id}").json()["opinions"] == []


@pytest.fixture
def at_signature(mother, officer, dossier_id):
    """Bring the dossier to the leader's desk."""
    act(officer("reception"), dossier_id, "receive")
    act(officer("handler"), dossier_id, "propose", {})
    mother.post(f"/dossiers/{dossier_id}/confirm", {"accepted": True})
    let_the_house_work()
    assert open_steps(dossier_id) == ["approve"]
    return dossier_id


def test_a_leader_returns_a_draft_with_a_reason(officer, at_signature):
    leader = officer("leader")
    short = leader.post(f"/dossiers/{at_signature}/return", {"reason": "Sai"}, If_Match="*")
    assert problem(short, 422)["problems"][0]["field"] == "reason"
    act(leader, at_signature, "return", {"reason": "Sửa lại quê quán của trẻ."})
    assert open_steps(at_signature) == ["examine"]


def test_a_leader_signs_several_and_hears_of_each(officer, at_signature):
    leader = officer("leader")
    (signed,) = leader.post("/approvals", {"ids": [at_signature]}).json()
    assert (signed["id"], signed["ok"]) == (at_signature, True)
    (again,) = leader.post("/approvals", {"ids": [at_signature]}).json()
    assert again["ok"] is False


def test_the_time_stamp_is_down_and_the_draft_stands(officer, at_signature, outside):
    outside.fault(outside.timestamp, "down")
    problem(officer("leader").post(f"/dossiers/{at_signature}/approve", If_Match="*"), 503)
    assert open_steps(at_signature) == ["approve"]


def test_an_officer_without_a_task_gives_a_purpose_and_the_mother_sees_it(
    mother, officer, dossier_id
):
    leader = officer("leader")
    said = problem(leader.get(f"/dossiers/{dossier_id}"), 403)
    assert said["code"] == "procedures.purpose_needed"
    assert leader.get(f"/dossiers/{dossier_id}", purpose="Trả lời phản ánh").status_code == 200
    assert [look["purpose"] for look in mother.get("/locker/looks").json()] == ["Trả lời phản ánh"]


def test_a_walk_in_is_received_once_a_key(officer, dossier_id):
    reception = officer("reception")
    file_id = reception.upload("/files").json()["id"]
    body = {
        "procedure_code": "1.001193",
        "applicant_personal_number": "052196000122",
        "applicant_name": "Võ Thị Hạ Lam",
        "values": BIRTH,
        "files": [{"component": "birth_notice", "file_id": file_id}],
    }
    first = reception.post("/walk-ins", body, Idempotency_Key="quay-1")
    assert first.status_code == 201, first.content.decode()
    again = reception.post("/walk-ins", body, Idempotency_Key="quay-1")
    assert again.json()["id"] == first.json()["id"]
    assert first.json()["channel"] == "counter"
    act(reception, first.json()["id"], "opinion", {"text": "Đã đối chiếu bản chính."})
    assert Dossier.objects.count() == 2

    elsewhere = officer("reception", "21592")
    theirs = elsewhere.post("/walk-ins", {**body, "files": []}, Idempotency_Key="quay-1")
    assert theirs.json()["id"] != first.json()["id"]


def test_anybody_with_code_and_fact_tracks_without_personal_content(guest, mother, dossier_id):
    code = mother.get(f"/dossiers/{dossier_id}").json()["tracking_code"]
    found = guest.post("/tracking", {"code": code, "second_fact": "0122"}).json()
    assert (found["code"], found["procedure_title"]) == (code, "Thủ tục đăng ký khai sinh")
    assert "Hạ Lam" not in str(found)
    problem(guest.post("/tracking", {"code": code, "second_fact": "0123"}), 404)
    assert mother.get(f"/dossiers/by-code/{code}").json()["id"] == dossier_id
    assert mother.get("/dossiers").json()["rows"][0]["id"] == dossier_id


def test_a_paper_of_the_dossier_is_read_by_its_people(mother, citizen, dossier_id):
    (paper,) = mother.get(f"/dossiers/{dossier_id}").json()["papers"]
    address = f"/dossiers/{dossier_id}/papers/{paper['id']}/content"
    content = mother.get(address)
    assert b"".join(content.streaming_content) == PDF
    assert content["Content-Disposition"].startswith("attachment")
    problem(signed_in(citizen(FATHER)).get(address), 404)


def test_a_plain_file_is_no_signed_pdf(guest):
    answer = guest.upload("/signature-checks", content=b"xin chao")
    assert problem(answer, 422)["problems"][0]["field"] == "file"
    answer = guest.client.generic(
        "POST",
        f"{ROOT}/signature-checks",
        b"x",
        content_type="multipart/form-data; boundary=b",
        CONTENT_LENGTH=str(21 * 1024 * 1024),
    )
    problem(answer, 413)
