"""The sheet to fill in: headings, lists to choose from, checks, an example, a guide."""

import io
import random
from collections.abc import Mapping, Sequence
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from cuaso.capabilities.registries.logic.exchanging import csv_out, kept
from cuaso.capabilities.registries.logic.exchanging.exports import MEDIA, Kind
from cuaso.capabilities.registries.logic.exchanging.formats.lines import EXAMPLE
from cuaso.capabilities.registries.logic.exchanging.inventing import persons
from cuaso.capabilities.registries.logic.exchanging.values.cell_writer import CellWriter
from cuaso.capabilities.registries.logic.exchanging.values.cells import (
    CellReader,
    SheetField,
    fields_of,
    group_columns,
    group_files,
    joined,
    value_in,
)
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.declarations.fields import Context, Field, Wrong, type_of
from cuaso.declarations.fields.days import limits
from cuaso.declarations.fields.numbers import bound
from cuaso.declarations.forms import Cleaned, Texts
from cuaso.declarations.registries import RECORD
from cuaso.declarations.shape import Loose
from cuaso.kernel.actors import Actor
from cuaso.kernel.remembering import one_moment

LAST: Final = 20_000
_FIRST: Final = 3
_WIDEST: Final = 40
_LONGEST: Final = 200
_CODE: Final = 60
_SEED: Final = 1
_ALWAYS: Final = "Có"
_FILES: Final = "Ghi tên tệp ở phần tệp rồi nén (ZIP) bảng tính cùng các tệp."
_EXAMPLE_SAY: Final = f"{EXAMPLE} – dòng này được bỏ qua khi nhập"
_HEADING: Final = PatternFill("solid", fgColor="DCE9F5")
_NEEDED: Final = PatternFill("solid", fgColor="F5E3DC")


@one_moment()
def template(*, registry: str, kind: Kind, actor: Actor) -> tuple[str, str, bytes]:
    """Return name, media type and content of the empty sheet of a registry.

    Raises NotAllowed without the right to import.
    """
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "import")
    here = kept.context(built)
    fields = [one for one in fields_of(built) if one.typed]
    example = _example(built, fields, here)
    name = f"mau-{built.key.replace('/', '-')}.{kind}"
    if kind == "csv":
        rows = [[*(one.title for one in fields), "Ghi chú"], [*example, _EXAMPLE_SAY]]
        return name, MEDIA[kind], b"".join(csv_out.table(rows))
    return name, MEDIA[kind], _workbook(built, fields, example, here)


def _example(built: Built, fields: Sequence[SheetField], here: Context) -> list[str]:
    """Return an invented row; empty where the rules leave none."""
    try:
        cleaned = _invented(built, fields, here)
    except ValueError:
        return ["" for _ in fields]
    texts = []
    for one in fields:
        if one.group is not None:
            texts.append(_rows(one, cleaned.stored.get(one.path) or [], here))
            continue
        value: Any = cleaned.get(f"{RECORD}.{one.path}")
        empty = value in (None, "", ())
        texts.append("" if empty else CellWriter(one, here).text(value))
    return texts


def _invented(built: Built, fields: Sequence[SheetField], here: Context) -> Cleaned:
    """Return invented answers; their persons say the same of themselves where the rules let them.

    Raises ValueError where the rules leave none.
    """
    form = built.declared.form
    answers = form.sample(here, seed=_SEED)
    try:
        return form.clean(_settled(answers, fields), here)
    except ValueError:
        return form.clean(answers, here)


def _settled(answers: Texts, fields: Sequence[SheetField]) -> Texts:
    leaves = {one.path: one.column.one for one in fields if one.column.one is not None}
    texts = {path: answers.get(f"{RECORD}.{path}", "") for path in leaves}
    said = {path: text for path, text in texts.items() if isinstance(text, str)}
    for person in persons.persons_of(leaves):
        person.settle(said, random.Random(_SEED))  # noqa: S311 invented data, no secret
    return {**answers, **{f"{RECORD}.{path}": text for path, text in said.items() if text}}


def _rows(field: SheetField, rows: Sequence[Mapping[str, Any]], here: Context) -> str:
    """Return the rows of a group as people type them: a line a row, choices by their labels."""
    leaves = group_columns(field.group) if field.group else []
    return "\n".join(
        joined([_part(one, value_in(row, path, one), here) for path, one in leaves]) for row in rows
    )


def _part(one: Field, value: Loose, here: Context) -> str:
    if value is None or one.type == "file":
        return ""
    kind = type_of(one)
    if kind.many:
        return "; ".join(str(item) for item in value)
    shown = kind.show(one, value, here)
    return shown if _reads_back(one, shown, value, here) else kind.edit(one, value)


