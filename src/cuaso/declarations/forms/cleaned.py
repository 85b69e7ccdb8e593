"""Clean answers: typed, storable, and shown to people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cuaso.declarations.expressions import blank
from cuaso.declarations.fields import Context, Field, type_of
from cuaso.declarations.forms.schema import FormShape, Place, Section, Values
from cuaso.declarations.shape import Loose


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """Typed answers by section and field; a repeated section is a list of rows.

    Hidden and unanswered fields are None (or empty). `stored` is the same as plain JSON.
    """

    values: Values
    stored: dict[str, Any]

    def get(self, path: str) -> object:
        """Return the typed value of a path (`papers.0.pages`), None when there is none."""
        here: Loose = self.values
        for part in path.split("."):
            # A dict first: to ask what is a Mapping takes ten times as long.
            if type(here) is dict or isinstance(here, Mapping):
                here = here.get(part)
            elif isinstance(here, list) and part.isdecimal() and int(part) < len(here):
                here = here[int(part)]
            else:
                return None
        return here


@dataclass(frozen=True, kw_only=True)
class ShownSection:
    """A section as an official reads it: label and text, answered fields only."""

    id: str
    title: str
    lines: tuple[tuple[str, str], ...]


def keep(form: FormShape, values: Values) -> Cleaned:
    """Return clean answers with their stored form."""
    stored = {
        section_id: _store_section(section, values.get(section_id))
        for section_id, section in form.sections.items()
    }
    return Cleaned(values=values, stored=stored)


def load(form: FormShape, stored: Mapping[str, Any]) -> Cleaned:
    """Return the answers that `Cleaned.stored` kept, typed again."""
    values = {
        section_id: load_section(section, stored.get(section_id))
        for section_id, section in form.sections.items()
    }
    return Cleaned(values=values, stored=dict(stored))


def show(form: FormShape, cleaned: Cleaned, context: Context) -> tuple[ShownSection, ...]:
    """Return the answers section by section (row by row) as labels and texts."""
    return tuple(
        ShownSection(id=path, title=title, lines=lines)
        for path, title, section, row in _shown_groups(form, cleaned, context)
        if (lines := tuple(_lines(section, row, context)))
    )


def texts(form: FormShape, cleaned: Cleaned, context: Context) -> dict[str, Any]:
    """Return the answers as people read them, in the shape of `values`; "" where none.

    A compound field is one text: `residence` is "12 Nguyễn Huệ, Phường Quy Nhơn".
    """

    def say(one: Field, value: Loose) -> str:
        return "" if blank(value) else type_of(one).show(one, value, context)

    return _each(form, cleaned.values, say)


def edit(form: FormShape, cleaned: Cleaned) -> dict[str, str | list[str]]:
    """Return the answers as text to type again, by flat path."""
    texts: dict[str, str | list[str]] = {}
    for section_id, section in form.sections.items():
        held = cleaned.values.get(section_id)
        groups = enumerate(held or []) if section.repeat else [(-1, held or {})]
        for number, row in groups:
            path = section_id if number < 0 else f"{section_id}.{number}"
            for place in section.places:
                texts.update(_edit(place, f"{path}.{place.name}", row.get(place.name)))
    return texts


def _edit(place: Place, path: str, value: Loose) -> dict[str, str | list[str]]:
    kind = place.kind
    if place.parts:
        inner = value or {}
        return {
            key: text
            for part in place.parts
            for key, text in _edit(part, f"{path}.{part.name}", inner.get(part.name)).items()
        }
    if blank(value) or not kind.typed:
        return {}
    return {path: [str(item) for item in value] if kind.many else kind.edit(place.one, value)}


def _each(form: FormShape, values: Mapping[str, Any], change: Loose) -> dict[str, Any]:
    return {
        section_id: _change_section(section, values.get(section_id), change)
        for section_id, section in form.sections.items()
    }


def _change_section(section: Section, held: Loose, change: Loose) -> Loose:
    if section.repeat:
        return [_change_row(section.fields, row, change) for row in held or []]
    return _change_row(section.fields, held or {}, change)


def _change_row(fields: Mapping[str, Field], row: Mapping[str, Any], change: Loose) -> Values:
    return {name: change(one, row.get(name)) for name, one in fields.items()}


def _store_section(section: Section, held: Loose) -> Loose:
    if section.repeat:
        return [_store_row(section.places, row) for row in held or []]
    return _store_row(section.places, held or {})


def _store_row(places: tuple[Place, ...], row: Mapping[str, Any]) -> Values:
    return {place.name: _store(place, row.get(place.name)) for place in places}


def _store(place: Place, value: Loose) -> Loose:
    if place.plain:
        return value
    if place.parts:
        return _store_row(place.parts, value or {})
    return place.kind.store(value) if value is not None else None


def load_section(section: Section, held: Loose) -> Loose:
    """Return the typed answers of one section, rows where it repeats."""
    if section.repeat:
        return [_load_row(section.places, row) for row in held or []]
    return _load_row(section.places, held or {})


def _load_row(places: tuple[Place, ...], row: Mapping[str, Any]) -> Values:
    return {place.name: _load(place, row.get(place.name)) for place in places}


def _load(place: Place, value: Loose) -> Loose:
    if place.parts:
        return _load_row(place.parts, value or {})
    return place.kind.load(value) if value is not None else None


def _shown_groups(
    form: FormShape, cleaned: Cleaned, context: Context
) -> Iterator[tuple[str, str, Section, Values]]:
    english = context.language == "en"
    for section_id, section in form.sections.items():
        title = section.title_en if english and section.title_en else section.title
        held = cleaned.values.get(section_id)
        if section.repeat is None:
            yield section_id, title, section, held or {}
            continue
        item = section.repeat.item_en if english and section.repeat.item_en else section.repeat.item
        for number, row in enumerate(held or []):
            yield f"{section_id}.{number}", f"{item} {number + 1}", section, row


def _lines(section: Section, row: Values, context: Context) -> Iterator[tuple[str, str]]:
    for name, one in section.fields.items():
        value = row.get(name)
        label = one.title_en if context.language == "en" and one.title_en else one.title
        kind = type_of(one)
        said = kind.show(one, value, context) if not blank(value) else ""
        if said:
            yield label, said
