"""Parts of the portal that are drawn once say what they would say if they were drawn each time."""

import pytest
from django.urls import reverse

from cuaso.services.procedures import api as procedures

pytestmark = pytest.mark.django_db
FIND = reverse("portal:find")
NO_PAGE = "Không có trang mà đường dẫn này chỉ tới."
ASKED = (
    "",
    "?q=khai+sinh",
    "?q=zzqqxx",
    "?q=khai+sinh+zzqqxx",
    "?viec=having_a_child",
    "?cap=xa",
    "?sau=t20",
    "?sau=t900",
)


def test_kt_d5_a_guests_finds_are_the_same_kept_or_drawn_anew(client, compared):
    for asked in (*ASKED, *ASKED):
        assert client.get(FIND + asked).status_code == 200
    assert compared() > 2 * 3 * len(ASKED)


def test_kt_d5_an_english_guest_has_their_own_finds(client, compared, settings):
    vietnamese = client.get(FIND, {"q": "khai sinh"}).content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = client.get(FIND, {"q": "khai sinh"}).content.decode()
    assert ("Đăng nhập" in vietnamese, "Đăng nhập" in english) == (True, False)
    assert compared() >= 2 * 3


def test_kt_d5_a_citizens_frame_is_theirs_and_a_guests_is_nobodys(client, sign_in, compared):
    mine, guest = sign_in().get("/").content.decode(), client.get("/").content.decode()
    assert ("Đăng xuất" in mine, "Đăng xuất" in guest) == (True, False)
    assert f'href="{reverse("sign-in")}?next=/"' in guest
    assert (
        f'href="{reverse("sign-in")}?next={FIND}%3Fq%3Dly%2520hon"'
        in client.get(f"{FIND}?q=ly%20hon").content.decode()
    )
    assert compared() >= 2 * 3


def test_kt_d5_a_guest_leafs_through_what_is_submitted_here(client):
    every = [card.code for card in procedures.search(text="", limit=200)]
    first = client.get(FIND).content.decode()
    second = client.get(f"{FIND}?sau=t20").content.decode()
    assert len(every) > 20
    shown = [_shown(page, every) for page in (first, second)]
    assert [len(one) for one in shown] == [20, len(every[20:40])]
    assert shown[0] | shown[1] == set(every[:40])
    assert f"{len(every)} thủ tục" in first
    assert f"{len(every)} thủ tục" in second
    assert 'href="?sau=t20" rel="next"' in first


@pytest.mark.parametrize(
    ("query", "mark"),
    [("", "t900"), ("", "nobody-gave-this"), ("khai sinh", "t900"), ("khai sinh", "a0-9.999999")],
)
def test_a_guest_asks_for_a_page_that_is_none_and_reads_the_first(client, query, mark):
    every = [card.code for card in procedures.search(text="", limit=200)]
    first = client.get(FIND, {"q": query}).content.decode()
    told = client.get(FIND, {"q": query, "sau": mark}).content.decode()
    assert _shown(told, every) == _shown(first, every) != set()
    assert [NO_PAGE in one for one in (told, first)] == [True, False]


def _shown(page: str, codes: list[str]) -> set[str]:
    cards = page.split('id="ket-qua"')[1].split("<aside", maxsplit=1)[0]
    return {code for code in codes if reverse("portal:procedure", args=[code]) in cards}
