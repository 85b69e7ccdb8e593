"""One cell: which field it belongs to, its text as people write it, and that text read again."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from cuaso.capabilities.registries.logic.exchanging.values.file_names import names_of
from cuaso.capabilities.registries.logic.exchanging.values.plain_texts import plain_reader
from cuaso.capabilities.registries.logic.seeing import records
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.declarations.fields import Context, Field, Wrong, type_of
from cuaso.declarations.fields import leaves as leaves_of
from cuaso.declarations.registries import Group
from cuaso.declarations.shape import Loose
from cuaso.kernel.text import fold

Codes = Mapping[str, Mapping[str, str]]
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_NEUTRAL: Final = re.compile(r"'+[=+\-@\t\r]")
_SERIAL: Final = re.compile(r"[2-7]\d{4}")
_MIDNIGHT: Final = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")
_PERSONAL: Final = 12
_LOST_ZEROS: Final = 10
_MOBILE: Final = re.compile(r"[235789]\d{8}")
_EXCEL: Final = date(1899, 12, 30)
_KEPT: Final = 20_000


@dataclass(frozen=True, kw_only=True)
class SheetField:
    """A column of a sheet: one column of the registry. `typed` is no for what the house works out.

    A group of rows is one cell: a line a row, its fields apart by `|`, names of files last.
    `full_titles` are headings of a part with its whole, as sheets may also have them.
    """

    path: str
    title: str
    title_en: str
    column: Column
    group: Group | None = None
    typed: bool = True
    full_titles: tuple[str, ...] = ()


def fields_of(built: Built, *, files: bool = False) -> tuple[SheetField, ...]:
    """Return the columns of a sheet; those of `files` only where they travel beside it."""
    return tuple(_fields(built, files=files))


def _fields(built: Built, *, files: bool) -> Iterator[SheetField]:
    for column in built.columns:
        group = built.declared.groups.get(column.path)
        if group is not None:
            yield SheetField(
                path=column.path,
                title=group.title,
                title_en=group.title_en,
                column=column,
                group=group,
            )
        elif column.one is not None and (files or column.one.type != "file"):
            yield SheetField(
                path=column.path,
                title=records.title_of(built, column.path),
                title_en=records.title_of(built, column.path, "en"),
                column=column,
                typed=type_of(column.one).typed,
                full_titles=tuple(
                    records.full_title_of(built, column.path, language) for language in ("vi", "en")
                ),
            )


def tidied(one: Field, text: str) -> str:
    """Return a text without what spreadsheets did to it: lost zeros, days as numbers, midnight."""
    if one.type == "date":
        if _SERIAL.fullmatch(text):
            return f"{_EXCEL + timedelta(days=int(text)):%d/%m/%Y}"
        return _MIDNIGHT.sub("", text)
    if one.type == "phone" and _MOBILE.fullmatch(text):
        return f"0{text}"
    if one.number == "personal" and text.isdecimal() and _LOST_ZEROS <= len(text) < _PERSONAL:
        return text.zfill(_PERSONAL)
    return text


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; `unguarded` gives it back."""
    return f"'{text}" if _FORMULA.match(text) else text


def marked(text: str) -> str:
    """Return a text that `unguarded` gives back, where cells are known to be texts."""
    return f"'{text}" if _NEUTRAL.match(text) else text


def unguarded(text: str) -> str:
    """Return a text without the sign that keeps it from being a formula."""
    return text[1:] if text[:1] == "'" and _NEUTRAL.match(text) else text


def pieces(text: str) -> list[str]:
    """Return the choices in a cell, apart by semicolons or lines."""
    return [one.strip() for one in re.split(r"[;\n]", text) if one.strip()]


def missing(one: Field) -> str:
    """Return what a form says of a field that is owed and empty."""
    chosen = type_of(one).input in ("select", "checkboxes", "radios", "place", "reference")
    verb = "tải lên" if one.type == "file" else "chọn" if chosen else "nhập"
    return f"Chưa {verb} “{one.title}”."


