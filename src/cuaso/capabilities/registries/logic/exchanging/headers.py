"""Finds the header of a sheet and says which column holds which field."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Final

from cuaso.capabilities.registries.logic.exchanging.formats.lines import Line, Sheet, refused
from cuaso.capabilities.registries.logic.exchanging.formats.old_letters import readings
from cuaso.capabilities.registries.logic.exchanging.values.cells import SheetField, fields_of
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.values import under
from cuaso.kernel.text import words

WITHIN: Final = 30
PASSED_OVER: Final = "-"
_LONGEST: Final = 300
_FEWEST: Final = 2
_GROUPED: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(/[A-Za-z][A-Za-z0-9_]*)+", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Header:
    """Where records begin, and for each column its heading and its field ("" where it has none)."""

    line: int
    headings: tuple[str, ...]
    paths: tuple[str, ...]


def named(text: str) -> str:
    """Return a heading as it is compared: words without marks."""
    return " ".join(words(text[:_LONGEST]))


def find(
    sheets: Sequence[Sheet],
    fields: Mapping[str, SheetField],
    saved: Mapping[str, str],
) -> tuple[Sheet, Header]:
    """Return the sheet whose header names the most fields, and that header. Where none names any,
    it is the first of the fullest lines, whose columns are then to be mapped.

    `saved` says of headings which field they mean here, "-" for none. Raises Invalid when no
    sheet has a line of headings.
    """
    known = _known(fields)
    best: tuple[tuple[int, int], Sheet, Header] | None = None
    for sheet in sheets:
        with closing(sheet.read()) as lines:
            top = list(islice(lines, WITHIN))
        for place in range(len(top)):
            header = _header(top, place, known, saved)
            score = (sum(1 for path in header.paths if path), _filled(header))
            if score[1] and (best is None or score > best[0]):
                best = (score, sheet, header)
    if best is None or (not best[0][0] and best[0][1] < _FEWEST):
        raise refused(
            f"Không thấy dòng tiêu đề trong {WITHIN} dòng đầu.",
            "Hãy dùng bảng mẫu của sổ, hoặc ghi tên từng cột ở dòng trên cùng.",
        )
    return best[1], best[2]


def key_missing(header: Header, built: Built) -> tuple[str, ...]:
    """Return the parts of the key that no column is known to hold."""
    return tuple(
        column.path
        for path in built.declared.key
        for column in under(built, path)
        if column.path not in header.paths
    )


def key_places(header: Header, built: Built) -> tuple[int, ...] | None:
    """Return the places of the columns of the key, None where one has none."""
    if key_missing(header, built):
        return None
    return tuple(
        header.paths.index(column.path)
        for path in built.declared.key
        for column in under(built, path)
    )


def worded(header: Header, fields: Mapping[str, SheetField]) -> dict[int, str]:
    """Return the headings of the columns that are taken, by place, but those that name files."""
    return {
        at: fields[path].title
        for at, path in enumerate(header.paths)
        if path in fields and getattr(fields[path].column.one, "type", "") != "file"
    }


def unsent(header: Header, built: Built) -> str:
    """Say that a sheet names files which did not come with it, "" where it names none."""
    titles = {
        named(one.title): one.title
        for one in fields_of(built, files=True)
        if one.column.one is not None and one.column.one.type == "file"
    }
    paths = [*header.paths, *("" for _ in header.headings)]
    found = [
        titles[named(text)]
        for text, path in zip(header.headings, paths, strict=False)
        if not path and named(text) in titles
    ]
    if not found:
        return ""
    said = ", ".join(f"“{one}”" for one in found)
    mend = "Hãy nén (ZIP) bảng tính cùng các tệp rồi gửi lại."
    return f"Cột {said} ghi tên tệp nên chưa được lấy. {mend}"


def _filled(header: Header) -> int:
    """Count headings that are words: a line of records has numbers and days among its texts."""
    return len({named(one) for one in header.headings if any(map(str.isalpha, one))})


def _header(
    top: Sequence[Line], place: int, known: Mapping[str, str], saved: Mapping[str, str]
) -> Header:
    line, above = top[place], top[place - 1] if place else None
    captions = _captions(above) if above is not None else []
    headings, paths, taken = [], [], set[str]()
    ids = {named(path): path for path in known.values()}
    for at, heading in enumerate(line.cells):
        caption = captions[at] if at < len(captions) else ""
        path = _path(heading, caption, known, saved) or _surveyed(heading, line.cells, ids)
        if path in taken:
            path = ""
        taken.add(path)
        headings.append(heading)
        paths.append("" if path == PASSED_OVER else path)
    last = line.number
    # The template has ids above titles: a second line that names the same fields is header too.
    if place + 1 < len(top) and _same(top[place + 1], paths, known):
        last, headings = top[place + 1].number, list(top[place + 1].cells)
        headings += [""] * (len(paths) - len(headings))
    return Header(line=last, headings=tuple(headings), paths=tuple(paths))


def _path(heading: str, caption: str, known: Mapping[str, str], saved: Mapping[str, str]) -> str:
    for reading in readings(heading):
        name = named(reading)
        above = [named(one) for one in readings(caption)] if caption and name else []
        for asked in (*(f"{one} {name}" for one in above), name):
            if asked and asked in saved:
                return saved[asked]
            if asked and asked in known:
                return known[asked]
    return ""


def _surveyed(heading: str, beside: Sequence[str], ids: Mapping[str, str]) -> str:
    """Return the field that a heading of survey results names after its groups (`group/field`), as
    KoboToolbox and ODK write it; "" for none, and for one answer of a question that has a column.
    """
    if not _GROUPED.fullmatch(heading):
        return ""
    parts = heading.split("/")
    if "/".join(parts[:-1]) in beside:
        return ""
    tails = (named(" ".join(parts[at:])) for at in range(1, len(parts)))
    return next((ids[tail] for tail in tails if tail in ids), "")


def _captions(line: Line) -> list[str]:
    """Return captions above the columns; one stands over what follows it until the next."""
    found, last = [], ""
    for text in line.cells:
        last = text or last
        found.append(last)
    return found


def _same(line: Line, paths: Sequence[str], known: Mapping[str, str]) -> bool:
    named_ = [known.get(named(text), "") for text in line.cells]
    agreeing = sum(1 for one, path in zip(named_, paths, strict=False) if path and one == path)
    return agreeing * 2 > sum(1 for path in paths if path)


def _known(fields: Mapping[str, SheetField]) -> dict[str, str]:
    """Return what fields are called, by compared name; a name of two fields names neither."""
    names: dict[str, set[str]] = {}
    for path, one in fields.items():
        for text in _names(one):
            names.setdefault(named(text), set()).add(path)
    ids = {named(path): path for path in fields}
    sure = {name: next(iter(paths)) for name, paths in names.items() if name and len(paths) == 1}
    return sure | ids


def _names(one: SheetField) -> Iterable[str]:
    yield one.title
    yield one.title_en
    yield from one.full_titles
    if one.column.one is not None:
        yield one.column.one.title
        yield one.column.one.title_en
        if one.column.one.unit:
            yield f"{one.title} {one.column.one.unit}"
