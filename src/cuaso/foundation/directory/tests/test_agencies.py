from datetime import date

import pytest

from cuaso.foundation.directory import api
from cuaso.kernel.errors import Invalid, NotFound

BEFORE, SINCE = date(2025, 6, 30), date(2025, 7, 1)


def test_the_province_itself_is_dated(province):
    old, new = api.province(BEFORE), api.province()
    assert (old.name, old.code, old.place_code) == ("Tỉnh Bình Định", "H08", "52")
    assert (new.name, new.code, new.place_code) == ("Tỉnh Gia Lai", "H21", "52")
    assert new.seal_name == "ỦY BAN NHÂN DÂN TỈNH GIA LAI"
    assert old.unverified
    assert new.unverified


def test_a_house_without_data_says_what_to_do(db):
    with pytest.raises(Invalid) as refusal:
        api.province()
    assert refusal.value.code == "directory.no_province"


def test_every_commune_of_today_has_its_committee_and_its_one_stop_centre(province):
    committees = api.agencies(kind="committee", level="commune")
    centres = api.agencies(kind="one_stop_centre", level="commune")
    places = {place.code for place in api.places(level="commune")}
    assert {one.place_code for one in committees} == places
    assert {one.place_code for one in centres} == places
    assert {one.parent_id for one in centres} == {one.id for one in committees}


def test_the_competent_committee_depends_on_level_and_day(province):
    assert api.competent_agency("21583", "commune").name == "Ủy ban nhân dân phường Quy Nhơn"
    assert api.competent_agency("21583", "commune", BEFORE).name == (
        "Ủy ban nhân dân phường Thị Nại"
    )
    assert api.competent_agency("21583", "district", BEFORE).name == (
        "Ủy ban nhân dân thành phố Quy Nhơn"
    )
    assert api.competent_agency("21583", "province", BEFORE).code == "H08"
    assert api.competent_agency("21583", "province").code == "H21"


def test_many_places_are_asked_at_once_who_answers_for_them(province):
    asked = ["21583", "52", "99999"]
    found = api.competent_agencies(asked, "commune")
    assert found == {"21583": api.competent_agency("21583", "commune").id}
    before = api.competent_agencies(asked, "commune", BEFORE)
    assert before == {"21583": api.competent_agency("21583", "commune", BEFORE).id}
    assert api.competent_agencies(["21583"], "district", SINCE) == {}


def test_there_is_no_district_committee_since_july_2025(province):
    with pytest.raises(NotFound) as refusal:
        api.competent_agency("21583", "district", SINCE)
    assert refusal.value.code == "directory.no_competent_agency"
    assert "01/07/2025" in refusal.value.why


def test_both_styles_of_a_code_find_one_agency(province):
    agency = api.agency_by_code("000.00.00.H21")
    assert agency.name == "Ủy ban nhân dân tỉnh Gia Lai"
    assert api.agency_by_code("H21") == agency
    with pytest.raises(NotFound):
        api.agency_by_code("H08", SINCE)


def test_departments_merged_in_march_2025_know_their_heirs(province):
    labour = api.agency_by_key("so-lao-dong-thuong-binh-va-xa-hoi-binh-dinh-2024")
    (heir,) = api.successors_of_agency(labour.id)
    assert heir.name == "Sở Nội vụ tỉnh Bình Định"
    assert heir.valid.start == date(2025, 3, 1)
    assert heir.unverified
    (last,) = api.successors_of_agency(heir.id)
    assert last.name == "Sở Nội vụ tỉnh Gia Lai"


def test_every_agency_that_no_source_confirms_is_marked(province):
    assert all(agency.unverified for agency in api.agencies())


def test_an_agency_is_found_by_its_name_without_marks(province):
    found = [agency.name for agency in api.find_agencies("ubnd tuy phuoc")]
    assert found == [
        "Ủy ban nhân dân xã Tuy Phước",
        "Ủy ban nhân dân xã Tuy Phước Bắc",
        "Ủy ban nhân dân xã Tuy Phước Đông",
        "Ủy ban nhân dân xã Tuy Phước Tây",
    ]


def test_units_and_centre_of_a_committee(province):
    committee = api.competent_agency("21583", "commune")
    assert len(api.units(committee.id)) == 3
    assert api.one_stop_centre(committee.id).name == (
        "Trung tâm Phục vụ hành chính công phường Quy Nhơn"
    )
    centre = api.one_stop_centre(committee.id)
    assert api.one_stop_centre(centre.id) == centre


def test_a_department_is_found_by_its_name_of_any_day(province):
    name = "so-nong-nghiep-va-moi-truong-gia-lai"
    rural = "so-nong-nghiep-va-phat-trien-nong-thon-binh-dinh-2024"
    assert api.agency_on(name).code == "H21.11"
    assert api.agency_on(name, BEFORE).code == "H08.22"
    assert api.agency_on(rural, date(2025, 2, 28)).name == (
        "Sở Nông nghiệp và Phát triển nông thôn tỉnh Bình Định"
    )
    assert api.agency_on(rural, date(2025, 3, 1)).code == "H08.22"
    assert api.agency_on(rural).code == "H21.11"


def test_a_merged_department_stands_for_no_single_one_before_the_merger(province):
    with pytest.raises(NotFound) as refusal:
        api.agency_on("so-nong-nghiep-va-moi-truong-gia-lai", date(2025, 2, 28))
    assert refusal.value.code == "directory.no_agency_on_day"
    assert "28/02/2025" in refusal.value.what
    with pytest.raises(NotFound) as unknown:
        api.agency_on("so-khong-co")
    assert unknown.value.code == "directory.no_agency"


def test_the_centre_of_the_province_receives_for_departments_and_their_branches(province):
    centre = api.agency_by_key("ttpvhcc-tinh-gia-lai")
    department = api.agency_by_key("so-xay-dung-gia-lai")
    branch = api.agency_by_key("chi-cuc-kiem-lam-gia-lai")
    assert api.one_stop_centre(department.id) == centre
    assert api.one_stop_centre(branch.id) == centre
    assert api.one_stop_centre(api.province().committee_id) == centre


def test_the_scope_of_the_province_is_every_agency_of_the_day(province):
    committee = api.province().committee_id
    assert set(api.scope(committee, date(2026, 11, 24))) == {one.id for one in api.agencies()}
