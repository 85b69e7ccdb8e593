"""A clerk's sheet as it lies in the drawer: rows of sums, old fonts, words almost right."""

import io
from collections.abc import Callable, Sequence
from typing import Final

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.capabilities.registries.logic.exchanging.formats import old_letters
from cuaso.capabilities.registries.logic.exchanging.formats.lines import Line
from cuaso.capabilities.registries.logic.exchanging.formats.sums import Sums
from cuaso.capabilities.registries.tests.test_sheets import KEY, TITLES, book, count, line, read
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict

EMPTY: Final = ["", "", "", ""]
NAMES: Final = ("Cầu Gành", "Đường Nguyễn Huệ", "Lưới vây ĐẮK LẮK", "Ông Ỷ, ở xã Ỹ Ỵ, thường trú")
LETTERS: Final = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
LINE_OF_SUMS: Final = "Không đọc như bản ghi vì là dòng cộng: dòng {} (“{}”)."

REFUSED: Final = (
    "Ô viết bằng phông {}: “{}” là “Cầu Gành”."
    " Hãy chọn đổi sang Unicode rồi đọc lại, hoặc đổi phông trong tệp."
)


def in_tcvn3(text: str) -> str:
    old = {new: sign for sign, new in old_letters._TCVN3.items()}
    return "".join(old.get(sign, sign) for sign in text)


def in_vni(text: str) -> str:
    old: dict[str, str] = {}
    for pair, new in old_letters._VNI.items():
        old.setdefault(new, pair)
    return "".join(old.get(sign, sign) for sign in text)


@pytest.mark.parametrize(
    ("sums", "called"),
    [
        (["", "Tổng cộng", *EMPTY, "", ""], "Tổng cộng"),
        (["", "TỔNG SỐ:", "", "", "", "29", "", ""], "TỔNG SỐ:"),
        (["Tong cong", "Tong cong", "", "", "", "1.029,5", "", ""], "Tong cong"),
        (["", "", "Cộng: 2 tàu", "", "", "-", "", ""], "Cộng: 2 tàu"),
    ],
)
def test_kt_e5_a_clerk_leaves_the_row_of_sums_in_and_it_is_no_record(
    department: Actor, sums: list[object], called: str
) -> None:
    report = read(book([TITLES, line(1), line(2, name="Cộng Hòa"), sums]), department)
    assert (report.rows, report.added, report.bad) == (2, 2, 0), report.faults
    assert report.remarks == (LINE_OF_SUMS.format(4, called),)
    done = registries.apply_sheet(batch_id=report.id, actor=department)
    assert (done.added, count("r_harbour_vessel")) == (2, 2)
    assert done.remarks == report.remarks


@pytest.mark.parametrize(
    "cells",
    [
        ["Cộng Hòa", "120", "45"],
        ["Cộng", "120", "45"],
        ["Tổng Dậu", "", ""],
        ["Tong", "3", ""],
        ["", "Cộng", "Nguyễn Văn Tám"],
        ["", "Cộng Hòa", "12"],
        ["", "120", "45"],
        ["T01", "Tổng cộng", ""],
    ],
)
def test_a_village_whose_name_begins_as_a_sum_is_kept(cells: list[str]) -> None:
    sums, given = Sums([0]), Line(9, cells)
    assert list(sums.left_out(iter([given]))) == [given]
    assert (sums.found, sums.said()) == ([], "")


def test_a_row_of_sums_is_left_out_of_no_sheet_whose_key_is_unknown() -> None:
    given = Line(9, ["", "Tổng cộng", "12"])
    assert list(Sums(None).left_out(iter([given]))) == [given]
    assert list(Sums([0]).left_out(iter([given]))) == []


@pytest.mark.parametrize(("font", "write"), [("tcvn3", in_tcvn3), ("vni", in_vni)])
def test_every_letter_of_an_old_font_comes_back(font: str, write: Callable[[str], str]) -> None:
    assert old_letters.converted(write(LETTERS), font) == LETTERS
    for name in (*NAMES[:2], NAMES[3]):
        assert old_letters.converted(write(name), font) == name
    if font == "vni":
        assert old_letters.converted(write(LETTERS.upper()), font) == LETTERS.upper()


