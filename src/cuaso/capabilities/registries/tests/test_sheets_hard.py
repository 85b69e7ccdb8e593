"""Sheets as offices have them: every bad row is told, no good row is lost."""

import io
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import pytest
from openpyxl import Workbook

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery, RowView
from cuaso.capabilities.registries.tests.conftest import official
from cuaso.capabilities.registries.tests.test_sheets import KEY, TITLES, count, line, read
from cuaso.kernel.actors import Actor

ROWS: Final = 2_000
EVERY: Final = 33
WRONG: Final[Sequence[tuple[dict[str, object], str, str]]] = (
    (
        {"length": "dài"},
        "Chiều dài lớn nhất",
        "Chiều dài lớn nhất phải là số, dùng dấu phẩy cho phần thập phân, ví dụ 12,5.",
    ),
    ({"gear": "lạ"}, "Nghề", "Nghề “lạ” không có trong danh sách. Hãy chọn lại."),
    (
        {"birth_date": "31/02/1990"},
        "Chủ tàu: Ngày sinh",
        "Ngày sinh đang là ngày 31/2, tháng 2 năm 1990 chỉ có 28 ngày.",
    ),
)
DAYS: Final = ("10/02/1992", "1992-02-10", "10-2-1992", 33644, date(1992, 2, 10))


