"""An administrator imports the export as other offices send it: headed, wrapped, packed anew."""

import csv
import io
import json
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from cuaso.kernel.actors import system
from cuaso.kernel.errors import Invalid
from cuaso.services.catalogue import api as catalogue
from cuaso.services.catalogue.logic import lettering, markup
from cuaso.services.catalogue.logic.raw import column_of
from cuaso.services.catalogue.tests.exports import (
    EXCERPT,
    Records,
    lines,
    one_record,
    real_records,
    repacked,
    rows,
    saved,
    workbook,
)

pytestmark = pytest.mark.django_db
ADMINISTRATOR = system("Người quản trị")
Rows = list[list[str]]
# How the national portal's page heads what its export calls by other names.
ON_THE_PAGE = {
    "ma_thu_tuc": "Mã thủ tục",
    "ten_thu_tuc": "Tên thủ tục:",
    "cap_thuc_hien": "Cấp  thực hiện",
    "linh_vuc": "Lĩnh vực (*)",
    "ket_qua_xu_ly": "Kết quả thực hiện",
    "yeu_cau_dieu_kien": "Yêu cầu, điều kiện thực hiện",
    "dia_chi_tiep_nhan": "Địa chỉ tiếp nhận HS",
}
OF_AN_OFFICE = {"ma_thu_tuc": "MÃ TTHC", "ten_thu_tuc": "Tên thủ tục hành chính"}
NO_MARKUP = ("ma_thu_tuc", "detail_url")


def headed(names: dict[str, str]) -> Records:
    return [{names.get(name, name): said for name, said in one.items()} for one in real_records()]


def rows_of(records: Records) -> Rows:
    header = list(dict.fromkeys(name for record in records for name in record))
    return [header, *([record.get(name, "") for name in header] for record in records)]


