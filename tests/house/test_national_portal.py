"""KT-d5: dossiers, supplements and withdrawals that people hand in at the national portal."""

import hashlib
import json
from datetime import date, timedelta

import pytest
from django.test import Client

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Dossier
from cuaso_simulators.national_portal import example
from tests.support.answers import BIRTH, MARITAL
from tests.support.national import DOOR, PERSON, birth, kept, marital, paper, synchronise

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]


def test_kt_d5_a_dossier_of_the_national_portal_reaches_counter_and_citizen(
    portal, qg_code, handed_in, official, citizen
):
    mother = citizen()
    assert (handed_in.party_id, handed_in.channel) == (mother.person_id, "online")
    assert handed_in.agency_id == directory.competent_agency("21583", "commune").id
    seen = procedures.dossier(id=handed_in.id, actor=official("reception"))
    assert seen.channel_say == "Trực tuyến, qua Cổng Dịch vụ công quốc gia"
    assert [one.name for one in seen.papers] == ["giay-chung-sinh.pdf"]
    assert [row.id for row in procedures.my_dossiers(actor=mother).rows] == [handed_in.id]
    entries = audit.history(Subject(kind="procedures.dossier", id=handed_in.id))
    (entry,) = [one for one in entries if one.act == "national_portal.received"]
    assert entry.content["code"] == qg_code
    assert entry.actor_name == "Cổng Dịch vụ công quốc gia"


def test_the_same_dossier_twice_gives_one_dossier_and_the_same_answer(portal, qg_code):
    first = portal.post(DOOR, birth(qg_code))
    before = kept()
    again = portal.post(DOOR, birth(qg_code))
    assert (again.status_code, again.json()) == (200, first.json())
    assert kept() == before
    other = portal.post(DOOR, birth(qg_code, values={**BIRTH, "child.sex": "male"}))
    assert (other.status_code, other.json()["code"]) == (409, "national_portal.key_reused")
    assert kept() == before


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"values": {**BIRTH, "child.full_name": ""}}, "child.full_name"),
        ({"attachments": []}, "papers.birth_notice"),
        ({"values": {**BIRTH, "child.nickname": "Bé"}}, "values.child.nickname"),
        ({"procedure_code": "9.999999"}, "procedure_code"),
        ({"agency_code": "H99.01"}, "agency_code"),
        ({"agency_code": "H21.103"}, "agency_code"),
        ({"agency_code": "cơ quan"}, "agency_code"),
        ({"applicant": {**PERSON, "name": "Tên Khác Hẳn"}}, "applicant.name"),
        ({"applicant": {**PERSON, "personal_number": "12"}}, "applicant.personal_number"),
        ({"attachments": [{**paper(), "sha256": "0" * 64}]}, "attachments.0"),
        ({"attachments": [{**paper(), "component": "la"}]}, "attachments.0.component"),
        ({"attachments": [paper(content=b"MZ\x90 mot chuong trinh")]}, "attachments.0"),
        ({"values": {"a": ["\ud800"]}}, "values.a"),
        ({"procedure_code": "không dấu"}, "procedure_code"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place_and_nothing_is_kept(
    portal, qg_code, changed, field
):
    before = kept()
    answer = portal.post(DOOR, birth(qg_code, **changed))
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["problems"]] == [field]
    assert kept() == before


def test_our_form_and_the_national_portal_name_the_same_problems(portal, qg_code, citizen):
    wrong = {**BIRTH, "child.birth_date": "32/13/2026", "mother.full_name": ""}
    answer = portal.post(DOOR, birth(qg_code, values=wrong, attachments=[]))
    draft = procedures.start_draft(code="1.001193", actor=citizen())
    procedures.save_draft(id=draft.id, values=wrong, actor=citizen())
    with pytest.raises(Invalid) as refused:
        procedures.submit(id=draft.id, key="k", actor=citizen())
    ours = [{"field": one.field, "say": one.say} for one in refused.value.problems]
    assert answer.json()["problems"] == ours
    assert {"child.birth_date", "mother.full_name", "papers.birth_notice"} == {
        one["field"] for one in ours
    }


