from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuaso.kernel.errors import Invalid
from cuaso.kernel.periods import Month, Period, Quarter, Week, Year, add_months

days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
typed = st.one_of(
    st.builds(Year, st.integers(1990, 2090)),
    st.builds(Quarter, st.integers(1990, 2090), st.integers(1, 4)),
    st.builds(Month, st.integers(1990, 2090), st.integers(1, 12)),
    st.builds(Week, st.integers(1990, 2090), st.integers(1, 52)),
)


def test_the_last_day_of_the_old_province_is_inside_and_the_next_is_not():
    old = Period(None, date(2025, 7, 1))
    assert old.contains(date(2025, 6, 30))
    assert not old.contains(date(2025, 7, 1))
    assert str(old) == "đến hết 30/06/2025"
    assert str(Period(date(2025, 7, 1))) == "từ 01/07/2025"


@given(days, days, st.integers(1, 400), st.integers(1, 400))
def test_periods_overlap_when_they_share_a_day(one, other, length, other_length):
    first = Period(one, one + timedelta(days=length))
    second = Period(other, other + timedelta(days=other_length))
    shared = any(second.contains(one + timedelta(days=step)) for step in range(length))
    assert first.overlaps(second) == second.overlaps(first) == shared


def test_neighbours_do_not_overlap():
    change = date(2025, 7, 1)
    assert not Period(None, change).overlaps(Period(change))


def test_an_empty_period_is_refused():
    with pytest.raises(Invalid):
        Period(date(2025, 7, 1), date(2025, 7, 1))


@given(typed)
def test_a_written_period_reads_back(period):
    assert type(period).parse(str(period)) == period


@given(typed)
def test_the_next_period_begins_where_this_one_ends(period):
    assert period.next().period.start == period.period.end


@pytest.mark.parametrize(
    ("kind", "text", "start"),
    [
        (Year, "2026", date(2026, 1, 1)),
        (Quarter, "Quý 3/2026", date(2026, 7, 1)),
        (Quarter, "2026-Q3", date(2026, 7, 1)),
        (Month, "2026-03", date(2026, 3, 1)),
        (Month, "03/2026", date(2026, 3, 1)),
        (Week, "2026-W01", date(2025, 12, 29)),
    ],
)
def test_a_period_is_read_as_people_write_it(kind, text, start):
    assert kind.parse(text).period.start == start


@pytest.mark.parametrize(
    ("kind", "text"), [(Year, "26"), (Quarter, "5/2026"), (Month, "13/2026"), (Week, "54/2026")]
)
def test_no_such_period_is_refused(kind, text):
    with pytest.raises(Invalid) as refusal:
        kind.parse(text)
    assert refusal.value.code == "periods.unreadable"


def test_a_month_later_ends_on_the_last_day_when_the_day_is_missing():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2026, 11, 15), 2) == date(2027, 1, 15)