def in_csv(rows: Rows, delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def in_cells(change: Callable[[str], str]) -> bytes:
    return lines(
        [
            {name: said if name in NO_MARKUP else change(said) for name, said in one.items()}
            for one in real_records()
        ]
    )


def with_blank_rows() -> bytes:
    book = Workbook()
    book.active.append(["Hướng dẫn đọc tệp"])
    sheet = book.create_sheet("Danh mục")
    for row in rows_of(real_records()):
        sheet.append(row)
        sheet.append(["  ", "", " "])
    return saved(book)


def with_numbers_before(rows: Rows) -> Rows:
    return [["STT", *rows[0]], *([str(at), *row] for at, row in enumerate(rows[1:], start=1))]


REAL = rows_of(real_records())
TABLE = in_csv(REAL)
SAME = {
    "headed as the page": lines(headed(ON_THE_PAGE)),
    "headed by an office": lines(headed(OF_AN_OFFICE)),
    "headed as the page, in a sheet": workbook(rows_of(headed(ON_THE_PAGE))),
    "a comma in a heading": in_csv(rows_of(headed(ON_THE_PAGE)), ";").encode(),
    "a title above": f"DANH MỤC THỦ TỤC\nNăm 2026, tỉnh khác\n\n{TABLE}".encode(),
    "a hint for Excel": f"sep=;\r\n{in_csv(REAL, ';')}".encode("utf-8-sig"),
    "bars": in_csv(REAL, "|").encode(),
    "tabs": in_csv(REAL, "\t").encode(),
    "old line ends": TABLE.replace("\r\n", "\r").encode(),
    "empty columns at the end": in_csv([[*row, "", ""] for row in REAL]).encode(),
    "empty cells at the end": in_csv([REAL[0], *([*row, ""] for row in REAL[1:])]).encode(),
    "numbered": in_csv(with_numbers_before(REAL)).encode(),
    "blank rows in a sheet": with_blank_rows(),
    "wrapped in one line": json.dumps({"total": 26, "data": real_records()}).encode(),
    "wrapped beside a list": json.dumps(
        {"errors": [], "data": real_records()}, indent=1
    ).encode(),
    "wrapped twice": json.dumps({"status": 200, "result": {"items": real_records()}}).encode(),
    "markup": in_cells(lambda said: f"<div class='x'>{said.replace(chr(10), '<br/>')}</div>"),
    "escaped markup": in_cells(
        lambda said: f"&lt;p&gt;{said.replace(chr(10), '&lt;br&gt;')}&lt;/p&gt;"
    ),
    "hidden parts": in_cells(
        lambda said: f"<style>p {{}}</style>{said}<!-- <b> --><script>1<2</script>"
    ),
    "entities of entities": in_cells(lambda said: said.replace("ế", "&amp;#7871;")),
    "narrow spaces": in_cells(lambda said: said.replace(" ", "\u202f")),
    "blanks round the code": lines(
        [{**one, "ma_thu_tuc": f" {one['ma_thu_tuc']}\xa0\u200b "} for one in real_records()]
    ),
}  # fmt: skip


@pytest.fixture
def bring(tmp_path):
    """Return who writes bytes to a file and imports it."""

    def bring_in(content: bytes):
        path = tmp_path / "tinh-khac"
        path.write_bytes(content)
        return catalogue.import_file(path=path, actor=ADMINISTRATOR)

    return bring_in


@pytest.mark.parametrize("content", SAME.values(), ids=SAME)
def test_an_administrator_imports_the_export_as_another_office_sends_it(bring, content):
    catalogue.import_file(path=EXCERPT, actor=ADMINISTRATOR)
    outcome = bring(content)
    assert (outcome.new, outcome.changed, outcome.same) == (0, 0, 26)
    assert set(outcome.unused_columns) <= {"stt"}
    assert rows() == (26, 26, 1)


def archive(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, content)
    return out.getvalue()


def titled(title: str) -> bytes:
    return lines([one_record(ma_thu_tuc="1.999002"), one_record(ten_thu_tuc=title)])


LONG_CELL = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="str"><v>ma_thu_tuc</v></c>'
    b'<c r="B1" t="str"><v>ten_thu_tuc</v></c></row>'
    b'<row r="2"><c r="A2" t="str"><v>1.999001</v></c><c r="B2" t="str"><v>'
    + b"x" * 2_000_000
    + b"</v></c></row></sheetData></worksheet>"
)
SHEET = workbook([["ma_thu_tuc", "ten_thu_tuc"], ["1.999001", "Một"]])
READ_TWICE = "Thủ tục đăng ký".encode()
REFUSED = {
    "TCVN3": (titled("Thñ tôc ®¨ng ký khai sinh"), 2, "phông chữ cũ TCVN3"),
    "TCVN3 of few signs": (titled("Thñ tôc cÊp l¹i giÊy phÐp"), 2, "phông chữ cũ TCVN3"),
    "TCVN3 of one sign": (titled("C©y trång"), 2, "phông chữ cũ TCVN3"),
    "VNI": (titled("Thuû tuïc ñaêng kyù khai sinh"), 2, "phông chữ cũ VNI"),
    "UTF-8 as Windows": (titled(READ_TWICE.decode("cp1252")), 2, "bị đọc bằng bảng mã khác"),
    "UTF-8 as Latin 1": (titled(READ_TWICE.decode("latin-1")), 2, "bị đọc bằng bảng mã khác"),
    "lost letters": (titled("Th\ufffd t\ufffdc"), 2, "chữ đã mất khi đổi bảng mã"),
    "asked letters": (titled("Th? t?c dang ký"), 2, "dấu hỏi thay cho chữ đã mất"),
    "nothing but markup": (titled("<p></p><br/>"), 2, "thiếu tên"),
    "open script": (titled("Thủ tục<script>alert(1)"), 2, "mã HTML không khép lại"),
    "a web page": (b"<html><table><tr><td>ma_thu_tuc</td></tr></table>", 1, "đây là trang web"),
    "an archive": (archive("danh-muc.csv", TABLE.encode()), 0, "tệp nén .zip"),
    "an empty archive": (b"PK\x05\x06" + b"\0" * 18, 0, "tệp nén .zip"),
    "a long cell in CSV": (
        b"ma_thu_tuc,ten_thu_tuc\n1.999001," + b"x" * 4_000_001,
        2,
        "ô dài hơn 4.000.000 ký tự",
    ),
    "a long cell in JSON": (
        b'[{"ma_thu_tuc":"1.999001",\n"ten_thu_tuc":"' + b"x" * 2_000_000 + b'"}]',
        1,
        "cột ten_thu_tuc dài hơn một triệu ký tự",
    ),
    "a long cell in a sheet": (
        repacked(SHEET, {"xl/worksheets/sheet1.xml": LONG_CELL}),
        2,
        "cột ten_thu_tuc dài hơn một triệu ký tự",
    ),
    "words under no name": (b"ma_thu_tuc,ten_thu_tuc,\n1.999001,x,y\n", 2, "ô thứ 3 có nội dung"),
    "a cell too many": (b"ma_thu_tuc,ten_thu_tuc\n1.999001,x,y\n", 2, "có 3 ô"),
    "one column by two headings": (
        lines([one_record(), one_record(**{"Tên TTHC": "Tên khác"})]),
        2,
        "hai tên cột",
    ),
    "a sum below": (
        "Mã TTHC,Tên TTHC\n1.999001,x\nTổng cộng,1\n".encode(),
        3,
        "mã thủ tục “Tổng cộng”",
    ),
}


