import pytest
from django.test import Client
from django.urls import reverse

from cuaso.services.procedures import api as procedures
from tests.support.answers import BIRTH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
OFFICE = "request.office"
RENAMED = "Xã Nhơn Hạnh, thị xã An Nhơn nay thuộc phường An Nhơn Bắc."


@pytest.fixture
def draft(citizen):
    return procedures.start_draft(code="1.001193", actor=citizen())


def page_of(draft) -> str:
    return reverse("portal:draft", args=[draft.id])


def kept(draft, citizen) -> object:
    return procedures.draft(id=draft.id, actor=citizen()).values.get(OFFICE)


def test_a_citizen_types_an_old_commune_and_todays_is_chosen_and_explained(sign_in, draft, citizen):
    typed = {f"old:{OFFICE}": "nhon hanh, thi xa an nhon", "act": f"place:{OFFICE}"}
    said = sign_in().post(page_of(draft), typed).content.decode()
    assert RENAMED in said
    assert '<option value="21925" selected>' in said
    assert kept(draft, citizen) == "21925"


def test_a_citizen_types_a_split_commune_and_chooses_by_a_button(sign_in, draft, citizen):
    mother = sign_in()
    typed = {f"old:{OFFICE}": "Canh Hiệp", "act": f"place:{OFFICE}"}
    said = mother.post(page_of(draft), typed).content.decode()
    assert "được chia ra, nay thuộc xã Canh Vinh hoặc xã Vân Canh" in said
    assert kept(draft, citizen) == ""
    for code in ("22006", "21994"):
        assert f'value="place:{OFFICE}={code}"' in said
    mother.post(page_of(draft), {"act": f"place:{OFFICE}=21994"})
    assert kept(draft, citizen) == "21994"


def test_a_citizen_goes_on_with_only_an_old_name_and_is_asked_first(sign_in, draft, citizen):
    typed = {**BIRTH, OFFICE: "", f"old:{OFFICE}": "Canh Hiệp", "act": "next"}
    answer = sign_in().post(page_of(draft), typed)
    assert answer.status_code == 200
    assert "nay thuộc xã Canh Vinh hoặc xã Vân Canh" in answer.content.decode()


def test_an_old_name_beside_a_chosen_commune_changes_nothing(sign_in, draft, citizen):
    typed = {**BIRTH, f"old:{OFFICE}": "Canh Hiệp", "act": "keep"}
    sign_in().post(page_of(draft), typed)
    assert kept(draft, citizen) == "21583"


def test_an_unknown_old_name_is_said_and_the_choice_stands(sign_in, draft, citizen):
    typed = {
        OFFICE: "21583",
        f"old:{OFFICE}": '"><script>Không đâu',
        "act": f"place:{OFFICE}",
    }
    said = sign_in().post(page_of(draft), typed).content.decode()
    assert "Chưa tìm thấy nơi nào tên là" in said
    assert '"><script>Không' not in said
    assert kept(draft, citizen) == "21583"


def test_anyone_looks_up_an_old_address_and_who_serves_it_now():
    page = Client().get(reverse("portal:old_address"), {"cu": "xã Nhơn Hạnh, An Nhơn"})
    said = page.content.decode()
    assert RENAMED in said
    assert "Ủy ban nhân dân phường An Nhơn Bắc" in said
    nothing = Client().get(reverse("portal:old_address"), {"cu": "Không Đâu"}).content.decode()
    assert "Chưa tìm thấy nơi nào tên như vậy" in nothing


def test_a_program_asks_the_api_for_the_successors_of_a_place():
    told = Client().get("/api/v1/places", {"text": "Canh Hiệp"}).json()
    assert [[place["code"] for place in one["now"]] for one in told] == [["22006", "21994"]]
    assert told[0]["asked"]["code"] == "22000"
    assert Client().get("/api/v1/places", {"text": ""}).status_code == 422
