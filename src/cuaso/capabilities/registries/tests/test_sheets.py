"""What officials do with sheets: take a template, try a file, bring it in, undo it, take it out."""

import io
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.db import connection
from openpyxl import Workbook, load_workbook

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery, SheetReport
from cuaso.capabilities.registries.logic.exchanging.writing import loading
from cuaso.capabilities.registries.tests.conftest import VESSEL, official
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

KEY = "harbour/vessel"
TITLES = [
    "Số đăng ký", "Tên tàu", "Chủ tàu", "Chủ tàu: Số định danh cá nhân",
    "Chủ tàu: Ngày sinh", "Chiều dài lớn nhất", "Nghề", "Nơi đăng ký",
]  # fmt: skip


def line(number: int, **other: object) -> list[object]:
    usual = {
        "number": f"BĐ-{number:05d}-TS",
        "name": f"Hải Âu {number}",
        "full_name": "Võ Thị Hạ Lam",
        "personal_number": f"05219200{number:04d}",
        "birth_date": "10/02/1992",
        "length": "14,5",
        "gear": "Lưới vây",
        "commune": "Phường Quy Nhơn",
    }
    return list({**usual, **other}.values())


def book(rows: Sequence[Sequence[object]], *, merged: str = "") -> io.BytesIO:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    file = io.BytesIO()
    made.save(file)
    return file


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")
        return int(cursor.fetchone()[0])


def read(file: io.BytesIO, actor: Actor, name: str = "tau.xlsx") -> SheetReport:
    return registries.read_sheet(registry=KEY, file=file, file_name=name, actor=actor)


def test_a_department_brings_a_sheet_in_and_undoes_it(department: Actor) -> None:
    rows: list[Sequence[object]] = [
        ["DANH SÁCH TÀU CÁ"],
        [],
        TITLES,
        line(1),
        line(2, birth_date=date(1992, 2, 10), length=14.5, gear="vay", commune="21583"),
        line(3, birth_date=33644, personal_number=52192000003),
        line(4, length="5"),
        line(5, gear="lạ"),
        line(1, name="Trùng"),
    ]
    report = read(book(rows), department)
    assert (report.rows, report.added, report.changed, report.same, report.bad) == (6, 3, 0, 0, 3)
    assert [(one.line, one.heading, one.say) for one in report.faults] == [
        (7, "Chiều dài lớn nhất", "Chiều dài lớn nhất phải từ 6 trở lên."),
        (8, "Nghề", "Nghề “lạ” không có trong danh sách. Hãy chọn lại."),
        (9, "", "Trùng khóa với dòng 4 của chính bảng này. Hãy bỏ một dòng."),
    ]
    assert count("r_harbour_vessel") == count("registries_change") == 0

    with pytest.raises(Conflict) as refused:
        registries.apply_sheet(batch_id=report.id, actor=department)
    assert refused.value.data == {"bad": 3}
    assert count("r_harbour_vessel") == count("registries_change") == 0

    done = registries.apply_sheet(batch_id=report.id, actor=department, partly=True)
    assert (done.state, done.added, done.bad) == ("done", 3, 3)
    page = registries.list_records(registry=KEY, query=ListQuery(), actor=department)
    assert [row.cells[0].text for row in page.rows] == [f"BĐ-0000{n}-TS" for n in (1, 2, 3)]
    third = registries.record(registry=KEY, id=page.rows[2].id, actor=department)
    assert third.value("owner.birth_date") == "1992-02-10"
    assert third.value("owner.personal_number") == "052192000003"
    assert third.text("status") == "Mới ghi"
    commune = official("ubnd-21583", "handler")
    assert third.agency_id == commune.agency_id
    told = registries.history(registry=KEY, id=third.id, actor=department)
    assert [(one.act, one.origin, one.origin_id) for one in told] == [
        ("imported", "import", str(report.id))
    ]
    assert [
        row.id
        for row in registries.list_records(
            registry=KEY, query=ListQuery(words="hai au 2"), actor=department
        ).rows
    ] == [page.rows[1].id]
    with pytest.raises(Conflict):
        registries.apply_sheet(batch_id=report.id, actor=department, partly=True)
    with pytest.raises(NotFound):
        registries.apply_sheet(batch_id=report.id, actor=commune, partly=True)


