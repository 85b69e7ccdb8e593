from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api, models
from cuaso.foundation.directory.contracts import PersonRow
from cuaso.foundation.directory.logic import find_people
from cuaso.foundation.directory.tests.conftest import DATA
from cuaso.kernel import tables
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Conflict, Invalid, NotFound
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.numbers import PersonalNumber, TaxCode
from cuaso.kernel.subjects import Subject

CLERK = system("Thử nghiệm")
NEW: dict[str, Any] = {
    "name": "NGUYỄN THỊ  HOÀ",
    "personal_number": "052 196 000 777",
    "birth_date": date(1996, 1, 2),
    "sex": "female",
    "phone": "0900000777",
}


def acts(person_id: UUID) -> list[str]:
    return [entry.act for entry in audit.history(Subject(kind="directory.person", id=person_id))]


def test_a_person_is_entered_once_and_blanks_are_filled(db):
    first = api.ensure_person(**NEW)
    again = api.ensure_person(**{**NEW, "name": "Người Khác", "email": "hoa@example.com"})
    assert (first.name, first.personal_number) == ("Nguyễn Thị Hoà", "052196000777")
    assert (again.id, again.name, again.email) == (first.id, "Nguyễn Thị Hoà", "hoa@example.com")
    assert acts(first.id) == ["directory.person_entered", "directory.person_filled"]
    assert models.Person.objects.count() == 1


def test_a_number_that_contradicts_birth_or_sex_is_refused(db):
    for odd in ({"birth_date": date(1995, 1, 2)}, {"sex": "male"}):
        with pytest.raises(Invalid) as refusal:
            api.ensure_person(**{**NEW, **odd})
        assert refusal.value.code == "directory.number_disagrees"
    assert models.Person.objects.count() == 0


def test_a_new_born_is_entered_without_number_and_gets_it_later(db):
    child = api.ensure_person(name="Trần Bé", birth_date=date(2026, 11, 1), sex="male")
    assert child.personal_number == ""
    given = api.give_personal_number(
        person_id=child.id, personal_number="052226000001", actor=CLERK
    )
    again = api.give_personal_number(
        person_id=child.id, personal_number="052226000001", actor=CLERK
    )
    assert given == again
    assert api.find_person("052 226 000 001") == given
    assert acts(child.id) == ["directory.person_entered", "directory.number_given"]


def test_a_number_of_somebody_else_or_a_second_number_is_refused(db):
    other = api.ensure_person(**NEW)
    child = api.ensure_person(name="Trần Thị Bé", birth_date=date(1996, 3, 3), sex="female")
    with pytest.raises(Conflict) as taken:
        api.give_personal_number(
            person_id=child.id, personal_number=other.personal_number, actor=CLERK
        )
    with pytest.raises(Conflict):
        api.give_personal_number(person_id=other.id, personal_number="052196000778", actor=CLERK)
    assert taken.value.code == "directory.number_taken"
    assert api.person(child.id).personal_number == ""


def test_only_contact_facts_may_be_mended(db):
    held = api.ensure_person(**NEW)
    mended = api.mend_person(person_id=held.id, facts={"phone": "0900000778"}, actor=CLERK)
    assert mended.phone == "0900000778"
    assert [one.id for one in api.find_people("0900000778")] == [held.id]
    with pytest.raises(Invalid) as refusal:
        api.mend_person(person_id=held.id, facts={"name": "Khác"}, actor=CLERK)
    assert refusal.value.problems[0].field == "name"
    assert api.person(held.id).name == "Nguyễn Thị Hoà"


def test_a_business_is_known_by_its_tax_code(db):
    first = api.ensure_business(name="Công ty Thử", tax_code="0100109106")
    assert api.ensure_business(name="Tên khác", tax_code="0100109106") == first
    assert api.find_business("0100109106") == first
    with pytest.raises(Invalid):
        api.ensure_business(name="Công ty Sai", tax_code="0100109107")


def test_nobody_is_found_by_an_unknown_id_or_an_empty_number(db):
    api.ensure_person(name="Không Số")
    assert api.find_person("") is None
    assert api.find_business(" ") is None
    with pytest.raises(NotFound):
        api.person(new_id())