class CellReader:
    """Reads the texts of one column to typed values, each different text once.

    `own` are an agency's codes and what they are called here, folded.
    """

    def __init__(self, one: Field, context: Context, own: Mapping[str, str] | None = None) -> None:
        self.one, self.context = one, context
        self.own = own or {}
        self.kind = type_of(one)
        self.known: dict[str, Loose] = {}
        self.wrong: dict[str, str] = {}
        self._plainly = None if self.own else plain_reader(one, context)

    def read_all(self, texts: Collection[str]) -> dict[str, Loose]:
        """Return the typed value of each different text that can be read; none is empty or has
        white space around it.
        """
        if len(self.known) > _KEPT:
            self.forget()
        known = self.known
        found = {text: known[text] for text in texts if text in known}
        fresh = [text for text in texts if text not in found]
        if fresh and self._plainly is not None:
            plain = self._plainly(fresh)
            known.update(plain)
            found.update(plain)
            fresh = [text for text in fresh if text not in plain]
        for text in fresh:
            with suppress(Wrong):
                found[text] = self.read(text)
        return found

    def read(self, text: str) -> Loose:
        """Return the typed value of a text that is not empty; raise Wrong."""
        if text in self.known:
            return self.known[text]
        if text in self.wrong:
            raise Wrong(self.wrong[text])
        if len(self.known) > _KEPT:
            self.forget()
        try:
            value = self.known[text] = self._parse(text)
        except Wrong as wrong:
            self.wrong[text] = wrong.say
            raise
        return value

    def tidy(self, text: str) -> str:
        """Return a text as `read_all` takes it."""
        return text if self.kind.many else tidied(self.one, text)

    def forget(self) -> None:
        """Forget what was read, since the records that it refers to may be others now."""
        self.known.clear()
        self.wrong.clear()

    def posted(self, text: str) -> str | list[str]:
        """Return a text as a form would send it."""
        if self.kind.many:
            return [self._tidied(piece) for piece in pieces(unguarded(text))]
        return self._tidied(unguarded(text))

    def _tidied(self, text: str) -> str:
        return tidied(self.one, self.owned(text).strip())

    def owned(self, text: str) -> str:
        """Return what an agency's own code is called here."""
        return self.own.get(fold(text), text) if self.own else text

    def _parse(self, text: str) -> Loose:
        if "\x00" in text:
            raise Wrong(f"{self.one.title} có ký tự không đọc được. Hãy gõ lại ô này.")
        if not self.kind.many:
            plain = self._tidied(unguarded(text)[: self.kind.longest])
            return self.kind.parse(self.one, plain, self.context) if plain else None
        texts = [self._tidied(piece) for piece in pieces(unguarded(text))]
        if self.one.max and len(texts) > int(self.one.max):
            raise Wrong(f"{self.one.title} chỉ nhận nhiều nhất {self.one.max}.")
        return tuple(
            dict.fromkeys(self.kind.parse(self.one, piece, self.context) for piece in texts)
        )


def rows_text(field: SheetField, rows: Loose) -> str:
    """Return the rows of a group as one text: a line a row, the fields apart by `|`."""
    group = field.group
    if group is None:
        return json.dumps(rows, ensure_ascii=False)
    leaves, names = group_columns(group), _names(group, rows or [])
    return "\n".join(
        joined([_held(one, row, path, names) for path, one in leaves]) for row in rows or []
    )


def masked_rows_text(
    field: SheetField, rows: Loose, mask: Callable[[str, Loose], str], hidden: frozenset[str]
) -> str:
    """Return the rows as `rows_text` does, with what a mask leaves of the hidden fields."""
    leaves = group_columns(field.group) if field.group else []
    names = _names(field.group, rows or []) if field.group else {}

    def said(row: Mapping[str, Any], path: str, one: Field) -> str:
        whole = f"{field.path}.{path}"
        if whole not in hidden:
            return _held(one, row, path, names)
        value = value_in(row, path, one)
        return "" if value is None else mask(whole, value)

    return "\n".join(joined([said(row, path, one) for path, one in leaves]) for row in rows or [])