@pytest.mark.parametrize(("content", "line", "said"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_right_imports_nothing_and_says_where(bring, content, line, said):
    catalogue.import_file(path=EXCERPT, actor=ADMINISTRATOR)
    with pytest.raises(Invalid) as refused:
        bring(content)
    refusal = refused.value
    assert refusal.code == "catalogue.file_damaged"
    place = f"Tệp tinh-khac, dòng {line}:" if line else "Tệp tinh-khac:"
    assert refusal.what.startswith(place)
    assert said in refusal.what
    assert refusal.mend
    assert rows() == (26, 26, 1)


def test_a_formula_in_a_cell_is_kept_as_its_text(bring):
    bring(b'ma_thu_tuc,ten_thu_tuc\n1.999001,"=HYPERLINK(""https://x.example"")"\n')
    assert catalogue.described(code="1.999001").title == '=HYPERLINK("https://x.example")'


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Mã thủ tục", "ma_thu_tuc"),
        (" MÃ  TTHC:", "ma_thu_tuc"),
        ("ma_thu_tuc", "ma_thu_tuc"),
        ("Yêu cầu, điều kiện", "yeu_cau_dieu_kien"),
        ("Kết quả thực hiện", "ket_qua_xu_ly"),
        ("Ghi chú", "ghi_chu"),
        ("", ""),
    ],
)
def test_a_heading_is_called_by_the_exports_own_name(heading, name):
    assert column_of(heading) == name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Phí < 5 triệu và > 3 triệu", "Phí < 5 triệu và > 3 triệu"),
        ("Theo <Phụ lục I> &lt;b&gt;đậm&lt;/b&gt;", "Theo <Phụ lục I> đậm"),
        ("<ul><li>Một</li><li>Hai</li></ul>", "Một\nHai\n\n"),
        ("<td>Trực tiếp</td><td>5 ngày</td>", "Trực tiếp 5 ngày "),
        ("<a href='javascript:alert(1)'>Mẫu</a>", "Mẫu"),
        ("A --> B", "A --> B"),
        ("<!-- mở", None),
        ("R&amp;amp;D &amp; R&D", "R&D & R&D"),
    ],
)
def test_what_a_page_left_in_a_cell_is_taken_out_and_nothing_else(text, said):
    assert markup.without(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "Thủ tục «đăng ký» nhãn hiệu ® và bản quyền ©",
        "Toà án, hoà giải, khoá sổ",
        "Registration of trademarks® by UNESCO©",
        "Địa chỉ: https://dichvucong.gov.vn/?ma=1&x?y",
        "SAO Y",
        "",
    ],
)
def test_sound_text_is_told_no_fault_of_its_letters(text):
    assert lettering.fault(text) == ""