def test_a_forged_stale_or_oversized_message_changes_nothing(portal, qg_code):
    before = kept()
    sent = [
        portal.post(DOOR, birth(qg_code), secret="khac"),
        portal.post(DOOR, birth(qg_code), signed=b"noi dung khac"),
        portal.post(
            DOOR, birth(qg_code), at=str(int((clock.now() - timedelta(hours=1)).timestamp()))
        ),
        portal.post(DOOR, birth(qg_code), at="khong phai so"),
        Client().post(DOOR, json.dumps(birth(qg_code)), content_type="application/json"),
    ]
    assert [one.status_code for one in sent] == [403] * 5
    assert sent[2].json()["code"] == "national_portal.stale"
    assert portal.post(DOOR, b"x" * (3 * 1024 * 1024)).status_code == 413
    assert portal.post(DOOR, b"[1, 2]").json()["code"] == "national_portal.unreadable"
    assert Client().get(DOOR).status_code == 405
    assert kept() == before


def test_without_a_secret_nobody_hands_anything_in(portal, qg_code, monkeypatch):
    monkeypatch.delenv("CUASO_NATIONAL_SECRET")
    assert portal.post(DOOR, birth(qg_code), secret="").status_code == 403


def test_a_paper_is_fetched_from_the_portal_only_and_checked_by_its_hash(portal, qg_code, citizen):
    portal.knows(qg_code)
    sha256 = hashlib.sha256(example.PDF).hexdigest()
    stated = {**paper(content=example.PDF), "content": ""}
    there = {**stated, "url": f"{portal.address}/files/{sha256}"}
    elsewhere = {**stated, "url": portal.address.replace("127.0.0.1", "localhost") + "/files/x"}
    before = kept()
    refused = portal.post(DOOR, birth(qg_code, attachments=[elsewhere]))
    assert (refused.status_code, refused.json()["problems"][0]["field"]) == (422, "attachments.0")
    portal.fault("down")
    assert portal.post(DOOR, birth(qg_code, attachments=[there])).status_code == 503
    assert kept() == before
    portal.fault("ok")
    taken = portal.post(DOOR, birth(qg_code, attachments=[there])).json()
    dossier = Dossier.objects.get(tracking_code=taken["tracking_code"])
    (stored,) = procedures.dossier(id=dossier.id, actor=citizen()).papers
    assert files.info(stored.file_id).sha256 == sha256


def test_somebody_unknown_is_entered_from_what_the_portal_verified(portal, qg_code):
    number = "052300123456"
    person = {**PERSON, "personal_number": number, "name": "Lê Thị Chưa Biết", "sex": "female",
              "birth_date": "2000-02-29"}  # fmt: skip
    values = {
        **MARITAL,
        "requester.full_name": "Lê Thị Chưa Biết",
        "requester.personal_number": number,
        "subject.full_name": "Lê Thị Chưa Biết",
        "subject.personal_number": number,
        "subject.birth_date": "29/02/2000",
    }
    before = kept()
    refused = portal.post(
        DOOR, marital(qg_code, applicant=person, values={**values, "request.office": "x"})
    )
    assert (refused.status_code, kept()) == (422, before)
    assert portal.post(DOOR, marital(qg_code, applicant=person, values=values)).status_code == 200
    found = directory.find_person(number)
    assert (found.name, found.birth_date) == ("Lê Thị Chưa Biết", date(2000, 2, 29))
    (entered, *_) = audit.history(Subject(kind="directory.person", id=found.id))
    assert (entered.act, entered.actor_name) == (
        "directory.person_entered",
        "Cổng Dịch vụ công quốc gia",
    )
    citizen = Actor(kind="citizen", name=found.name, person_id=found.id)
    assert [row.title for row in procedures.my_dossiers(actor=citizen).rows] == [
        "Xác nhận tình trạng hôn nhân – Lê Thị Chưa Biết"
    ]