def joined(texts: Iterable[str]) -> str:
    """Return the fields of one row of a group as one line."""
    return " | ".join(_escaped(text) for text in texts)


def group_leaves(group: Group) -> list[tuple[str, Field]]:
    """Return the fields of a group's row that people type, parts of compound ones apart."""
    leaves: list[tuple[str, Field]] = []
    for name, one in group.fields.items():
        kind = type_of(one)
        parts = kind.parts(one)
        if parts:
            leaves += [(f"{name}.{part}", inner) for part, inner in parts.items()]
        elif kind.typed and one.type != "file":
            leaves.append((name, one))
    return leaves


def group_files(group: Group) -> list[tuple[str, Field]]:
    """Return the fields of a group's row that hold files."""
    return [(path, one) for path, one in leaves_of(group.fields) if one.type == "file"]


def group_columns(group: Group) -> list[tuple[str, Field]]:
    """Return the fields of a group's row that a sheet holds: files stand last, by their names."""
    return [*group_leaves(group), *group_files(group)]


def value_in(row: Mapping[str, Any], path: str, one: Field) -> Loose:
    """Return the typed value of a field in a row of a group, None for none."""
    head, _, part = path.partition(".")
    kept = row.get(head)
    if part:
        kept = (kept or {}).get(part)
    return None if kept is None or kept in ("", []) else type_of(one).load(kept)


def _names(group: Group, rows: Iterable[Mapping[str, Any]]) -> dict[UUID, str]:
    leaves = group_files(group)
    return names_of(
        id for row in rows for path, one in leaves for id in value_in(row, path, one) or ()
    )


def _held(one: Field, row: Mapping[str, Any], path: str, names: Mapping[UUID, str]) -> str:
    value = value_in(row, path, one)
    if value is None:
        return ""
    kind = type_of(one)
    if one.type == "file":
        return "; ".join(names[id] for id in value if id in names)
    if kind.many:
        return "; ".join(str(item) for item in value)
    return kind.edit(one, value)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "\\n")


def _unescaped(text: str) -> str:
    signs = {"n": "\n", "|": "|", "\\": "\\"}
    return re.sub(r"\\(.)", lambda found: signs.get(found[1], found[0]), text)


def rows_posted(field: SheetField, text: str) -> dict[str, str | list[str]]:
    """Return the rows of a group's cell as a form sends them."""
    if field.group is None:
        return {}
    leaves = group_columns(field.group)
    posted: dict[str, str | list[str]] = {}
    for number, line in enumerate(lines_of(text)):
        parts = parts_of(line)
        if len(parts) > len(leaves):
            say = f"{field.title}: dòng {number + 1} có {len(parts)} mục, nhiều nhất {len(leaves)}."
            raise Wrong(say)
        for (path, one), part in zip(leaves, parts, strict=False):
            many = type_of(one).many
            posted[f"{field.path}.{number}.{path}"] = pieces(part) if many else tidied(one, part)
    return posted


def lines_of(text: str) -> list[str]:
    """Return the lines of a group's cell: each is a row."""
    return [line for line in unguarded(text).splitlines() if line.strip()]


def parts_of(line: str) -> list[str]:
    """Return the texts of the fields of a group's row."""
    if "\\" not in line:
        return [part.strip() for part in line.split("|")]
    return [_unescaped(part.strip()) for part in _split(line)]


def _split(line: str) -> list[str]:
    """Return what stands between `|`; one behind a backslash belongs to the text."""
    parts, here, escaped = [], "", False
    for letter in line:
        if letter == "|" and not escaped:
            parts.append(here)
            here = ""
        else:
            here += letter
        escaped = letter == "\\" and not escaped
    return [*parts, here]
