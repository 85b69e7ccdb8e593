"""A citizen types; each field type takes what people write and says what is wrong."""

import random
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from pydantic import ValidationError

from cuaso.declarations.codes import CodeLine, CodeList, PackLists
from cuaso.declarations.fields import (
    OPTIONS_OF,
    REGISTRY,
    Context,
    Field,
    InventedRecords,
    Option,
    Wrong,
    type_of,
)


def code(value: str, label: str, first: date | None = None, last: date | None = None) -> CodeLine:
    return CodeLine(value, label, label, first, last, "", unverified=False)


SEX = CodeList(
    id="sex",
    title="Giới tính",
    title_en="Sex",
    source="",
    lines=(code("male", "Nam"), code("female", "Nữ"), code("old", "Cũ", last=date(2020, 1, 1))),
)
QUY_NHON = Option(code="21583", label="Phường Quy Nhơn")
LISTS = PackLists({"sex": SEX}, places={"commune": (QUY_NHON,)})
TODAY = Context(today=date(2026, 11, 24), lists=LISTS, records=InventedRecords())
OPTIONS = {
    "choice": {"codes": "sex"},
    "multi_choice": {"codes": "sex"},
    "reference": {"to": "agriculture/fishing_vessel"},
}


def field(**keys: object) -> Field:
    return Field.model_validate({"title": "Ô", **keys})


def typed(text: str, **keys: object) -> object:
    one = field(**keys)
    return type_of(one).parse(one, text, TODAY)


def wrong(text: str, **keys: object) -> str:
    with pytest.raises(Wrong) as caught:
        typed(text, **keys)
    return caught.value.say


@pytest.mark.parametrize(
    ("text", "keys", "value"),
    [
        ("  Nguyễn   Văn\tAn ", {}, "Nguyễn Văn An"),
        ("NGUYỄN VĂN AN", {"normalise": "name"}, "Nguyễn Văn An"),
        ("ab", {"normalise": "upper"}, "AB"),
        ("dòng một \n\n  dòng hai", {"type": "long_text"}, "dòng một\n\ndòng hai"),
        ("052 096 000123", {"type": "code", "number": "personal"}, "052096000123"),
        ("1.234", {"type": "integer"}, 1234),
        ("12,50", {"type": "decimal"}, Decimal("12.50")),
        ("1.500", {"type": "decimal"}, Decimal(1500)),
        ("1.5", {"type": "decimal"}, Decimal("1.5")),
        ("1.234,5", {"type": "decimal"}, Decimal("1234.5")),
        ("150.000 đồng", {"type": "vnd"}, 150_000),
        ("05/07/2025", {"type": "date"}, date(2025, 7, 5)),
        ("5-7-2025", {"type": "date"}, date(2025, 7, 5)),
        ("ngày 5 tháng 7 năm 2025", {"type": "date"}, date(2025, 7, 5)),
        ("2025-07-05", {"type": "date"}, date(2025, 7, 5)),
        (
            "24/11/2031",
            {"type": "date", "not_after": "today + 5 năm"},
            date(2031, 11, 24),
        ),
        (
            "24/12/2026",
            {"type": "date", "not_after": "today + 30 ngày"},
            date(2026, 12, 24),
        ),
        ("05/07/2025 14:30", {"type": "moment"}, datetime(2025, 7, 5, 7, 30, tzinfo=UTC)),
        ("2025-07-05T14:30", {"type": "moment"}, datetime(2025, 7, 5, 7, 30, tzinfo=UTC)),
        ("14 giờ 30 ngày 05/07/2025", {"type": "moment"}, datetime(2025, 7, 5, 7, 30, tzinfo=UTC)),
        ("female", {"codes": "sex"}, "female"),
        ("nu", {"codes": "sex"}, "female"),
        ("Có", {"type": "yes_no"}, True),
        ("X", {"type": "yes_no"}, True),
        ("no", {"type": "yes_no"}, False),
        ("21583", {"type": "place"}, "21583"),
        ("+84 905 123 456", {"type": "phone"}, "0905123456"),
        ("an@example.vn", {"type": "email"}, "an@example.vn"),
        (
            "6BA7B810-9DAD-41D1-80B4-00C04FD430C8",
            {"type": "file"},
            UUID("6ba7b810-9dad-41d1-80b4-00c04fd430c8"),
        ),
    ],
)
def test_what_people_write_becomes_a_typed_value(text, keys, value):
    assert typed(text, **keys) == value


