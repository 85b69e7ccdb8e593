"""An officer brings in a sheet together with the files that its rows name, as one archive."""

import io
import stat
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery, SheetReport
from cuaso.capabilities.registries.logic.exchanging.formats import unpacking
from cuaso.capabilities.registries.models import Batch
from cuaso.capabilities.registries.tests.test_attached import KEY, PNG, officer
from cuaso.capabilities.registries.tests.test_sheets import book, count
from cuaso.foundation.files import api as files
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid

__all__ = ["officer"]
Contents = Mapping[str, bytes] | Sequence[tuple[Any, bytes]]
PDF = b"%PDF-1.4\n%%EOF\n"
HEAD = ["Số", "Ảnh"]
REFUSED = (
    "Ảnh: “chương trình.png” không nhận được. Đây là tệp chương trình, hệ thống không nhận."
    " Hãy chọn đúng tệp giấy tờ: PDF, ảnh JPEG, ảnh PNG, ảnh HEIC, văn bản Word (DOCX), bảng tính"
    " Excel (XLSX), văn bản thuần (TXT)."
)


def packed(contents: Contents) -> io.BytesIO:
    file = io.BytesIO()
    pairs = contents.items() if isinstance(contents, Mapping) else contents
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in pairs:
            archive.writestr(name, content)
    return file


def sheet(*rows: tuple[str, str]) -> bytes:
    return book([HEAD, *map(list, rows)]).getvalue()


def read(file: io.BytesIO, actor: Actor, name: str = "mốc.zip") -> SheetReport:
    return registries.read_sheet(registry=KEY, file=file, file_name=name, actor=actor)


def photos(actor: Actor) -> dict[str, list[str]]:
    page = registries.list_records(registry=KEY, query=ListQuery(), actor=actor)
    found = {}
    for row in page.rows:
        held = registries.record(registry=KEY, id=row.id, actor=actor).value("photo") or []
        found[row.cells[0].text] = [files.info(id).name for id in held]
    return found


def held_by(actor: Actor) -> set[UUID | None]:
    page = registries.list_records(registry=KEY, query=ListQuery(), actor=actor)
    held = (registries.record(registry=KEY, id=row.id, actor=actor) for row in page.rows)
    return {files.info(id).owner_id for one in held for id in one.value("photo") or []}


def test_an_officer_brings_photos_in_with_the_sheet_that_names_them(officer: Actor) -> None:
    rows = ("M01", "Ảnh mốc 1.png"), ("M02", "bên/sau.png; TRƯỚC.png"), ("M03", "")
    report = read(
        packed(
            {
                "Mốc bến/mốc.xlsx": sheet(*rows),
                "Mốc bến/Ảnh mốc 1.png": PNG,
                "Mốc bến/bên/sau.png": PNG,
                "Mốc bến/trước.png": PNG,
                "Mốc bến/thừa.png": PNG,
                "__MACOSX/._thừa.png": b"x",
            }
        ),
        officer,
    )
    assert (report.rows, report.added, report.bad) == (3, 3, 0), report.faults
    assert report.remarks == ("1 tệp trong tệp nén không dòng nào ghi tên: “thừa.png”.",)
    assert [(one.heading, one.path) for one in report.columns] == [
        ("Số", "number"), ("Ảnh", "photo"),
    ]  # fmt: skip
    done = registries.apply_sheet(batch_id=report.id, actor=officer)
    assert (done.state, done.added) == ("done", 3)
    assert photos(officer) == {
        "M01": ["Ảnh mốc 1.png"], "M02": ["sau.png", "trước.png"], "M03": [],
    }  # fmt: skip
    assert held_by(officer) == {officer.person_id}
    assert done.change_id is not None
    registries.undo(registry=KEY, change_id=done.change_id, actor=officer)
    assert photos(officer) == {}


def test_an_officer_reads_by_row_which_named_file_is_missing_double_or_unfit(
    officer: Actor,
) -> None:
    rows = (
        ("M01", "a.png"), ("M02", "không có.png"), ("M03", "hai.png"), ("M04", "cũ/hai.png"),
        ("M05", "giấy.pdf"), ("M06", "chương trình.png"),
    )  # fmt: skip
    file = packed(
        {
            "mốc.xlsx": sheet(*rows),
            "a.png": PNG,
            "cũ/hai.png": PNG,
            "mới/hai.png": PNG,
            "giấy.pdf": PDF,
            "chương trình.png": b"MZ" + b"\0" * 100,
        }
    )
    report = read(file, officer)
    assert [(one.line, one.heading, one.say) for one in report.faults] == [
        (3, "Ảnh", "Ảnh: tệp nén không có “không có.png”. Hãy thêm tệp hoặc sửa tên."),
        (
            4,
            "Ảnh",
            "Ảnh: có 2 tệp tên “hai.png”: “cũ/hai.png”, “mới/hai.png”. Hãy ghi cả thư mục.",
        ),
        (6, "Ảnh", "Ảnh: “giấy.pdf” không phải tệp JPG, PNG. Hãy chọn tệp khác."),
        (
            7,
            "Ảnh",
            REFUSED,
        ),
    ]
    with pytest.raises(Conflict):
        registries.apply_sheet(batch_id=report.id, actor=officer)
    assert photos(officer) == {}
    name, content = registries.sheet_answer(batch_id=report.id, actor=officer)
    told = load_workbook(io.BytesIO(b"".join(content)), read_only=True).active
    assert name == "mốc - lỗi.xlsx"
    lines = [list(row) for row in told.iter_rows(values_only=True)]
    assert lines[0] == ["Số", "Ảnh", "Lỗi"]
    assert [row[:2] for row in lines[1:]] == [list(row) for row in rows]
    registries.apply_sheet(batch_id=report.id, actor=officer, partly=True)
    assert photos(officer) == {"M01": ["a.png"], "M04": ["hai.png"]}


