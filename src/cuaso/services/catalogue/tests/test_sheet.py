"""An administrator imports the export as a spreadsheet: plain, merged, damaged, hostile."""

from datetime import date, datetime

import pytest
from openpyxl import Workbook

from cuaso.kernel.actors import system
from cuaso.kernel.errors import Invalid
from cuaso.services.catalogue import api as catalogue
from cuaso.services.catalogue.logic.opening import opened
from cuaso.services.catalogue.models import PublishedVersion
from cuaso.services.catalogue.tests.exports import (
    EXCERPT,
    real_records,
    repacked,
    rows,
    saved,
    workbook,
)

pytestmark = pytest.mark.django_db
ADMINISTRATOR = system("Người quản trị")
HEADER = ["ma_thu_tuc", "ten_thu_tuc", "linh_vuc"]
GOOD = ["1.999001", "Thủ tục thử", "Hộ tịch"]
SHEET, LINKS = "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"


@pytest.fixture
def bring(tmp_path):
    """Return who writes a spreadsheet to a file and imports it."""

    def bring_in(content: bytes):
        path = tmp_path / "danh-muc.xlsx"
        path.write_bytes(content)
        return catalogue.import_file(path=path, actor=ADMINISTRATOR)

    return bring_in


def exported(*, above=(), merged=()) -> bytes:
    """Return the real excerpt as a sheet, under rows that a person put above it."""
    records = real_records()
    header = sorted({name for record in records for name in record})
    body = [[record.get(name) for name in header] for record in records]
    return workbook([*above, header, *body], merged=merged)


def test_an_administrator_imports_a_sheet_and_it_is_the_same_export_as_the_other_format(bring):
    first = bring(exported())
    assert (first.records, first.new, first.unused_columns) == (26, 26, ())
    digests = dict(PublishedVersion.objects.values_list("procedure__code", "sha256"))
    again = catalogue.import_file(path=EXCERPT, actor=ADMINISTRATOR)
    assert (again.new, again.changed, again.same) == (0, 0, 26)
    assert dict(PublishedVersion.objects.values_list("procedure__code", "sha256")) == digests
    assert rows() == (26, 26, 1)


def test_a_title_and_merged_captions_above_the_columns_are_passed_over(bring):
    above = [["DANH MỤC THỦ TỤC HÀNH CHÍNH"], [], ["Chung", None, None, "Nội dung"]]
    outcome = bring(exported(above=above, merged=["A1:H1", "A3:C3", "D3:H3"]))
    assert (outcome.new, outcome.unused_columns) == (26, ())
    assert catalogue.described(code="1.001193").title == "Thủ tục đăng ký khai sinh"


def test_a_header_merged_over_two_rows_gives_each_column_its_lowest_name(bring):
    top = [["Mã thủ tục", "Thông tin", None], [None, "Tên thủ tục", "Lĩnh vực"]]
    outcome = bring(workbook([*top, GOOD], merged=["A1:A2", "B1:C1"]))
    assert (outcome.new, outcome.unused_columns) == (1, ())
    found = catalogue.described(code="1.999001")
    assert (found.title, found.field) == ("Thủ tục thử", "Hộ tịch")


def test_days_numbers_and_formulas_are_brought_in_as_what_stands_there(bring):
    header = ["ma_thu_tuc", "ten_thu_tuc", "so_quyet_dinh", "linh_vuc", "ministry"]
    book = Workbook()
    for row in (
        header,
        ["1.999001", "Một", date(2025, 7, 1), 12.0, True],
        ['="1.999002"', "Hai", datetime.fromisoformat("2025-07-01T08:30"), 0.5, "=1+1"],
        [1.9991, "Ba", None, 7, '=HYPERLINK("https://x.example","x")'],
    ):
        book.active.append(row)
    book.active["A4"].number_format = "0.000000"
    assert bring(saved(book)).new == 3
    kept = {
        row.procedure.code: (row.decision, row.procedure.field, row.procedure.agency_say)
        for row in PublishedVersion.objects.select_related("procedure")
    }
    assert kept == {
        "1.999001": ("01/07/2025", "12", "TRUE"),
        "1.999002": ("01/07/2025 08:30", "0.5", "=1+1"),
        "1.999100": ("", "7", '=HYPERLINK("https://x.example","x")'),
    }


