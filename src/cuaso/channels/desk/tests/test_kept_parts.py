"""Parts of the desk that are drawn once say what they would say if they were drawn each time."""

import re

import pytest

from cuaso.services.procedures import api as procedures

pytestmark = pytest.mark.django_db
HOME = "/ban-lam-viec/"
WAITING = re.compile(r'aria-current="page">(?:(?!</a>).)*Việc của tôi<b>(\d+)</b>')


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