def _reads_back(one: Field, text: str, value: Loose, here: Context) -> bool:
    try:
        return bool(CellReader(one, here).read(text) == value)
    except Wrong:
        return False


def _workbook(
    built: Built, fields: Sequence[SheetField], example: Sequence[str], here: Context
) -> bytes:
    book = Workbook()
    data = book.active
    assert isinstance(data, Worksheet)  # noqa: S101 a new workbook has one sheet
    data.title = "Dữ liệu"
    lists = book.create_sheet("Danh mục")
    lists.sheet_state = "hidden"
    data.row_dimensions[1].hidden = True
    data.freeze_panes = f"A{_FIRST}"
    for place, one in enumerate(fields, start=1):
        _column(data, lists, place, one, here)
        cell = data.cell(row=_FIRST, column=place, value=example[place - 1] or None)
        cell.font = Font(italic=True, color="666666")
        cell.number_format = "@"
        cell.data_type = "s" if example[place - 1] else "n"
    last = len(fields) + 1
    data.cell(row=2, column=last, value="Ghi chú").font = Font(bold=True)
    data.cell(row=_FIRST, column=last, value=_EXAMPLE_SAY).font = Font(italic=True, color="666666")
    _guide(book, built, fields, here)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _column(data: Worksheet, lists: Worksheet, place: int, one: SheetField, here: Context) -> None:
    data.cell(row=1, column=place, value=one.path)
    needed = _needed(one) == _ALWAYS and one.group is None
    cell = data.cell(row=2, column=place, value=f"{one.title} *" if needed else one.title)
    cell.font = Font(bold=True)
    cell.fill = _NEEDED if needed else _HEADING
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    said = _how(one, here)
    if said:
        cell.comment = Comment(said, "Cửa Số", width=320, height=120)
    letter = get_column_letter(place)
    data.column_dimensions[letter].width = min(_WIDEST, max(14, len(one.title) + 4))
    check = _check(one, lists, here)
    if check is not None:
        check.allow_blank = True
        check.errorTitle, check.error = "Chưa đúng", f"{one.title}: {said}"[:_LONGEST]
        check.add(f"{letter}{_FIRST}:{letter}{LAST}")
        data.add_data_validation(check)


def _check(one: SheetField, lists: Worksheet, here: Context) -> DataValidation | None:
    field = one.column.one
    if field is None:
        return None
    match field.type:
        case "choice" | "place":
            check = _listed(one, lists, here)
        case "yes_no":
            check = DataValidation(type="list", formula1='"Có,Không"', showErrorMessage=True)
        case "integer" | "vnd" | "decimal":
            check = _number(field)
        case "date":
            check = _day(field, here)
        case "text" | "code":
            check = _length(field)
        case _:
            check = None
    return check


def _length(one: Field) -> DataValidation:
    most = one.max_length or (_LONGEST if one.type == "text" else _CODE)
    return DataValidation(
        type="textLength", operator="lessThanOrEqual", formula1=str(most), showErrorMessage=True
    )


def _listed(one: SheetField, lists: Worksheet, here: Context) -> DataValidation | None:
    field = one.column.one
    list_of = getattr(type_of(field), "list_of", None) if field is not None else None
    options = here.lists.options(list_of(field), here.today) if list_of else ()
    if not options:
        return None
    writer = CellWriter(one, here)
    place = lists.max_column + 1 if lists.cell(row=1, column=1).value else 1
    lists.cell(row=1, column=place, value=one.path)
    for row, option in enumerate(options, start=2):
        cell = lists.cell(row=row, column=place, value=writer.text(option.code))
        cell.data_type = "s"
    letter = get_column_letter(place)
    source = f"'Danh mục'!${letter}$2:${letter}${len(options) + 1}"
    return DataValidation(type="list", formula1=source, showErrorMessage=True)


def _number(one: Field) -> DataValidation:
    least, most = bound(one, one.min), bound(one, one.max)
    kind = "decimal" if one.type == "decimal" else "whole"
    if one.type == "vnd":
        least = least or bound(one, "0")
    if least is not None and most is not None:
        return DataValidation(
            type=kind, operator="between", formula1=f"{least:f}", formula2=f"{most:f}",
            showErrorMessage=True,
        )  # fmt: skip
    edge, operator = (least, "greaterThanOrEqual") if most is None else (most, "lessThanOrEqual")
    edge_text = f"{edge:f}" if edge is not None else "-999999999999999"
    return DataValidation(type=kind, operator=operator, formula1=edge_text, showErrorMessage=True)


