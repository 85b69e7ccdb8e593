"""What a registry is made of, as a page or a list shows it to one reader."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from cuaso.capabilities.registries.contracts import (
    Choice,
    FieldOffer,
    ListOffer,
    Outline,
    PartOffer,
    RegistryCard,
    ViewOffer,
)
from cuaso.capabilities.registries.logic.seeing import records, registries, rights, statements
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.declarations.fields import Field, leaves
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.text import sort_key

MOST_CHOICES: Final = 400
_ASKED: Final = {
    "integer": "number",
    "number": "number",
    "day": "day",
    "moment": "day",
    "yes_no": "yes_no",
    "text": "text",
    "text[]": "choice",
    "reference": "reference",
}


def outline(*, registry: str, actor: Actor, language: str = "vi") -> Outline:
    """Return what a registry is made of; raise NotFound when the actor may do nothing there."""
    built = sets.built(registry)
    # All of a card that does not follow from the version.
    card = rights.acts_on_whole(built, actor), directory.agency(built.owner_id).name
    hidden, owes = rights.masked(built, actor), rights.owes_purpose(built, actor)
    return statements.kept(
        built,
        ("outline", card, hidden, owes, language),
        lambda: _outline(
            built,
            registries.registry(key=registry, actor=actor),
            hidden,
            language,
            owes=owes,
        ),
    )


def _outline(
    built: Built, card: RegistryCard, hidden: frozenset[str], language: str, *, owes: bool
) -> Outline:
    declared, english = built.declared, language == "en"
    return Outline(
        card=card,
        title=_said(declared.title, declared.title_en, english=english),
        item=_said(declared.item, declared.item_en, english=english)
        or _said("bản ghi", "record", english=english),
        about=_said(declared.about, declared.about_en, english=english),
        legal=tuple(one.source for one in declared.legal),
        unverified=any(one.unverified for one in declared.legal),
        sharing=declared.sharing.default,
        keep=declared.retention.keep,
        lists=tuple(
            ListOffer(
                name=name,
                title=_said(one.title, one.title_en, english=english)
                or _said("Tất cả", "All", english=english),
                columns=tuple(
                    (path, records.title_of(built, path, language)) for path in one.columns
                ),
                quick=one.filters,
            )
            for name, one in declared.lists.items()
        ),
        fields=tuple(_fields(built, hidden, language)),
        parts=_parts(built, english=english),
        calendars=_views(declared.calendars, english=english),
        maps=_views(declared.maps, english=english),
        figures=_views(declared.figures, english=english),
        prints=tuple(
            ViewOffer(name=name, title=one.title) for name, one in declared.prints.items()
        ),
        status=declared.statuses.field if declared.statuses else "",
        owes_purpose=owes,
    )


def choices(*, registry: str, path: str, actor: Actor, language: str = "vi") -> tuple[Choice, ...]:
    """Return what a field may be answered with, () for one that is typed or too long to show."""
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "view")
    column = built.by_path.get(path)
    return options_of(built, column, language) if column is not None else ()


def options_of(built: Built, column: Column, language: str) -> tuple[Choice, ...]:
    """Return the codes, places or short registry that a column is answered from."""
    one = column.one
    if one is None:
        return ()
    if one.type == "yes_no":
        said = ("Có", "Không") if language == "vi" else ("Yes", "No")
        return (Choice(code="yes", label=said[0]), Choice(code="no", label=said[1]))
    if one.to:
        found = values.context(built).records.options(one.to, "", MOST_CHOICES + 1)
        listed = tuple(Choice(code=record.key, label=record.label) for record in found)
        return listed if len(listed) <= MOST_CHOICES else ()
    stamps = dictionary.stamp(), directory.stamp()
    if not all(stamps):
        return _listed(built, one, language)
    key = ("choices", column.path, language, clock.today(), *stamps)
    return statements.kept(built, key, lambda: _listed(built, one, language))


def _listed(built: Built, one: Field, language: str) -> tuple[Choice, ...]:
    """Return the codes or places of today, () for more than are shown."""
    here = values.context(built, language=language)
    name = one.level if one.type == "place" else one.codes
    listed = [
        Choice(
            code=option.code,
            label=_said(option.label, option.label_en, english=language == "en"),
        )
        for option in (here.lists.options(name, here.today) if name else ())
    ]
    if one.type == "place":
        listed.sort(key=lambda choice: _place_in_order(choice.label))
    return tuple(listed) if len(listed) <= MOST_CHOICES else ()


@lru_cache(maxsize=20_000)
def _place_in_order(label: str) -> str:
    return sort_key(label)


def asked_as(column: Column) -> str:
    """Return how a condition on a column is asked: by choice, number, day, text, reference."""
    one = column.one
    if one is not None and (one.codes or one.type == "place"):
        return "choice"
    return _ASKED.get(column.kind.partition("(")[0], "")


def _fields(built: Built, hidden: frozenset[str], language: str) -> Iterator[FieldOffer]:
    for column in built.columns:
        one = column.one
        if one is None:
            continue
        yield FieldOffer(
            path=column.path,
            title=records.title_of(built, column.path, language),
            asked=asked_as(column),
            unit=one.unit,
            masked=column.path in hidden,
            sortable=column.path not in hidden and bool(asked_as(column)),
            changes=_changes(built, column, one, hidden),
            to=_target(built, one),
            files=one.type == "file",
        )


def _target(built: Built, one: Field) -> str:
    return one.to if not one.to or "/" in one.to else f"{built.key.partition('/')[0]}/{one.to}"


def _changes(built: Built, column: Column, one: Field, hidden: frozenset[str]) -> bool:
    """Say whether many records may be given one value of this field at once."""
    declared = built.declared
    fixed = {*declared.key, declared.statuses.field if declared.statuses else ""}
    return (
        one.type not in ("computed", "file")
        and "." not in column.path
        and column.path not in hidden
        and column.path not in fixed
    )


def _parts(built: Built, *, english: bool) -> tuple[PartOffer, ...]:
    declared = built.declared
    parts = [
        PartOffer(
            name=name,
            title=_said(one.title, one.title_en, english=english),
            hint=one.hint,
            fields=one.fields,
        )
        for name, one in declared.parts.items()
    ]
    placed = {field for one in parts for field in one.fields}
    rest = tuple(name for name in declared.fields if name not in placed)
    if rest:
        other = _said("Thông tin khác", "Other", english=english)
        whole = _said(declared.item, declared.item_en, english=english) or declared.title
        parts.append(
            PartOffer(name="record", title=other if parts else whole, hint="", fields=rest)
        )
    groups = [
        PartOffer(
            name=name,
            title=_said(one.title, one.title_en, english=english),
            hint=one.hint,
            fields=(),
            group=True,
            files=tuple(
                _said(field.title, field.title_en, english=english)
                for _path, field in leaves(one.fields)
                if field.type == "file"
            ),
        )
        for name, one in declared.groups.items()
    ]
    return (*parts, *groups)


def _views(declared: object, *, english: bool) -> tuple[ViewOffer, ...]:
    if not isinstance(declared, dict):
        return ()
    return tuple(
        ViewOffer(name=name, title=_said(one.title, one.title_en, english=english) or name)
        for name, one in declared.items()
    )


def _said(vietnamese: str, english_words: str, *, english: bool) -> str:
    return english_words if english and english_words else vietnamese
