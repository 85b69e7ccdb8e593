"""Workbooks of Excel until 2003, which departments still hand on (XLS)."""

from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
import xlwt

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.capabilities.registries.logic.exchanging.formats import xls_in
from cuaso.capabilities.registries.logic.exchanging.formats.lines import Line
from cuaso.capabilities.registries.logic.exchanging.formats.opening import opened
from cuaso.capabilities.registries.tests.test_sheets import KEY, TITLES, line, read
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid

AGAIN = "Hãy mở bằng phần mềm bảng tính, lưu lại ở dạng .xlsx rồi nhập lại."


def _style(shown):
    style = xlwt.XFStyle()
    style.num_format_str = shown
    return style


def _made(fill):
    book = xlwt.Workbook()
    fill(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _read(content):
    return [(one.name, one.remarks, list(one.read())) for one in opened(BytesIO(content))]


def _refused(content):
    with pytest.raises(Invalid) as refusal:
        _read(content)
    return refusal.value.why, refusal.value.mend


def test_a_clerk_imports_a_workbook_of_the_old_kind_and_every_cell_is_read_as_it_is_shown():
    def fill(book):
        sheet = book.add_sheet("Tàu cá")
        for at, heading in enumerate(("Số hiệu", "Ngày", "Lúc", "Dài", "Còn", "Lỗi")):
            sheet.write(0, at, heading)
        sheet.write(2, 0, "=1+1")
        sheet.write(2, 1, date(2025, 7, 5), _style("dd/mm/yyyy"))
        sheet.write(2, 2, datetime(2025, 7, 5, 8, 30), _style("dd/mm/yyyy hh:mm"))  # noqa: DTZ001
        sheet.write(2, 3, 12.5)
        sheet.write(2, 4, True)
        sheet.write(3, 0, "Quy Nho\u031bn")
        sheet.write(3, 3, 52_000_000_000)
        sheet.write(3, 4, False)

    assert _read(_made(fill)) == [
        (
            "Tàu cá",
            (),
            [
                Line(1, ["Số hiệu", "Ngày", "Lúc", "Dài", "Còn", "Lỗi"]),
                Line(3, ["=1+1", "05/07/2025", "05/07/2025 08:30", "12,5", "Có"]),
                Line(4, ["Quy Nhơn", "", "", "52000000000", "Không"]),
            ],
        )
    ]


def test_a_clerk_imports_an_old_workbook_with_merged_cells_and_a_hidden_sheet():
    def fill(book):
        sheet = book.add_sheet("Danh sách")
        sheet.write(0, 0, "Xã")
        sheet.write(0, 1, "Tên")
        sheet.write_merge(1, 2, 0, 0, "Nhơn Châu")
        sheet.write(1, 1, "An")
        sheet.write(2, 1, "Bình")
        book.add_sheet("Nháp").visibility = 1

    assert _read(_made(fill)) == [
        (
            "Danh sách",
            ("1 vùng ô gộp được đọc như ghi cùng một giá trị ở mọi ô trong vùng.",),
            [Line(1, ["Xã", "Tên"]), Line(2, ["Nhơn Châu", "An"]), Line(3, ["Nhơn Châu", "Bình"])],
        )
    ]


def test_a_clerk_imports_an_old_workbook_in_which_a_cell_holds_an_error():
    def fill(book):
        sheet = book.add_sheet("Danh sách")
        sheet.write(0, 0, "Tên")
        sheet.row(1).set_cell_error(0, "#REF!")

    ((_, _, lines),) = _read(_made(fill))
    assert lines[1] == Line(2, [""], {0: "Ô mang lỗi #REF! của bảng tính. Hãy sửa ô này."})


def _plain(book):
    book.add_sheet("Danh sách").write(0, 0, "Tên")


def test_a_clerk_imports_an_old_workbook_with_a_program_in_it():
    content = _made(_plain) + "_VBA_PROJECT".encode("utf-16-le")
    assert _refused(content) == ("Bảng tính có chương trình (macro).", AGAIN)


def test_a_clerk_imports_a_workbook_under_a_password():
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert _refused(content) == (
        "Bảng tính có mật khẩu.",
        "Hãy bỏ mật khẩu, lưu lại ở dạng .xlsx rồi nhập lại.",
    )


def test_a_clerk_imports_an_old_workbook_larger_than_is_read(monkeypatch):
    monkeypatch.setattr(xls_in, "MOST_BYTES", 2 * 1024**2)
    content = _made(_plain).ljust(3 * 1024**2, b"\0")
    assert _refused(content) == ("Tệp .xls đời cũ lớn 3 MB, quá 2 MB.", AGAIN)


def _long(book):
    sheet = book.add_sheet("Danh sách")
    for row in range(500):
        sheet.write(row, 0, f"Tàu {row}")


def test_a_clerk_imports_an_old_workbook_cut_anywhere_and_no_row_is_lost_in_silence():
    content = _made(_long)
    for size in range(4, len(content), 997):
        why, mend = _refused(content[:size])
        assert why.startswith("Bảng tính hỏng (")
        assert mend == AGAIN


def test_a_clerk_imports_an_old_workbook_with_any_byte_damaged_and_never_meets_a_fault():
    content = bytearray(_made(_plain))
    sheets = set()
    for at in range(0, len(content), 13):
        with suppress(Invalid):
            sheets.add(len(_read(bytes([*content[:at], content[at] ^ 0xFF, *content[at + 1 :]]))))
    assert sheets == {1}


def test_a_department_brings_an_old_workbook_in_and_it_is_read_again_from_the_file_kept(
    department: Actor,
) -> None:
    rows: list[list[object]] = [[*TITLES], line(1), line(2, length="abc"), line(3)]

    def fill(book: Any) -> None:
        sheet = book.add_sheet("Tàu cá")
        for row, cells in enumerate(rows):
            for at, cell in enumerate(cells):
                sheet.write(row, at, cell)

    report = read(BytesIO(_made(fill)), department, "tau-ca.xls")
    assert (report.rows, report.added, report.bad) == (3, 2, 1), report.faults
    done = registries.apply_sheet(batch_id=report.id, actor=department, partly=True)
    assert done.added == 2
    page = registries.list_records(registry=KEY, query=ListQuery(), actor=department)
    assert len(page.rows) == 2
    name, _ = registries.sheet_answer(batch_id=report.id, actor=department)
    assert name == "tau-ca - lỗi.xlsx"