def test_old_fonts_are_read_by_their_published_tables() -> None:
    assert old_letters.converted("CÇu Gµnh", "tcvn3") == "Cầu Gành"
    assert old_letters.converted("§­êng NguyÔn HuÖ", "tcvn3") == "Đường Nguyễn Huệ"
    assert old_letters.converted("GIÊY CHøNG NHËN", "tcvn3") == "GIẤY CHỨNG NHẬN"
    assert old_letters.converted("Caàu Gaønh", "vni") == "Cầu Gành"
    assert old_letters.converted("ÑÖÔØNG NGUYEÃN HUEÄ", "vni") == "ĐƯỜNG NGUYỄN HUỆ"
    assert old_letters.converted("Thò xaõ Kyø Anh, tænh Haø Tónh", "vni") == (
        "Thị xã Kỳ Anh, tỉnh Hà Tĩnh"
    )


@pytest.mark.parametrize(
    "texts",
    [
        [
            "Où est la forêt où l'élève est né à Noël",
            "thé, goût, août",
            "René, garçon, leçon, maïs",
        ],
        ["Müller, schön, hören über", "Straße größe München", "Köln für böse Mädchen"],
        ["A façade, a naïve résumé", "Zoë's café", "5 µm, 10 m², 50°, £5, © 2024, «new»"],
        ["Xã Nhơn Lý, phường Quy Nhơn", "Bình Định", "Hà Tân Lý", "Côn Đảo, có, cú, là, xã"],
        ["Ta\u0302y So\u031bn", "Bi\u0300nh", "Ha\u0300 Ti\u0303nh", "La\u0300 co\u0301"],
        ["Hµ"],
        ["HµHµ", "100 Hµ"],
    ],
)
def test_plain_vietnamese_french_german_and_english_are_no_old_font(texts: Sequence[str]) -> None:
    letters = old_letters.ColumnLetters()
    letters.learn(texts)
    assert letters.font == ""
    assert [letters.told(text) for text in texts] == [""] * len(texts)


@pytest.mark.parametrize(
    ("write", "font"),
    [(in_tcvn3, "TCVN3 (.VnTime)"), (in_vni, "VNI-Windows (VNI-Times)")],
)
def test_kt_e5_a_clerk_sees_text_of_an_old_font_by_row_and_chooses_its_conversion(
    department: Actor, write: Callable[[str], str], font: str
) -> None:
    old = write("Cầu Gành")
    rows = [
        line(1, name=old, gear=write("Lưới vây")),
        line(2, name=write("Đường Huệ")),
        line(3, name="Hải Âu, Bình"),
    ]
    report = read(book([TITLES, *rows]), department)
    assert (report.rows, report.added, report.bad, report.letters) == (3, 1, 2, "old")
    first = report.faults[0]
    assert (first.line, first.heading, first.say) == (
        2,
        "Tên tàu",
        REFUSED.format(font, old),
    )
    assert [(one.line, one.heading) for one in report.faults] == [
        (2, "Tên tàu"), (2, "Nghề"), (3, "Tên tàu"),
    ]  # fmt: skip
    assert report.remarks[0] == (
        f"Cột “Tên tàu” có 2 ô viết bằng phông {font}, chưa đổi sang Unicode;"
        f" ví dụ dòng 2: “{old}” là “Cầu Gành”."
    )
    with pytest.raises(Conflict):
        registries.apply_sheet(batch_id=report.id, actor=department)
    assert count("r_harbour_vessel") == count("registries_change") == 0

    again = registries.map_sheet(
        batch_id=report.id, columns={}, codes={}, actor=department, remember=False, convert=True
    )
    assert (again.added, again.bad, again.letters) == (3, 0, "converted"), again.faults
    assert again.remarks[0].startswith(f"Cột “Tên tàu” có 2 ô viết bằng phông {font}, đã đổi sang")
    registries.apply_sheet(batch_id=report.id, actor=department)
    page = registries.list_records(registry=KEY, query=ListQuery(), actor=department)
    assert [row.cells[1].text for row in page.rows] == ["Cầu Gành", "Đường Huệ", "Hải Âu, Bình"]