def test_people_are_found_by_beginnings_of_words_and_marks_rank_first(db):
    ha = api.ensure_person(name="Võ Thị Hà")
    lam = api.ensure_person(name="Võ Thị Hạ Lam")
    assert [one.id for one in api.find_people("vo ha")] == [ha.id, lam.id]
    assert [one.id for one in api.find_people("hạ")] == [lam.id, ha.id]
    assert api.find_people("vo nam") == ()
    assert api.find_people("") == ()


def test_a_mother_has_her_ward_and_a_representative_two_businesses(province):
    mother = api.find_person("052196000122")
    assert mother is not None
    assert (mother.name, mother.invented) == ("Võ Thị Hạ Lam", True)
    assert [ward.name for ward in api.wards_of(mother.id)] == ["Trần Hạ Vy"]
    assert api.wards_of(mother.id, date(2038, 2, 10)) == ()
    owner = api.find_person("052083000125")
    assert owner is not None
    assert len(api.businesses_of(owner.id)) == 2
    assert len(api.businesses_of(owner.id, date(2020, 1, 1))) == 1
    assert api.businesses_of(mother.id) == ()
    assert api.acts_for(mother.id) == (api.wards_of(mother.id), ())
    assert api.acts_for(owner.id) == ((), api.businesses_of(owner.id))


def test_everybody_in_the_pack_is_marked_as_invented(province):
    assert not models.Person.objects.filter(invented=False).exists()
    listed = list(tables.read(DATA / "people.csv", PersonRow))
    assert models.Person.objects.count() == len(listed)


def test_the_numbers_in_the_pack_agree_with_what_they_number():
    for row in tables.read(DATA / "people.csv", PersonRow):
        if row.kind == "business":
            assert str(TaxCode.parse(row.tax_code)) == row.tax_code
        else:
            number = PersonalNumber.parse(row.personal_number)
            assert number.place_code == "052"
            assert row.birth_date is not None
            assert (number.sex, number.birth_year) == (row.sex, row.birth_date.year)


def test_a_tie_holds_once_and_ends_on_a_day(province):
    father = api.find_person("052094000123")
    owner = api.find_person("052083000125")
    assert father is not None
    assert owner is not None
    facts: dict[str, Any] = {
        "kind": "guardian",
        "basis": "Quyết định thử",
        "start": date(2026, 1, 1),
    }
    tie_id = api.tie(person_id=father.id, other_id=owner.id, actor=CLERK, **facts)
    with pytest.raises(Conflict):
        api.tie(person_id=father.id, other_id=owner.id, actor=CLERK, **facts)
    assert len(api.wards_of(father.id)) == 2
    api.untie(tie_id=tie_id, end=date(2026, 11, 24), actor=CLERK, reason="hết giám hộ")
    assert len(api.wards_of(father.id)) == 1
    assert acts(owner.id) == ["directory.tied", "directory.untied"]


def test_nobody_is_guardian_of_oneself(province):
    mother = api.find_person("052196000122")
    assert mother is not None
    with pytest.raises(Conflict):
        api.tie(
            kind="guardian",
            person_id=mother.id,
            other_id=mother.id,
            basis="thử",
            start=date(2026, 1, 1),
            actor=CLERK,
        )


def asked_by_sql(number: str | None) -> object:
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {api.person_id_of('said.number')} from (select %s) said(number)", [number]
        )
        return cursor.fetchone()[0]


def test_a_statement_asks_beside_its_question_whose_number_it_has(db):
    person = api.ensure_person(**NEW)
    api.ensure_business(tax_code="0100109106", name="Công ty Minh Hoạ")
    assert asked_by_sql("052196000777") == person.id
    assert [asked_by_sql(one) for one in ("052196000778", "", None)] == [None, None, None]


def test_finding_a_person_by_number_is_planned_once_with_the_index(db):
    with connection.cursor() as cursor:
        cursor.execute(f"prepare by_number as {find_people._BY_NUMBER.replace('%s', '$1')}")
        cursor.execute("set local plan_cache_mode = force_generic_plan")
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("explain execute by_number('052196000777')")
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("deallocate by_number")
    assert "directory_person_number_once" in plan
    assert "Seq Scan" not in plan
