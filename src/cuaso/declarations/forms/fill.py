"""Fills a form before people do: from sources, and with invented answers for tests."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Final

from cuaso.declarations.expressions import blank
from cuaso.declarations.fields import CodeLists, Context, Field, Option, type_of
from cuaso.declarations.forms.examine import examine
from cuaso.declarations.forms.schema import FormShape, Section
from cuaso.declarations.shape import Loose

_WHOLE_EVERY: Final = 4
Texts = dict[str, str | list[str]]


@dataclass(frozen=True, kw_only=True)
class Prefilled:
    """`values` by flat path, as text; `origins` names the source of each path."""

    values: Texts
    origins: dict[str, str]


def empty(form: FormShape) -> Texts:
    """Return a fresh input: defaults, and the least number of rows."""
    texts: Texts = {}
    for path, _, one in _first_rows(form):
        if one.default:
            texts[path] = one.default
    return texts


def prefill(form: FormShape, sources: Mapping[str, Mapping[str, object]]) -> Prefilled:
    """Return what the sources know, as text: `{"population": {"full_name": "Lê Thị Mai"}}`."""
    values: Texts = {}
    origins: dict[str, str] = {}
    for path, _, one in _first_rows(form):
        source, _, name = one.prefill.partition(".")
        known = sources.get(source, {}).get(name)
        for key, text in _texts(one, path, known):
            values[key] = text
            origins[key] = one.prefill
    return Prefilled(values=values, origins=origins)


def _first_rows(form: FormShape) -> Iterator[tuple[str, Section, Field]]:
    for section_id, field_id, one in form.places():
        section = form.sections[section_id]
        row = ".0" if section.repeat else ""
        if not section.repeat or section.repeat.min:
            yield f"{section_id}{row}.{field_id}", section, one


def _texts(one: Field, path: str, known: object) -> Iterator[tuple[str, str]]:
    parts = type_of(one).parts(one)
    if parts and isinstance(known, Mapping):
        for name, part in parts.items():
            yield from _texts(part, f"{path}.{name}", known.get(name))
    elif not parts and not blank(known):
        kind = type_of(one)
        typed = known if isinstance(known, str) and one.type != "date" else _typed(one, known)
        yield path, kind.edit(one, typed)


def _typed(one: Field, known: object) -> Loose:
    if one.type == "date" and isinstance(known, str):
        return date.fromisoformat(known)
    return known


def sample(form: FormShape, context: Context, *, seed: int, tries: int = 300) -> Texts:
    """Return invented answers that the form accepts; the same for the same seed.

    Raise ValueError when the rules leave no answer within `tries`: such a form is at fault.
    """
    dice = random.Random(seed)  # noqa: S311 invented data, no secret
    context = replace(context, lists=_ReadOnce(context.lists))
    texts = _roll(form, context, dice)
    for turn in range(1, tries + 1):
        problems = examine(form, texts, context).visible_problems()
        if not problems:
            return texts
        wrong = {problem.field for problem in problems}
        # Now and then the whole section: a rule may be broken by a neighbour of what it names.
        whole = turn % _WHOLE_EVERY == 0
        texts |= _again(form, context, dice, wrong=wrong, whole=whole)
    message = f"no sample within {tries} tries: {problems}"
    raise ValueError(message)


class _ReadOnce:
    """Code lists that are read once however many answers are rolled from them."""

    def __init__(self, lists: CodeLists) -> None:
        self._find, self._options = cache(lists.find), cache(lists.options)

    def find(self, list_id: str, code: str, day: date) -> Option | None:
        return self._find(list_id, code, day)

    def options(self, list_id: str, day: date) -> Sequence[Option]:
        return self._options(list_id, day)


def _roll(form: FormShape, context: Context, dice: random.Random) -> Texts:
    texts: Texts = {}
    for path, _, one in _sample_rows(form, dice):
        texts |= _rolled(one, path, context, dice)
    return texts


def _sample_rows(form: FormShape, dice: random.Random) -> Iterator[tuple[str, Section, Field]]:
    for section_id, section in form.sections.items():
        repeat = section.repeat
        count = dice.randint(repeat.min, min(repeat.max, repeat.min + 2)) if repeat else 1
        for number in range(count):
            path = f"{section_id}.{number}" if repeat else section_id
            yield from ((f"{path}.{name}", section, one) for name, one in section.fields.items())


def _rolled(one: Field, path: str, context: Context, dice: random.Random) -> Texts:
    parts = type_of(one).parts(one)
    if parts:
        return {
            key: text
            for name, part in parts.items()
            for key, text in _rolled(part, f"{path}.{name}", context, dice).items()
        }
    if not type_of(one).typed:
        return {}
    if one.examples:
        return {path: dice.choice(one.examples)}
    return {path: type_of(one).sample(one, dice, context)}


def _again(
    form: FormShape, context: Context, dice: random.Random, *, wrong: set[str], whole: bool
) -> Texts:
    """Roll anew what was refused, or the whole sections around it."""
    fresh = _roll(form, context, dice)
    sections = {path.split(".")[0] for path in wrong}
    if whole or wrong & set(form.sections):
        return {path: text for path, text in fresh.items() if path.split(".")[0] in sections}
    return {path: text for path, text in fresh.items() if _within(path, wrong)}


def _within(path: str, wrong: set[str]) -> bool:
    return any(path == one or path.startswith(f"{one}.") for one in wrong)
