"""What an officer reads of a sheet: counts, columns, faults, codes that are to be mapped."""

from collections.abc import Sequence

from cuaso.capabilities.registries.contracts import (
    SheetChoice,
    SheetColumn,
    SheetFault,
    SheetReport,
)
from cuaso.capabilities.registries.logic.exchanging import headers, kept
from cuaso.capabilities.registries.logic.exchanging.values.cells import fields_of
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.models import Batch
from cuaso.declarations.fields import type_of


def report(batch: Batch, built: Built) -> SheetReport:
    """Return what a sheet brought, or would bring."""
    fields = {one.path: one for one in fields_of(built, files="files" in batch.answer)}
    titled = {path: one.title for path, one in fields.items()}
    headings = {path: heading for heading, path in batch.mapping.get("columns", [])}
    answer = batch.answer
    return SheetReport(
        id=batch.id,
        registry=built.key,
        title=built.declared.title,
        file_name=batch.file_name,
        state=str(batch.state),
        made_at=batch.made_at,
        rows=batch.rows,
        added=batch.added,
        changed=batch.changed,
        same=batch.same,
        bad=batch.bad,
        columns=tuple(
            SheetColumn(
                heading=heading,
                path="" if path == headers.PASSED_OVER else path,
                title=titled.get(path, ""),
            )
            for heading, path in batch.mapping.get("columns", [])
        ),
        missing=tuple(
            one.title
            for path, one in fields.items()
            if path not in headings
            and one.typed
            and one.column.one
            and one.column.one.required is True
        ),
        offered=tuple((path, one.title) for path, one in fields.items() if one.typed),
        remarks=tuple(answer.get("remarks", ())),
        faults=tuple(
            SheetFault(
                line=line, heading=headings.get(column, titled.get(column, "")), text=text, say=say
            )
            for line, path, text, say in answer.get("faults", ())
            # What is wrong within a row of a group stands in the column of the group.
            for column in [path if path in titled else path.partition(".")[0]]
        ),
        strange=tuple(
            _choices(built, path, texts) for path, texts in answer.get("strange", {}).items()
        ),
        change_id=batch.change_id,
        letters=answer.get("letters", ""),
    )


def _choices(built: Built, path: str, texts: Sequence[str]) -> SheetChoice:
    field = next(one for one in fields_of(built) if one.path == path)
    one = field.column.one
    here = kept.context(built)
    list_of = getattr(type_of(one), "list_of", None) if one is not None else None
    options = here.lists.options(list_of(one), here.today) if list_of else ()
    return SheetChoice(
        path=path,
        title=field.title,
        texts=tuple(texts),
        options=tuple((option.code, option.label) for option in options),
    )
