import pytest
from django.urls import reverse

from cuaso.services.procedures import api as procedures
from tests.support.dossiers import submit_birth
from tests.support.pdf import text_of

pytestmark = pytest.mark.django_db
FATHER = "052094000123"


@pytest.fixture
def received(citizen, official, working_morning) -> str:
    """Return the tracking code of a received birth registration."""
    taken = submit_birth(citizen())
    procedures.receive(id=taken.dossier_id, actor=official("reception"))
    return taken.tracking_code


def form(code: str, name: str) -> str:
    return reverse("portal:form", args=[code, name])


def test_a_citizen_opens_the_receipt_from_the_page_of_the_dossier(sign_in, received):
    said = sign_in().get(reverse("portal:dossier", args=[received])).content.decode()
    assert form(received, "receipt") in said
    assert form(received, "apology") not in said
    assert form(received, "refusal") not in said
    paper = sign_in().get(form(received, "receipt"))
    assert paper["Content-Type"] == "application/pdf"
    assert "GIẤY TIẾP NHẬN HỒ SƠ" in text_of(b"".join(paper.streaming_content))


def test_a_citizen_reads_the_apology_when_the_day_was_moved(sign_in, received, citizen, official):
    dossier = procedures.dossier(id=received, actor=citizen())
    procedures.extend(
        id=dossier.id,
        reason="Cần xác minh thêm tại nơi cư trú trước đây.",
        added="2 ngày làm việc",
        actor=official("handler"),
    )
    said = sign_in().get(reverse("portal:dossier", args=[received])).content.decode()
    assert form(received, "apology") in said
    paper = sign_in().get(form(received, "apology"))
    assert "Cần xác minh thêm" in text_of(b"".join(paper.streaming_content))


def test_another_citizen_and_the_officials_sheet_are_refused(sign_in, received):
    assert sign_in(FATHER).get(form(received, "receipt")).status_code == 404
    assert sign_in().get(form(received, "control_sheet")).status_code == 403
