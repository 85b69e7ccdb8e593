"""Find the records in an export: JSON lines, a JSON array, JSON rows, CSV, or a spreadsheet."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from cuaso.services.catalogue.logic import sheet
from cuaso.services.catalogue.logic.damage import Fault
from cuaso.services.catalogue.logic.opening import Opened
from cuaso.services.catalogue.logic.raw import CODE, Raw, column_of

LONGEST_RECORD: Final = 4_000_000
LONGEST_HEADER: Final = 20_000
HEADER_WITHIN: Final = 30
DELIMITERS: Final = (",", ";", "\t", "|")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_LINE: Final = re.compile(r"[^\r\n]+")
_ONE_LINE: Final = "Mỗi dòng phải là một đối tượng JSON trọn vẹn; hãy xuất lại tệp."
_WHOLE: Final = "Hãy xuất lại tệp."
_COLUMNS: Final = (
    f"Hãy dùng tệp có tên cột như bản xuất của Cổng dịch vụ công quốc gia ({CODE}, …)."
)


_NO_PAGE: Final = "Hãy mở tệp bằng chương trình bảng tính, lưu lại ở dạng .xlsx rồi nhập lại."


class _Unfit(Exception):
    """JSON that is no record, with the sentence to say."""


def found(file: Opened) -> Iterator[Raw | Fault]:
    """Yield every record, or the fault at its place, in the order of the file."""
    if file.workbook:
        yield from sheet.found(file.workbook)
        return
    first, begin = _first_line(file.text)
    if first.startswith("{"):
        whole = first == "{" or _is_wrapped(file.text)
        yield from _pretty(file.text) if whole else _json_lines(file.text)
    elif first.startswith("["):
        header = _header(first)
        yield from _json_lines(file.text, header) if header else _array(file.text, begin)
    elif first.startswith("<"):
        yield Fault(line=1, say="đây là trang web hoặc XML, không phải bản xuất.", mend=_NO_PAGE)
    elif csv_head := _csv_head(file.text):
        yield from _csv(file.text, *csv_head)
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
    """One object that is the whole file: its only list of objects is the export."""
    try:
        whole = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        yield Fault(line=error.lineno, say=f"không đọc được JSON ({error.msg}).", mend=_WHOLE)
        return
    except (RecursionError, ValueError, _Unfit) as error:
        yield Fault(line=1, say=f"không đọc được JSON ({error}).", mend=_WHOLE)
        return
    lists = [] if _has_code(whole) else list(_lists(whole))
    records = lists[0] if len(lists) == 1 else [whole]
    for number, value in enumerate(records, start=1):
        try:
            yield _raw(number, value)
        except _Unfit as unfit:
            yield Fault(line=number, say=f"bản ghi thứ {number}: {unfit}", mend=_WHOLE)


def _is_wrapped(text: str) -> bool:
    """Say whether a file of one line is an object around the records and no record itself."""
    said = text.strip()
    if "\n" in said:
        return False
    try:
        whole = json.loads(said)
    except (RecursionError, ValueError):
        return False
    return not _has_code(whole) and any(_lists(whole))


def _has_code(value: Mapping[str, object]) -> bool:
    return any(column_of(name) == CODE for name in value)


def _lists(whole: Mapping[str, object], *, deep: int = 3) -> Iterator[list[object]]:
    """Yield the lists of objects in an object, and in objects within it to some depth."""
    for value in whole.values():
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            yield value
        elif isinstance(value, dict) and deep:
            yield from _lists(value, deep=deep - 1)


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


def _csv_head(text: str) -> tuple[int, str] | None:
    """Return where the line of column names begins, and what parts its cells; None without one.

    A person's title lines and Excel's "sep=;" may stand above it.
    """
    lines = islice(_LINE.finditer(text), HEADER_WITHIN)
    for line in lines:
        for delimiter in DELIMITERS:
            cells = line[0][:LONGEST_HEADER].split(delimiter)
            if any(column_of(cell) == CODE for cell in cells):
                return line.start(), delimiter
    return None


def _csv(text: str, begin: int, delimiter: str) -> Iterator[Raw | Fault]:
    csv.field_size_limit(LONGEST_RECORD)
    rows = csv.reader(io.StringIO(text[begin:], newline=""), delimiter=delimiter, strict=True)
    skipped = len(_LINE_END.findall(text[:begin]))
    header: list[str] = []
    last = 0
    try:
        for cells in rows:
            line, last = skipped + last + 1, rows.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [column_of(cell) for cell in cells]
                if repeated := _repeated(name for name in header if name):
                    yield Fault(line=line, say=f"cột {repeated} có hai lần.", mend=_COLUMNS)
                    return
                continue
            yield _csv_row(line, cells, header)
    except csv.Error as error:
        yield Fault(line=skipped + rows.line_num, say=_csv_fault(error), mend=_WHOLE)


def _csv_fault(error: csv.Error) -> str:
    if "field limit" in str(error):
        return f"CSV có ô dài hơn {LONGEST_RECORD:,} ký tự.".replace(",", ".")
    return f"CSV hỏng ({error})."


def _csv_row(line: int, cells: Sequence[str], header: Sequence[str]) -> Raw | Fault:
    beyond = cells[len(header) :]
    if len(cells) < len(header) or any(cell.strip() for cell in beyond):
        say = f"có {len(cells)} ô, dòng tên cột có {len(header)}."
        return Fault(
            line=line, say=say, mend="Hãy đặt ô có dấu phẩy hay xuống dòng trong dấu nháy."
        )
    pairs = list(zip(header, cells[: len(header)], strict=True))
    nameless = next(
        (place for place, (name, cell) in enumerate(pairs) if not name and cell.strip()), None
    )
    if nameless is not None:
        return Fault(
            line=line,
            say=f"ô thứ {nameless + 1} có nội dung nhưng cột không có tên.",
            mend=_COLUMNS,
        )
    return Raw(line=line, values={name: cell for name, cell in pairs if name})


def _repeated(names: Iterable[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""
