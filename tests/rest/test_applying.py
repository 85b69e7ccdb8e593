"""A citizen's program fills, attaches and submits."""

from uuid import uuid4

import pytest

from cuaso.foundation.files import api as files
from cuaso.foundation.files.models import StoredFile
from cuaso.services.procedures.models import Dossier, Draft, Paper
from tests.rest.conftest import ROOT, signed_in
from tests.rest.test_refusals import problem
from tests.support.answers import BIRTH, FATHER, PDF
from tests.support.dossiers import upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]


@pytest.fixture
def begun(mother):
    return mother.post("/drafts", {"procedure_code": "1.001193"}).json()["id"]


def test_a_guest_finds_a_procedure_without_marks(guest):
    found = guest.get("/procedures", text="khai sinh").json()
    assert "1.001193" in [card["code"] for card in found]
    one = guest.get("/procedures/1.001193").json()
    assert one["title"] == "Thủ tục đăng ký khai sinh"
    assert one["limits"][0]["source"]


def test_a_guest_reads_life_events_and_fields(guest):
    events = guest.get("/life-events").json()
    assert any(card["code"] == "1.001193" for event in events for card in event["procedures"])
    fields = guest.get("/fields").json()
    assert {"Chứng thực", "Hộ tịch", "Đất đai"} <= set(fields)
    assert len(fields) == len(set(fields))


def test_a_program_reads_what_a_form_takes(guest):
    schema = guest.get("/procedures/1.001193/form").json()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["properties"]["child.sex"]["enum"] == ["male", "female"]
    assert schema["properties"]["child.full_name"]["type"] == "string"
    assert "child.full_name" in schema["required"]
    assert set(BIRTH) <= set(schema["properties"])


def test_a_draft_is_saved_with_its_mistakes_and_read_again(mother, begun):
    body = {"values": {"child.birth_date": "31/11/2026"}, "complete": True}
    said = problem(mother.send("PUT", f"/drafts/{begun}/values", body), 422)
    assert "child.birth_date" in [one["field"] for one in said["problems"]]
    kept = mother.get(f"/drafts/{begun}").json()
    assert kept["values"]["child.birth_date"] == "31/11/2026"
    assert kept["form"]["sections"][0]["title"]
    assert [one["id"] for one in mother.get("/drafts").json()] == [begun]


def test_a_draft_of_another_is_not_there(citizen, begun):
    father = signed_in(citizen(FATHER))
    problem(father.get(f"/drafts/{begun}"), 404)
    problem(father.send("DELETE", f"/drafts/{begun}"), 404)
    problem(father.upload(f"/drafts/{begun}/papers", component="birth_notice"), 404)
    assert Draft.objects.filter(id=begun).exists()
    assert not StoredFile.objects.filter(name="g.pdf").exists()


def test_a_draft_is_dropped(mother, begun):
    assert mother.send("DELETE", f"/drafts/{begun}").status_code == 204
    problem(mother.get(f"/drafts/{begun}"), 404)


def test_a_paper_is_attached_and_taken_off(mother, begun):
    view = mother.upload(f"/drafts/{begun}/papers", component="birth_notice").json()
    (paper,) = view["papers"]
    assert (paper["component"], paper["name"], paper["size"]) == (
        "birth_notice",
        "g.pdf",
        len(PDF),
    )
    after = mother.send("DELETE", f"/drafts/{begun}/papers/{paper['id']}").json()
    assert after["papers"] == []


def test_a_paper_for_no_component_leaves_no_file(mother, begun):
    problem(mother.upload(f"/drafts/{begun}/papers", component="khong_co"), 404)
    assert Paper.objects.count() == 0
    assert not StoredFile.objects.filter(name="g.pdf").exists()


def test_a_paper_that_is_no_pdf_is_refused(mother, begun):
    answer = mother.upload(f"/drafts/{begun}/papers", component="birth_notice", content=b"MZ" * 99)
    said = problem(answer, 422)
    assert said["code"].startswith("files.")
    assert said["problems"][0]["field"] == "file"
    assert Paper.objects.count() == 0


def test_a_body_beyond_the_limit_is_refused_unread(mother, begun):
    answer = mother.client.generic(
        "POST",
        f"{ROOT}/drafts/{begun}/papers",
        b"x",
        content_type="multipart/form-data; boundary=b",
        CONTENT_LENGTH=str(11 * 1024 * 1024),
    )
    assert problem(answer, 413)["code"] == "rest.body_too_large"


