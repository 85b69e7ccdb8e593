from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from cuaso.channels.design.templatetags import plainly

LATE_EVENING = datetime(2026, 11, 17, 17, 30, tzinfo=UTC)  # 0:30 on the 18th in Vietnam


def test_a_reader_sees_the_day_of_vietnam_half_an_hour_after_midnight():
    assert plainly.day(LATE_EVENING) == "18/11/2026"
    assert plainly.moment(LATE_EVENING) == "0 giờ 30, thứ Tư 18/11/2026"
    assert plainly.long_day(LATE_EVENING) == "Thứ Tư, 18/11/2026"


def test_a_reader_of_english_sees_english_days():
    with translation.override("en"):
        assert plainly.moment(LATE_EVENING) == "00:30, 18 November 2026"
        assert plainly.long_day(date(2026, 11, 18)) == "Wednesday, 18 November 2026"


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 byte"),
        (1023, "1023 byte"),
        (2048, "2 KB"),
        (412_345, "0,4 MB"),
        (3 * 1024**3, "3 GB"),
    ],
)
def test_a_reader_sees_sizes_in_the_units_of_people(size, said):
    assert plainly.size(size) == said


def test_a_reader_sees_money_with_dots_and_the_word_dong():
    assert plainly.vnd(1_250_000) == "1.250.000 đồng"
    assert plainly.vnd(None) == ""


def test_an_id_of_an_input_has_only_letters_digits_and_dashes():
    assert plainly.anchor("copies.0.full_name") == "f-copies-0-full-name"


def test_options_come_as_pairs_whatever_their_shape():
    @dataclass(frozen=True)
    class Code:
        code: str
        label: str
        label_en: str = ""

    assert plainly.pairs({"1": "Một"}) == [("1", "Một")]
    assert plainly.pairs([("1", "Một")]) == [("1", "Một")]
    assert plainly.pairs([Code("f", "Nữ", "Female")]) == [("f", "Nữ")]
    with translation.override("en"):
        assert plainly.pairs([Code("f", "Nữ", "Female")]) == [("f", "Female")]


def test_what_was_typed_cannot_leave_its_field():
    page = Template(
        '{% load plainly %}<input value="{{ typed|plain_value }}">{% icon name %}'
    ).render(Context({"typed": '"><script>', "name": '"><script>'}))
    assert "<script>" not in page


def test_a_quick_filter_offers_what_some_record_has_and_what_is_chosen():
    choices = [
        Counted(code="a", label="<Lưới kéo>", count=3),
        Counted(code="b", label="Lưới vây", count=0),
        Counted(code="c&", label="Câu", count=0),
        Counted(code="d", label="Nghề khác rất dài", count=1000, more=True),
        Counted(code="e", label="Không đếm", count=None),
    ]
    assert plainly.counted_options(choices, "c&", 12) == (
        '<option value="a">&lt;Lưới kéo&gt; (3)</option>'
        '<option value="c&amp;" selected>Câu (0)</option>'
        '<option value="d">Nghề khác r… (1000+)</option>'
        '<option value="e">Không đếm</option>'
    )


@dataclass(frozen=True, kw_only=True)
class Counted:
    code: str
    label: str
    count: int | None
    more: bool = False
