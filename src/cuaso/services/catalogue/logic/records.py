"""Find the records in an export: JSON lines, a JSON array, JSON rows, CSV, or a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from cuaso.services.catalogue.logic import sheet
from cuaso.services.catalogue.logic.damage import Fault
from cuaso.services.catalogue.logic.opening import Opened
from cuaso.services.catalogue.logic.raw import CODE, Raw, column_of

LONGEST_RECORD: Final = 4_000_000
_ONE_LINE: Final = "Mỗi dòng phải là một đối tượng JSON trọn vẹn; hãy xuất lại tệp."
_WHOLE: Final = "Hãy xuất lại tệp."
_COLUMNS: Final = (
    f"Hãy dùng tệp có tên cột như bản xuất của Cổng dịch vụ công quốc gia ({CODE}, …)."
)


class _Unfit(Exception):
    """JSON that is no record, with the sentence to say."""


def found(file: Opened) -> Iterator[Raw | Fault]:
    """Yield every record, or the fault at its place, in the order of the file."""
    if file.workbook:
        yield from sheet.found(file.workbook)
        return
    first, begin = _first_line(file.text)
    if first.startswith("{"):
        yield from _pretty(file.text) if first == "{" else _json_lines(file.text)
    elif first.startswith("["):
        header = _header(first)
        yield from _json_lines(file.text, header) if header else _array(file.text, begin)
    elif CODE in column_of(first):
        yield from _csv(file.text)
    else:
        yield Fault(line=1, say="không nhận ra đây là JSON hay CSV của danh mục.", mend=_COLUMNS)


def _first_line(text: str) -> tuple[str, int]:
    begin = len(text) - len(text.lstrip())
    return text[begin:].partition("\n")[0].strip(), begin


def _header(line: str) -> list[str] | None:
    try:
        names = _parsed(line)
    except _Unfit:
        return None
    if not isinstance(names, list):
        return None
    columns = [column_of(str(name)) for name in names]
    return columns if CODE in columns else None


def _json_lines(text: str, header: Sequence[str] | None = None) -> Iterator[Raw | Fault]:
    waits = header is not None
    for number, line in enumerate(text.split("\n"), start=1):
        said = line.strip()
        if not said:
            continue
        if waits:
            waits = False
            continue
        try:
            yield _raw(number, _parsed(said), header)
        except _Unfit as unfit:
            yield Fault(line=number, say=str(unfit), mend=_ONE_LINE)


def _raw(line: int, value: object, header: Sequence[str] | None = None) -> Raw:
    if isinstance(value, dict):
        values = {column_of(name): one for name, one in value.items()}
        if len(values) != len(value):
            message = "hai tên cột của bản ghi chỉ khác nhau ở dấu hoặc chữ hoa."
            raise _Unfit(message)
        return Raw(line=line, values=values)
    if header is None or not isinstance(value, list):
        message = f"bản ghi phải là một đối tượng JSON, ở đây là {_kind(value)}."
        raise _Unfit(message)
    if len(value) != len(header):
        message = f"có {len(value)} ô, dòng tên cột có {len(header)}."
        raise _Unfit(message)
    return Raw(line=line, values=dict(zip(header, value, strict=True)))


def _kind(value: object) -> str:
    names = {list: "một mảng", str: "một chuỗi", bool: "đúng hoặc sai", type(None): "null"}
    return names.get(type(value), "một con số")


def _parsed(said: str) -> object:
    if len(said) > LONGEST_RECORD:
        message = f"dòng dài hơn {LONGEST_RECORD:,} ký tự.".replace(",", ".")
        raise _Unfit(message)
    try:
        return json.loads(said, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        message = f"không đọc được JSON ở cột {error.colno} ({error.msg})."
        raise _Unfit(message) from error
    except RecursionError as error:
        message = "JSON lồng nhau quá sâu."
        raise _Unfit(message) from error
    except ValueError as error:
        message = "JSON có con số quá dài."
        raise _Unfit(message) from error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) != len(pairs):
        message = "một cột có mặt hai lần trong cùng bản ghi."
        raise _Unfit(message)
    return values


def _pretty(text: str) -> Iterator[Raw | Fault]:
    """One object that spreads over lines: its only list is the export."""
    try:
        whole = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        yield Fault(line=error.lineno, say=f"không đọc được JSON ({error.msg}).", mend=_WHOLE)
        return
    except (RecursionError, ValueError, _Unfit) as error:
        yield Fault(line=1, say=f"không đọc được JSON ({error}).", mend=_WHOLE)
        return
    lists = [value for value in whole.values() if isinstance(value, list)]
    records = lists[0] if len(lists) == 1 else [whole]
    for number, value in enumerate(records, start=1):
        try:
            yield _raw(number, value)
        except _Unfit as unfit:
            yield Fault(line=number, say=f"bản ghi thứ {number}: {unfit}", mend=_WHOLE)


def _array(text: str, begin: int) -> Iterator[Raw | Fault]:
    """Read one value after another, so that a fault is told at its line."""
    decoder = json.JSONDecoder(object_pairs_hook=_once)
    lines = _Lines(text)
    place = _skip(text, begin + 1)
    while place < len(text) and text[place] != "]":
        line = lines.at(place)
        try:
            value, end = decoder.raw_decode(text, place)
            yield _raw(line, value)
        except json.JSONDecodeError as error:
            yield Fault(line=error.lineno, say=f"không đọc được JSON ({error.msg}).", mend=_WHOLE)
            return
        except (RecursionError, ValueError) as error:
            yield Fault(
                line=line, say=f"không đọc được JSON ({type(error).__name__}).", mend=_WHOLE
            )
            return
        except _Unfit as unfit:
            yield Fault(line=line, say=str(unfit), mend=_WHOLE)
            return
        place = _skip(text, end)
        if text[place : place + 1] not in (",", "]"):
            yield Fault(
                line=lines.at(place), say="mảng JSON bị cụt hoặc thiếu dấu phẩy.", mend=_WHOLE
            )
            return
        if text[place] == ",":
            place = _skip(text, place + 1)
    if place >= len(text) or text[place + 1 :].strip():
        yield Fault(line=lines.at(place), say="mảng JSON không kết thúc đúng chỗ.", mend=_WHOLE)


class _Lines:
    """Counts lines forward, each letter once."""

    def __init__(self, text: str) -> None:
        self._text, self._place, self._line = text, 0, 1

    def at(self, place: int) -> int:
        self._line += self._text.count("\n", self._place, place)
        self._place = place
        return self._line


def _skip(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\r\n":
        place += 1
    return place


def _csv(text: str) -> Iterator[Raw | Fault]:
    head = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(LONGEST_RECORD)
    rows = csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=delimiter, strict=True)
    skipped = text[: len(text) - len(text.lstrip())].count("\n")
    header: list[str] = []
    last = 0
    try:
        for cells in rows:
            line, last = skipped + last + 1, rows.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [column_of(cell) for cell in cells]
                if repeated := _repeated(header):
                    yield Fault(line=line, say=f"cột {repeated} có hai lần.", mend=_COLUMNS)
                    return
                continue
            yield _csv_row(line, cells, header)
    except csv.Error as error:
        yield Fault(line=skipped + rows.line_num, say=f"CSV hỏng ({error}).", mend=_WHOLE)


def _csv_row(line: int, cells: Sequence[str], header: Sequence[str]) -> Raw | Fault:
    if len(cells) != len(header):
        say = f"có {len(cells)} ô, dòng tên cột có {len(header)}."
        return Fault(
            line=line, say=say, mend="Hãy đặt ô có dấu phẩy hay xuống dòng trong dấu nháy."
        )
    return Raw(line=line, values=dict(zip(header, cells, strict=True)))


def _repeated(names: Iterable[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""
