import pytest

from cuaso.foundation.audit import api as audit
from cuaso.kernel.subjects import Subject

pytestmark = pytest.mark.django_db
PAGE = "/ban-lam-viec/so-theo-doi/"
PERIOD = {"since": "01/10/2026", "until": "2026-10-07"}


@pytest.fixture
def desk(sign_in, received):
    """Return the reception's client, with one dossier received this morning."""
    del received
    return sign_in("reception")


def test_an_officer_opens_the_register_with_this_month_filled_in(desk):
    page = desk.get(PAGE)
    said = page.content.decode()
    assert page.status_code == 200
    assert 'value="01/10/2026"' in said
    assert 'value="07/10/2026"' in said
    assert "Trung tâm Phục vụ hành chính công phường Quy Nhơn" in said


def test_the_register_is_handed_over_to_print_or_as_a_table(desk):
    agency = desk.get(PAGE).context["agencies"][0][0]
    paper = desk.post(PAGE, {"agency": agency, **PERIOD, "kind": "pdf"})
    assert paper["Content-Type"] == "application/pdf"
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    table = desk.post(PAGE, {"agency": agency, **PERIOD, "kind": "csv"})
    assert table["Content-Disposition"] == (
        'attachment; filename="so-theo-doi-H21.102.01-20261001-20261007.csv"'
    )
    assert b"".join(table.streaming_content).decode("utf-8-sig").count("\r\n") == 2


def test_a_wrong_period_comes_back_with_what_was_typed_and_draws_nothing(desk):
    agency = desk.get(PAGE).context["agencies"][0][0]
    answer = desk.post(PAGE, {"agency": agency, "since": "32/10/2026", "until": "", "kind": "pdf"})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="32/10/2026"' in said
    assert "Hãy ghi ngày đầu kỳ" in said
    assert "Hãy ghi ngày cuối kỳ" in said
    assert audit.history(Subject(kind="directory.agency", id=agency)) == ()


def test_the_register_of_another_agency_is_refused(desk, sign_in):
    agency = desk.get(PAGE).context["agencies"][0][0]
    answer = sign_in("reception", "21592").post(PAGE, {"agency": agency, **PERIOD, "kind": "csv"})
    assert answer.status_code == 403
    assert "không thuộc cơ quan của ông/bà" in answer.content.decode()


def test_a_citizen_has_no_register(client):
    assert client.get(PAGE).status_code == 302
