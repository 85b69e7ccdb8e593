"""DX-22: people of the province who live abroad, entered by officers and by themselves."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.kernel.errors import NotFound
from tests.support.answers import FATHER, MOTHER
from tests.support.registers import counted, entered, holder, invented, listed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

HOUSE = "so-ngoai-vu-gia-lai"


@pytest.fixture
def handler(db):
    return holder(HOUSE, "handler")


PEOPLE, ASSOCIATIONS = "foreign-affairs/person_abroad", "foreign-affairs/abroad_association"


def test_DX_22_an_officer_counts_people_and_associations_abroad_by_country(handler):
    for number, country, reason in ((1, "JP", "work"), (2, "JP", "study"), (3, "US", "settled")):
        entered(
            PEOPLE,
            handler,
            seed=number,
            code=f"NN-00000{number}",
            country=country,
            reason=reason,
            source="commune",
            expert="no",
            birth_year="1990",
            since="2016",
        )
    entered(ASSOCIATIONS, handler, code="HD-00001", kind="students", country="JP", members="40")
    figure = registries.figure(registry=PEOPLE, name="by_country", actor=handler)
    assert figure.columns == ("Định cư", "Lao động theo hợp đồng", "Du học")
    assert counted(PEOPLE, handler, "by_country") == {
        "Nhật Bản": ("", "1", "1"),
        "Hoa Kỳ": ("1", "", ""),
    }
    assert counted(ASSOCIATIONS, handler, "by_country") == {"Nhật Bản": ("1",)}
    assert counted(ASSOCIATIONS, handler, "members") == {"Hội sinh viên, trí thức": ("40",)}
    found = {row[0] for row in listed(PEOPLE, handler, country="JP")}
    assert found == {"NN-000001", "NN-000002"}


ENROL = "/du-lieu-ve-toi/foreign-affairs/person_abroad/dang-ky/"


def test_DX_22_a_person_abroad_enters_themselves_in_the_portal_and_the_officer_finds_them(
    handler, sign_in
):
    mother = sign_in(MOTHER)
    assert "Sổ người quê tỉnh ở nước ngoài" in mother.get("/du-lieu-ve-toi/").content.decode()
    page = mother.get(ENROL)
    asked = page.content.decode()
    assert 'name="record.country"' in asked
    assert 'name="record.full_name"' in asked
    for filled in ("code", "personal_number", "source", "updated"):
        assert f'name="record.{filled}"' not in asked
    said = {
        "record.full_name": "Võ Thị Hạ Lam",
        "record.birth_year": "1996",
        "record.sex": "female",
        "record.nationality": "VN",
        "record.commune": "21583",
        "record.country": "JP",
        "record.reason": "work",
        "record.since": "2020",
        "record.expert": "no",
        "record.consent": "no",
        "record.source": "commune",
    }
    refused = mother.post(ENROL, said)
    assert "Người tự đăng ký phải đồng ý cho Sở lưu dữ liệu" in refused.content.decode()
    assert listed(PEOPLE, handler, full_name="Võ Thị Hạ Lam") == []
    done = mother.post(ENROL, {**said, "record.consent": "yes"})
    assert done.status_code == 302
    assert done["Location"].startswith("/du-lieu-ve-toi/foreign-affairs/person_abroad/")
    (row,) = listed(PEOPLE, handler, full_name="Võ Thị Hạ Lam")
    assert row == ("NN-000001", "Võ Thị Hạ Lam", "Nhật Bản", *row[3:5], "Không", "07/10/2026")
    assert counted(PEOPLE, handler, "by_source") == {"Tự đăng ký": ("1",)}
    again = mother.post(ENROL, {**said, "record.consent": "yes"})
    assert "Số định danh cá nhân" in again.content.decode()
    assert len(listed(PEOPLE, handler)) == 1
    assert ENROL not in mother.get("/du-lieu-ve-toi/").content.decode()


def test_DX_22_an_officer_leaves_the_code_empty_and_the_house_gives_the_next_one(handler):
    said = {"country": "JP", "reason": "work", "source": "commune", "expert": "no"}
    years = {"birth_year": "1990", "since": "2016"}
    first = entered(PEOPLE, handler, code="NN-000041", **said, **years)
    given = entered(PEOPLE, handler, seed=2, code="", **said, **years)
    assert (first.text("code"), given.text("code")) == ("NN-000041", "NN-000042")
    registries.remove(
        registry=PEOPLE, id=given.id, reason="Ghi nhầm", actor=holder(HOUSE, "leader")
    )
    assert entered(PEOPLE, handler, seed=3, code="", **said, **years).text("code") == "NN-000043"


def test_DX_22_nobody_enters_another_person_or_a_register_that_takes_nobody(citizen):
    with pytest.raises(NotFound):
        registries.own_form(registry="foreign-affairs/press_visit", actor=citizen())
    with pytest.raises(NotFound):
        registries.enrol(registry=PEOPLE, values={}, actor=holder(HOUSE, "handler"))
    values = {**invented(PEOPLE, 1), "record.personal_number": FATHER, "record.code": "NN-999999"}
    values |= {"record.consent": "yes", "record.reason": "work", "record.expert": "no"}
    values |= {"record.birth_year": "1990", "record.since": "2016"}
    entered_ = registries.enrol(registry=PEOPLE, values=values, actor=citizen())
    assert entered_.value("personal_number") == MOTHER
    assert entered_.value("code") == "NN-000001"
