"""The clock of a dossier: it stands while the applicant supplements, and loses no minute."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuaso.kernel import clock
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.working_time import working_minutes_between
from cuaso.services.procedures.logic.course import timing
from cuaso.services.procedures.models import Dossier

pytestmark = pytest.mark.django_db

AGENCY = new_id()
WORKING_DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
MOMENTS = st.builds(
    lambda day, minute: (
        datetime.combine(day, datetime.min.time(), tzinfo=clock.VIETNAM) + timedelta(minutes=minute)
    ),
    WORKING_DAYS,
    st.integers(0, 24 * 60 - 1),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.VIETNAM)


@pytest.mark.parametrize(
    ("due", "paused", "resumed", "wanted"),
    [
        ("2026-10-07 17:00", "2026-10-07 09:00", "2026-10-07 09:00", "2026-10-07 17:00"),
        ("2026-10-07 17:00", "2026-10-07 09:00", "2026-10-08 09:00", "2026-10-08 17:00"),
        ("2026-10-09 17:00", "2026-10-09 16:30", "2026-10-10 20:00", "2026-10-12 07:30"),
        ("2026-10-07 17:00", "2026-10-07 16:17", "2026-10-08 16:50", "2026-10-09 07:33"),
    ],
)
def test_a_supplement_moves_the_due_moment_by_the_working_time_that_it_took(
    due, paused, resumed, wanted
):
    dossier = Dossier(agency_id=AGENCY, due_at=at(due), due_steps=[])
    timing.pause(dossier, at=at(paused))
    timing.resume(dossier, at=at(resumed))
    assert dossier.due_at is not None
    assert dossier.due_at.astimezone(clock.VIETNAM) == at(wanted)
    assert dossier.paused_at is None
    assert len(dossier.due_steps) == 2


@given(paused=MOMENTS, stood=st.integers(0, 20 * 24 * 60), ahead=st.integers(0, 20 * 24 * 60))
def test_the_working_time_that_was_left_is_what_is_left_after_any_pause(paused, stood, ahead):
    due_at = paused + timedelta(minutes=ahead)
    resumed = paused + timedelta(minutes=stood)
    days = timing.calendar(paused, agency_id=AGENCY)
    left = working_minutes_between(paused, due_at, days)
    dossier = Dossier(agency_id=AGENCY, due_at=due_at, due_steps=[])
    timing.pause(dossier, at=paused)
    timing.resume(dossier, at=resumed)
    assert dossier.due_at is not None
    assert working_minutes_between(resumed, dossier.due_at, days) == left
    assert dossier.due_at >= resumed


def test_a_dossier_without_a_limit_has_no_clock_to_stop():
    dossier = Dossier(agency_id=AGENCY, due_at=None, due_steps=[])
    timing.pause(dossier, at=at("2026-10-07 09:00"))
    timing.resume(dossier, at=at("2026-10-08 09:00"))
    assert (dossier.due_at, dossier.paused_at, dossier.due_steps) == (None, None, [])
