"""What is new each time in a registry's list, drawn in one go: a template would think longer over
its cells, heads and filters than over the rest of the page.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Protocol
from uuid import UUID

from django import template
from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cuaso.capabilities.registries.contracts import Cell, Facet, ListPage, Noticed, RowView
from cuaso.channels.design.templatetags.plainly import counted_options, cut, status

register = template.Library()

LONGEST = 120
LONGEST_CHOICE = 40
BESIDE_NAME = 2
# Drawn quick filters that a process keeps: all that one shows is in what it is kept under.
FILTERS_KEPT = 300
TEXTS_KEPT = 8_192
ROWS_KEPT = 4_096
TABLES_KEPT = 500
# The language, and where icons are.
Ground = tuple[str | None, str]
ARROWS = {"ascending": "▲", "descending": "▼"}


class Head(Protocol):
    """What a column's cells are told of its head."""

    @property
    def title(self) -> str: ...

    @property
    def number(self) -> bool: ...

    @property
    def url(self) -> str: ...

    @property
    def order(self) -> str: ...


@register.filter
def told_in(row: RowView, column: str) -> list[str]:
    """Return what a card in a column tells below the name of a record: two answers that neither
    the name nor the column does.
    """
    told = (cell.text for cell in row.cells[1:])
    return [text for text in told if text and text not in row.name and text != column][:BESIDE_NAME]


@register.simple_tag
def hidden_inputs(pairs: Iterable[tuple[str, str]], *, without: str = "") -> SafeString:
    """Return the words of an address as inputs that a form sends along, but for those of a name."""
    return SafeString(
        "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in pairs
            if name != without
        )
    )


@register.simple_tag
def quick_filters(facets: Iterable[tuple[Facet, str]]) -> SafeString:
    """Return the quick filters of a list, each with what it is set to."""
    return SafeString("".join(_quick_filter(facet, chosen) for facet, chosen in facets))


@lru_cache(maxsize=FILTERS_KEPT)
def _quick_filter(facet: Facet, chosen: str) -> str:
    path, title = escape(facet.path), escape(facet.title)
    anchor = f"o-{slugify(facet.path)}"
    return (
        f'<label class="hide" for="{anchor}">{title}</label>'
        f'<select class="quick" id="{anchor}" name="o.{path}"><option value="">{title}</option>'
        f"{counted_options(facet.choices, chosen, LONGEST_CHOICE)}</select>"
    )


@register.simple_tag
def record_heads(heads: Iterable[Head]) -> SafeString:
    """Return the heads of the columns; each leads to the list in its order."""
    return SafeString("".join(map(_head, heads)))


def _head(head: Head) -> str:
    side = ' class="end"' if head.number else ""
    order = f' aria-sort="{head.order}"' if head.order else ""
    arrow = f' <span aria-hidden="true">{ARROWS[head.order]}</span>' if head.order else ""
    title = escape(head.title)
    said = f'<a href="{escape(head.url)}">{title}{arrow}</a>' if head.url else title
    return f'<th scope="col"{side}{order}>{said}</th>'


@register.simple_tag
def record_rows(
    page: ListPage,
    heads: Sequence[Head],
    *,
    base: str,
    takes: bool,
    day: str,
    notices: Mapping[UUID, tuple[Noticed, ...]],
) -> SafeString:
    """Return the rows of a list of records.

    base: the address of the registry. takes: each may be chosen for an act on many. day: the past
    day as of which the list is shown, "" for today.
    """
    columns = tuple([(head.title, head.number) for head in heads[1:]])
    ground = (get_language(), settings.STATIC_URL)
    table = _table(columns, base, day, ground, takes=takes)
    return SafeString("".join([_row(table, row, notices.get(row.id, ())) for row in page.rows]))


class _Table:
    """What the rows of one list share, in the reader's language, and how a row is made of it."""

    def __init__(
        self, columns: Sequence[tuple[str, bool]], base: str, day: str, *, takes: bool
    ) -> None:
        self._takes, self._choose = takes, escape(_("Chọn"))
        self._before = escape(base)
        self._behind = f"/?luc={escape(day)}" if day else "/"
        self._masked = f'<span class="hide"> {escape(_("(đã che)"))}</span>'
        self._opening = [_opening(title, number=number) for title, number in columns]

    def row(self, row: RowView, notices: Sequence[Noticed]) -> str:
        first, *others = row.cells
        cells = "".join(
            f"{opening}{self._said(cell)}</td>"
            for opening, cell in zip(self._opening, others, strict=True)
        )
        return f"<tr>{self._tick(row)}{self._first(row, first, notices)}{cells}</tr>"

    def _tick(self, row: RowView) -> str:
        if not self._takes:
            return ""
        return (
            '<td class="tight full"><label class="tick"><input type="checkbox" name="ids"'
            f' value="{row.id}" aria-label="{self._choose} {escape(row.name)}"></label></td>'
        )

    def _first(self, row: RowView, cell: Cell, notices: Sequence[Noticed]) -> str:
        told = "".join(
            f"<br>{status('late' if one.late else 'soon', one.title)}" for one in notices
        )
        return (
            f'<th scope="row" class="full"><a class="cell-main" href="{self._before}{row.id}'
            f'{self._behind}">{escape(cell.text or row.name)}</a>{told}</th>'
        )

    def _said(self, cell: Cell) -> str:
        return _shown(cell.text) + self._masked if cell.masked else _shown(cell.text)


@lru_cache(maxsize=TABLES_KEPT)
def _table(
    columns: tuple[tuple[str, bool], ...], base: str, day: str, _ground: Ground, *, takes: bool
) -> _Table:
    return _Table(columns, base, day, takes=takes)


@lru_cache(maxsize=ROWS_KEPT)
def _row(table: _Table, row: RowView, notices: tuple[Noticed, ...]) -> str:
    """Return a row as drawn: all that it shows is in what it is kept under."""
    return table.row(row, notices)


@lru_cache(maxsize=TEXTS_KEPT)
def _shown(text: str) -> str:
    """Return the text of a cell as a page shows it; most of a list's texts stand in many rows."""
    return escape(cut(text, LONGEST))


def _opening(title: str, *, number: bool) -> str:
    side = ' class="end"' if number else ""
    return f'<td data-label="{escape(title)}"{side}>'
