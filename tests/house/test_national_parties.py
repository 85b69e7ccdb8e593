"""KT-d5, KT-e3: people hand in at the national portal for a business, a ward, another person."""

import pytest

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.models import Tie
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Dossier
from tests.support.answers import FATHER, MOTHER
from tests.support.dossiers import see
from tests.support.national import DOOR, PERSON, kept, marital

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
KHAI = {"personal_number": "052083000125", "name": "Phạm Quốc Khải"}
SEAFOOD = {
    "kind": "business",
    "tax_code": "4199990019",
    "name": "Công ty TNHH Hải sản Minh Hoạ Quy Nhơn",
}


@pytest.fixture
def ward():
    mother = directory.find_person(MOTHER)
    (found,) = directory.wards_of(mother.id)
    return found


@pytest.fixture
def hand_in(portal, qg_code):
    """Return who hands a dossier in for somebody, and the answer."""

    def post(acts_for, *, applicant=PERSON):
        return portal.post(DOOR, marital(qg_code, applicant=applicant, acts_for=acts_for))

    return post


def dossier_of(answer):
    assert answer.status_code == 200, answer.content.decode()
    return Dossier.objects.get(tracking_code=answer.json()["tracking_code"])


def as_ward(ward, **changed):
    return {
        "kind": "ward",
        "personal_number": ward.personal_number,
        "name": ward.name,
        **changed,
    }


def as_authorised(**changed):
    today = clock.today()
    paper = {"number": "12/2026/UQ", "date": today.isoformat(), "holder": MOTHER, **changed}
    return {
        "kind": "authorised",
        "personal_number": FATHER,
        "name": "Trần Văn Mẫu",
        "authorisation": paper,
    }


def test_kt_e3_a_representative_hands_in_for_the_business_and_it_is_the_business_dossier(
    portal, qg_code, hand_in, official, citizen
):
    dossier = dossier_of(hand_in(SEAFOOD, applicant=KHAI))
    business = directory.find_business("4199990019")
    khai = citizen("052083000125")
    assert (dossier.person_id, dossier.party_id) == (khai.person_id, business.id)
    assert see(dossier.id, official("reception")).party_name == business.name
    representative = Actor(
        kind="business", name=khai.name, person_id=khai.person_id, for_id=business.id
    )
    assert [row.id for row in procedures.my_dossiers(actor=representative).rows] == [dossier.id]
    assert procedures.my_dossiers(actor=khai).rows == ()
    told = portal.post(f"{DOOR}/{qg_code}/rut", {"request_id": "1", "reason": "Tôi nộp nhầm nơi."})
    assert (told.status_code, told.json()["status"]) == (200, 7)


def test_a_guardian_hands_in_for_the_ward(hand_in, ward, official):
    dossier = dossier_of(hand_in(as_ward(ward)))
    assert dossier.party_id == ward.id
    assert see(dossier.id, official("reception")).party_name == ward.name


def test_an_authorised_person_hands_in_and_the_dossier_is_whose_authorised_them(
    portal, qg_code, hand_in, citizen, official
):
    dossier = dossier_of(hand_in(as_authorised()))
    father = citizen(FATHER)
    assert (dossier.person_id, dossier.party_id) == (citizen().person_id, father.person_id)
    assert [row.id for row in procedures.my_dossiers(actor=father).rows] == [dossier.id]
    assert procedures.my_dossiers(actor=citizen()).rows == ()
    entries = audit.history(Subject(kind="procedures.dossier", id=dossier.id))
    (entry,) = [one for one in entries if one.act == "national_portal.received"]
    assert (entry.content["acts_for"], entry.content["authorisation"]) == (
        "authorised",
        "12/2026/UQ",
    )
    procedures.ask_supplement(
        id=dossier.id, items=["Giấy ủy quyền"], reason="Chưa có.", actor=official("reception")
    )
    told = {"request_id": "s1", "note": "Tôi gửi sau."}
    assert portal.post(f"{DOOR}/{qg_code}/bo-sung", told).status_code == 200


@pytest.mark.parametrize(
    ("changed", "applicant", "field", "said"),
    [
        ({}, PERSON, "acts_for", "không phải người đại diện của Công ty TNHH Hải sản"),
        ({"name": "Công ty Khác"}, KHAI, "acts_for.name", "tên khác"),
        ({"tax_code": "4199990018"}, KHAI, "acts_for.tax_code", "không hợp lệ"),
        ({"tax_code": "0100109106"}, KHAI, "acts_for.tax_code", "chưa ghi nhận"),
        ({"tax_code": ""}, KHAI, "acts_for.tax_code", "Thiếu mục này"),
        ({"kind": "khác"}, KHAI, "acts_for.kind", "Phải là một trong"),
    ],
)
def test_who_does_not_represent_the_business_is_refused_and_nothing_is_kept(
    hand_in, changed, applicant, field, said
):
    before = kept()
    answer = hand_in({**SEAFOOD, **changed}, applicant=applicant)
    assert answer.status_code == 422
    problems = {one["field"]: one["say"] for one in answer.json()["problems"]}
    assert said in problems[field]
    assert kept() == before


def test_who_is_not_the_guardian_is_refused_and_nothing_is_kept(hand_in, ward):
    before = kept()
    answer = hand_in(as_ward(ward), applicant=KHAI)
    assert [one["say"] for one in answer.json()["problems"]] == [
        "Theo danh bạ của tỉnh, người nộp không phải người giám hộ của người này."
    ]
    assert hand_in(as_ward(ward, name="Tên Khác")).json()["problems"][0]["field"] == "acts_for.name"
    assert kept() == before


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"holder": FATHER}, "holder"),
        ({"until": "2020-01-01"}, "until"),
        ({"date": ""}, "date"),
        ({"date": "2099-01-01"}, "date"),
        ({"number": ""}, "number"),
    ],
)
def test_an_authorisation_of_another_or_out_of_date_is_refused(hand_in, changed, field):
    before = kept()
    answer = hand_in(as_authorised(**changed))
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["problems"]] == [
        f"acts_for.authorisation.{field}"
    ]
    assert kept() == before


def test_who_represents_the_business_no_more_does_nothing_on_its_dossier(portal, qg_code, hand_in):
    dossier = dossier_of(hand_in(SEAFOOD, applicant=KHAI))
    Tie.objects.filter(other_id=dossier.party_id).update(until_date=clock.today())
    told = portal.post(f"{DOOR}/{qg_code}/rut", {"request_id": "1", "reason": "Tôi nộp nhầm nơi."})
    assert (told.status_code, told.json()["code"]) == (403, "national_portal.represents_no_more")
    assert Dossier.objects.get(id=dossier.id).status == 1
