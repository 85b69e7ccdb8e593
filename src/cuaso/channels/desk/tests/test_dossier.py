import json
import runpy
import uuid
from pathlib import Path

import pytest
from django.urls import reverse

from cuaso.foundation.audit import api as audit
from cuaso.foundation.files.contracts import ScannerStatus
from cuaso.services.locker import api as locker
from cuaso.services.procedures import api as procedures
from tests.rest.conftest import signed_in
from tests.support.answers import MOTHER
from tests.support.dossiers import let_the_house_work, upload
from tests.support.registers import holder

pytestmark = pytest.mark.django_db
PURPOSE = "Trả lời phản ánh của người dân"
# The one file that a reader takes away, as docs/how-to/check-the-ledger.md says.
OFFLINE = Path(audit.__file__).parent / "logic" / "offline.py"


def address(dossier_id: uuid.UUID) -> str:
    return reverse("desk:dossier", args=[dossier_id])


def test_an_officer_reads_facts_sources_papers_checks_and_the_next_act(sign_in, submitted):
    said = sign_in("reception").get(address(submitted)).content.decode()
    for sentence in (
        "Trần Võ An Nhiên",
        "Đủ giấy tờ bắt buộc theo thành phần hồ sơ",
        "Tiếp nhận hồ sơ",
        "Vì sao tôi thấy hồ sơ này?",
        "Hồ sơ đang chờ vai trò của người này tại cơ quan của họ xử lý.",
        "Nội dung đã khai",
        "Đường đi của hồ sơ",
        "<iframe",
        '<svg class="flow"',
    ):
        assert sentence in said


def test_a_paper_stands_inside_the_page_and_nowhere_else(sign_in, submitted, official):
    (paper,) = procedures.dossier(id=submitted, actor=official("reception")).papers
    answer = sign_in("reception").get(reverse("desk:paper", args=[submitted, paper.id]))
    assert answer.status_code == 200
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline;")
    assert answer["Cache-Control"] == "private, no-store"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_a_paper_that_is_not_there_is_not_found(sign_in, submitted):
    answer = sign_in("reception").get(reverse("desk:paper", args=[submitted, uuid.uuid4()]))
    assert answer.status_code == 404


def test_without_a_scanner_the_warning_stays(sign_in, submitted):
    page = sign_in("reception").get(address(submitted))
    scanner: ScannerStatus = page.context["scanner"]
    assert scanner.configured is False
    assert scanner.say in page.content.decode()


def test_looking_without_a_task_asks_for_the_purpose_first(sign_in, submitted):
    page = sign_in("leader").get(address(submitted))
    said = page.content.decode()
    assert page.status_code == 403
    assert "Vì sao ông/bà cần xem hồ sơ này?" in said
    assert "Trần Võ An Nhiên" not in said


def test_an_empty_purpose_opens_nothing(sign_in, submitted, citizen):
    page = sign_in("leader").post(address(submitted), {"purpose": "  "})
    assert page.status_code == 422
    assert 'href="#f-purpose"' in page.content.decode()
    assert locker.looks(actor=citizen(MOTHER)) == ()


def test_a_purpose_opens_the_dossier_and_the_citizen_sees_the_look(
    sign_in, submitted, citizen, official
):
    leader = sign_in("leader")
    assert leader.post(address(submitted), {"purpose": PURPOSE})["Location"] == address(submitted)
    page = leader.get(address(submitted))
    assert page.status_code == 200
    assert "Trần Võ An Nhiên" in page.content.decode()
    (look,) = locker.looks(actor=citizen(MOTHER))
    assert (look.who, look.purpose) == (official("leader").name, PURPOSE)


def test_a_purpose_for_one_dossier_does_not_open_another(sign_in, submitted, citizen):
    other = procedures.my_dossiers(actor=citizen()).rows[0].id
    assert other == submitted
    leader = sign_in("leader")
    leader.post(address(uuid.uuid4()), {"purpose": PURPOSE})
    assert leader.get(address(submitted)).status_code == 403


def test_an_officer_of_another_commune_finds_no_such_dossier(sign_in, submitted):
    assert sign_in("reception", "21592").get(address(submitted)).status_code == 404