def test_a_web_address_as_a_hyperlink_is_text(bring):
    book = Workbook()
    book.active.append(["ma_thu_tuc", "ten_thu_tuc", "detail_url"])
    book.active.append(["1.999001", "Một", "https://dichvucong.gov.vn/a"])
    book.active["C2"].hyperlink = "https://dichvucong.gov.vn/a"
    bring(saved(book))
    assert catalogue.described(code="1.999001").address == "https://dichvucong.gov.vn/a"


def two_sheets() -> bytes:
    book = Workbook()
    for sheet in (book.active, book.create_sheet("Hai")):
        sheet.append(HEADER)
        sheet.append(GOOD)
    return saved(book)


PLAIN = workbook([HEADER, GOOD])
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb">]><worksheet/>'
CYRILLIC = '<?xml version="1.0" encoding="utf-16"?><worksheet/>'.encode("utf-16")
OUTSIDE = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Type="http://x/externalLinkPath" Target="file:///etc/passwd" '
    b'TargetMode="External"/></Relationships>'
)
HUGE = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<dimension ref="A1:XFD1048576"/><sheetData>'
    b'<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row></sheetData></worksheet>'
)
HOSTILE = {
    "code lost a zero": (workbook([HEADER, [1.0041, "Một"]]), 2, "mã thủ tục “1.0041”"),
    "error cell": (workbook([HEADER, GOOD, ["1.999002", "Hai", "#REF!"]]), 3, "ô C3 mang lỗi"),
    "merged records": (workbook([HEADER, GOOD, GOOD], merged=["C2:C3"]), 2, "ô gộp C2:C3"),
    "no column name": (workbook([HEADER, [*GOOD, None, "lạc"]]), 2, "ô E2 có nội dung"),
    "cut by the program": (workbook([HEADER, [*GOOD[:2], "x" * 32_767]]), 2, "đã cắt mất"),
    "column twice": (workbook([[*HEADER, "linh_vuc"], GOOD]), 1, "cột linh_vuc có hai lần"),
    "too wide": (workbook([HEADER + [f"c{n}" for n in range(300)], GOOD]), 1, "hơn 200 cột"),
    "two sheets": (two_sheets(), 0, "nhiều hơn một trang tính"),
    "no code": (workbook([["ten_thu_tuc"], ["x"]]), 0, "không trang tính nào"),
    "only a header": (workbook([HEADER]), 0, "không có bản ghi nào"),
    "stated size": (repacked(PLAIN, {SHEET: HUGE}), 0, "không trang tính nào"),
    "external link": (
        repacked(PLAIN, {"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        0,
        "liên kết sang tệp khác",
    ),
    "outside relation": (repacked(PLAIN, {LINKS: OUTSIDE}), 0, "liên kết sang tệp khác"),
    "macro": (repacked(PLAIN, {"xl/vbaProject.bin": b"x"}), 0, "có macro"),
    "connection": (repacked(PLAIN, {"xl/connections.xml": b"<a/>"}), 0, "nguồn dữ liệu bên ngoài"),
    "entities": (repacked(PLAIN, {SHEET: DOCTYPE}), 0, "không phải XML thường"),
    "other encoding": (repacked(PLAIN, {SHEET: CYRILLIC}), 0, "không phải XML thường"),
    "no XML": (repacked(PLAIN, {SHEET: b"<worksheet"}), 0, "không đọc được bảng tính"),
    "no workbook": (repacked(PLAIN, {"[Content_Types].xml": b"<a/>"}), 0, "không đọc được"),
    "cut short": (PLAIN[:-40], 0, "bị cụt hoặc hỏng"),
    "old program": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, 0, "kiểu cũ (.xls)"),
}


@pytest.mark.parametrize(("content", "line", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_sheet_imports_nothing_and_says_where(bring, content, line, said):
    bring(PLAIN)
    with pytest.raises(Invalid) as refused:
        bring(content)
    refusal = refused.value
    assert refusal.code == "catalogue.file_damaged"
    place = f"Tệp danh-muc.xlsx, dòng {line}:" if line else "Tệp danh-muc.xlsx:"
    assert refusal.what.startswith(place)
    assert said in refusal.what
    assert refusal.mend
    assert rows() == (1, 1, 1)


def test_a_sheet_that_unpacks_to_much_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "bom.xlsx"
    path.write_bytes(repacked(PLAIN, {"xl/media/bom.xml": b" " * 9_000_000}))
    assert path.stat().st_size < 40_000
    with pytest.raises(Invalid, match="dài hơn 8 MiB sau khi giải nén"):
        opened(path, most_bytes=8 * 1024 * 1024)