def test_a_department_undoes_a_sheet_of_which_a_row_was_changed_since(department: Actor) -> None:
    report = read(book([TITLES, line(1), line(2), line(3)]), department)
    done = registries.apply_sheet(batch_id=report.id, actor=department)
    page = registries.list_records(registry=KEY, query=ListQuery(), actor=department)
    third = page.rows[2].id
    registries.amend(registry=KEY, id=third, values={"name": "Đã sửa"}, actor=department)
    assert done.change_id is not None
    with pytest.raises(Conflict) as kept:
        registries.undo(registry=KEY, change_id=done.change_id, actor=department)
    assert kept.value.data == {"kept": 1, "back": 2}
    undone = registries.undo(registry=KEY, change_id=done.change_id, actor=department, partly=True)
    assert (undone.back, undone.kept) == (2, 1)
    page = registries.list_records(registry=KEY, query=ListQuery(), actor=department)
    assert [row.cells[1].text for row in page.rows] == ["Đã sửa"]
    assert registries.sheet(batch_id=report.id, actor=department).state == "undone"


def test_a_monthly_sheet_changes_what_differs_and_its_undo_gives_it_back(
    department: Actor,
) -> None:
    first = read(book([TITLES, line(1), line(2), line(3)]), department)
    registries.apply_sheet(batch_id=first.id, actor=department)
    again = read(
        book([TITLES[:2], ["BĐ-00001-TS", "Tên mới"], ["BĐ-00002-TS", "Hải Âu 2"]]), department
    )
    assert (again.added, again.changed, again.same, again.bad) == (0, 1, 1, 0)
    done = registries.apply_sheet(batch_id=again.id, actor=department, reason="Tháng 11")
    page = registries.list_records(registry=KEY, query=ListQuery(), actor=department)
    assert [(row.cells[1].text, row.revision) for row in page.rows] == [
        ("Tên mới", 2), ("Hải Âu 2", 1), ("Hải Âu 3", 1),
    ]  # fmt: skip
    assert done.change_id is not None
    assert registries.undo(registry=KEY, change_id=done.change_id, actor=department).back == 1
    page = registries.list_records(registry=KEY, query=ListQuery(), actor=department)
    assert [(row.cells[1].text, row.revision) for row in page.rows] == [
        ("Hải Âu 1", 3), ("Hải Âu 2", 1), ("Hải Âu 3", 1),
    ]  # fmt: skip
    assert count("h_harbour_vessel") == 2
    same = read(book([TITLES, line(1), line(2), line(3)]), department)
    assert (same.same, same.rows) == (3, 3)
    before = count("registries_change")
    done = registries.apply_sheet(batch_id=same.id, actor=department)
    assert (done.state, done.change_id, count("registries_change")) == ("done", None, before)


def test_a_commune_brings_its_own_rows_only(commune: Actor) -> None:
    report = read(book([TITLES, line(1), line(2, commune="21952")]), commune)
    assert (report.added, report.bad) == (1, 1)
    assert report.faults[0].say.startswith("Bản ghi thuộc nơi do cơ quan khác giữ")
    with pytest.raises(NotAllowed):
        read(book([TITLES, line(1)]), official("ubnd-21583", "reception"))


def test_a_template_is_filled_in_and_comes_in_again(department: Actor) -> None:
    name, _, content = registries.template(registry=KEY, kind="xlsx", actor=department)
    assert name == "mau-harbour-vessel.xlsx"
    made = load_workbook(io.BytesIO(content))
    assert made.sheetnames == ["Dữ liệu", "Danh mục", "Hướng dẫn"]
    sheet = made["Dữ liệu"]
    assert sheet.row_dimensions[1].hidden
    ids = [cell.value for cell in sheet[1]]
    assert ids[:3] == ["number", "name", "owner.full_name"]
    kinds = {
        str(one.sqref).split(":")[0]: one.type for one in sheet.data_validations.dataValidation
    }
    assert kinds["F3"] == "decimal"
    assert kinds["G3"] == "list"
    example = [cell.value for cell in sheet[3]]
    sheet.append([None if value is None else str(value) for value in example[:-1]])
    file = io.BytesIO()
    made.save(file)
    report = read(file, department)
    assert (report.rows, report.added, report.bad) == (1, 1, 0), report.faults


