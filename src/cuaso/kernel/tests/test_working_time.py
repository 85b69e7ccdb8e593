from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuaso.kernel.clock import VIETNAM, legal_date
from cuaso.kernel.durations import Duration
from cuaso.kernel.errors import Invalid
from cuaso.kernel.working_time import (
    CIVIL_CODE_2015,
    Calendar,
    OfficeHours,
    Overrides,
    deadline,
    remaining,
    vietnam_calendar,
    working_days_between,
    working_minutes_between,
)

VIETNAM_YEARS = vietnam_calendar(range(2024, 2030))
moments = st.integers(0, 4 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 6, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
durations = st.builds(
    Duration, st.integers(0, 40), st.sampled_from(["working_day", "working_hour", "day", "month"])
).filter(lambda duration: duration.unit != "month" or duration.amount <= 12)
splittable = st.sampled_from(["working_day", "working_hour"])


def hanoi(day: int, month: int, year: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=VIETNAM)


def due(start: datetime, words: str, *, cut_off: time | None = None) -> datetime:
    found = deadline(start, Duration.parse(words), VIETNAM_YEARS, cut_off=cut_off)
    return found.due_at.astimezone(VIETNAM)


def test_a_moment_at_half_past_midnight_in_hanoi_belongs_to_that_day():
    moment = hanoi(30, 6, 2026, 0, 30)
    assert moment.astimezone(UTC).date() == date(2026, 6, 29)
    assert legal_date(moment) == date(2026, 6, 30)
    assert due(moment, "60 ngày") == hanoi(3, 9, 2026, 17)
    assert due(moment, "trong ngày") == hanoi(30, 6, 2026, 17)


def test_tet_2026_does_not_count():
    for day in range(16, 21):
        assert not VIETNAM_YEARS.is_working_day(date(2026, 2, day))
    assert VIETNAM_YEARS.is_working_day(date(2026, 2, 13))
    assert VIETNAM_YEARS.is_working_day(date(2026, 2, 23))
    assert due(hanoi(13, 2, 2026, 10), "1 ngày làm việc") == hanoi(23, 2, 2026, 17)


def test_the_swapped_saturday_of_august_2026_is_worked():
    assert VIETNAM_YEARS.is_working_day(date(2026, 8, 22))
    assert not VIETNAM_YEARS.is_working_day(date(2026, 8, 31))
    assert VIETNAM_YEARS.working_weekends[date(2026, 8, 22)] == "làm bù cho ngày nghỉ 31/08/2026"
    assert due(hanoi(21, 8, 2026, 9), "1 ngày làm việc") == hanoi(22, 8, 2026, 17)


def test_culture_day_is_a_holiday_from_2026():
    assert VIETNAM_YEARS.is_working_day(date(2025, 11, 24))
    assert not VIETNAM_YEARS.is_working_day(date(2026, 11, 24))
    assert VIETNAM_YEARS.holidays[date(2026, 11, 24)] == "Ngày Văn hóa Việt Nam"


def test_five_working_days_explain_themselves():
    found = deadline(hanoi(13, 11, 2026, 10), Duration(7, "working_day"), VIETNAM_YEARS)
    assert found.due_at == hanoi(25, 11, 2026, 17)
    assert found.steps == (
        "Bắt đầu lúc 10:00 thứ Sáu, ngày 13/11/2026.",
        "Thời hạn là 7 ngày làm việc, không tính ngày bắt đầu.",
        "Không tính 4 ngày nghỉ hằng tuần.",
        "Không tính thứ Ba, ngày 24/11/2026: Ngày Văn hóa Việt Nam.",
        "Hạn hoàn thành là 17:00 thứ Tư, ngày 25/11/2026.",
    )


def test_the_source_of_the_rule_is_named_and_marked_unverified():
    found = deadline(hanoi(13, 11, 2026, 10), Duration(1, "working_day"), VIETNAM_YEARS)
    assert found.source == CIVIL_CODE_2015.source
    assert found.unverified is True


def test_what_comes_in_after_the_cut_off_counts_from_the_next_working_day():
    cut_off = time(15)
    assert due(hanoi(20, 11, 2026, 15), "trong ngày", cut_off=cut_off) == hanoi(20, 11, 2026, 17)
    assert due(hanoi(20, 11, 2026, 15, 1), "trong ngày", cut_off=cut_off) == hanoi(23, 11, 2026, 17)
    found = deadline(
        hanoi(20, 11, 2026, 15, 1), Duration(0, "working_day"), VIETNAM_YEARS, cut_off=cut_off
    )
    assert found.steps[1] == (
        "Thời điểm này sau 15:00, nên thời hạn tính từ 07:00 thứ Hai, ngày 23/11/2026."
    )


def test_a_calendar_deadline_on_a_sunday_moves_to_the_next_working_day():
    found = deadline(hanoi(1, 8, 2026, 9), Duration(29, "day"), VIETNAM_YEARS)
    assert found.due_at == hanoi(3, 9, 2026, 17)
    assert (
        "Ngày cuối cùng là Chủ nhật, ngày 30/08/2026, không làm việc (nghỉ cuối tuần)"
        in (found.steps[2])
    )


def test_working_hours_skip_noon_night_and_week_end():
    assert due(hanoi(20, 11, 2026, 16), "1 giờ làm việc") == hanoi(20, 11, 2026, 17)
    assert due(hanoi(20, 11, 2026, 16), "2 giờ làm việc") == hanoi(23, 11, 2026, 8)
    assert due(hanoi(20, 11, 2026, 11), "1 giờ làm việc") == hanoi(20, 11, 2026, 14)
    assert due(hanoi(21, 11, 2026, 11), "8 giờ làm việc") == hanoi(23, 11, 2026, 17)


@given(moments, durations)
def test_a_deadline_never_falls_on_a_moment_that_is_not_worked(start, duration):
    found = deadline(start, duration, VIETNAM_YEARS)
    assert VIETNAM_YEARS.is_working_moment(found.due_at)
    assert found.due_at >= start


@given(moments, splittable, st.integers(0, 30), st.integers(0, 30))
def test_an_amount_may_be_split(start, unit, one, other):
    whole = deadline(start, Duration(one + other, unit), VIETNAM_YEARS)
    first = deadline(start, Duration(one, unit), VIETNAM_YEARS)
    assert deadline(first.due_at, Duration(other, unit), VIETNAM_YEARS).due_at == whole.due_at


@given(moments, moments, durations)
def test_who_comes_first_is_never_due_later(one, other, duration):
    first, second = sorted((one, other))
    assert (
        deadline(first, duration, VIETNAM_YEARS).due_at
        <= deadline(second, duration, VIETNAM_YEARS).due_at
    )


@given(moments, st.integers(0, 300))
def test_working_hours_measure_what_they_add(start, hours):
    found = deadline(start, Duration(hours, "working_hour"), VIETNAM_YEARS)
    assert working_minutes_between(start, found.due_at, VIETNAM_YEARS) == 60 * hours


@given(moments, moments)
def test_minutes_counted_backwards_are_negative(one, other):
    forth = working_minutes_between(one, other, VIETNAM_YEARS)
    assert working_minutes_between(other, one, VIETNAM_YEARS) == -forth


def test_what_remains_is_said_in_words():
    due_at = hanoi(23, 11, 2026, 17)
    assert remaining(hanoi(20, 11, 2026, 16), due_at, VIETNAM_YEARS).say == (
        "Còn 1 ngày 1 giờ làm việc"
    )
    assert remaining(hanoi(23, 11, 2026, 14, 15), due_at, VIETNAM_YEARS).say == (
        "Còn 2 giờ 45 phút làm việc"
    )
    late = remaining(hanoi(25, 11, 2026, 9), due_at, VIETNAM_YEARS)
    assert (late.minutes, late.late, late.say) == (-120, True, "Quá hạn 2 giờ làm việc")
    assert remaining(hanoi(23, 11, 2026, 18), due_at, VIETNAM_YEARS).say == "Vừa quá hạn"
    assert remaining(due_at, due_at, VIETNAM_YEARS).say == "Đến hạn"


def test_a_storm_day_moves_the_deadline_and_is_named():
    storm = {date(2026, 11, 25): "nghỉ tránh bão theo thông báo của UBND tỉnh"}
    calendar = vietnam_calendar([2026], Overrides(closed=storm))
    found = deadline(hanoi(23, 11, 2026, 9), Duration(1, "working_day"), calendar)
    assert found.due_at == hanoi(26, 11, 2026, 17)
    assert (
        "Không tính thứ Tư, ngày 25/11/2026: nghỉ tránh bão theo thông báo của UBND tỉnh."
        in found.steps
    )


def test_an_override_may_open_a_holiday_and_close_a_swapped_saturday():
    calendar = vietnam_calendar(
        [2026],
        Overrides(
            closed={date(2026, 8, 22): "bão"},
            working={date(2026, 11, 24): "trực giải quyết hồ sơ"},
        ),
    )
    assert not calendar.is_working_day(date(2026, 8, 22))
    assert calendar.is_working_day(date(2026, 11, 24))


def test_a_year_without_a_calendar_is_refused_rather_than_guessed():
    calendar = vietnam_calendar([2026])
    with pytest.raises(Invalid) as refusal:
        deadline(hanoi(31, 12, 2026, 9), Duration(1, "working_day"), calendar)
    assert refusal.value.code == "working_time.year_unknown"
    assert refusal.value.data == {"year": 2027}


def test_an_agency_may_keep_other_hours():
    hours = OfficeHours(morning=(time(8), time(12)), afternoon=None, days=frozenset({0, 2, 5}))
    calendar = vietnam_calendar([2026], hours=hours)
    found = deadline(hanoi(25, 11, 2026, 9), Duration(8, "working_hour"), calendar)
    assert found.due_at == hanoi(30, 11, 2026, 9)
    assert calendar.why_closed(date(2026, 11, 26)) == "cơ quan không làm việc"


def test_hours_that_overlap_are_refused():
    with pytest.raises(Invalid):
        OfficeHours(morning=(time(8), time(14)))
    with pytest.raises(Invalid):
        OfficeHours(morning=None, afternoon=None)


def test_an_agency_that_never_opens_is_refused():
    calendar = Calendar(hours=OfficeHours(days=frozenset()))
    with pytest.raises(Invalid) as refusal:
        deadline(hanoi(25, 11, 2026, 9), Duration(1, "working_day"), calendar)
    assert refusal.value.code == "working_time.never_open"


def test_working_days_are_counted_half_open():
    assert working_days_between(date(2026, 11, 23), date(2026, 11, 26), VIETNAM_YEARS) == 2


def test_a_first_day_that_counts_ends_one_day_sooner():
    rule = type(CIVIL_CODE_2015)(
        first_day_counts=True, end_moves_to_working_day=True, source="thử", unverified=True
    )
    found = deadline(hanoi(25, 11, 2026, 9), Duration(2, "working_day"), VIETNAM_YEARS, rule=rule)
    assert found.due_at == hanoi(26, 11, 2026, 17)
    assert found.due_at - found.start_at == timedelta(days=1, hours=8)
