import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuaso.kernel.durations import Duration
from cuaso.kernel.errors import Invalid
from cuaso.kernel.money import format_vnd, parse_vnd, words_vnd

durations = st.builds(
    Duration,
    st.integers(0, 9999),
    st.sampled_from(["working_day", "working_hour", "day", "month", "year"]),
)


@given(durations)
def test_a_written_duration_reads_back(duration):
    assert Duration.parse(str(duration)) == duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("5 ngày làm việc", Duration(5, "working_day")),
        ("05  Ngày làm việc", Duration(5, "working_day")),
        ("8 giờ làm việc", Duration(8, "working_hour")),
        ("60 ngày", Duration(60, "day")),
        ("3 tháng", Duration(3, "month")),
        ("1 năm", Duration(1, "year")),
        ("Ngay trong ngày", Duration(0, "working_day")),
    ],
)
def test_a_duration_is_read_as_people_write_it(text, duration):
    assert Duration.parse(text) == duration


@pytest.mark.parametrize("text", ["", "5", "ngày", "-5 ngày", "1,5 ngày", "5 tuần trăng", "٥ ngày"])
def test_an_unreadable_duration_says_how_to_write_it(text):
    with pytest.raises(Invalid) as refusal:
        Duration.parse(text)
    assert refusal.value.code == "durations.unreadable"
    assert "5 ngày làm việc" in refusal.value.mend


def test_english_words_know_the_plural():
    assert Duration(1, "working_day").english == "1 working day"
    assert Duration(8, "working_hour").english == "8 working hours"


@given(st.integers(0, 10**15))
def test_written_money_reads_back(amount_vnd):
    assert parse_vnd(format_vnd(amount_vnd)) == amount_vnd


@pytest.mark.parametrize(
    "text", ["150.000 đồng", "150000", "150,000 VND", "150 000đ", "150.000 ₫", "150.000đ"]
)
def test_money_is_read_as_people_write_it(text):
    assert parse_vnd(text) == 150_000


@pytest.mark.parametrize("text", ["", "-5 đồng", "1.50 đồng", "1.000,5 đồng", "10 USD", "1.0000"])
def test_money_with_a_fraction_or_a_sign_is_refused(text):
    with pytest.raises(Invalid) as refusal:
        parse_vnd(text)
    assert refusal.value.code == "money.unreadable"


@pytest.mark.parametrize(
    ("amount_vnd", "said"),
    [
        (0, "Không đồng"),
        (10, "Mười đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (105, "Một trăm linh năm đồng"),
        (1_005, "Một nghìn không trăm linh năm đồng"),
        (8_000, "Tám nghìn đồng"),
        (150_000, "Một trăm năm mươi nghìn đồng"),
        (2_000_000_015, "Hai tỷ không trăm mười lăm đồng"),
        (10**12, "Một nghìn tỷ đồng"),
        (-1_000, "Âm một nghìn đồng"),
    ],
)
def test_money_is_said_in_words(amount_vnd, said):
    assert words_vnd(amount_vnd) == said
