"""What came in: flat paths from a web page, nested values from the API; one flat shape inside."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from cuaso.declarations.fields import Field, type_of
from cuaso.declarations.forms.schema import SAME, FormShape, Section, paths_of

Posted = Mapping[str, str | Sequence[str]]
LIMIT_TEXT: Final = 20_000
_SHAPES: Final = frozenset({"Point", "LineString", "Polygon"})


def flatten(nested: Mapping[str, object]) -> dict[str, str | list[str]]:
    """Return nested values (JSON) flat: `{"papers": [{"pages": 2}]}` → `papers.0.pages`.

    A GeoJSON geometry stays one text.
    """
    return dict(_flat(nested, ""))


def _flat(value: object, path: str) -> Iterator[tuple[str, str | list[str]]]:
    if type(value) is str:  # Most are.
        yield path, value
    elif isinstance(value, Mapping) and value.get("type") in _SHAPES and "coordinates" in value:
        yield path, json.dumps(value)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list | tuple):
        if value and all(isinstance(row, Mapping) for row in value):
            for index, row in enumerate(value):
                yield from _flat(row, f"{path}.{index}")
        else:
            yield path, [_text(one) for one in value]
    else:
        yield path, _text(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        return f"{Decimal(str(value)):f}".replace(".", ",")
    return str(value)


def one_text(posted: Posted, path: str, *, longest: int = LIMIT_TEXT) -> str:
    """Return the single text of a path, `""` when nothing came."""
    value = posted.get(path, "")
    text = value if isinstance(value, str) else next(iter(value), "")
    return text[:longest].strip()


def typed_text(posted: Posted, path: str, one: Field) -> str:
    """Return the text of a simple field, wherever below its path it came."""
    kind = type_of(one)
    if not kind.inputs:
        return one_text(posted, path, longest=kind.longest)
    came = {
        end: one_text(posted, f"{path}.{end}" if end else path, longest=kind.longest)
        for end in ("", *kind.inputs)
    }
    return kind.gather(one, came)


def many_texts(posted: Posted, path: str) -> list[str]:
    """Return every non-empty text of a path."""
    value = posted.get(path, ())
    texts = [value] if isinstance(value, str) else list(value)
    return [text[:LIMIT_TEXT].strip() for text in texts if text and text.strip()]


def rows(posted: Posted, section_id: str, section: Section) -> tuple[int, ...]:
    """Return the row numbers that came for a repeated section, in order, bounded."""
    prefix = f"{section_id}."
    found = {
        int(head)
        for path in posted
        if path.startswith(prefix) and (head := path[len(prefix) :].split(".")[0]).isdecimal()
    }
    most = section.repeat.max + 1 if section.repeat else 0
    return tuple(sorted(found))[:most]


def renumber(form: FormShape, posted: Posted) -> dict[str, str | list[str]]:
    """Return only declared paths, rows numbered from 0 without gaps: what a draft keeps."""
    kept: dict[str, str | list[str]] = {}
    for section_id, section in form.sections.items():
        if section.repeat is None:
            kept |= _keep(posted, section.fields, old=section_id, new=section_id)
            continue
        for number, row in enumerate(rows(posted, section_id, section)):
            kept |= _keep(
                posted, section.fields, old=f"{section_id}.{row}", new=f"{section_id}.{number}"
            )
    return kept


def all_declared(form: FormShape, posted: Posted) -> bool:
    """Say whether every path is one of the form's own, rows numbered from 0 without gaps."""
    found: dict[str, set[int]] = {}
    for path in posted:
        section_id, _, rest = path.partition(".")
        section = form.sections.get(section_id)
        if section is None:
            return False
        if section.repeat is not None:
            number, _, rest = rest.partition(".")
            if not (number.isascii() and number.isdecimal() and number == str(int(number))):
                return False
            found.setdefault(section_id, set()).add(int(number))
        if rest not in section.input_paths:
            return False
    return all(
        numbers == set(range(len(rows(posted, section_id, form.sections[section_id]))))
        for section_id, numbers in found.items()
    )


def _keep(
    posted: Posted, fields: Mapping[str, Field], *, old: str, new: str
) -> dict[str, str | list[str]]:
    kept: dict[str, str | list[str]] = {}
    for name, one in fields.items():
        for path in paths_of(name, one):
            if f"{old}.{path}" in posted:
                kind = type_of(one)
                value = (
                    many_texts(posted, f"{old}.{path}")
                    if kind.many
                    else one_text(posted, f"{old}.{path}", longest=kind.longest)
                )
                kept[f"{new}.{path}"] = value
    return kept


def copied(form: FormShape, posted: Posted) -> Posted:
    """Return the input with every ticked `same_as` filled from the field that it names."""
    filled: dict[str, str | Sequence[str]] = dict(posted)
    for section_id, field_id, one in form.places():
        if not one.same_as or form.sections[section_id].repeat:
            continue
        target = f"{section_id}.{field_id}"
        if one_text(posted, f"{target}.{SAME}") not in ("", "no"):
            filled |= _copy(form, filled, source=one.same_as, target=target)
    return filled


def _copy(form: FormShape, posted: Posted, *, source: str, target: str) -> Mapping[str, str]:
    one = form.field_at(source)
    kind = type_of(one) if one else None
    ends = [f".{part}" for part in kind.parts(one)] if one and kind else []
    ends = ends or ["", *(f".{end}" for end in (kind.inputs if kind else ()))]
    longest = kind.longest if kind else LIMIT_TEXT
    return {target + end: one_text(posted, source + end, longest=longest) for end in ends}
