"""KT-e5: a person reads which programs and officials saw them on a page of a list."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from cuaso.foundation.audit.models import LookAtMany
from cuaso.foundation.directory import api as directory
from tests.rest.conftest import Caller
from tests.rest.test_govstack import DATA, send
from tests.rest.test_registries import (
    SO,
    VESSEL,
    added,
    auditor,
    commune,
    harbour,
    refusal,
)
from tests.support.answers import FATHER, MOTHER
from tests.support.vessels import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
__all__ = ["auditor", "commune", "harbour"]
RIGHT = "Cơ quan giữ bản ghi xem bản ghi của mình."
LISTED = f"Xem danh sách. {RIGHT}"


@pytest.fixture
def vessels(commune: Caller) -> list[dict[str, Any]]:
    """Return two vessels: of the mother, and of the father."""
    return [
        added(commune, number, owner={**VESSEL["owner"], "personal_number": owner})
        for number, owner in ((1, MOTHER), (2, FATHER))
    ]


def looks(person: Caller) -> list[tuple[str, str, bool, int]]:
    told = person.get("/locker/looks").json()
    return [(one["registry"], one["purpose"], one["listed"], one["times"]) for one in told]


def seen_by(number: str) -> int:
    """Return on how many pages a person was seen."""
    person = directory.find_person(number)
    assert person is not None
    return LookAtMany.objects.filter(people__contains=[person.id]).count()


def test_KT_e5_a_program_reads_a_list_and_the_person_reads_of_all_of_it_in_one_line(
    vessels, commune, mother
):
    assert [one["id"] for one in commune.get(SO).json()["records"]] == [
        one["id"] for one in vessels
    ]
    commune.get(SO, limit="1")
    assert looks(mother) == [("Tàu cá", LISTED, True, 2)]
    assert (seen_by(MOTHER), seen_by(FATHER)) == (2, 1)


def test_a_program_that_only_counts_or_follows_changes_is_not_told_of(vessels, commune, mother):
    assert commune.get(f"{SO}/count").json() == {"count": 2, "exact": True}
    assert commune.get(f"{SO}/feed").status_code == 200
    assert looks(mother) == []


def test_an_inspector_lists_for_a_purpose_and_the_person_reads_it(vessels, auditor, mother):
    assert refusal(auditor.get(SO), 422)["code"] == "registries.purpose_missing"
    assert looks(mother) == []
    why = "Kiểm tra đăng ký tàu cá quý IV."
    assert len(auditor.get(SO, purpose=why).json()["records"]) == 2
    assert auditor.get(f"{SO}/board", purpose=why).status_code == 200
    assert looks(mother) == [("Tàu cá", f"Xem danh sách. {why}", True, 2)]


def test_a_program_that_turns_two_pages_at_once_tells_only_those_on_the_one_it_gets(
    vessels, commune, mother
):
    """GovStack: pages that are passed on the way do not leave the house."""
    answer = send(commune, "GET", f"{DATA}?page=2&page_size=1").json()
    assert [one["number"] for one in answer["results"]] == ["BĐ-00002-TS"]
    assert (seen_by(MOTHER), seen_by(FATHER)) == (0, 1)
    asked = {"query": {"content": {"number": "BĐ-00001-TS"}}}
    assert send(commune, "POST", f"{DATA}/exists", asked).json()["answer"]["status"] is True
    assert seen_by(MOTHER) == 0
    send(commune, "GET", DATA)
    assert (seen_by(MOTHER), seen_by(FATHER)) == (1, 2)
    path = f"/govstack/data/MyPersonalDataUsage/1.0?userID={MOTHER}&DatabaseID=harbour.vessel"
    used = send(mother, "GET", path).json()
    assert [one["Refrences"] for one in used] == [[{"ReferenceID": vessels[0]["id"]}]]


@pytest.fixture
def full_disk() -> None:
    """Let PostgreSQL find no room for who was seen."""
    with connection.cursor() as cursor:
        cursor.execute(
            "create function full_disk() returns trigger language plpgsql as $$ begin raise"
            " exception 'could not extend file' using errcode = 'disk_full'; end $$;"
            " create trigger full_disk before insert on audit_look_many"
            " execute function full_disk()"
        )


def test_a_list_whose_looks_find_no_room_is_not_given(vessels, commune, official, full_disk):
    answer = commune.get(SO)
    assert refusal(answer, 503)["code"] == "house.disk_full"
    assert "Võ Thị Hạ Lam" not in answer.content.decode()


def test_a_page_of_the_desk_whose_looks_find_no_room_is_not_shown(vessels, official, full_disk):
    browser: Client = browser_of(official("handler"))
    browser.raise_request_exception = False
    page = browser.get("/ban-lam-viec/so/harbour/vessel/")
    assert page.status_code == 503
    assert "Võ Thị Hạ Lam" not in page.content.decode()
