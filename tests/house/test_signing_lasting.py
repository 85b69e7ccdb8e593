"""KT-h3: an issued result can be checked for decades, and anybody reads what a file is worth."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing import jobs
from cuaso.services.locker import api as locker
from tests.support.dossiers import issue, submit_marital

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]

LETTER = "<thu xmlns='urn:cuaso:thu'><noi-dung>Kính gửi Sở Nội vụ</noi-dung></thu>".encode()


@pytest.fixture
def paper(mother, official):
    issue(submit_marital(mother).dossier_id, mother, official)
    (kept,) = locker.papers(actor=mother)
    return kept


def read(paper, mother):
    return b"".join(locker.content(id=paper.id, actor=mother).chunks)


def check(client, content, name="giay.pdf", **more):
    upload = SimpleUploadedFile(name, content)
    return client.post(
        reverse("portal:verify"), {"way": "file", "pdf": upload}, **more
    ).content.decode()


def test_KT_h3_an_issued_result_is_made_to_last_and_its_owner_gets_that_form(mother, paper, client):
    at_first = read(paper, mother)
    assert "(mức B-T)" in check(client, at_first)
    assert jobs.archive_due() == 1
    lasting = read(paper, mother)
    assert lasting.startswith(at_first)
    assert len(lasting) > len(at_first)
    verdict = signing.verify(lasting)
    assert [one.level for one in verdict.signatures] == ["B-LTA", "B-LTA"]
    page = check(client, lasting)
    assert page.count("(mức B-LTA)") == 2
    assert "Không bị thu hồi, theo thông tin hiện có" in page
    assert "Cửa Số - Cấp phát trình diễn → Cửa Số - Gốc trình diễn" in page
    assert "Sau chữ ký này chỉ thêm bằng chứng và dấu thời gian để lưu trữ lâu dài." in page


def test_KT_h3_anybody_checks_a_signed_xml_letter_on_the_page_and_over_the_api(paper, client):
    held = signing.keys()
    seal = next(one.label for one in held if one.kind == "agency")
    signed = signing.sign_xml(xml=LETTER, key=seal)
    page = check(client, signed, name="thu.xml")
    assert "Văn bản XML có chữ ký số hợp lệ." in page
    changed = check(client, signed.replace("Nội vụ".encode(), "Nội vu".encode()), name="thu.xml")
    assert "Nội dung XML hoặc chữ ký đã bị thay đổi sau khi ký." in changed
    answer = client.post(
        "/api/v1/xml-signature-checks", {"file": SimpleUploadedFile("thu.xml", signed)}
    ).json()
    assert (answer["ok"], answer["signature"]["level"]) == (True, "B-T")
    assert "<noi-dung>Kính gửi Sở Nội vụ</noi-dung>" in answer["signed"]
    bomb = b'<!DOCTYPE a [<!ENTITY a "ha">]><a>&a;</a>'
    assert "khai báo DTD" in check(client, bomb, name="thu.xml")


def test_KT_h3_an_english_reader_is_told_the_level_in_english(mother, paper, client):
    client.cookies["django_language"] = "en"
    page = check(client, read(paper, mother), HTTP_ACCEPT_LANGUAGE="en")
    assert "The signature has a time stamp (level B-T)" in page
    assert "Chain of certificates" in page
