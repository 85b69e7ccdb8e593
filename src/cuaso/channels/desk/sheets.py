"""A declared form as a sheet of paper: every field is there, what is rarely used folded away.

A declared form hides what an answer has not called for yet. An officer copies from a paper form
and posts once, so here nothing is hidden; what does not apply is left empty and ignored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cuaso.declarations.forms import FieldView, FormView, RowView, SectionView

Typed = Mapping[str, str | list[str]]


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """Fields of one row: `usual` stand open, `rare` are for special cases."""

    number: int
    title: str
    usual: tuple[FieldView, ...]
    rare: tuple[FieldView, ...]


@dataclass(frozen=True, kw_only=True)
class SheetSection:
    """One section; `rare` when the whole section is for special cases."""

    id: str
    title: str
    hint: str
    error: str
    rare: bool
    repeated: bool
    can_remove: bool
    rows: tuple[SheetRow, ...]


def lay_out(
    form: FormView, typed: Typed, wrong: Mapping[str, str], *, added: str = ""
) -> tuple[SheetSection, ...]:
    """Return the sections with what was typed and what is wrong; `added` names a group to grow."""
    return tuple(_section(one, typed, wrong, added=added) for one in form.sections)


def _section(
    section: SectionView, typed: Typed, wrong: Mapping[str, str], *, added: str
) -> SheetSection:
    drawn = tuple(
        _row(row, typed, wrong, shown=section.visible)
        for row in _rows(section, typed, more=section.id == added)
    )
    touched = any(_touched(field) for row in drawn for field in row.usual)
    return SheetSection(
        id=section.id,
        title=section.title,
        hint=section.hint,
        error=wrong.get(section.id, ""),
        rare=not section.visible and not touched,
        repeated=section.repeated,
        can_remove=section.repeated and len(drawn) > 1,
        rows=drawn,
    )


def _rows(section: SectionView, typed: Typed, *, more: bool) -> Iterator[RowView]:
    if not section.repeated or not section.rows:
        yield from section.rows
        return
    first = section.rows[0]
    count = max(len(section.rows), _count(section.id, typed)) + more
    for number in range(count):
        yield _moved(first, section.id, number)


def _count(section_id: str, typed: Typed) -> int:
    numbers = (path.split(".")[1] for path in typed if path.startswith(f"{section_id}."))
    return max((int(number) + 1 for number in numbers if number.isdecimal()), default=0)


def _moved(row: RowView, section_id: str, number: int) -> RowView:
    title = row.title.removesuffix(str(row.number + 1)) + str(number + 1)
    fields = tuple(_at(one, row.path, f"{section_id}.{number}") for one in row.fields)
    return replace(row, path=f"{section_id}.{number}", number=number, title=title, fields=fields)


def _at(field: FieldView, before: str, after: str) -> FieldView:
    path = after + field.path.removeprefix(before)
    return replace(field, path=path, parts=tuple(_at(one, before, after) for one in field.parts))


def _row(row: RowView, typed: Typed, wrong: Mapping[str, str], *, shown: bool) -> SheetRow:
    filled = [(one.visible or not shown, _filled(one, typed, wrong)) for one in row.fields]
    return SheetRow(
        number=row.number,
        title=row.title,
        usual=tuple(one for usual, one in filled if usual or _touched(one)),
        rare=tuple(one for usual, one in filled if not usual and not _touched(one)),
    )


def _filled(field: FieldView, typed: Typed, wrong: Mapping[str, str]) -> FieldView:
    value = typed.get(field.path, field.values or field.value)
    many = field.input == "checkboxes"
    listed = [value] if isinstance(value, str) else list(value)
    return replace(
        field,
        visible=True,
        value="" if many else (listed[-1] if listed else ""),
        values=tuple(listed) if many else (),
        error=wrong.get(field.path, ""),
        same=_text(typed.get(f"{field.path}.same", "")) not in ("", "no"),
        parts=tuple(_filled(one, typed, wrong) for one in field.parts),
    )


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else (value[-1] if value else "")


def _touched(field: FieldView) -> bool:
    """Say whether a field holds an answer or a complaint; only then a rare field is opened."""
    return bool(
        field.value or field.values or field.error or any(_touched(one) for one in field.parts)
    )


def without_row(typed: Typed, *, group: str, number: int) -> dict[str, str | list[str]]:
    """Return what was typed with one row of a repeated section taken out and the rest moved up."""
    kept: dict[str, str | list[str]] = {}
    for path, value in typed.items():
        parts = path.split(".")
        if parts[0] != group or len(parts) < 3 or not parts[1].isdecimal():  # noqa: PLR2004 a row's path has three parts
            kept[path] = value
        elif int(parts[1]) != number:
            place = int(parts[1]) - (int(parts[1]) > number)
            kept[".".join((group, str(place), *parts[2:]))] = value
    return kept