@pytest.mark.parametrize(
    ("text", "keys", "say"),
    [
        ("31/11/2025", {"type": "date"}, "Ô đang là ngày 31/11, tháng 11 chỉ có 30 ngày."),
        ("29/02/2025", {"type": "date"}, "Ô đang là ngày 29/2, tháng 2 năm 2025 chỉ có 28 ngày."),
        ("01/13/2025", {"type": "date"}, "Ô đang là tháng 13, một năm chỉ có 12 tháng."),
        ("01/01/0025", {"type": "date"}, "Ô đang là năm 25, năm phải đủ 4 chữ số và từ 1850."),
        ("hôm qua", {"type": "date"}, "Ô phải viết ngày/tháng/năm, ví dụ 05/07/2025."),
        (
            "25/11/2026",
            {"type": "date", "not_after": "today"},
            "Ô 25/11/2026 không được sau hôm nay 24/11/2026.",
        ),
        (
            "25/11/2031",
            {"type": "date", "not_after": "today + 5 năm"},
            "Ô 25/11/2031 không được sau ngày 24/11/2031.",
        ),
        (
            "25/11/2008",
            {"type": "date", "not_after": "today - 18 năm"},
            "Ô 25/11/2008 không được sau ngày 24/11/2008.",
        ),
        (
            "23/08/2026",
            {"type": "date", "not_before": "today - 3 tháng"},
            "Ô 23/08/2026 không được trước ngày 24/08/2026.",
        ),
        (
            "31/12/2024",
            {"type": "date", "not_before": "2025-01-01"},
            "Ô 31/12/2024 không được trước ngày 01/01/2025.",
        ),
        ("05/07/2025", {"type": "moment"}, "Ô phải có giờ và phút, ví dụ 05/07/2025 14:30."),
        ("05/07/2025 25:00", {"type": "moment"}, "Ô phải có giờ và phút, ví dụ 05/07/2025 14:30."),
        ("ba", {"type": "integer"}, "Ô phải là số nguyên, ví dụ 3."),
        ("0", {"type": "integer", "min": "1"}, "Ô phải từ 1 trở lên."),
        ("51", {"type": "integer", "max": "50"}, "Ô không được quá 50."),
        ("1,234", {"type": "decimal"}, "Ô chỉ nhận 2 chữ số sau dấu phẩy."),
        ("1e5", {"type": "decimal"}, "Ô phải là số, dùng dấu phẩy cho phần thập phân, ví dụ 12,5."),
        ("-5", {"type": "vnd"}, "Ô phải là số đồng, ví dụ 150.000."),
        ("x" * 201, {}, "Ô dài 201 ký tự, nhiều nhất được 200."),
        ("ab", {"min_length": "3"}, "Ô cần ít nhất 3 ký tự."),
        (
            "B1",
            {"pattern": "[A-Z]\\d{2}", "pattern_say": "Ô gồm một chữ và hai số."},
            "Ô gồm một chữ và hai số.",
        ),
        ("khác", {"codes": "sex"}, "Ô “khác” không có trong danh sách. Hãy chọn lại."),
        ("old", {"codes": "sex"}, "Ô “old” không có trong danh sách. Hãy chọn lại."),
        ("maybe", {"type": "yes_no"}, "Ô: hãy chọn Có hoặc Không."),
        (
            "123",
            {"type": "phone"},
            "Ô phải là số ở Việt Nam, 10 hoặc 11 chữ số, ví dụ 0905 123 456.",
        ),
        ("an@vn", {"type": "email"}, "Ô phải có dạng ten@noicungcap.vn."),
        ("abc", {"type": "file"}, "Ô: tệp chưa được tải lên xong. Hãy tải lại."),
        (
            "12",
            {"type": "code", "number": "personal"},
            "Ô “12” chưa đúng. Số định danh cá nhân gồm đúng 12 chữ số.",
        ),
    ],
)
def test_what_does_not_fit_is_said_in_a_full_sentence(text, keys, say):
    assert wrong(text, **keys) == say


