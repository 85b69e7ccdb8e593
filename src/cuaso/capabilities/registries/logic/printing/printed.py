"""Print a register: a declared list, on its form, as its reader may see it.

Source: decree 30/2020/NĐ-CP on the layout; the form's own source stands in the declaration.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import transaction

from cuaso.capabilities.registries.contracts import Filter, ListQuery
from cuaso.capabilities.registries.logic.printing import widths
from cuaso.capabilities.registries.logic.seeing import (
    carried,
    lines,
    outline,
    records,
    rights,
    standing,
)
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.reports import api as reports
from cuaso.declarations.registry_views import Print
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotFound
from cuaso.kernel.subjects import Subject

MOST: Final = 5_000
TEMPLATE: Final = Path(__file__).with_name("register.typ")
_HOW: Final[dict[str, str]] = {
    "is": "là",
    "any": "là một trong",
    "not": "khác",
    "from": "từ",
    "to": "đến",
    "begins": "bắt đầu bằng",
    "blank": "để trống",
    "filled": "đã ghi",
}


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A drawn register: its file name and the PDF (PDF/A-2b)."""

    name: str
    pdf: bytes
    rows: int


def print_register(
    *, registry: str, name: str, query: ListQuery, actor: Actor, purpose: str = ""
) -> Printed:
    """Draw a declared register with the filters of a query, as it is or as it was at
    `query.as_of`, which it then says; the drawing is written to the ledger, and for each person
    whose data it carries.

    Raises NotFound for a register that is not declared, Invalid for more rows than one print
    holds, NotAllowed for whoever may not take data out.
    """
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "export")
    declared = built.declared.prints.get(name)
    if declared is None:
        raise NotFound(
            code="registries.no_print",
            what=f"Sổ “{built.declared.title}” không có mẫu in “{name}”.",
            mend="Hãy chọn một mẫu in trong trang của sổ.",
        )
    columns = declared.columns or built.declared.lists[declared.list].columns
    taken = _taken(built, query, declared, actor)
    with transaction.atomic():
        told = carried.written_down(
            built,
            iter(taken),
            paths=columns,
            actor=actor,
            how=f"In sổ “{declared.title}”.",
            purpose=purpose,
        )
        rows = _rows(built, columns, told, actor)
        audit.record(
            actor=actor,
            act="registries.printed",
            subject=Subject(kind="registries.registry", id=built.id),
            content={"registry": built.key, "print": name, "rows": len(rows)},
            reason=purpose,
        )
    data = _data(built, declared, columns, rows, actor, query=query)
    pdf = reports.render(template=TEMPLATE, data=data)
    stem = built.key.replace("/", "-").replace("_", "-")
    return Printed(name=f"{stem}-{name}-{clock.today():%Y%m%d}.pdf", pdf=pdf, rows=len(rows))


def _taken(built: Built, query: ListQuery, declared: Print, actor: Actor) -> list[Row]:
    """Return the records of a register that the actor may take out; raise Invalid for too many."""
    asked = ListQuery(
        list=declared.list,
        filters=query.filters,
        words=query.words,
        sort=query.sort,
        as_of=query.as_of,
    )
    taken = list(standing.every(built, asked, actor, most=MOST + 1))
    if len(taken) > MOST:
        raise _too_long()
    return taken


def _rows(
    built: Built, columns: Sequence[str], taken: Iterable[Row], actor: Actor
) -> list[list[str]]:
    hidden, here = rights.masked(built, actor), values.context(built)
    said = lines.Lines(built, columns=columns, hidden=hidden, here=here)
    return [[cell.text for cell in said.cells(said.read(row))] for row in taken]


def _too_long() -> Invalid:
    return Invalid(
        code="registries.print_too_long",
        what=f"Sổ có hơn {MOST:,} bản ghi, một lần in không chứa hết.".replace(",", "."),
        mend="Hãy lọc theo địa bàn hoặc thời gian rồi in từng phần, hoặc xuất ra bảng tính.",
    )


def _data(
    built: Built,
    declared: Print,
    columns: Sequence[str],
    rows: list[list[str]],
    actor: Actor,
    *,
    query: ListQuery,
) -> dict[str, object]:
    agency = directory.agency(built.owner_id)
    parent = directory.agency(agency.parent_id).name if agency.parent_id else ""
    place = directory.place(directory.province().place_code).name
    titles = [records.title_of(built, path) for path in columns]
    return {
        "agency": {"name": agency.name, "parent": parent},
        "place": place,
        "title": declared.title,
        "form": f"{declared.form_number} (chưa đối chiếu văn bản gốc)"
        if declared.form_number and declared.unverified
        else declared.form_number,
        "about": ". ".join(_about(built, query)),
        "source": declared.source,
        "columns": titles,
        "widths": widths.widths(titles, rows, landscape=declared.landscape),
        "rows": rows,
        "landscape": declared.landscape,
        "made_on": clock.today().isoformat(),
        "signer": declared.signer or "Thủ trưởng cơ quan",
        "officer": actor.name,
    }


def _about(built: Built, query: ListQuery) -> Iterator[str]:
    """Yield of which day a register is, and which part of the records it alone holds."""
    if query.as_of is not None:
        yield f"Theo sổ lúc hết ngày {clock.legal_date(query.as_of):%d/%m/%Y}"
    only = [_condition(built, one) for one in query.filters]
    if query.words:
        only.append(f"có chữ “{query.words}”")
    if only:
        yield f"Chỉ gồm bản ghi có {'; '.join(only)}"


def _condition(built: Built, one: Filter) -> str:
    column = built.column(one.path)
    labels = {each.code: each.label for each in outline.options_of(built, column, "vi")}
    values_ = ", ".join(labels.get(value, value) for value in one.values)
    return f"{records.title_of(built, one.path)} {_HOW[one.how]} {values_}".rstrip()