def test_the_drawing_is_shown_large_with_who_held_each_step(sign_in, received, official):
    said = sign_in("handler").get(reverse("desk:flow", args=[received])).content.decode()
    assert "<svg" in said
    assert "Kiểm tra và tiếp nhận hồ sơ" in said
    assert official("reception").name in said


@pytest.mark.parametrize("name", ["draft_result", "result"])
def test_a_result_that_is_not_there_yet_is_said_plainly(sign_in, received, name):
    answer = sign_in("handler").get(reverse(f"desk:{name}", args=[received]))
    assert answer.status_code == 409
    assert "Hồ sơ chưa có kết quả." in answer.content.decode()


def test_an_auditor_downloads_the_proof_of_an_act_and_checks_it_away_from_the_house(
    submitted, received
):
    audit.sequence()
    auditor = signed_in(holder("thanh-tra-tinh-gia-lai", "auditor")).client
    auditor.post(address(submitted), {"purpose": PURPOSE})
    page = auditor.get(address(submitted))
    (line,) = [one for one in page.context["dossier"].log if one.say.startswith("tiếp nhận hồ sơ")]
    link = reverse("desk:proof", args=[submitted, line.entry_id])
    assert f'href="{link}" download' in page.content.decode()
    answer = auditor.get(link)
    document = json.loads(answer.content)
    name = f"bang-chung-{document['leaf_index']}.json"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Cache-Control"] == "private, no-store"
    head = audit.tree_head()
    key = audit.public_keys()[head.key_id]
    offline = runpy.run_path(str(OFFLINE))
    assert offline["check_document"](document, public_key=key).root.hex() == head.root
    forged = {**document, "leaf": document["leaf"].replace("received", "refused")}
    with pytest.raises(offline["Unproven"], match="không nằm trong cây"):
        offline["check_document"](forged, public_key=key)


def test_a_proof_is_for_who_reads_that_line_of_the_log_alone(
    sign_in, submitted, received, official
):
    audit.sequence()
    log = procedures.dossier(id=submitted, actor=official("handler")).log
    link = reverse("desk:proof", args=[submitted, log[-1].entry_id])
    assert sign_in("handler").get(link).status_code == 200
    assert sign_in("leader").get(link).status_code == 403
    assert sign_in("reception", "21592").get(link).status_code == 404
    elsewhere = reverse("desk:proof", args=[submitted, uuid.uuid4()])
    refused = sign_in("handler").get(elsewhere)
    assert refused.status_code == 404
    assert "Không có mục này trong sổ cái." in refused.content.decode()


def test_the_receipt_is_a_pdf(sign_in, received):
    answer = sign_in("reception").get(reverse("desk:form", args=[received, "receipt"]))
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_an_unknown_form_is_not_found(sign_in, received):
    answer = sign_in("reception").get(reverse("desk:form", args=[received, "bang-khen"]))
    assert answer.status_code == 404


def test_a_dossier_that_waits_for_others_leads_to_the_next_one(sign_in, received, official):
    said = sign_in("reception").get(address(received)).content.decode()
    assert "Hiện không có việc nào chờ ông/bà ở hồ sơ này." in said
    assert "Về việc của tôi" in said


def test_an_officer_s_page_folds_older_acts_papers_and_letters(
    sign_in, submitted, citizen, official
):
    before = sign_in("reception").get(address(submitted)).content.decode()
    assert "việc trước đó" not in before
    for name in ("anh-1.pdf", "anh-2.pdf", "anh-3.pdf", "anh-4.pdf"):
        procedures.ask_supplement(
            id=submitted,
            items=["Ảnh rõ nét"],
            reason="Ảnh mờ, không đọc được.",
            actor=official("reception"),
        )
        paper = (("birth_notice", upload(citizen(), name=name)),)
        procedures.supplement(id=submitted, note="", files=paper, values={}, actor=citizen())
    let_the_house_work()
    said = sign_in("reception").get(address(submitted)).content.decode()
    shown, folded = said.split("1 giấy tờ nộp trước")
    assert "anh-4.pdf" in shown
    assert "giay-chung-sinh.pdf" in folded
    newest, older = said.split('id="nhat-ky"')[1].split("3 việc trước đó")
    assert newest.count("Bổ sung hồ sơ") == 3
    assert "Nộp hồ sơ" in older.split("</details>")[0]
    assert "thông báo cũ hơn" in said
    assert "<details open>" not in said
