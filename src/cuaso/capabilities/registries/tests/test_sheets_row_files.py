"""An officer brings in, and takes out, records whose rows hold files."""

import io
from dataclasses import replace
from typing import Any, Literal
from uuid import UUID

import pytest
from openpyxl import load_workbook

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery, SheetReport
from cuaso.capabilities.registries.logic.exchanging.formats import unpacking
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.tests.conftest import INSTALLER
from cuaso.capabilities.registries.tests.test_attached import KEY, MARKER, PNG
from cuaso.capabilities.registries.tests.test_sheets import book
from cuaso.capabilities.registries.tests.test_sheets_with_files import PDF, packed
from cuaso.declarations.packs import Pack
from cuaso.declarations.registries import Registry
from cuaso.foundation.files import api as files
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.kernel.identifiers import new_id

WALKED = {
    **MARKER,
    "groups": {
        "checks": {
            "title": "Lần xem",
            "item": "Lần xem",
            "fields": {
                "seen": {
                    "title": "Ảnh chụp",
                    "type": "file",
                    "accept": ["png"],
                    "max": "2",
                    "required": False,
                },
                "year": {"title": "Năm", "type": "integer"},
                "say": {"title": "Ghi", "type": "text", "required": False},
            },
        }
    },
}
HEAD = ["Số", "Lần xem"]
MEND = "Hãy nén (ZIP) bảng tính cùng các tệp rồi gửi lại."
M01 = "2024 | tốt | trước.png; bên/sau.png\n2025 | mờ | năm nay.png"
CONTENTS = {
    "mốc.xlsx": book([HEAD, ["M01", M01], ["M02", "2025 | |"], ["M03", ""]]).getvalue(),
    "trước.png": PNG,
    "bên/sau.png": PNG + b"1",
    "năm nay.png": PNG + b"2",
}
MARKS = [
    ("M01", [(2024, "tốt", ["trước.png", "sau.png"]), (2025, "mờ", ["năm nay.png"])]),
    ("M02", [(2025, "", [])]),
    ("M03", []),
]


@pytest.fixture
def officer(harbour: Pack, department: Actor) -> Actor:
    declared = Registry.load(WALKED)
    registries.install("harbour", {**harbour.registries, "marker": declared}, actor=INSTALLER)
    return replace(department, person_id=new_id())


def read(file: io.BytesIO, actor: Actor, name: str = "mốc.zip") -> SheetReport:
    return registries.read_sheet(registry=KEY, file=file, file_name=name, actor=actor)


def alone(text: str) -> io.BytesIO:
    return book([HEAD, ["M01", text]])


def brought(file: io.BytesIO, actor: Actor) -> SheetReport:
    name = "mốc.zip" if unpacking.is_archive(file) else "mốc.xlsx"
    name = name if file.getvalue()[:2] == b"PK" else "mốc.csv"
    return registries.apply_sheet(batch_id=read(file, actor, name).id, actor=actor)


def held() -> list[tuple[str, Any]]:
    rows = sets.built(KEY).live.objects.filter(row_gone=None).order_by("number")
    return list(rows.values_list("number", "checks"))


def marks() -> list[tuple[str, list[tuple[int, str, list[str]]]]]:
    return [
        (
            number,
            [
                (
                    int(row["year"]),
                    row.get("say") or "",
                    [files.info(UUID(str(id))).name for id in row.get("seen") or []],
                )
                for row in rows or []
            ],
        )
        for number, rows in held()
    ]


def taken_out(actor: Actor, kind: Literal["csv", "xlsx"]) -> bytes:
    _, _, content = registries.export(registry=KEY, query=ListQuery(), kind=kind, actor=actor)
    return b"".join(content)


def test_an_officer_brings_in_rows_that_name_their_files_and_undoes_it(officer: Actor) -> None:
    report = read(packed(CONTENTS), officer)
    assert (report.rows, report.added, report.bad) == (3, 3, 0), report.faults
    assert report.remarks == ()
    done = registries.apply_sheet(batch_id=report.id, actor=officer)
    assert marks() == MARKS
    assert done.change_id is not None
    registries.undo(registry=KEY, change_id=done.change_id, actor=officer)
    assert marks() == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_officer_takes_a_list_out_and_brings_it_in_and_every_file_stays_in_its_row(
    officer: Actor, kind: Literal["csv", "xlsx"]
) -> None:
    brought(packed(CONTENTS), officer)
    before, content = held(), taken_out(officer, kind)
    for file in (io.BytesIO(content), packed({f"mốc.{kind}": content, "lạ.png": PNG})):
        done = brought(file, officer)
        assert (done.rows, done.added, done.changed, done.same) == (3, 0, 0, 3)
        assert done.change_id is None
        assert held() == before