def _day(one: Field, here: Context) -> DataValidation:
    """A day; one typed as text is read too, so the sheet only warns."""
    first, last = limits(one, here)
    low = f"DATE({first.year},{first.month},{first.day})" if first else "DATE(1900,1,1)"
    high = "TODAY()" if one.not_after == "today" else ""
    high = high or (f"DATE({last.year},{last.month},{last.day})" if last else "DATE(2199,12,31)")
    return DataValidation(
        type="date", operator="between", formula1=low, formula2=high,
        showErrorMessage=True, errorStyle="warning",
    )  # fmt: skip


def _how(one: SheetField, here: Context) -> str:
    """Return in a few sentences how the column is filled in."""
    if one.group is not None:
        titles = " | ".join(field.title for _, field in group_columns(one.group))
        said = f"Mỗi dòng trong ô là một mục, các phần cách nhau bằng dấu |: {titles}."
        return f"{said} {_FILES}" if group_files(one.group) else said
    field = one.column.one
    if field is None:
        return ""
    told = [field.hint or type_of(field).advice(field, here)]
    told.append(_TYPES.get(field.type, ""))
    if field.pattern_say:
        told.append(field.pattern_say)
    if field.min or field.max:
        told.append(_between(field))
    if field.examples:
        told.append(f"Ví dụ: {field.examples[0]}.")
    return " ".join(text for text in told if text)


def _between(one: Field) -> str:
    unit = f" {one.unit}" if one.unit else ""
    if one.type == "multi_choice":
        return f"Nhiều nhất {one.max} mục."
    if one.min and one.max:
        return f"Từ {one.min} đến {one.max}{unit}."
    return f"Từ {one.min}{unit} trở lên." if one.min else f"Nhiều nhất {one.max}{unit}."


_TYPES: Final = {
    "date": "Viết ngày/tháng/năm, ví dụ 05/07/2025.",
    "moment": "Viết ngày/tháng/năm giờ:phút, ví dụ 05/07/2025 14:30.",
    "choice": "Chọn trong danh mục.",
    "multi_choice": "Các lựa chọn cách nhau bằng dấu chấm phẩy.",
    "place": "Chọn xã, phường theo tên hiện hành, hoặc gõ mã.",
    "yes_no": "Ghi Có hoặc Không.",
    "decimal": "Dùng dấu phẩy cho phần thập phân.",
    "vnd": "Ghi số đồng, không ghi nghìn hay triệu.",
    "phone": "Ghi dạng chữ để không mất số 0 ở đầu.",
}


def _guide(book: Workbook, built: Built, fields: Sequence[SheetField], here: Context) -> None:
    guide = book.create_sheet("Hướng dẫn")
    declared = built.declared
    guide.append([f"Bảng nhập liệu: {declared.title}"])
    guide["A1"].font = Font(bold=True, size=14)
    for text in (
        declared.about,
        "Cột có dấu * là bắt buộc. Không đổi dòng tiêu đề; được bỏ cột không dùng, đổi thứ tự cột.",
        "Bản ghi trùng khóa với bản ghi đã có sẽ được cập nhật theo bảng này.",
        "Ô để trống trong một cột có mặt nghĩa là xóa trắng ô đó của bản ghi đã có.",
        f"Khóa của bản ghi: {', '.join(declared.titled(path) for path in declared.key)}.",
    ):
        if text:
            guide.append([text])
    guide.append([])
    guide.append(["Cột", "Bắt buộc", "Cách ghi", "Căn cứ"])
    for cell in guide[guide.max_row]:
        cell.font, cell.fill = Font(bold=True), _HEADING
    for one in fields:
        guide.append([one.title, _needed(one), _how(one, here), _source(built, one)])
    for letter, width in (("A", 34), ("B", 12), ("C", 70), ("D", 60)):
        guide.column_dimensions[letter].width = width


def _needed(one: SheetField) -> str:
    if one.group is not None:
        return _ALWAYS if one.group.min else "Không"
    field = one.column.one
    if field is None or field.required is False:
        return "Không"
    return "Tùy trường hợp" if isinstance(field.required, str) or field.when else _ALWAYS


def _source(built: Built, one: SheetField) -> str:
    head = built.declared.fields.get(one.path.partition(".")[0])
    if head is None:
        return ""
    legal = [one_.source for one_ in head.legal] or ([head.source] if head.source else [])
    legal = legal or [one_.source for one_ in built.declared.legal]
    return "; ".join(legal)