def test_a_dossier_sent_to_an_abolished_agency_reaches_its_successor(portal, qg_code):
    """H08.50.09 was the committee of Thị Nại ward, which became a part of Quy Nhơn ward."""
    values = {name: value for name, value in MARITAL.items() if name != "request.office"}
    told = portal.post(DOOR, marital(qg_code, agency_code="H08.50.09", values=values))
    assert told.status_code == 200, told.content.decode()
    dossier = Dossier.objects.get(tracking_code=told.json()["tracking_code"])
    assert directory.agency(dossier.agency_id).name == "Ủy ban nhân dân phường Quy Nhơn"
    assert dossier.values["request"]["office"] == "21583"


def test_a_place_that_was_merged_is_read_as_its_successor_and_a_split_one_is_asked_back(
    portal, qg_code
):
    """Đống Đa went whole to Quy Nhơn on 1 July 2025; ward 21634 went to two communes."""
    split = portal.post(DOOR, marital(qg_code, values={**MARITAL, "request.office": "21634"}))
    assert (split.status_code, [one["field"] for one in split.json()["problems"]]) == (
        422,
        ["values.request.office"],
    )
    told = portal.post(DOOR, marital(qg_code, values={**MARITAL, "request.office": "21556"}))
    assert told.status_code == 200, told.content.decode()
    dossier = Dossier.objects.get(tracking_code=told.json()["tracking_code"])
    assert directory.agency(dossier.agency_id).name == "Ủy ban nhân dân phường Quy Nhơn"


def test_a_supplement_is_asked_here_and_answered_there_once(portal, qg_code, handed_in, official):
    procedures.ask_supplement(
        id=handed_in.id,
        items=["Bản chụp rõ hơn"],
        reason="Bản cũ bị mờ.",
        actor=official("reception"),
    )
    synchronise()
    asked = portal.there(qg_code)["statuses"][-1]
    assert (asked["status"], asked["supplement"]) == (
        5,
        {"items": ["Bản chụp rõ hơn"], "reason": "Bản cũ bị mờ."},
    )
    path = f"{DOOR}/{qg_code}/bo-sung"
    told = {"request_id": "r1", "note": "Tôi gửi lại.", "attachments": [paper()]}
    before = kept()
    assert portal.post(path, {**told, "values": {"la.la": "x"}}).status_code == 422
    assert kept() == before
    first = portal.post(path, told)
    again = portal.post(path, told)
    assert (first.status_code, again.json()) == (200, first.json())
    assert portal.post(path, {**told, "request_id": "r2"}).status_code == 409
    seen = procedures.dossier(id=handed_in.id, actor=official("reception"))
    assert (seen.supplement.note, len(seen.papers)) == ("Tôi gửi lại.", 2)
    synchronise()
    assert portal.statuses(qg_code) == [1, 5, 1]


def test_a_withdrawal_said_there_ends_the_dossier_here_once(portal, qg_code, handed_in, citizen):
    path = f"{DOOR}/{qg_code}/rut"
    assert portal.post(path, {"request_id": "w0", "reason": ""}).status_code == 422
    told = {"request_id": "w1", "reason": "Tôi khai nhầm nơi."}
    first = portal.post(path, told)
    assert (first.status_code, first.json()["status"]) == (200, 7)
    assert portal.post(path, told).json() == first.json()
    assert portal.post(path, {**told, "request_id": "w2"}).status_code == 409
    assert portal.post(f"{DOOR}/la/rut", told).status_code == 404
    synchronise()
    last = portal.there(qg_code)["statuses"][-1]
    assert (last["status"], last["reason"]) == (7, "Tôi khai nhầm nơi.")
