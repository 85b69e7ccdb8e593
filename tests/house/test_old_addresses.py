"""KT-d5: an address of before 1 July 2025 leads to the commune of today."""

from datetime import date, datetime

import pytest

from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Place
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid
from cuaso.kernel.remembering import one_moment
from cuaso.services.procedures import api as procedures
from tests.support.answers import BIRTH
from tests.support.dossiers import submit_birth, upload

pytestmark = pytest.mark.django_db
JULY = date(2025, 7, 1)
JUNE = date(2025, 6, 30)


def today_of(text: str, on: date = JULY) -> list[tuple[str, ...]]:
    return [tuple(place.full_name for place in one.now) for one in directory.places_today(text, on)]


@pytest.mark.parametrize(
    "typed",
    [
        "xã Nhơn Hạnh, thị xã An Nhơn",
        "Xã Nhơn Hạnh, TX. An Nhơn, tỉnh Bình Định",
        "xa nhon hanh thi xa an nhon binh dinh",
        "Nhơn Hạnh",
        "X. Nhơn Hạnh",
    ],
)
def test_KT_d5_a_citizen_types_an_abolished_commune_and_is_told_todays(typed):
    (found,) = directory.places_today(typed, JULY)
    assert [place.code for place in found.now] == ["21925"]
    assert found.say == "Xã Nhơn Hạnh, thị xã An Nhơn nay thuộc phường An Nhơn Bắc."


def test_a_citizen_types_a_commune_that_was_split_and_is_asked_which():
    (found,) = directory.places_today("xã Canh Hiệp, huyện Vân Canh", JULY)
    assert [place.code for place in found.now] == ["22006", "21994"]
    assert found.say == (
        "Xã Canh Hiệp, huyện Vân Canh được chia ra, nay thuộc xã Canh Vinh hoặc xã Vân Canh, "
        "tùy nơi ở."
    )


def test_a_citizen_types_a_district_and_is_offered_every_commune_that_follows():
    (found,) = directory.places_today("thị xã An Nhơn", JULY)
    assert [place.full_name for place in found.now] == [
        "Phường An Nhơn",
        "Phường An Nhơn Bắc",
        "Phường An Nhơn Đông",
        "Phường An Nhơn Nam",
        "Xã An Nhơn Tây",
        "Phường Bình Định",
    ]
    assert found.say.startswith("Thị xã An Nhơn không còn; các xã, phường ở đó nay thuộc ")


def test_a_commune_that_kept_its_name_stands_for_itself():
    (found,) = directory.places_today("xã An Toàn", JULY)
    assert (found.say, [place.code for place in found.now]) == ("", ["21622"])


def test_places_of_one_name_are_told_apart_by_their_kind_or_district():
    # A ward, a town, and a commune of today that is neither's successor alone.
    assert len(directory.places_today("Ngô Mây", JULY)) == 3
    (ward,) = directory.places_today("phường Ngô Mây", JULY)
    (town,) = directory.places_today("Ngô Mây, huyện Phù Cát", JULY)
    assert ward.say.startswith("Phường Ngô Mây, thành phố Quy Nhơn nay thuộc ")
    assert town.say.startswith("Thị trấn Ngô Mây, huyện Phù Cát nay thuộc ")


def test_before_the_reorganisation_the_old_commune_stands():
    assert today_of("xã Nhơn Hạnh, thị xã An Nhơn", JUNE) == [("Xã Nhơn Hạnh",)]


@pytest.mark.parametrize("typed", ["", "xã", "Xã Không Có Thật", "Nhơn Hạnh, huyện Vân Canh", "'%"])
def test_what_no_place_was_ever_called_gives_nothing(typed):
    assert directory.places_today(typed, JULY) == ()


def test_every_abolished_commune_of_the_data_leads_to_todays():
    communes = directory.places(level="commune", on=JUNE)
    with one_moment():
        lost = [place.full_name for place in communes if not _leads_on(place)]
    assert len(communes) == 155
    assert lost == []


def _leads_on(place: Place) -> bool:
    heirs = {link.code for link in place.successors}
    told = directory.places_today(place.full_name, JULY)
    return any(heirs <= {now.code for now in one.now} for one in told)


def begun_in_june(mother, commune: str, **changed: str):
    """Begin and fill a birth registration on 20 June 2025, in a commune of that day."""
    with clock.at(datetime(2025, 6, 20, 9, 0, tzinfo=clock.VIETNAM)):
        draft = procedures.start_draft(code="1.001193", actor=mother)
        values = {path: commune if text == "21583" else text for path, text in BIRTH.items()}
        values |= {"child.birth_date": "10/06/2025", **changed}
        procedures.save_draft(id=draft.id, values=values, actor=mother)
        procedures.attach(
            id=draft.id, component="birth_notice", file_id=upload(mother), actor=mother
        )
    return draft.id


def in_july():
    return clock.at(datetime(2025, 7, 3, 9, 0, tzinfo=clock.VIETNAM))


def test_KT_d5_a_draft_of_june_submitted_in_july_reaches_the_successor_and_says_so(mother):
    id = begun_in_june(mother, "21919")
    told = "Xã Nhơn Hạnh, thị xã An Nhơn nay thuộc phường An Nhơn Bắc."
    with in_july():
        shown = procedures.draft(id=id, actor=mother)
        assert shown.values["request.office"] == "21925"
        assert shown.agency_name == "Ủy ban nhân dân phường An Nhơn Bắc"
        assert shown.moved == (told,)
        receipt = procedures.submit(id=id, key="k", actor=mother)
        dossier = procedures.dossier(id=receipt.dossier_id, actor=mother)
    assert dossier.agency_name == "Ủy ban nhân dân phường An Nhơn Bắc"
    assert dossier.log[0].detail == told


def test_a_draft_of_june_in_a_commune_that_was_split_asks_which_and_stays(mother):
    id = begun_in_june(mother, "22000")
    with in_july():
        with pytest.raises(Invalid) as refused:
            procedures.submit(id=id, key="k", actor=mother)
        problem = next(one for one in refused.value.problems if one.field == "request.office")
        assert problem.say == (
            "Xã Canh Hiệp, huyện Vân Canh được chia ra, nay thuộc xã Canh Vinh hoặc xã Vân Canh, "
            "tùy nơi ở. Hãy chọn nơi đang ở."
        )
        assert procedures.draft(id=id, actor=mother).values["request.office"] == ""


def test_a_draft_is_read_and_saved_twice_in_july_and_moves_once(mother):
    # 21925 was a commune of its own in June: a second step would go astray.
    id = begun_in_june(mother, "21919")
    with in_july():
        seen = procedures.draft(id=id, actor=mother)
        procedures.save_draft(id=id, values=seen.values, actor=mother)
        again = procedures.draft(id=id, actor=mother)
    assert again.values["request.office"] == "21925"
    assert again.moved == seen.moved


def test_a_citizen_types_the_old_commune_into_the_form_and_todays_is_kept(mother, working_morning):
    receipt = submit_birth(mother, request__office="xã Nhơn Hạnh, thị xã An Nhơn")
    dossier = procedures.dossier(id=receipt.dossier_id, actor=mother)
    assert dossier.agency_name == "Ủy ban nhân dân phường An Nhơn Bắc"


def test_a_citizen_types_a_split_commune_into_the_form_and_is_asked_which(mother, working_morning):
    with pytest.raises(Invalid) as refused:
        submit_birth(mother, request__office="Canh Hiệp")
    (problem,) = refused.value.problems
    assert problem.field == "request.office"
    assert "nay thuộc xã Canh Vinh hoặc xã Vân Canh" in problem.say