@pytest.mark.parametrize("name", sorted(set(OPTIONS_OF) - {"computed"}))
def test_a_value_survives_editing_and_storing_again(name):
    one = field(type=name, **OPTIONS.get(name, {}))
    kind = type_of(one)
    for seed in range(20):
        text = kind.sample(one, random.Random(seed), TODAY)
        if kind.parts(one):
            continue
        if kind.many:
            value: object = tuple(kind.parse(one, part, TODAY) for part in text)
        else:
            assert isinstance(text, str)
            value = kind.parse(one, text, TODAY)
            assert kind.parse(one, kind.edit(one, value), TODAY) == value
        assert kind.load(kind.store(value)) == value
        assert kind.show(one, value, TODAY) != ""


def test_every_declared_type_is_registered_and_no_other():
    assert set(REGISTRY) == set(OPTIONS_OF)


def test_an_option_of_another_type_is_refused_with_the_ones_that_fit():
    with pytest.raises(ValidationError) as caught:
        field(type="integer", pattern="a")
    (error,) = caught.value.errors()
    assert error["ctx"]["what"] == "Mục “pattern” không dùng với kiểu integer."
    assert error["ctx"]["remedy"] == "Có thể dùng: max, min, unit."


def test_a_choice_without_a_list_and_a_pattern_without_words_are_refused():
    with pytest.raises(ValidationError) as caught:
        field(type="choice")
    assert caught.value.errors()[0]["ctx"]["what"] == "Ô chọn thiếu danh mục."
    with pytest.raises(ValidationError) as caught:
        field(pattern="a")
    assert caught.value.errors()[0]["ctx"]["what"] == "Có “pattern” mà thiếu “pattern_say”."


def test_a_list_alone_makes_a_choice():
    assert field(codes="sex").type == "choice"


def test_numbers_are_shown_as_vietnamese_people_write_them():
    one = field(type="decimal", unit="m")
    assert type_of(one).show(one, Decimal("1234.50"), TODAY) == "1.234,50 m"
    money = field(type="vnd")
    assert type_of(money).show(money, 150_000, TODAY) == "150.000 đồng"


def test_a_reader_reads_a_year_without_a_point_and_an_amount_with_one():
    year = Field(title="Năm đóng", type="integer", min="1900", max="2100")
    amount = Field(title="Số suất", type="integer", min="0")
    context = Context(today=date(2026, 11, 26))
    built = Field(title="Năm dựng", type="integer", min="1000", max="2100")
    assert type_of(year).show(year, 2014, context) == "2014"
    assert type_of(built).show(built, 1815, context) == "1815"
    assert type_of(amount).show(amount, 2014, context) == "2.014"


def test_an_official_tries_a_form_and_the_invented_number_fits_a_pattern_of_two_ways():
    series = r"\d{2}[A-Z][A-Z]?-(\d{3}\.\d{2}|\d{4})"
    plate = Field(title="Biển số", type="code", pattern=series, pattern_say="Viết như 77B-012.34.")
    context = Context(lists=PackLists({}), today=date(2026, 3, 2))
    for seed in range(20):
        rolled = str(type_of(plate).sample(plate, random.Random(seed), context))
        assert re.fullmatch(r"\d{2}[A-Z]-\d{3}\.\d{2}", rolled)
        assert type_of(plate).parse(plate, rolled, context) == rolled
