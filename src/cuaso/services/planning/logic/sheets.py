"""The plan as a workbook and as a paper; both from the one computed plan."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from django.db import transaction
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from cuaso.capabilities.reports import api as reports
from cuaso.foundation.audit import api as audit
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject
from cuaso.services.planning.contracts import Plan, PlanLine, Totals
from cuaso.services.planning.logic.compute import plan

TEMPLATE: Final = Path(__file__).resolve().parents[1] / "typst" / "data_plan.typ"
SAID: Final = {"held": "Có nguồn gốc", "copied": "Chỉ có bản sao", "missing": "Chưa có"}
_HEAD: Final = (
    *("Ngành", "Dữ liệu phải có", "Phần tử dữ liệu", "Mã phần tử", "Cơ quan chịu trách nhiệm"),
    *("Năm", "Hiện trạng", "Quá hạn", "Nơi giữ", "Chia sẻ", "Công bố", "Căn cứ", "Đã đối chiếu"),
)
_SUMS: Final = (
    *("Ngành", "Phải có", "Có nguồn gốc", "Chỉ có bản sao", "Chưa có", "Quá hạn"),
    *("Được chia sẻ", "Được công bố"),
)
_WIDTHS: Final = (24, 36, 26, 26, 30, 8, 16, 10, 44, 10, 10, 44, 14)


def plan_workbook(*, actor: Actor, sector: str = "", on: date | None = None) -> bytes:
    """Return the plan of the province or of one sector as XLSX: sums, lines, duplicates."""
    found = plan(sector=sector, on=on)
    book = Workbook()
    sums = book.active
    assert isinstance(sums, Worksheet)  # noqa: S101 a new workbook has a sheet
    _fill(sums, "Tổng hợp", _SUMS, [(one.title, *_figures(one.totals)) for one in found.sectors])
    _row(sums, ("Toàn tỉnh" if not sector else "Cộng", *_figures(found.totals)))
    lines = [_line(one.title, line) for one in found.sectors for line in one.lines]
    sheet = book.create_sheet()
    _fill(sheet, "Chi tiết", _HEAD, lines)
    for index, width in enumerate(_WIDTHS):
        sheet.column_dimensions[chr(ord("A") + index)].width = width
    doubled = [(one.element, one.element_key, one.say) for one in found.duplicates]
    _fill(
        book.create_sheet(), "Trùng nguồn", ("Phần tử dữ liệu", "Mã phần tử", "Nhận xét"), doubled
    )
    _record(found, "xlsx", sector, actor)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(
    sheet: Worksheet, title: str, head: tuple[str, ...], rows: Sequence[tuple[object, ...]]
) -> None:
    sheet.title = title
    sheet.freeze_panes = "A2"
    sheet.append(head)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for row in rows:
        _row(sheet, row)
    sheet.column_dimensions["A"].width = 36


def _row(sheet: Worksheet, values: tuple[object, ...]) -> None:
    """Append a row whose texts stay texts, whatever sign they begin with."""
    number = sheet.max_row + 1
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row=number, column=column, value=value)
        if isinstance(value, str):
            cell.data_type = "s"


def _figures(totals: Totals) -> tuple[int, ...]:
    return (
        *(totals.must, totals.held, totals.copied, totals.missing, totals.late),
        *(totals.shared, totals.published),
    )


def _line(sector: str, line: PlanLine) -> tuple[object, ...]:
    return (
        *(sector, line.obligation, line.element, line.element_key, _steward(line.steward)),
        *(line.year, SAID[line.state], _yes(line.late)),
        "; ".join(one.title for one in line.holders),
        *(_yes(line.shared), _yes(line.published), line.source, _yes(not line.unverified)),
    )


def _yes(said: bool) -> str:  # noqa: FBT001 what a cell says
    return "có" if said else "không"


def _steward(named: str) -> str:
    """Return the name of an agency by its key, anything else as it is written."""
    try:
        return directory.agency_on(named).name
    except NotFound:
        return named


def plan_paper(*, actor: Actor, sector: str = "", on: date | None = None) -> bytes:
    """Return the plan of the province or of one sector as a paper (PDF/A), to be printed."""
    found = plan(sector=sector, on=on)
    _record(found, "pdf", sector, actor)
    return reports.render(template=TEMPLATE, data=_printed(found, sector, actor))


def _printed(found: Plan, sector: str, actor: Actor) -> dict[str, object]:
    return {
        "province": directory.province().committee_name,
        "title": found.sectors[0].title if sector and found.sectors else "",
        "on": f"{found.on}",
        "made_on": f"{clock.today()}",
        "officer": actor.name,
        "sums": [[one.title, *map(str, _figures(one.totals))] for one in found.sectors],
        "totals": [str(figure) for figure in _figures(found.totals)],
        "sectors": [
            {
                "title": one.title,
                "lines": [
                    {
                        "obligation": line.obligation,
                        "element": line.element,
                        "steward": _steward(line.steward),
                        "year": str(line.year),
                        "state": SAID[line.state] + (", quá hạn" if line.late else ""),
                        "holders": "; ".join(each.title for each in line.holders),
                        "source": line.source + (" (chưa đối chiếu)" if line.unverified else ""),
                    }
                    for line in one.lines
                ],
            }
            for one in found.sectors
            if one.lines
        ],
        "duplicates": [one.say for one in found.duplicates],
    }


@transaction.atomic
def _record(found: Plan, kind: str, sector: str, actor: Actor) -> None:
    audit.record(
        actor=actor,
        act="planning.plan_drawn",
        subject=Subject(kind="directory.agency", id=directory.province().committee_id),
        content={"on": f"{found.on}", "kind": kind, "sector": sector, "must": found.totals.must},
    )


def sector_titles() -> tuple[tuple[str, str], ...]:
    """Return the sectors of the plan as pairs of code and title."""
    return tuple((one.code, one.label) for one in dictionary.codes("sector"))
