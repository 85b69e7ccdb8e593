from datetime import date, datetime, time

import pytest

from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import AgencyRow
from cuaso.foundation.directory.logic import working_calendar as logic
from cuaso.foundation.directory.models import CalendarDay
from cuaso.kernel.actors import system
from cuaso.kernel.clock import VIETNAM
from cuaso.kernel.durations import Duration
from cuaso.kernel.errors import Invalid
from cuaso.kernel.remembering import one_moment
from cuaso.kernel.working_time import OfficeHours, deadline

AGENCY = AgencyRow(
    key="ubnd-mau",
    code="H21.99",
    code_old_style="000.00.99.H21",
    name="Ủy ban nhân dân phường Mẫu",
    name_en="",
    short_name="UBND phường Mẫu",
    kind="committee",
    level="commune",
    parent_key="",
    place_code="",
    seal_name="",
    from_=None,
    to=None,
    source="",
    unverified=True,
)
ADMINISTRATOR = system("Quản trị")
STORM = date(2026, 10, 8)
WEDNESDAY = datetime(2026, 10, 7, 9, 0, tzinfo=VIETNAM)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_calendar_read_afresh():
    logic._calendar.cache_clear()
    yield
    logic._calendar.cache_clear()


@pytest.fixture
def agency(db):
    directory.install_agencies([AGENCY])
    return directory.agency_by_key("ubnd-mau")


def due(agency_id=None):
    calendar = directory.working_calendar(on=WEDNESDAY.date(), agency_id=agency_id)
    reckoned = deadline(WEDNESDAY, Duration.parse("1 ngày làm việc"), calendar)
    return reckoned.due_at.astimezone(VIETNAM)


def test_an_administrator_closes_a_storm_day_and_deadlines_move(django_capture_on_commit_callbacks):
    assert due() == datetime(2026, 10, 8, 17, 0, tzinfo=VIETNAM)
    with django_capture_on_commit_callbacks(execute=True):
        directory.set_calendar_day(
            day=STORM, worked=False, reason="Nghỉ tránh bão số 13", actor=ADMINISTRATOR
        )
    assert due() == datetime(2026, 10, 9, 17, 0, tzinfo=VIETNAM)


def test_an_administrator_clears_the_day_and_it_is_worked_again(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        directory.set_calendar_day(day=STORM, worked=False, reason="Bão", actor=ADMINISTRATOR)
        directory.clear_calendar_day(day=STORM, actor=ADMINISTRATOR)
    assert due() == datetime(2026, 10, 8, 17, 0, tzinfo=VIETNAM)
    assert directory.calendar_days(year=2026) == ()


def test_a_day_without_a_reason_is_refused_and_nothing_changed():
    with pytest.raises(Invalid) as refused:
        directory.set_calendar_day(day=STORM, worked=False, reason=" ", actor=ADMINISTRATOR)
    assert [problem.field for problem in refused.value.problems] == ["reason"]
    assert CalendarDay.objects.count() == 0


def test_a_day_for_one_agency_leaves_the_others_alone(agency, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        directory.set_calendar_day(
            day=STORM, worked=False, reason="Mất điện", actor=ADMINISTRATOR, agency_id=agency.id
        )
    assert due(agency.id) == datetime(2026, 10, 9, 17, 0, tzinfo=VIETNAM)
    assert due() == datetime(2026, 10, 8, 17, 0, tzinfo=VIETNAM)


def test_an_agency_that_works_mornings_only_is_due_at_noon(
    agency, django_capture_on_commit_callbacks
):
    mornings = OfficeHours(morning=(time(7, 30), time(12, 0)), afternoon=None)
    with django_capture_on_commit_callbacks(execute=True):
        directory.set_office_hours(
            agency_id=agency.id, hours=mornings, start=date(2026, 1, 1), actor=ADMINISTRATOR
        )
    assert due(agency.id) == datetime(2026, 10, 8, 12, 0, tzinfo=VIETNAM)


def test_within_moments_time_that_passes_asks_nothing_and_a_change_is_seen_at_once(
    agency, monkeypatch, django_assert_num_queries
):
    with one_moment():
        before = due(agency.id)
    monkeypatch.setattr(logic, "monotonic", lambda: 1e9)
    with one_moment(), django_assert_num_queries(1):
        assert due(agency.id) == before
    # Another process closes a day: nothing clears this one's memory but the stamp.
    CalendarDay.objects.create(day=STORM, worked=False, reason="Bão")
    with one_moment():
        assert due(agency.id) == datetime(2026, 10, 9, 17, 0, tzinfo=VIETNAM)
