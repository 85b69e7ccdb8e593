"""Show what a decision will write into a record, and what a registry will refuse of it."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.registries.contracts import Source
from cuaso.capabilities.registries.logic.changing import cleaning
from cuaso.capabilities.registries.logic.changing.enact import enact
from cuaso.capabilities.registries.logic.changing.foreseen import FieldForeseen, Foreseen
from cuaso.capabilities.registries.logic.seeing import records, rights
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing import values as storing
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.declarations.fields import Context
from cuaso.declarations.shape import Loose
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Problem, Refusal

Texts = dict[str, Loose]


def foresee(
    *,
    registry: str,
    id: UUID,
    values: Texts,
    actor: Actor,
    reader: Actor,
    source: Source,
    step: str = "",
    signer: Actor | None = None,
    language: str = "vi",
) -> Foreseen:
    """Return what `enact` would write now, field by field, with what the record says today.

    Nothing is written and no number of a registry is used up. What the reader may not read of the
    record today is left out; what `values` hold they know already. Where the registry refuses,
    its sentence and the problem of each field are in the answer instead of being raised.
    """
    built = sets.built(registry)
    here = storing.context(built, language=language)
    before = records.find(built, id)
    refusal: Refusal | None = None
    after: Row | None = None
    with transaction.atomic():
        try:
            enact(
                registry=registry,
                id=id,
                values=values,
                actor=actor,
                source=source,
                reason=built.declared.title,
                step=step,
                signer=signer,
            )
            after = records.find(built, id)
        except Refusal as refused:
            refusal = refused
        transaction.set_rollback(True)
    problems = refusal.problems if refusal else ()
    seen = _readable(built, before, reader)
    fields = tuple(
        _written(built, after, seen, values, here)
        if after is not None
        else _typed(built, values, problems, here)
    )
    moves = built.declared.statuses.moves if built.declared.statuses else {}
    return Foreseen(
        registry=registry,
        title=_title(built, language),
        name=storing.name_of(built, seen) if seen is not None else "",
        added=before is None,
        step=moves[step].title if step in moves else "",
        fields=fields,
        refused=" ".join(part for part in (refusal.what, refusal.why) if part) if refusal else "",
        mend=refusal.mend if refusal else "",
    )


def _title(built: Built, language: str) -> str:
    declared = built.declared
    return declared.title_en if language == "en" and declared.title_en else declared.title


def _readable(built: Built, row: Row | None, reader: Actor) -> Row | None:
    """Return the row of today where the reader may see it without giving a purpose."""
    if row is None:
        return None
    decision = rights.decide(built, row, actor=reader, act="view")
    hides = rights.masked(built, reader)
    return row if decision.allowed and not decision.needs_purpose and not hides else None


def _written(
    built: Built, after: Row, before: Row | None, values: Texts, here: Context
) -> Iterator[FieldForeseen]:
    """Yield the fields that were given a value, as they would stand."""
    for column in built.columns:
        if not _given(column.path, values):
            continue
        if column.one is None:
            yield from _lines(built, after, before, column)
            continue
        text = records.say(column.one, column.read(after), here)
        was = records.say(column.one, column.read(before), here) if before is not None else ""
        if text or was:
            title = records.title_of(built, column.path, here.language)
            yield FieldForeseen(
                path=column.path, title=title, text=text, before=was if was != text else ""
            )


def _lines(built: Built, after: Row, before: Row | None, column: Column) -> Iterator[FieldForeseen]:
    """Yield how many rows a group would hold."""
    many, had = (len(column.read(row) or []) if row is not None else 0 for row in (after, before))
    if many or had:
        yield FieldForeseen(
            path=column.path,
            title=built.declared.groups[column.path].title,
            text=f"{many} dòng",
            before=f"{had} dòng" if before is not None and had != many else "",
        )


def _given(path: str, values: Texts) -> bool:
    return any(
        path == one or path.startswith(f"{one}.") or one.startswith(f"{path}.") for one in values
    )


def _typed(
    built: Built, values: Texts, problems: tuple[Problem, ...], here: Context
) -> Iterator[FieldForeseen]:
    """Yield what was given as it was typed, with what is wrong of it."""
    wrong = {one.field: one.say for one in problems}
    posted: Mapping[str, Loose] = cleaning.posted(built, values)
    for path in dict.fromkeys([*(one.removeprefix("record.") for one in posted), *wrong]):
        column = built.by_path.get(path)
        if column is None or column.one is None:
            continue
        text = posted.get(f"record.{path}", "")
        coded = column.one.codes or column.one.type == "place"
        shown = records.say(column.one, text, here) if coded else str(text)
        if shown or path in wrong:
            title = records.title_of(built, path, here.language)
            yield FieldForeseen(path=path, title=title, text=shown, problem=wrong.get(path, ""))
