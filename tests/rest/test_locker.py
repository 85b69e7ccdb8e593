"""Sharing a paper by a link, and who may close it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.services.locker import api as locker
from tests.rest.conftest import signed_in
from tests.rest.test_refusals import problem
from tests.support.answers import FATHER, PDF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]


@pytest.fixture
def paper_id(citizen):
    house = system("Cửa Số")
    stored = files.store_bytes(
        actor=house, name="kq.pdf", media_type="application/pdf", content=PDF
    )
    agency = uuid4()
    kept = locker.keep(
        owner_id=citizen().person_id,
        kind="birth_certificate",
        title="Giấy khai sinh",
        file_id=stored.id,
        provenance=locker.Provenance(
            agency_id=agency,
            agency_name="Ủy ban nhân dân phường Quy Nhơn",
            dossier_id=uuid4(),
            dossier_code="H21-1",
            number="01/2026",
            issued_date=date(2026, 10, 7),
            signed_by="Nguyễn Văn Mẫu",
        ),
        verify_code="ABCD2345",
        valid_until=None,
        actor=house,
    )
    return str(kept.id)


def asked(**changed):
    until = (clock.now() + timedelta(days=7)).isoformat()
    return {"purpose": "Nộp hồ sơ nhập học", "until": until, **changed}


def test_a_paper_is_shared_opened_and_closed(mother, guest, paper_id):
    made = mother.post(f"/locker/papers/{paper_id}/shares", asked())
    assert made.status_code == 201
    link = made.json()
    key = {"token": link["token"], "second_fact": "0122", "viewer_name": "Trường Minh Hoạ"}
    assert guest.post("/shared-papers", key).json()["number"] == "01/2026"
    content = guest.post("/shared-papers/content", key)
    assert b"".join(content.streaming_content) == PDF

    (listed,) = mother.get(f"/locker/papers/{paper_id}/shares").json()
    assert (listed["token"], listed["opened"]) == ("", 1)
    assert "Trường Minh Hoạ" in [look["who"] for look in mother.get("/locker/looks").json()]
    closed = mother.send("DELETE", f"/locker/shares/{link['id']}").json()
    assert closed["revoked_at"] is not None
    problem(guest.post("/shared-papers", key), 404)


def test_a_link_with_a_wrong_fact_shows_nothing(mother, guest, paper_id):
    link = mother.post(f"/locker/papers/{paper_id}/shares", asked()).json()
    key = {"token": link["token"], "second_fact": "0123", "viewer_name": "Trường Minh Hoạ"}
    problem(guest.post("/shared-papers", key), 404)
    assert mother.get("/locker/looks").json() == []


def test_a_link_asked_badly_is_not_made(mother, paper_id):
    body = asked(purpose="x", until="2020-01-01T00:00:00+07:00")
    said = problem(mother.post(f"/locker/papers/{paper_id}/shares", body), 422)
    assert [one["field"] for one in said["problems"]] == ["purpose", "until"]
    naive = mother.post(f"/locker/papers/{paper_id}/shares", asked(until="2026-10-08T00:00:00"))
    assert problem(naive, 422)["problems"][0]["say"].startswith("Thời điểm phải có múi giờ")
    assert mother.get(f"/locker/papers/{paper_id}/shares").json() == []


def test_a_paper_of_another_is_not_there(citizen, mother, paper_id):
    link = mother.post(f"/locker/papers/{paper_id}/shares", asked()).json()
    father = signed_in(citizen(FATHER))
    assert father.get("/locker/papers").json() == []
    problem(father.get(f"/locker/papers/{paper_id}"), 404)
    problem(father.get(f"/locker/papers/{paper_id}/content"), 404)
    problem(father.post(f"/locker/papers/{paper_id}/shares", asked()), 404)
    problem(father.send("DELETE", f"/locker/shares/{link['id']}"), 404)
    assert mother.get(f"/locker/papers/{paper_id}/shares").json()[0]["revoked_at"] is None


def test_a_paper_of_the_right_kind_may_stand_in_for_an_upload(mother, paper_id):
    found = mother.get("/locker/reusable", kind="birth_certificate").json()
    assert [one["id"] for one in found] == [paper_id]
    assert mother.get("/locker/reusable", kind="marriage_certificate").json() == []


def test_a_program_asks_who_it_is_and_changes_its_capacity(mother):
    me = mother.get("/me").json()
    assert (me["kind"], me["name"]) == ("citizen", "Võ Thị Hạ Lam")
    assert "self" in [one["key"] for one in me["capacities"]]
    assert mother.send("PUT", "/me/capacity", {"key": "self"}).json()["kind"] == "citizen"
    problem(mother.send("PUT", "/me/capacity", {"key": "post:1"}), 403)