def test_a_sheet_in_an_old_code_page_with_semicolons_is_read_and_said(department: Actor) -> None:
    rows: list[Sequence[object]] = [TITLES, line(1, name="Đại Dương"), line(2, length="abc")]
    text = "\r\n".join(";".join(str(cell) for cell in row) for row in rows)

    def cp1258(given: str) -> bytes:
        out = b""
        for letter in given:
            try:
                out += letter.encode("cp1258")
            except UnicodeEncodeError:
                parts = unicodedata.normalize("NFD", letter)
                tone = next(one for one in parts if one in "\u0300\u0301\u0303\u0309\u0323")
                rest = unicodedata.normalize("NFC", parts.replace(tone, ""))
                out += rest.encode("cp1258") + tone.encode("cp1258")
        return out

    report = read(io.BytesIO(cp1258(text)), department, "tau.csv")
    assert (report.added, report.bad) == (1, 1), report
    assert "Windows-1258" in report.remarks[0]
    done = registries.apply_sheet(batch_id=report.id, actor=department, partly=True)
    assert done.added == 1
    page = registries.list_records(registry=KEY, query=ListQuery(), actor=department)
    assert page.rows[0].cells[1].text == "Đại Dương"
    name, content = registries.sheet_answer(batch_id=report.id, actor=department)
    told = load_workbook(io.BytesIO(b"".join(content))).active
    assert told is not None
    assert name == "tau - lỗi.xlsx"
    assert [cell.value for cell in told["I"]] == [
        "Lỗi",
        None,
        "Chiều dài lớn nhất phải là số, dùng dấu phẩy cho phần thập phân, ví dụ 12,5.",
    ]


def test_what_goes_out_comes_in_again_and_changes_nothing(department: Actor) -> None:
    crew = [
        {"full_name": "Lê Văn Tám", "job": "Máy | trưởng"},
        {"full_name": "Hồ Bảy", "job": "Bếp"},
    ]
    registries.add(registry=KEY, values={**VESSEL, "name": "=1+1", "crew": crew}, actor=department)
    registries.add(
        registry=KEY, values={**VESSEL, "number": "BĐ-00002-TS", "name": "'@x"}, actor=department
    )
    for kind in ("xlsx", "csv"):
        name, _, content = registries.export(
            registry=KEY, query=ListQuery(), kind=kind, actor=department
        )
        whole = b"".join(content)
        if kind == "xlsx":
            sheet = load_workbook(io.BytesIO(whole)).active
            assert sheet is not None
            assert (sheet["B2"].value, sheet["B2"].data_type) == ("=1+1", "s") or sheet[
                "B2"
            ].quotePrefix
        else:
            assert b";'=1+1;" in whole
        report = read(io.BytesIO(whole), department, name)
        assert (report.rows, report.same, report.faults) == (2, 2, ()), kind


def test_a_masked_column_goes_out_masked_and_stays_as_it_is(department: Actor) -> None:
    reader = official("so-nong-nghiep-va-moi-truong-gia-lai", "reception")
    registries.add(registry=KEY, values=VESSEL, actor=department)
    _, _, content = registries.export(registry=KEY, query=ListQuery(), kind="csv", actor=reader)
    whole = b"".join(content).decode()
    assert "•••0001" in whole
    assert "052192000001" not in whole
    stays = read(io.BytesIO(whole.encode()), department, "tau.csv")
    assert stays.bad == 1


