"""The long parts of an officer's pages, each drawn in one go: a template would think longer over
their rows and choices than over the rest of the page.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache
from html import escape
from uuid import UUID

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cuaso.channels.design.templatetags.plainly import (
    briefly,
    clock,
    cut,
    day_month,
    icon,
    iso,
    sentence,
    status,
)
from cuaso.channels.desk.answers import Place
from cuaso.channels.desk.templatetags.desk_words import due_state, last_steps
from cuaso.services.procedures.contracts import (
    DossierRow,
    DueView,
    Fact,
    FactGroup,
    ProcedureCard,
)

register = template.Library()

BRIEF = 48


@register.simple_tag
def queue_rows(
    rows: Sequence[DossierRow], *, takes: bool, changed: Collection[UUID] = ()
) -> SafeString:
    """Return the rows of a list of dossiers.

    takes: each may be chosen for an act on many. changed: which went on since they were read.
    """
    if not rows:
        return SafeString("")
    drawn = _Drawn(rows[0].id, takes=takes)
    return SafeString("".join(drawn.row(row, changed) for row in rows))


class _Drawn:
    """The words of one list, in the reader's language, and how its rows are made of them."""

    def __init__(self, example: UUID, *, takes: bool) -> None:
        self._takes = takes
        self._before, self._behind = reverse("desk:dossier", args=[example]).split(str(example))
        self._choose, self._applicant = escape(_("Chọn")), escape(_("Người nộp"))
        self._step, self._due = escape(_("Bước, người giữ")), escape(_("Hẹn trả"))
        went_on = escape(_("Có thay đổi từ lần xem trước"))
        self._changed = f'<small><span class="tag sea">{went_on}</span></small>'
        self._held = f'<span class="tag sea">{escape(_("Bạn đang giữ"))}</span>'
        self._nobody = escape(_("Chờ người nộp hoặc hệ thống"))
        self._uncounted = escape(_("Chưa tính"))
        self._why, self._source = escape(_("Vì sao?")), escape(_("Căn cứ:"))

    def row(self, row: DossierRow, changed: Collection[UUID]) -> str:
        code = escape(row.code)
        address = f"{self._before}{row.id}{self._behind}"
        return (
            f"<tr>{self._tick(row, code)}\n"
            f'<td class="full">{self._standing(row.due, code)}</td>\n'
            f'<th scope="row" class="full"><a class="cell-main" href="{address}">'
            f'{escape(row.title)}</a><small class="code">{code}</small>'
            f"{self._changed if row.id in changed else ''}</th>\n"
            f'<td data-label="{self._applicant}">{escape(row.applicant_name)}'
            f"<small>{escape(_(row.channel_say))}</small></td>\n"
            f'<td data-label="{self._step}">{self._holder(row)}</td>\n'
            f'<td data-label="{self._due}">{self._moment(row.due)}</td></tr>'
        )

    def _tick(self, row: DossierRow, code: str) -> str:
        if not self._takes:
            return ""
        return (
            '<td class="tight full"><label class="tick"><input type="checkbox" name="ids"'
            f' value="{row.id}" aria-label="{self._choose} {code}"></label></td>'
        )

    def _standing(self, due: DueView, code: str) -> str:
        said = status(due_state(due), sentence(due.remaining_say))
        if not due.steps:
            return said
        steps = "".join(f"<p>{escape(sentence(step))}</p>" for step in last_steps(due))
        source = f"<p>{self._source} {escape(due.source)}</p>" if due.source else ""
        return (
            f'{said}<details class="why"><summary>{self._why}<span class="hide"> {code}</span>'
            f'</summary><div class="stack tight hint">{steps}{source}</div></details>'
        )

    def _holder(self, row: DossierRow) -> str:
        if not row.step:
            return escape(_(row.status_say))
        held = self._held if row.mine else escape(row.holder_name) or self._nobody
        return f"{escape(row.step)}<small>{held}</small>"

    def _moment(self, due: DueView) -> str:
        if due.due_at is None:
            return self._uncounted
        said = f"{day_month(due.due_at)}, {clock(due.due_at)}"
        return f'<time datetime="{iso(due.due_at)}">{said}</time>'


@register.simple_tag
def procedure_options(cards: tuple[ProcedureCard, ...], chosen: str) -> SafeString:
    """Return the procedures as options by the name that people say, one of them chosen."""
    options = _options(cards, get_language())
    if chosen in options:
        picked = options[chosen].replace("<option", "<option selected", 1)
        options = {**options, chosen: picked}
    return SafeString("".join(options.values()))


@lru_cache(maxsize=8)
def _options(cards: tuple[ProcedureCard, ...], _language: str | None) -> dict[str, str]:
    return {card.code: _option(card) for card in cards}


def _option(card: ProcedureCard) -> str:
    said = escape(cut(briefly(card), BRIEF))
    return f'<option value="{escape(card.code)}">{said}</option>'


@register.simple_tag
def fact_rows(groups: Sequence[FactGroup]) -> SafeString:
    """Return the declared values of a dossier as bodies of a table, one a section of the form."""
    return SafeString("".join(_fact_group(group) for group in groups))


def _fact_group(group: FactGroup) -> str:
    rows = "".join(_fact(fact) for fact in group.facts)
    head = f'<th colspan="3" scope="rowgroup" class="group-name">{escape(group.title)}</th>'
    return f"<tbody><tr>{head}</tr>{rows}</tbody>"


def _fact(fact: Fact) -> str:
    """Return one value; a phone shows its source below it instead of in a column."""
    source = escape(sentence(fact.source))
    below = f'<small class="narrow">{source}</small>' if source else ""
    return (
        f'<tr><th scope="row">{escape(fact.label)}</th><td>{escape(fact.value or "–")}{below}</td>'
        f'<td class="muted">{source or "–"}</td></tr>'
    )


@register.simple_tag
def rail(places: tuple[Place, ...], at: str, waiting: int = 0) -> SafeString:
    """Return the places of a seat as links, the one that is open marked.

    waiting: how many steps wait for the officer, where the page has counted them.
    """
    return _rail(places, at, waiting or 0)


@lru_cache(maxsize=1000)
def _rail(places: tuple[Place, ...], at: str, waiting: int) -> SafeString:
    return SafeString("".join(_link(place, at, waiting) for place in places))


def _link(place: Place, at: str, waiting: int) -> str:
    here = ' aria-current="page"' if place.key == at else ""
    number = f"<b>{waiting}</b>" if place.key == "mine" and waiting else ""
    said = f"{icon(place.icon)}{escape(place.title)}{number}"
    return f'<a href="{escape(place.url)}"{here}>{said}</a>'


@register.simple_tag
def unchanging(name: str) -> SafeString:
    """Return a part of a page that is the same for everybody who reads the language."""
    return _unchanging(name, get_language())


@lru_cache(maxsize=16)
def _unchanging(name: str, _language: str | None) -> SafeString:
    return render_to_string(name)