def test_half_a_multipart_is_not_read(mother, begun):
    answer = mother.client.generic(
        "POST", f"{ROOT}/drafts/{begun}/papers", b"x", content_type="multipart/form-data"
    )
    assert problem(answer, 400)["code"] == "rest.body_unreadable"


def test_a_file_sent_in_parts_becomes_a_paper(mother, begun):
    body = {"name": "g.pdf", "media_type": "application/pdf", "size": len(PDF)}
    sent = mother.post("/uploads", body)
    assert sent.status_code == 201
    id = sent.json()["id"]
    assert part(mother, id, 0, PDF[:100]).json()["received"] == 100

    said = problem(part(mother, id, 50, PDF[50:]), 409)
    assert (said["code"], said["data"]) == ("files.wrong_offset", {"expected": 100})
    assert mother.get(f"/uploads/{id}").json()["received"] == 100
    problem(mother.post(f"/uploads/{id}/finish"), 409)

    assert part(mother, id, 100, PDF[100:]).json()["received"] == len(PDF)
    stored = mother.post(f"/uploads/{id}/finish").json()
    assert mother.post(f"/uploads/{id}/finish").json()["id"] == stored["id"]
    assert mother.get(f"/files/{stored['id']}").json()["sha256"] == stored["sha256"]

    body = {"component": "birth_notice", "file_id": stored["id"]}
    view = mother.post(f"/drafts/{begun}/papers/from-upload", body).json()
    assert [paper["file_id"] for paper in view["papers"]] == [stored["id"]]


def part(caller, id, offset, content):
    return caller.client.generic(
        "PATCH",
        f"{ROOT}/uploads/{id}",
        content,
        content_type="application/octet-stream",
        headers={"Upload-Offset": str(offset)},
    )


def test_a_file_of_another_cannot_be_used(mother, citizen, begun):
    father = signed_in(citizen(FATHER))
    theirs = father.upload("/files").json()["id"]
    unowned = upload(citizen(FATHER))
    for id in (theirs, str(unowned), str(uuid4())):
        body = {"component": "birth_notice", "file_id": id}
        said = problem(mother.post(f"/drafts/{begun}/papers/from-upload", body), 404)
        assert said["code"] == "rest.file_not_yours"
        problem(mother.get(f"/files/{id}"), 404)
        problem(mother.post("/files/photos-to-pdf", {"file_ids": [id]}), 404)
    assert Paper.objects.count() == 0


def test_a_guest_learns_what_files_are_taken(guest):
    limits = guest.get("/files/limits").json()
    assert limits["limit_bytes"] == 10 * 1024 * 1024
    assert limits["media_types"] == ["application/pdf", "image/heic", "image/jpeg", "image/png"]
    assert limits["scanner"]["ok"] is files.scanner_status().ok


def test_submitting_needs_a_key(mother, draft_id):
    said = problem(mother.post(f"/drafts/{draft_id}/submit"), 422)
    assert said["problems"] == [{"field": "Idempotency-Key", "say": "Thiếu mục này."}]
    assert Dossier.objects.count() == 0


def test_the_same_key_twice_gives_one_dossier_and_one_code(mother, draft_id):
    first = mother.post(f"/drafts/{draft_id}/submit", Idempotency_Key="k1")
    again = mother.post(f"/drafts/{draft_id}/submit", Idempotency_Key="k1")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert first["Location"] == f"/api/v1/dossiers/{first.json()['dossier_id']}"
    assert Dossier.objects.count() == 1


def test_an_unfinished_draft_is_refused_path_by_path_and_kept(mother, begun):
    said = problem(mother.post(f"/drafts/{begun}/submit", Idempotency_Key="k"), 422)
    fields = [one["field"] for one in said["problems"]]
    assert said["code"] == "procedures.draft_incomplete"
    assert "child.full_name" in fields
    assert Dossier.objects.count() == 0
    assert Draft.objects.filter(id=begun, dossier=None).exists()


def test_dwellers_data_come_only_with_consent(mother, begun, outside):
    said = problem(mother.post(f"/drafts/{begun}/prefill", {"consent": False}), 422)
    assert said["problems"][0]["field"] == "consent"
    filled = mother.post(f"/drafts/{begun}/prefill", {"consent": True}).json()
    assert filled["prefilled_at"] is not None


def test_the_population_source_is_down_and_the_draft_stays(mother, begun, outside):
    outside.fault(outside.population, "down")
    answer = mother.post(f"/drafts/{begun}/prefill", {"consent": True})
    problem(answer, 503)
    assert answer["Retry-After"] == "120"
    assert mother.get(f"/drafts/{begun}").json()["prefilled_at"] is None
