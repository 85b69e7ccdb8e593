"""Parts of the desk that are drawn once say what they would say if they were drawn each time."""

import re
from datetime import timedelta

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.kernel import clock
from cuaso.services.procedures import api as procedures
from tests.support.vessels import BASE, KEY, said

pytestmark = pytest.mark.django_db
HOME = "/ban-lam-viec/"
WAITING = re.compile(r'aria-current="page">(?:(?!</a>).)*Việc của tôi<b>(\d+)</b>')
VALUE = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.mark.parametrize("role", ["reception", "leader"])
def test_kt_d5_an_officers_pages_are_the_same_kept_or_drawn_anew(
    sign_in, submitted, compared, role
):
    client = sign_in(role)
    paths = ["", "?xem=late", "?xem=all", "?xem=all&q=khong+co+ai", "?xem=done&tt=1.004873"]
    for path in [*paths, *paths, f"ho-so/{submitted}/"]:
        assert client.get(HOME + path).status_code in {200, 403}
    assert compared() >= 2 * len(paths) * 2


def test_kt_d5_an_english_reader_and_a_lost_page_have_their_own_frame(sign_in, compared, settings):
    client = sign_in("handler")
    vietnamese = client.get(HOME).content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = client.get(HOME).content.decode()
    assert ("Đăng xuất" in vietnamese, "Đăng xuất" in english) == (True, False)
    assert f'value="{HOME}khong-co/"' in client.get(f"{HOME}khong-co/").content.decode()
    assert compared() >= 5


def test_kt_d5_a_frame_follows_what_waits_and_whose_it_is(sign_in, submitted, official):
    reception, other = sign_in("reception"), sign_in("handler")
    before = _waiting(reception)
    assert _waiting(other) == 0
    procedures.receive(id=submitted, actor=official("reception"))
    assert (_waiting(reception), _waiting(other)) == (before - 1, 1)


def _waiting(client) -> int:
    """Return how many steps the frame says wait for the officer, 0 where it says none."""
    said = client.get(HOME).content.decode()
    found = WAITING.search(said)
    return int(found[1]) if found else 0


@pytest.mark.parametrize("role", ["handler", "leader"])
def test_kt_e5_a_registrys_pages_are_the_same_kept_or_drawn_anew(seated, vessels, compared, role):
    client = seated(role)
    vessel = f"{BASE}{vessels[0].id}/"
    yesterday = clock.today() - timedelta(days=1)
    lists = ["", "?o.gear=seine&q=hai+au", "?loc=length:to:11&sx=-number", "?o=gear", "?q=khong+co"]
    ways = [f"?luc={yesterday}", "?thung=1", "bang/", "lich/licences/", "so-lieu/by_gear/"]
    for address in [*(f"{BASE}{one}" for one in [*lists, *ways]), vessel] * 2:
        assert client.get(address).status_code == 200
    assert compared() >= 2 * (5 * len(lists) + 2 * len(ways) + 3)


def test_kt_e5_a_record_that_one_officer_opened_shows_the_next_only_what_they_may(seated, vessels):
    handler, leader = seated("handler"), seated("leader")
    vessel = f"{BASE}{vessels[0].id}/"
    for _again in range(2):
        whole, part = said(handler.get(vessel)), said(leader.get(vessel))
        assert ("052080000001" in whole, "052080000001" in part) == (True, False)
        assert "•••0001" in part
        assert ("Xóa bản ghi" in whole, "Xóa bản ghi" in part) == (False, True)
        assert ("Xóa đăng ký" in whole, "Xóa đăng ký" in part) == (False, True)
        assert ("Ghi nằm bờ" in whole, "Ghi nằm bờ" in part) == (True, False)
        shelf = said(handler.get(BASE)), said(leader.get(BASE))
        assert [f'href="{BASE}them/"' in one for one in shelf] == [True, False]
        assert [f'href="{BASE}?thung=1"' in one for one in shelf] == [False, True]


def test_kt_e5_a_kept_record_page_follows_the_record_and_the_form_has_its_own_token(
    seated, vessels, officer
):
    client = seated("handler")
    vessel = f"{BASE}{vessels[0].id}/"
    before = client.get(vessel)
    values = {"vessel_name": "Hải Âu 9"}
    registries.amend(registry=KEY, id=vessels[0].id, values=values, actor=officer("handler"))
    after = client.get(vessel)
    assert ("(lần thứ 1)" in said(before), "(lần thứ 2)" in said(after)) == (True, True)
    assert 'name="revision" value="1"' in said(before)
    assert 'name="revision" value="1"' not in said(after)
    assert 'name="revision" value="2"' in said(after)
    assert set(VALUE.findall(said(before))).isdisjoint(VALUE.findall(said(after)))
    assert f"{BASE}{vessels[0].id}/" not in said(client.get(f"{BASE}{vessels[1].id}/"))