def test_a_sheet_that_names_files_and_came_alone_says_so_and_is_read_without_them(
    officer: Actor,
) -> None:
    report = read(io.BytesIO(sheet(("M01", "a.png"))), officer, "mốc.xlsx")
    assert (report.added, report.bad) == (1, 0)
    (said,) = report.remarks
    assert said == (
        "Cột “Ảnh” ghi tên tệp nên chưa được lấy. Hãy nén (ZIP) bảng tính cùng các tệp rồi gửi lại."
    )


def link(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = (stat.S_IFLNK | 0o777) << 16
    return made


ROW = sheet(("M01", "a.png"))
HOSTILE: dict[str, tuple[Contents, str]] = {
    "up": ({"mốc.xlsx": ROW, "../a.png": PNG}, "tên không an toàn: “../a.png”"),
    "root": ({"mốc.xlsx": ROW, "/etc/a.png": PNG}, "tên không an toàn: “/etc/a.png”"),
    "drive": ({"mốc.xlsx": ROW, "C:\\a.png": PNG}, "tên không an toàn: “C:/a.png”"),
    "turned": ({"mốc.xlsx": ROW, "a\u202egnp.exe": PNG}, "tên không an toàn: “agnp.exe”"),
    "link": ([("mốc.xlsx", ROW), (link("a.png"), b"/etc/passwd")], "tên không an toàn: “a.png”"),
    "bomb": ({"mốc.xlsx": ROW, "a.png": b"\0" * 3_000_000}, "bung ra lớn bất thường"),
    "twice": ([("mốc.xlsx", ROW), ("a.png", PNG), ("A.png", PNG)], "hai tệp ở cùng một chỗ"),
    "no sheet": ({"a.png": PNG}, "không có bảng tính"),
    "two sheets": ({"a.csv": b"x", "b.csv": b"y"}, "nhiều bảng tính: “a.csv”, “b.csv”"),
    "not a sheet": ({"a.xlsx": b"PK\x03\x04", "a.png": PNG}, ""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_an_archive_made_to_harm_is_refused_in_a_sentence_and_nothing_is_kept(
    name: str, officer: Actor
) -> None:
    contents, why = HOSTILE[name]
    with pytest.raises(Invalid) as refused:
        read(packed(contents), officer)
    assert refused.value.code == "registries.sheet_refused"
    assert why in refused.value.why
    assert count("files_file") == Batch.objects.count() == 0


def test_an_archive_of_too_many_or_too_large_files_is_refused_and_nothing_is_kept(
    officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "MOST_FILES", 2)
    many = packed({"mốc.xlsx": ROW, "a.png": PNG, "b.png": PNG, "c.png": PNG})
    with pytest.raises(Invalid, match="có 4 tệp, mỗi lần nhận nhiều nhất 2"):
        read(many, officer)
    monkeypatch.setattr(unpacking, "LARGEST_FILE", len(PNG) - 1)
    with pytest.raises(Invalid, match="lớn quá 0 MB"):
        read(packed({"mốc.xlsx": ROW, "a.png": PNG}), officer)
    cut = packed({"mốc.xlsx": ROW, "a.png": PNG}).getvalue()
    with pytest.raises(Invalid):
        read(io.BytesIO(cut[:-30]), officer)
    assert count("files_file") == Batch.objects.count() == 0


def test_an_officer_sends_the_same_archive_again_and_no_file_is_stored_and_no_row_changed(
    officer: Actor,
) -> None:
    assert officer.person_id is not None
    contents = {
        "mốc.xlsx": sheet(("M01", "a.png"), ("M02", "hai/a.png"), ("M03", "")),
        "a.png": PNG,
        "hai/a.png": PNG + b"2",
    }
    report = read(packed(contents), officer)
    registries.apply_sheet(batch_id=report.id, actor=officer)
    held, before = photos(officer), files.owned(officer.person_id)
    assert len(before) == 2

    again = read(packed(contents), officer)
    assert (again.rows, again.added, again.changed, again.same, again.bad) == (3, 0, 0, 3, 0)
    assert files.owned(officer.person_id) == before
    done = registries.apply_sheet(batch_id=again.id, actor=officer)
    assert (done.same, done.change_id) == (3, None)

    other = read(packed(contents | {"a.png": PNG + b"x"}), officer)
    assert (other.changed, other.same, other.bad) == (1, 2, 0), other.faults
    assert len(files.owned(officer.person_id)) == 3
    assert photos(officer) == held