def test_an_officer_takes_files_of_one_name_out_by_their_ids_and_brings_the_rows_in_turned_round(
    officer: Actor,
) -> None:
    text = "2024 | a | cũ/anh.png\n2025 | b | mới/anh.png"
    sheet = book([HEAD, ["M01", text]]).getvalue()
    brought(packed({"m.xlsx": sheet, "cũ/anh.png": PNG, "mới/anh.png": PNG + b"2"}), officer)
    ((_, (first, second)),) = held()
    out = load_workbook(io.BytesIO(taken_out(officer, "xlsx"))).active
    said = {cell.value: out.cell(row=2, column=cell.column).value for cell in out[1]}["Lần xem"]
    (one,), (two,) = first["seen"], second["seen"]
    assert said == f"2024 | a | {one}\n2025 | b | {two}"
    assert brought(alone("\n".join(reversed(said.split("\n")))), officer).changed == 1
    assert held() == [("M01", [second, first])]


def test_an_officer_mends_a_row_without_the_archive_and_only_what_is_said_changes(
    officer: Actor,
) -> None:
    brought(packed(CONTENTS), officer)
    # A row that ends before its files keeps them; one that says nothing there has none.
    brought(alone("2025 | mờ\n2024 | rõ | sau.png\n2023 | |"), officer)
    assert marks()[0] == (
        "M01",
        [(2025, "mờ", ["năm nay.png"]), (2024, "rõ", ["sau.png"]), (2023, "", [])],
    )


def test_an_officer_reads_of_which_row_a_file_is_missing_or_of_a_wrong_kind(
    officer: Actor,
) -> None:
    brought(packed(CONTENTS), officer)
    before = held()
    rows = ["M01", "2024 | tốt | trước.png\n2025 | | không có.png"], ["M04", "2025 | | giấy.pdf"]
    contents = {"m.xlsx": book([HEAD, *map(list, rows)]).getvalue(), "giấy.pdf": PDF}
    report = read(packed(contents), officer)
    missing = (
        "Lần xem, dòng 2: Ảnh chụp: tệp nén không có “không có.png”. Hãy thêm tệp hoặc sửa tên."
    )
    kind = "Lần xem, dòng 1: Ảnh chụp: “giấy.pdf” không phải tệp PNG. Hãy chọn tệp khác."
    faults = [(one.line, one.heading, one.say) for one in report.faults]
    assert faults == [(2, "Lần xem", missing), (3, "Lần xem", kind)]
    with pytest.raises(Conflict):
        registries.apply_sheet(batch_id=report.id, actor=officer)
    done = registries.apply_sheet(batch_id=report.id, actor=officer, partly=True)
    assert (done.bad, done.change_id) == (2, None)
    assert held() == before


def test_an_officer_names_what_the_record_does_not_hold_in_a_sheet_that_came_alone(
    officer: Actor,
) -> None:
    brought(packed(CONTENTS), officer)
    before = held()
    ((_, (row, _second)), *_) = before
    # Neither the name nor the id of a file of another record is taken.
    for name in ("lạ.png", "năm nay.png", str(row["seen"][0])):
        report = read(book([HEAD, ["M02", f"2025 | | {name}"]]), officer, "mốc.xlsx")
        say = f"Lần xem, dòng 1: Ảnh chụp: bản ghi chưa giữ tệp “{name}”. {MEND}"
        faults = [(one.line, one.heading, one.say) for one in report.faults]
        assert faults == [(2, "Lần xem", say)]
        registries.apply_sheet(batch_id=report.id, actor=officer, partly=True)
    assert held() == before


def test_an_officer_puts_more_files_into_a_row_than_it_takes(officer: Actor) -> None:
    contents = {
        "m.xlsx": book([HEAD, ["M01", "2024 | | a.png; b.png; c.png"]]).getvalue(),
        **{f"{name}.png": PNG + name.encode() for name in "abc"},
    }
    report = read(packed(contents), officer)
    assert [(one.line, one.heading) for one in report.faults] == [(2, "Lần xem")]
    assert held() == []
