"""The long parts of an officer's pages, each drawn in one go: a template would think longer over
their rows and choices than over the rest of the page.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache
from html import escape
from uuid import UUID

from django import template
from django.conf import settings
from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
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
    unvaried,
)
from cuaso.channels.desk.answers import Place
from cuaso.channels.desk.posting import Act
from cuaso.channels.desk.templatetags.desk_words import due_state, last_steps
from cuaso.services.procedures.contracts import (
    ActOffer,
    DossierRow,
    DueView,
    Fact,
    FactGroup,
    ProcedureCard,
)

register = template.Library()

BRIEF = 48
# Drawn rows that a process keeps: everything that a row shows is in what it is kept under.
ROWS_KEPT = 4_000


@register.simple_tag
def queue_rows(
    rows: Sequence[DossierRow], *, takes: bool, changed: Collection[UUID] = ()
) -> SafeString:
    """Return the rows of a list of dossiers.

    takes: each may be chosen for an act on many. changed: which went on since they were read.
    """
    ground = (get_language(), get_script_prefix(), settings.STATIC_URL, takes)
    return SafeString("".join(_row(row, row.id in changed, ground) for row in rows))


# What a list is drawn on: the language, where addresses begin, whether its rows may be chosen.
Ground = tuple[str | None, str, str, bool]


@lru_cache(maxsize=ROWS_KEPT)
def _row(row: DossierRow, changed: bool, ground: Ground) -> str:  # noqa: FBT001 kept by place
    return _drawn(ground).row(row, changed=changed)


@lru_cache(maxsize=16)
def _drawn(ground: Ground) -> "_Drawn":
    return _Drawn(takes=ground[-1])


class _Drawn:
    """The words of one list, in the reader's language, and how its rows are made of them."""

    def __init__(self, *, takes: bool) -> None:
        self._takes = takes
        example = UUID(int=0)
        self._before, self._behind = reverse("desk:dossier", args=[example]).split(str(example))
        self._choose, self._applicant = escape(_("Chọn")), escape(_("Người nộp"))
        self._step, self._due = escape(_("Bước, người giữ")), escape(_("Hẹn trả"))
        went_on = escape(_("Có thay đổi từ lần xem trước"))
        self._changed = f'<small><span class="tag sea">{went_on}</span></small>'
        self._held = f'<span class="tag sea">{escape(_("Ông/bà đang giữ"))}</span>'
        self._nobody = escape(_("Chờ người nộp hoặc hệ thống"))
        self._uncounted = escape(_("Chưa tính"))
        self._why, self._source = escape(_("Vì sao?")), escape(_("Căn cứ:"))

    def row(self, row: DossierRow, *, changed: bool) -> str:
        code = escape(row.code)
        address = f"{self._before}{row.id}{self._behind}"
        return (
            f"<tr>{self._tick(row, code)}\n"
            f'<td class="full">{self._standing(row.due, code)}</td>\n'
            f'<th scope="row" class="full"><a class="cell-main" href="{address}">'
            f'{escape(row.title)}</a><small class="code">{code}</small>'
            f"{self._changed if changed else ''}</th>\n"
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


@register.simple_tag(takes_context=True)
def act_button(context: Context, offer: ActOffer, act: Act, *, main: bool) -> SafeString:
    """Return the way to one act on the dossier of the page: what is `direct` is done at once, by
    who saw this version; anything else has a page of its own.
    """
    address = _act_address(str(context["dossier"].id), act.slug)
    said = f"{icon(act.icon)}{escape(_(offer.title))}"
    name = "btn wide main" if main else "btn wide"
    if not act.direct:
        return SafeString(f'<a class="{name}" href="{address}">{said}</a>\n')
    hint = f'<p class="hint">{escape(_(offer.hint))}</p>' if offer.hint else ""
    return SafeString(
        f'<form method="post" action="{address}">{stamp(context)}\n'
        f'<button class="{name}">{said}</button>{hint}</form>\n'
    )


@register.simple_tag(takes_context=True)
def stamp(context: Context) -> SafeString:
    """Return what each form about the dossier of a page brings along: that the page is ours, which
    version was read, and when.
    """
    seen_at = escape(str(context.get("seen_at", "")))
    return SafeString(
        f"{CsrfTokenNode().render(context)}"
        f'<input type="hidden" name="version" value="{context["dossier"].version}">'
        f'<input type="hidden" name="seen_at" value="{seen_at}">'
    )


def _act_address(dossier_id: str, slug: str) -> str:
    before, between, behind = _act_pattern(get_script_prefix())
    return f"{before}{dossier_id}{between}{slug}{behind}"


@lru_cache(maxsize=16)
def _act_pattern(_prefix: str) -> tuple[str, str, str]:
    id, slug = UUID(int=0), "slug-of-an-act"
    before, rest = reverse("desk:act", args=[id, slug]).split(str(id))
    between, behind = rest.split(slug)
    return before, between, behind


@register.simple_tag
def procedure_options(cards: tuple[ProcedureCard, ...], chosen: str) -> SafeString:
    """Return the procedures as options by the name that people say, one of them chosen."""
    return _chosen_option(_Same(cards), chosen, get_language())


class _Same:
    """Cards that are the very same: a page gets those that are remembered, all five hundred."""

    def __init__(self, cards: tuple[ProcedureCard, ...]) -> None:
        self.cards = cards

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.cards is other.cards

    def __hash__(self) -> int:
        return id(self.cards)


@lru_cache(maxsize=64)
def _chosen_option(same: _Same, chosen: str, language: str | None) -> SafeString:
    options = _options(same, language)
    if chosen in options:
        picked = options[chosen].replace("<option", "<option selected", 1)
        options = {**options, chosen: picked}
    return SafeString("".join(options.values()))


@lru_cache(maxsize=8)
def _options(same: _Same, _language: str | None) -> dict[str, str]:
    return {card.code: _option(card) for card in same.cards}


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
@unvaried
def unchanging(name: str) -> SafeString:
    """Return a part of a page that is the same for everybody who reads the language."""
    return _unchanging(name, get_language())


@lru_cache(maxsize=16)
def _unchanging(name: str, _language: str | None) -> SafeString:
    return render_to_string(name)
