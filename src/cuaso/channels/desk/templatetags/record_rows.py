"""The rows of a registry's list, drawn in one go: a template would think longer over its cells
than over the rest of the page.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Protocol
from uuid import UUID

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cuaso.capabilities.registries.contracts import Cell, ListPage, Noticed, RowView
from cuaso.channels.design.templatetags.plainly import cut, status

register = template.Library()

LONGEST = 120


class Head(Protocol):
    """What a column's cells are told of its head."""

    @property
    def title(self) -> str: ...

    @property
    def number(self) -> bool: ...


@register.simple_tag
def record_rows(
    page: ListPage,
    heads: Sequence[Head],
    *,
    base: str,
    takes: bool,
    day: str,
    notices: Mapping[UUID, Sequence[Noticed]],
) -> SafeString:
    """Return the rows of a list of records.

    base: the address of the registry. takes: each may be chosen for an act on many. day: the past
    day as of which the list is shown, "" for today.
    """
    drawn = _Drawn(heads, base=base, takes=takes, day=day)
    return SafeString("".join(drawn.row(row, notices.get(row.id, ())) for row in page.rows))


class _Drawn:
    """What the rows of one list share, in the reader's language, and how a row is made of it."""

    def __init__(self, heads: Sequence[Head], *, base: str, takes: bool, day: str) -> None:
        self._takes, self._choose = takes, escape(_("Chọn"))
        self._before = escape(base)
        self._behind = f"/?luc={escape(day)}" if day else "/"
        self._masked = f'<span class="hide"> {escape(_("(đã che)"))}</span>'
        self._opening = [_opening(head) for head in heads[1:]]

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
        return escape(cut(cell.text, LONGEST)) + (self._masked if cell.masked else "")


def _opening(head: Head) -> str:
    side = ' class="end"' if head.number else ""
    return f'<td data-label="{escape(head.title)}"{side}>'