def test_rows_of_an_old_font_are_told_among_rows_in_unicode() -> None:
    letters = old_letters.ColumnLetters()
    letters.learn(["Lưới vây", "Cầu Gành", "Bình Định", "CÇu Gµnh", "L­íi v©y", "Bến Café"])
    told = [letters.told(one) for one in ("Bình", "Lưới vây", "Cầu", "Café", "CÇu Gµnh", "v©y")]
    assert told == ["", "", "", "", "Cầu Gành", "vây"]


def test_a_department_brings_csv_of_an_old_font_with_its_headings(department: Actor) -> None:
    rows: list[Sequence[object]] = [TITLES, line(1, name="Cầu Gành"), line(2, name="Thường trú")]
    text = "\r\n".join(";".join(in_tcvn3(str(cell)) for cell in row) for row in rows)
    report = registries.read_sheet(
        registry=KEY,
        file=io.BytesIO(text.encode("cp1252")),
        file_name="tau.csv",
        actor=department,
        convert=True,
    )
    assert (report.added, report.bad, report.letters) == (2, 0, "converted"), report.faults
    registries.apply_sheet(batch_id=report.id, actor=department)
    page = registries.list_records(registry=KEY, query=ListQuery(), actor=department)
    assert [row.cells[1].text for row in page.rows] == ["Cầu Gành", "Thường trú"]
    assert [row.cells[0].text for row in page.rows] == ["BĐ-00001-TS", "BĐ-00002-TS"]


def test_a_clerk_is_named_the_nearest_entries_of_a_list(department: Actor) -> None:
    rows = [
        line(1, gear="luoi vai"),
        line(2, commune="Phuong Quy Nhom"),
        line(3, gear="zzz"),
        line(4, gear="câu"),
    ]
    report = read(book([TITLES, *rows]), department)
    said = [(one.line, one.heading, one.say) for one in report.faults]
    assert said[0] == (
        2,
        "Nghề",
        "Nghề “luoi vai” không có trong danh sách. Hãy chọn lại. Gần nhất: “Lưới vây”.",
    )
    assert said[1][2].startswith(
        "Nơi đăng ký “Phuong Quy Nhom” không có trong danh sách. Hãy chọn lại."
        " Gần nhất: “Phường Quy Nhơn”"
    )
    assert said[2][2] == "Nghề “zzz” không có trong danh sách. Hãy chọn lại."


def test_kt_e5_a_clerk_brings_in_the_results_of_a_survey_whose_questions_stand_in_groups(
    department: Actor,
) -> None:
    answers = {
        "start": "2026-01-02T08:00:00.000+07:00",
        "tau/number": "BĐ-00001-TS",
        "tau/chu/owner/full_name": "Võ Thị Hạ Lam",
        "tau/chu/owner/personal_number": "052192000001",
        "tau/chu/owner/birth_date": "1992-02-10",
        "tau/length": "14.5",
        "tau/gear": "vay",
        "tau/gear/commune": "1",
        "tau/commune": "21583",
        "_id": 99,
        "_uuid": "5bd5c0b0-8f0c-4d4a-9d5e-1a2b3c4d5e6f",
        "_submission_time": "2026-01-02T01:05:00",
        "_index": 1,
    }
    report = read(book([list(answers), list(answers.values())]), department, "kobo.xlsx")
    assert (report.rows, report.added, report.bad) == (1, 1, 0), report.faults
    assert {one.heading: one.path for one in report.columns if one.path} == {
        "tau/number": "number",
        "tau/chu/owner/full_name": "owner.full_name",
        "tau/chu/owner/personal_number": "owner.personal_number",
        "tau/chu/owner/birth_date": "owner.birth_date",
        "tau/length": "length",
        "tau/gear": "gear",
        "tau/commune": "commune",
    }
    done = registries.apply_sheet(batch_id=report.id, actor=department)
    assert (done.added, count("r_harbour_vessel")) == (1, 1)
