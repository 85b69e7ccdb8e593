"""KT-e5: a person reads in the portal who saw them on pages of lists, a line a day and a reader."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from lxml import html

from cuaso.capabilities.registries import api as registries
from cuaso.kernel import clock
from tests.rest.conftest import signed_in
from tests.support.answers import MOTHER
from tests.support.vessels import BASE, KEY, VESSEL, browser_of, emptied, officer, seated

pytestmark = pytest.mark.django_db
__all__ = ["emptied", "officer", "seated"]


@pytest.fixture
def vessel(officer, emptied):
    """Return a vessel whose owner is the mother."""
    values = {**VESSEL, "record.owner_name": "Võ Thị Hạ Lam", "record.owner_number": MOTHER}
    return registries.add(registry=KEY, values=values, actor=officer("handler"))


def lines(browser: Client, path: str) -> list[list[str]]:
    """Return the lines of the table of looks, as they are read."""
    page = html.fromstring(browser.get(path).content.decode())
    return [
        [re.sub(r"\s+", " ", cell.text_content()).strip() for cell in row.xpath("th|td")]
        for row in page.xpath("//main//table//tbody/tr")
    ]


def test_KT_e5_an_officer_turns_pages_of_a_list_and_the_person_reads_one_line_of_the_day(
    vessel, seated, officer, citizen, working_morning
):
    desk = seated("handler")
    for minutes in (0, 5, 32):
        with clock.at(working_morning + timedelta(minutes=minutes)):
            assert "Võ Thị Hạ Lam" in desk.get(BASE).content.decode()
    with clock.at(working_morning + timedelta(minutes=40)):
        desk.get(f"{BASE}{vessel.id}/")
    with clock.at(working_morning + timedelta(days=1)):
        browser_of(officer("handler")).get(BASE)
        mother = signed_in(citizen(MOTHER)).client
        told = lines(mother, "/ai-da-xem/")
        own = lines(mother, f"/du-lieu-ve-toi/{KEY}/{vessel.id}/")
    registry, who = "Sổ đăng ký tàu cá", officer("handler").name
    assert [one[2] for one in told] == [
        f"Xem trong danh sách{registry}",
        f"Bản ghi trong cơ sở dữ liệu{registry}",
        f"3 lượt xem trong danh sách, lần gần nhất 9 giờ 32{registry}",
    ]
    assert all(one[1].startswith(who) for one in told)
    assert told[2][0] == "Thứ Tư, 07/10/2026"
    assert told[2][3].startswith("Xem danh sách. ")
    times = "3 lượt xem trong danh sách, lần gần nhất 9 giờ 32"
    assert [one[2].endswith(times) for one in own[-3:]] == [False, False, True]
