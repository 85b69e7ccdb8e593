from datetime import date, datetime, time

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.durations import Duration
from cuaso.kernel.working_time import deadline
from cuaso.services.procedures import api as procedures
from tests.support.feedback import read_the_calendar_afresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
PAGE = "/ban-lam-viec/quan-tri/lich/"
PROVINCE_ADMIN = "quantri.ubndtinhgialai"
STORM = date(2026, 10, 8)


@pytest.fixture(autouse=True)
def a_calendar_read_afresh():
    read_the_calendar_afresh()
    yield
    read_the_calendar_afresh()


@pytest.fixture
def province(db) -> Client:
    account = get_user_model().objects.get(username=PROVINCE_ADMIN)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def ward(sign_in, official):
    """Return the ward's administrator, who also has a post at the counter."""
    client = sign_in("admin")
    client.post("/tu-cach/", {"capacity": f"post:{official('admin').post_id}"})
    return client


def storm(**changed: str) -> dict[str, str]:
    told = {"act": "set", "day": "08/10/2026", "kind": "closed", "scope": "all"}
    return {**told, "reason": "Nghỉ tránh bão số 13", "source": "Công điện 30", **changed}


def due(agency_id=None) -> date:
    days = directory.working_calendar(on=STORM, agency_id=agency_id)
    read_the_calendar_afresh()
    return clock.legal_date(deadline(clock.now(), Duration.parse("1 ngày làm việc"), days).due_at)


def test_an_administrator_closes_a_storm_day_for_all_and_gives_it_back(
    province, django_capture_on_commit_callbacks
):
    said = province.get(PAGE).content.decode()
    assert "Quốc khánh" in said
    assert "chưa đối chiếu với thông báo từng năm" in said
    done = province.post(PAGE, storm(), follow=True).content.decode()
    assert "Nghỉ tránh bão số 13" in done
    assert "Công điện 30" in done
    read_the_calendar_afresh()
    assert due() == date(2026, 10, 9)
    province.post(PAGE, {"act": "clear:2026-10-08/all"})
    read_the_calendar_afresh()
    assert directory.calendar_days(year=2026) == ()
    assert due() == STORM


def test_a_day_without_a_reason_or_a_date_is_refused_and_nothing_is_written(province):
    for changed, field in (({"reason": " "}, "f-reason"), ({"day": "32/10/2026"}, "f-day")):
        answer = province.post(PAGE, storm(**changed))
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.content.decode()
    assert province.post(PAGE, {"act": "clear:hom-nay/all"}).status_code == 422
    assert directory.calendar_days(year=2026) == ()


def test_a_wards_administrator_decides_for_the_ward_alone(ward, official):
    mine = official("admin").agency_id
    assert ward.post(PAGE, storm()).status_code == 403
    other = directory.competent_agency("21592", "commune").id
    assert ward.post(PAGE, storm(scope=str(other))).status_code == 403
    assert directory.calendar_days(year=2026) == ()
    assert ward.post(PAGE, storm(scope=str(mine))).status_code == 302
    (row,) = directory.calendar_days(year=2026)
    assert row.agency_id == mine
    read_the_calendar_afresh()
    assert due(mine) == date(2026, 10, 9)
    assert due(other) == STORM


def test_an_administrator_gives_an_agency_its_own_hours(ward, official):
    mine = official("admin").agency_id
    typed = {
        "act": "hours",
        "agency": str(mine),
        "start": "01/10/2026",
        "morning_from": "7h30",
        "morning_to": "11:30",
        "afternoon_from": "",
        "afternoon_to": "",
        "days": ["0", "1", "2", "3", "4", "5"],
    }
    assert ward.post(PAGE, {**typed, "morning_from": "25"}).status_code == 422
    assert ward.post(PAGE, typed).status_code == 302
    read_the_calendar_afresh()
    held = directory.working_calendar(on=STORM, agency_id=mine).hours
    assert (held.morning, held.afternoon) == ((time(7, 30), time(11, 30)), None)
    assert held.days == frozenset(range(6))
    assert "07:30–11:30" in ward.get(PAGE).content.decode()


def test_a_due_date_already_given_stays_when_the_calendar_changes(
    province, submitted, official, citizen
):
    procedures.receive(id=submitted, actor=official("reception"))
    before = procedures.dossier(id=submitted, actor=citizen()).due.due_at
    province.post(PAGE, storm(day="07/10/2026"))
    assert procedures.dossier(id=submitted, actor=citizen()).due.due_at == before
    assert before == datetime(2026, 10, 7, 17, 0, tzinfo=clock.VIETNAM)


def test_an_officer_without_the_role_sees_no_calendar(sign_in):
    assert sign_in("leader").get(PAGE).status_code == 403