@pytest.mark.parametrize(
    "content", [b"", b"\xd0\xcf\x11\xe0rest", b"PK\x03\x04rest", b"\x00\x01\x02\x03"]
)
def test_a_file_that_is_no_sheet_is_refused_in_words(department: Actor, content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read(io.BytesIO(content), department)
    assert refused.value.code == "registries.sheet_refused"
    assert count("registries_batch") == 0


def test_an_agency_maps_its_own_headings_and_codes_once(department: Actor) -> None:
    whole: list[list[object]] = [[*TITLES[:6], "Kiểu lưới", "Nơi đăng ký"], line(1, gear="LV")]
    report = read(book(whole), department)
    assert (report.bad, report.missing) == (1, ("Nghề",))
    report = registries.map_sheet(
        batch_id=report.id, columns={"Kiểu lưới": "gear"}, codes={}, actor=department
    )
    assert [(one.path, one.texts) for one in report.strange] == [("gear", ("LV",))]
    report = registries.map_sheet(
        batch_id=report.id, columns={}, codes={"gear": {"LV": "vay"}}, actor=department
    )
    assert (report.added, report.bad) == (1, 0)
    registries.apply_sheet(batch_id=report.id, actor=department)
    next_month = read(book([whole[0], line(2, gear="lv")]), department)
    assert (next_month.added, next_month.bad) == (1, 0)
    registries.forget_mapping(registry=KEY, actor=department)
    assert read(book([whole[0], line(3, gear="LV")]), department).bad == 1


OLD = ["SO_DK", "TEN", "CHU", "CCCD", "NGAYSINH", "DAI", "MA_NGHE", "XA", "GHICHU"]


def old_export(month: int, count: int) -> io.BytesIO:
    """Return what an old program exports each month: its own headings, its own codes."""
    rows = [
        [*line(month * 100 + number, gear="L.V" if number % 2 else "LK-2"), "cũ"]
        for number in range(count)
    ]
    return book([OLD, *rows])


def test_a_department_maps_its_old_export_once_and_repeats_it_monthly_with_one_click(
    department: Actor,
) -> None:
    report = read(old_export(1, 6), department, "thang-1.xlsx")
    assert (report.rows, report.added, report.bad, report.faults) == (6, 0, 6, ())
    assert [one.heading for one in report.columns] == OLD
    (remark,) = report.remarks
    assert remark == (
        "Không cột nào mang tên “Số đăng ký”, là khóa của sổ. Hãy chọn cột ở mục “Cột nào là ô nào”"
        " rồi đọc lại; khai một lần."
    )
    with pytest.raises(Conflict) as refused:
        registries.apply_sheet(batch_id=report.id, actor=department, partly=True)
    assert refused.value.code == "registries.sheet_without_key"
    assert count("r_harbour_vessel") == count("registries_change") == 0

    paths = [
        "number", "name", "owner.full_name", "owner.personal_number", "owner.birth_date",
        "length", "gear", "commune", "-",
    ]  # fmt: skip
    report = registries.map_sheet(
        batch_id=report.id,
        columns=dict(zip(OLD, paths, strict=True)),
        codes={},
        actor=department,
    )
    assert (report.bad, report.remarks) == (6, ())
    assert [(one.path, one.texts) for one in report.strange] == [("gear", ("LK-2", "L.V"))]
    report = registries.map_sheet(
        batch_id=report.id,
        columns={},
        codes={"gear": {"LK-2": "keo", "L.V": "vay"}},
        actor=department,
    )
    assert (report.added, report.bad, report.strange) == (6, 0, ())
    assert registries.apply_sheet(batch_id=report.id, actor=department).added == 6

    # The month after: the file, and one click.
    report = read(old_export(2, 4), department, "thang-2.xlsx")
    assert (report.added, report.bad, report.strange, report.remarks) == (4, 0, (), ())
    assert registries.apply_sheet(batch_id=report.id, actor=department).added == 4
    page = registries.list_records(registry=KEY, query=ListQuery(), actor=department)
    assert [(row.cells[0].text, row.cells[4].text) for row in page.rows[6:8]] == [
        ("BĐ-00200-TS", "Lưới kéo"),
        ("BĐ-00201-TS", "Lưới vây"),
    ]


def test_the_house_fills_a_registry_with_invented_records_once(department: Actor) -> None:
    house = system("Cài đặt")
    assert registries.fill_samples(actor=house, rows=40) == {KEY: 40}
    assert registries.fill_samples(actor=house, rows=40) == {}
    assert count("r_harbour_vessel") == 40
    page = registries.list_records(registry=KEY, query=ListQuery(size=1), actor=department)
    told = registries.history(registry=KEY, id=page.rows[0].id, actor=department)
    assert [(one.origin, one.reason) for one in told] == [
        ("sample", "Dữ liệu minh hoạ, không có thật")
    ]


def long_sheet(rows: int, *, wrong_every: int) -> io.BytesIO:
    """Return CSV in which every so many rows are wrong, in one of three ways."""
    wrong = ({"length": "dài"}, {"gear": "lạ"}, {"birth_date": "31/02/1990"})
    lines = [";".join(TITLES)]
    for number in range(1, rows + 1):
        other = wrong[number % 3] if number % wrong_every == 0 else {}
        lines.append(";".join(str(cell) for cell in line(number, **other)))
    return io.BytesIO("\r\n".join(lines).encode())


def test_a_department_brings_a_long_sheet_in_and_loses_no_good_row(
    department: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = long_sheet(6_600, wrong_every=33)
    report = read(file, department, "tau.csv")
    assert (report.rows, report.added, report.bad) == (6_600, 6_400, 200)
    assert [one.line for one in report.faults] == [1 + 33 * number for number in range(1, 201)]

    real = loading.insert

    def breaks(*given: Any) -> None:
        if count("r_harbour_vessel"):
            raise KeyboardInterrupt
        real(*given)

    monkeypatch.setattr(loading, "insert", breaks)
    with pytest.raises(KeyboardInterrupt):
        registries.apply_sheet(batch_id=report.id, actor=department, partly=True)
    assert count("r_harbour_vessel") == count("registries_change") == 0
    assert registries.sheet(batch_id=report.id, actor=department).state == "read"

    monkeypatch.undo()
    done = registries.apply_sheet(batch_id=report.id, actor=department, partly=True)
    assert done.added == count("r_harbour_vessel") == 6_400
    assert done.change_id is not None
    undone = registries.undo(registry=KEY, change_id=done.change_id, actor=department)
    assert (undone.back, undone.kept) == (6_400, 0)
    assert count("h_harbour_vessel") == 6_400
