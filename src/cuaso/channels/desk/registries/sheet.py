"""The form of a record as the officer fills it: under its declared headings, nothing hidden."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from cuaso.capabilities.registries.contracts import FormPage, Outline
from cuaso.channels.desk import sheets
from cuaso.channels.desk.sheets import SheetRow, SheetSection

RECORD = "record"


def lay_out(form: FormPage, outline: Outline, *, added: str = "") -> tuple[SheetSection, ...]:
    """Return the sections of the form: each part of the record, then its groups."""
    wrong = dict(form.view.errors)
    drawn = sheets.lay_out(form.view, form.texts, wrong, added=added)
    return tuple(one for section in drawn for one in _split(section, outline, wrong))


def _split(
    section: SheetSection, outline: Outline, wrong: Mapping[str, str]
) -> Iterator[SheetSection]:
    if section.id != RECORD:
        yield replace(section, can_remove=section.repeated and bool(section.rows))
        return
    row = section.rows[0]
    for part in outline.parts:
        if part.group:
            continue
        usual = tuple(one for one in row.usual if one.id in part.fields)
        rare = tuple(one for one in row.rare if one.id in part.fields)
        if usual or rare:
            yield replace(
                section,
                id=part.name,
                title=part.title,
                hint=part.hint,
                error=wrong.get(part.name, ""),
                rare=not usual,
                rows=(
                    SheetRow(
                        number=0, title=part.title, usual=usual or rare, rare=rare if usual else ()
                    ),
                ),
            )