def rows(extra: int = 0) -> list[list[object]]:
    """Return lines of which every 33rd is wrong; days come in all the ways of spreadsheets."""
    made: list[list[object]] = []
    for number in range(1, ROWS + 1):
        other: dict[str, object] = {"birth_date": DAYS[number % len(DAYS)]} if extra else {}
        if number % EVERY == 0:
            other |= WRONG[number // EVERY % 3][0]
        made.append(line(number, **other))
    return made


def told(first: int) -> list[tuple[int, str, str]]:
    """Return what is to be said, where the first record stands in line `first`."""
    found = []
    for number in range(EVERY, ROWS + 1, EVERY):
        _, heading, say = WRONG[number // EVERY % 3]
        found.append((first - 1 + number, heading, say))
    return found


BAD: Final = ROWS // EVERY
GOOD: Final = ROWS - BAD


def workbook() -> io.BytesIO:
    """Return the lines under a title, with a formula never computed, an error, a text that is a
    formula in disguise, a day with a time, and merged cells.
    """
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["DANH SÁCH TÀU CÁ"])
    sheet.append([])
    sheet.append(TITLES)
    for one in rows(extra=1):
        sheet.append(one)
    sheet["B5"] = "=1+1"
    sheet["B6"] = "#N/A"
    sheet["B7"] = '\'=HYPERLINK("http://xau.example","Bấm")'
    sheet["E8"] = datetime(1992, 2, 10)  # noqa: DTZ001 a spreadsheet's
    sheet.merge_cells("A1:H1")
    for row in range(20, 30):
        sheet.cell(row=row, column=8).value = "Phường Quy Nhơn" if row == 20 else None
    sheet.merge_cells("H20:H29")
    file = io.BytesIO()
    made.save(file)
    return file


def test_a_department_brings_a_workbook_with_everything_that_spreadsheets_do(
    department: Actor,
) -> None:
    file = workbook()
    report = read(file, department)
    assert (report.rows, report.added, report.bad) == (ROWS, GOOD - 2, BAD + 2)
    assert report.remarks == ("2 vùng ô gộp được đọc như ghi cùng một giá trị ở mọi ô trong vùng.",)
    said = [(one.line, one.heading, one.say) for one in report.faults]
    assert said[:2] == [
        (5, "Tên tàu", "Ô là công thức chưa có giá trị. Hãy dán lại dạng giá trị."),
        (6, "Tên tàu", "Ô mang lỗi #N/A của bảng tính. Hãy sửa ô này."),
    ]
    assert said[2:] == told(4)
    done = registries.apply_sheet(batch_id=report.id, actor=department, partly=True)
    assert (done.added, count("r_harbour_vessel")) == (GOOD - 2, GOOD - 2)
    page = registries.list_records(
        registry=KEY, query=ListQuery(words="BĐ-00004-TS"), actor=department
    )
    name = '=HYPERLINK("http://xau.example","Bấm")'
    assert [row.cells[1].text for row in page.rows] == [name]
    record = registries.record(registry=KEY, id=page.rows[0].id, actor=department)
    assert record.value("owner.birth_date") == "1992-02-10"
    _, _, content = registries.export(registry=KEY, query=ListQuery(), kind="csv", actor=department)
    out = b"".join(content).decode()
    assert f'''"'{name.replace('"', '""')}"''' in out
    again = read(io.BytesIO(out.encode()), department, "tau.csv")
    assert (again.rows, again.same, again.bad) == (GOOD - 2, GOOD - 2, 0)


@pytest.mark.parametrize("encoding", ["utf-16", "cp1258", "utf-8"])
def test_a_department_brings_csv_in_the_wrong_encoding(department: Actor, encoding: str) -> None:
    sheet: list[list[object]] = [[*TITLES], *rows()]
    text = "\r\n".join(";".join(map(str, row)) for row in sheet)
    content = in_1258(text) if encoding == "cp1258" else text.encode(encoding)
    report = read(io.BytesIO(content), department, "tau.csv")
    assert (report.rows, report.added, report.bad) == (ROWS, GOOD, BAD)
    assert [(one.line, one.heading, one.say) for one in report.faults] == told(2)
    done = registries.apply_sheet(batch_id=report.id, actor=department, partly=True)
    assert (done.added, count("r_harbour_vessel")) == (GOOD, GOOD)
    page = registries.list_records(registry=KEY, query=ListQuery(size=1), actor=department)
    assert page.rows[0].cells[1].text == "Hải Âu 1"


def in_1258(text: str) -> bytes:
    """Return a text as Windows-1258 writes it: letters with their shape, tones behind."""
    known: dict[str, bytes] = {}
    for letter in set(text):
        try:
            known[letter] = letter.encode("cp1258")
        except UnicodeEncodeError:
            known[letter] = _with_tone(letter)
    return b"".join(map(known.__getitem__, text))


def _with_tone(letter: str) -> bytes:
    parts = unicodedata.normalize("NFD", letter)
    tone = next(one for one in parts if one in "\u0300\u0301\u0303\u0309\u0323")
    return (unicodedata.normalize("NFC", parts.replace(tone, "")) + tone).encode("cp1258")


def sheet_of(lines: list[list[object]]) -> io.BytesIO:
    every: list[list[object]] = [[*TITLES], *lines]
    return io.BytesIO("\r\n".join(";".join(map(str, row)) for row in every).encode())


def listed(actor: Actor) -> Sequence[RowView]:
    return registries.list_records(registry=KEY, query=ListQuery(size=50), actor=actor).rows


def test_a_department_brings_the_month_after_and_only_what_differs_is_written(
    department: Actor,
) -> None:
    first = [line(number) for number in range(1, 41)]
    report = read(sheet_of(first), department, "thang-1.csv")
    registries.apply_sheet(batch_id=report.id, actor=department)
    ids = {row.cells[0].text: row.id for row in listed(department)}
    leader = official("ubnd-21583", "leader")
    registries.move(registry=KEY, id=ids["BĐ-00003-TS"], to="register", actor=leader)
    month = [line(number) for number in range(1, 43)]
    month[0] = line(1, name="")
    month[1] = line(2, length="15,0")
    report = read(sheet_of(month), department, "thang-2.csv")
    # A name that is blank now is taken away; 15 m needs a device that the sheet does not name.
    assert (report.added, report.changed, report.same, report.bad) == (2, 1, 38, 1)
    done = registries.apply_sheet(batch_id=report.id, actor=department, partly=True)
    assert (done.added, done.changed) == (2, 1)
    now = {row.cells[0].text: [cell.text for cell in row.cells] for row in listed(department)}
    assert (now["BĐ-00001-TS"][1], now["BĐ-00002-TS"][3]) == ("", "14,5 m")
    kept = registries.record(registry=KEY, id=ids["BĐ-00003-TS"], actor=department)
    assert kept.value("status") == "dang_ky"
    told = registries.history(registry=KEY, id=ids["BĐ-00004-TS"], actor=department)
    assert [one.origin for one in told] == ["import"]
