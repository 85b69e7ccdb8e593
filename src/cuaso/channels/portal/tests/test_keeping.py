from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.services.locker import api as locker
from tests.support.answers import PDF

pytestmark = pytest.mark.django_db
MOTHER, FATHER = "052196000122", "052094000123"
MOTHER_NAME = "Võ Thị Hạ Lam"


@pytest.fixture
def paper(citizen, working_morning):
    """Put a birth certificate into the mother's locker, as issuing does."""
    mother = citizen()
    stored = files.store_bytes(
        actor=mother, name="khai-sinh.pdf", media_type="application/pdf", content=PDF
    )
    agency = directory.competent_agency("21583", "commune")
    return locker.keep(
        owner_id=mother.party_id,
        kind="birth_certificate",
        title="Giấy khai sinh",
        file_id=stored.id,
        provenance=locker.Provenance(
            agency_id=agency.id,
            agency_name=agency.name,
            dossier_id=uuid4(),
            dossier_code="H21.25.01-261007-0001",
            number="12/2026",
            issued_date=clock.today(),
            signed_by="Nguyễn Hải Vân",
        ),
        verify_code="ABCDE-FGHIJ",
        valid_until=None,
        actor=mother,
    )


def test_an_empty_locker_says_how_papers_come(sign_in):
    said = sign_in(FATHER).get(reverse("portal:locker")).content.decode()
    assert "Kho của bạn chưa có giấy tờ nào" in said


def test_a_citizen_opens_and_downloads_a_paper(sign_in, paper):
    mother = sign_in()
    assert "Giấy khai sinh" in mother.get(reverse("portal:locker")).content.decode()
    said = mother.get(reverse("portal:paper", args=[paper.id])).content.decode()
    assert "12/2026" in said
    answer = mother.get(reverse("portal:paper_content", args=[paper.id]))
    assert b"".join(answer.streaming_content) == PDF


@pytest.mark.parametrize("name", ["paper", "paper_content"])
def test_another_citizen_finds_no_such_paper(sign_in, paper, name):
    assert sign_in(FATHER).get(reverse(f"portal:{name}", args=[paper.id])).status_code == 404


def test_a_link_shows_a_paper_to_who_knows_the_second_fact_and_is_logged(sign_in, client, paper):
    mother = sign_in()
    page = mother.post(
        reverse("portal:paper", args=[paper.id]), {"purpose": "Nộp hồ sơ nhập học", "until": "7"}
    ).content.decode()
    token = page.split("/chia-se/")[1].split("/")[0]
    opened = client.post(
        reverse("portal:shared", args=[token]), {"viewer": "Trường Mẫu", "second": MOTHER[-4:]}
    )
    assert "Giấy khai sinh" in opened.content.decode()
    document = client.post(
        reverse("portal:shared_content", args=[token]),
        {"viewer": "Trường Mẫu", "second": MOTHER[-4:]},
    )
    assert b"".join(document.streaming_content) == PDF
    looks = mother.get(reverse("portal:looks")).content.decode()
    assert "Trường Mẫu" in looks


def test_a_link_without_purpose_or_end_is_not_made(sign_in, paper, citizen):
    for typed in ({"purpose": "", "until": "7"}, {"purpose": "Nộp hồ sơ", "until": ""}):
        page = sign_in().post(reverse("portal:paper", args=[paper.id]), typed)
        assert page.status_code == 422
    assert locker.shares(id=paper.id, actor=citizen()) == ()


@pytest.mark.parametrize("second", ["0000", "abcd", ""])
def test_a_wrong_second_fact_opens_nothing(client, citizen, paper, second):
    link = locker.share(
        id=paper.id,
        purpose="Nộp hồ sơ nhập học",
        until=clock.now() + timedelta(days=1),
        actor=citizen(),
    )
    page = client.post(
        reverse("portal:shared", args=[link.token]), {"viewer": "Ai đó", "second": second}
    )
    assert page.status_code in (404, 422)
    assert "Giấy khai sinh" not in page.content.decode()


def test_nobody_looked_yet(sign_in):
    said = sign_in(FATHER).get(reverse("portal:looks")).content.decode()
    assert "Chưa có ai xem dữ liệu của bạn" in said


def test_anyone_verifies_a_printed_paper_by_code_and_number(client, paper):
    right = client.post(
        reverse("portal:verify"), {"way": "code", "code": "abcde-fghij", "number": "12/2026"}
    ).content.decode()
    wrong = client.post(
        reverse("portal:verify"), {"way": "code", "code": "abcde-fghij", "number": "13/2026"}
    ).content.decode()
    assert "Giấy tờ có thật" in right
    assert MOTHER_NAME not in right
    assert "Không xác minh được" in wrong


def test_the_qr_code_leads_to_the_page_with_the_code_filled_in(client):
    said = client.get(reverse("portal:verify_code", args=["ABCDE-FGHIJ"])).content.decode()
    assert 'value="ABCDE-FGHIJ"' in said


def test_a_pdf_without_signature_is_not_called_genuine(client):
    page = client.post(reverse("portal:verify"), {"way": "file", "pdf": upload("a.pdf", PDF)})
    assert page.status_code == 200
    assert "notice late" in page.content.decode()


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"MZ\x90"])
def test_what_is_no_pdf_is_refused(client, content):
    page = client.post(reverse("portal:verify"), {"way": "file", "pdf": upload("a.pdf", content)})
    assert page.status_code == 422
    assert 'href="#f-pdf"' in page.content.decode()


def upload(name: str, content: bytes):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def test_a_closed_link_opens_nothing_more(sign_in, client, citizen, paper):
    link = locker.share(
        id=paper.id,
        purpose="Nộp hồ sơ nhập học",
        until=clock.now() + timedelta(days=1),
        actor=citizen(),
    )
    sign_in().post(reverse("portal:share_close", args=[paper.id, link.id]))
    page = client.post(
        reverse("portal:shared", args=[link.token]), {"viewer": "Ai đó", "second": MOTHER[-4:]}
    )
    assert page.status_code == 404
    assert "Liên kết này đã đóng." in page.content.decode()
