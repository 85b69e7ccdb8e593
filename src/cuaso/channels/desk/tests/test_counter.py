import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cuaso.foundation.directory import api as directory
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierRow
from tests.support.answers import BIRTH, PDF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
BIRTH_PAGE = "/ban-lam-viec/tiep-nhan/1.001193/"
APPLICANT = {
    "applicant_personal_number": "052196000122",
    "applicant_name": "Võ Thị Hạ Lam",
    "applicant_phone": "0900000122",
}


def filled(**changed: object) -> dict[str, object]:
    key = str(uuid.uuid4())
    return {**BIRTH, **APPLICANT, "key": key, "act": "receive", **changed}


def scan(name: str = "chung-sinh.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def found(official) -> tuple[DossierRow, ...]:
    return procedures.queue(actor=official("reception"), view="all").rows


def test_an_officer_finds_the_procedure_without_marks(sign_in):
    said = sign_in("reception").get(reverse("desk:counter"), {"q": "khai sinh"}).content.decode()
    assert BIRTH_PAGE in said


def test_a_search_without_finds_offers_every_procedure(sign_in):
    said = sign_in("reception").get(reverse("desk:counter"), {"q": "zzqqxx"}).content.decode()
    assert "Chưa tìm thấy thủ tục nào" in said


def test_only_reception_receives_paper(sign_in):
    assert sign_in("handler").get(BIRTH_PAGE).status_code == 403


def test_the_form_shows_what_is_rare_folded_and_the_own_commune_chosen(sign_in):
    said = sign_in("reception").get(BIRTH_PAGE).content.decode()
    assert 'name="parents.marriage_number"' in said
    assert re.search(r'<option value="21583"\s+selected', said)


def test_a_mother_at_the_counter_goes_home_with_a_receipt(sign_in, official):
    client = sign_in("reception")
    answer = client.post(BIRTH_PAGE, {**filled(), "scan.birth_notice": scan()})
    (row,) = found(official)
    assert answer["Location"] == reverse("desk:receipt", args=[row.id])
    seen = procedures.dossier(id=row.id, actor=official("reception"))
    assert (seen.applicant_name, seen.channel) == ("Võ Thị Hạ Lam", "counter")
    assert seen.helper_name == official("reception").name
    assert [paper.title for paper in seen.papers] == ["Giấy chứng sinh"]
    assert seen.dossier_code in client.get(answer["Location"]).content.decode()
    form = client.get(reverse("desk:form", args=[row.id, "receipt"]))
    assert b"".join(form.streaming_content).startswith(b"%PDF-")


def test_the_receipt_names_the_papers_that_stay_on_paper(sign_in, official):
    client = sign_in("reception")
    assert "Chưa quét: giữ bản giấy" in client.get(BIRTH_PAGE).content.decode()
    page = client.get(client.post(BIRTH_PAGE, filled())["Location"])
    kept = ("Tờ khai đăng ký khai sinh theo mẫu", "Giấy chứng sinh")
    assert page.context["dossier"].on_paper == kept
    said = page.content.decode()
    assert f"<dt>Giữ bản giấy, chưa quét</dt><dd>{'<br>'.join(kept)}</dd>" in said
    (row,) = found(official)
    checks = procedures.dossier(id=row.id, actor=official("reception")).checks
    assert ("soon", f"Giữ bản giấy, chưa quét: {'; '.join(kept)}") in [
        (one.state, one.say) for one in checks
    ]
    scanned = client.post(BIRTH_PAGE, {**filled(), "scan.birth_notice": scan()})
    assert client.get(scanned["Location"]).context["dossier"].on_paper == kept[:1]


def test_the_same_form_posted_twice_is_one_dossier(sign_in, official):
    client, typed = sign_in("reception"), filled()
    first, second = client.post(BIRTH_PAGE, typed), client.post(BIRTH_PAGE, typed)
    assert first["Location"] == second["Location"]
    assert len(found(official)) == 1


def test_an_empty_requester_is_the_applicant(sign_in, official):
    same = {"requester.full_name": "", "requester.personal_number": "", "requester.phone": ""}
    assert sign_in("reception").post(BIRTH_PAGE, filled(**same)).status_code == 302
    (row,) = found(official)
    seen = procedures.dossier(id=row.id, actor=official("reception"))
    assert seen.editable["requester.full_name"] == "Võ Thị Hạ Lam"


def test_mistakes_come_back_with_everything_typed_and_the_scan_kept(sign_in, official):
    client = sign_in("reception")
    wrong = {"applicant_personal_number": "12", "child.birth_date": "31/11/2026"}
    page = client.post(BIRTH_PAGE, {**filled(**wrong), "scan.birth_notice": scan()})
    said = page.content.decode()
    assert page.status_code == 422
    assert 'href="#f-applicant-personal-number"' in said
    assert 'href="#f-child-birth-date"' in said
    assert 'value="31/11/2026"' in said
    assert 'value="Trần Võ An Nhiên"' in said
    assert "chung-sinh.pdf" in said
    assert found(official) == ()
    again = filled(scans=page.context["scans"], key=page.context["key"])
    assert client.post(BIRTH_PAGE, again).status_code == 302
    (row,) = found(official)
    seen = procedures.dossier(id=row.id, actor=official("reception"))
    assert [paper.name for paper in seen.papers] == ["chung-sinh.pdf"]


def test_a_form_without_its_key_is_refused_and_gets_a_new_one(sign_in, official):
    client = sign_in("reception")
    page = client.post(BIRTH_PAGE, filled(key="x" * 300))
    assert page.status_code == 422
    assert found(official) == ()
    assert client.post(BIRTH_PAGE, filled(key=page.context["key"])).status_code == 302


def test_a_forged_list_of_scans_brings_nothing(sign_in, official):
    assert sign_in("reception").post(BIRTH_PAGE, filled(scans="rác")).status_code == 302
    (row,) = found(official)
    assert procedures.dossier(id=row.id, actor=official("reception")).papers == ()


def test_a_file_of_the_wrong_kind_is_said_at_its_paper_and_nothing_is_received(sign_in, official):
    disguised = scan(content=b"MZ\x90\x00 not a paper")
    page = sign_in("reception").post(BIRTH_PAGE, {**filled(), "scan.birth_notice": disguised})
    assert page.status_code == 422
    assert 'href="#f-papers-birth-notice"' in page.content.decode()
    assert found(official) == ()


def test_a_repeated_group_grows_and_shrinks_without_receiving(sign_in, official):
    page = "/ban-lam-viec/tiep-nhan/2.000815/"
    client = sign_in("reception")
    grown = client.post(page, {"papers.0.name": "Bằng đại học", "act": "add:papers"})
    said = grown.content.decode()
    assert grown.status_code == 200
    assert 'name="papers.1.name"' in said
    assert "Giấy tờ 2" in said
    names = {"papers.0.name": "Bằng đại học", "papers.1.name": "Giấy khai sinh"}
    shrunk = client.post(page, {**names, "act": "remove:papers:0"}).content.decode()
    assert 'name="papers.1.name"' not in shrunk
    assert 'value="Giấy khai sinh"' in shrunk
    assert found(official) == ()


def test_an_unknown_procedure_is_not_found(sign_in):
    assert sign_in("reception").get("/ban-lam-viec/tiep-nhan/9.999999/").status_code == 404


def test_the_applicant_is_kept_as_a_person_of_the_directory(sign_in):
    number = "052096000456"
    typed = filled(applicant_personal_number=number, applicant_name="Lý Gia Ví Dụ")
    assert sign_in("reception").post(BIRTH_PAGE, typed).status_code == 302
    person = directory.find_person(number)
    assert person is not None
    assert person.name == "Lý Gia Ví Dụ"


def test_an_officer_types_an_old_commune_at_the_counter_and_todays_is_chosen(sign_in):
    typed = {"old:request.office": "xã Nhơn Hạnh, thị xã An Nhơn", "act": "place:request.office"}
    said = sign_in("reception").post("/ban-lam-viec/tiep-nhan/1.001193/", typed).content.decode()
    assert "Xã Nhơn Hạnh, thị xã An Nhơn nay thuộc phường An Nhơn Bắc." in said
    assert '<option value="21925" selected>' in said
