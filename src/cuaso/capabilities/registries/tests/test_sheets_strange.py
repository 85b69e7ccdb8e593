"""A clerk picks a file that is no sheet, or one under another ending, and is told what it is."""

import io
import zipfile
from collections.abc import Sequence

import pytest

from cuaso.capabilities.registries.models import Batch
from cuaso.capabilities.registries.tests.test_sheets import TITLES, book, count, line, read
from cuaso.capabilities.registries.tests.test_sheets_with_files import packed
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid

pytestmark = pytest.mark.django_db
AGAIN = "Hãy mở bằng phần mềm bảng tính, lưu lại ở dạng .xlsx rồi nhập lại."
COPY = "Hãy chép bảng sang một bảng tính mới, lưu ở dạng .xlsx rồi nhập lại."


def office(*parts: str, mimetype: str = "") -> bytes:
    """Return an office file of these parts, the first of which names its kind."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for part in parts:
            made.writestr(part, "<x/>")
    return file.getvalue()


def old_office(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\x00") + f"{stream}\x00".encode(
        "utf-16-le"
    )


HTML = b'\xef\xbb\xbf  <html xmlns:x="urn:schemas-microsoft-com:office:excel"><table></table>'
FILES = [
    (
        b"%PDF-1.7\n%\xe2\xe3",
        "tài liệu PDF",
        "Hãy xin lại bảng ở dạng .xlsx hoặc .csv từ nơi lập ra nó, hoặc chép bảng sang bảng mẫu.",
    ),
    (HTML, "trang web (HTML)", AGAIN),
    ("<!DOCTYPE html><p>Bảng".encode("utf-16"), "trang web (HTML)", AGAIN),
    (office("[Content_Types].xml", "word/document.xml"), "văn bản Word", COPY),
    (old_office("WordDocument"), "văn bản Word", COPY),
    (office("[Content_Types].xml", "ppt/presentation.xml"), "bài trình chiếu", COPY),
    (b"{\\rtf1\\ansi", "văn bản RTF", COPY),
    (
        office("[Content_Types].xml", "xl/workbook.bin"),
        "bảng tính Excel nhị phân (.xlsb)",
        AGAIN,
    ),
    (
        office("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"),
        "bảng tính OpenDocument (.ods)",
        AGAIN,
    ),
    (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        "bảng tính Excel dạng XML 2003",
        AGAIN,
    ),
    (
        b"Rar!\x1a\x07\x00",
        "tệp nén không phải ZIP",
        "Hãy giải nén, rồi gửi bảng tính hoặc nén lại bằng ZIP.",
    ),
    (
        b'[{"number": 1}]',
        "tệp JSON",
        "Hãy xuất lại ở dạng .csv hoặc .xlsx từ nơi lập ra tệp.",
    ),
]


@pytest.mark.parametrize(("content", "called", "mend"), FILES, ids=[one[1] for one in FILES])
def test_a_clerk_picks_what_is_no_sheet_and_is_told_what_it_is_and_what_to_do(
    department: Actor, content: bytes, called: str, mend: str
) -> None:
    before = count("files_file")
    for name, said in (
        ("bảng.xlsx", "Tệp có đuôi .xlsx nhưng"),
        ("bảng.csv", "Tệp có đuôi .csv nhưng"),
        ("bảng", "Tệp này"),
    ):
        with pytest.raises(Invalid) as refused:
            read(io.BytesIO(content), department, name)
        assert (refused.value.code, refused.value.why, refused.value.mend) == (
            "registries.sheet_refused",
            f"{said} bên trong là {called}, không phải bảng tính.",
            mend,
        )
    assert (Batch.objects.count(), count("files_file")) == (0, before)


def test_a_clerk_packs_a_page_of_the_web_named_as_a_sheet_and_is_told_of_it(
    department: Actor,
) -> None:
    with pytest.raises(Invalid) as refused:
        read(packed({"tàu.xls": HTML}), department, "tàu.zip")
    assert refused.value.why == (
        "Tệp có đuôi .xls nhưng bên trong là trang web (HTML), không phải bảng tính."
    )
    assert Batch.objects.count() == 0


def test_a_clerk_brings_a_sheet_under_another_ending_and_is_told_that_it_was_read(
    department: Actor,
) -> None:
    rows: Sequence[Sequence[object]] = [TITLES, line(1)]
    text = "\n".join(";".join(map(str, row)) for row in rows).encode()
    for file, name, said in (
        (book(rows), "tàu.csv", "Tệp có đuôi .csv nhưng bên trong là bảng tính Excel (.xlsx)"),
        (io.BytesIO(text), "tàu.xlsx", "Tệp có đuôi .xlsx nhưng bên trong là văn bản CSV"),
    ):
        report = read(file, department, name)
        assert (report.rows, report.added, report.bad) == (1, 1, 0)
        assert report.remarks == (f"{said}; hệ thống đọc theo nội dung.",)
    assert read(book(rows), department, "tàu.xlsx").remarks == ()
