"""The parts and the history of a record, drawn in one go: a template would think longer over its
fields than over the rest of the page.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import Protocol
from uuid import UUID

from django import template
from django.conf import settings
from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cuaso.capabilities.registries.contracts import ChangeLine, Difference, FieldShown
from cuaso.channels.design.templatetags.plainly import icon, iso, moment, size, status
from cuaso.channels.desk.templatetags.desk_words import change_words, origin_words
from cuaso.foundation.files.contracts import StoredFile

register = template.Library()

NOTHING = "–"
# Drawn records that a process keeps: all that one shows is in what it is kept under.
DRAWN_KEPT = 500
# The language, and where icons are.
Ground = tuple[str | None, str]
# Where the token of a form goes; nobody who types words can write this one.
_TOKEN = secrets.token_hex(16)


class Line(Protocol):
    """A field of a record, with where it leads to, its files, and from where it came."""

    @property
    def shown(self) -> FieldShown: ...

    @property
    def url(self) -> str: ...

    @property
    def files(self) -> Sequence[StoredFile]: ...

    @property
    def source(self) -> ChangeLine | None: ...


class Part(Protocol):
    """A heading with its fields, or with the rows of a group."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def lines(self) -> Sequence[Line]: ...

    @property
    def rows(self) -> Sequence[Sequence[FieldShown]]: ...

    @property
    def group(self) -> bool: ...


class Body(Protocol):
    """The parts of a record; no other is equal to it."""

    @property
    def parts(self) -> Sequence[Part]: ...

    def __hash__(self) -> int: ...


@register.simple_tag
def record_parts(body: Body, *, base: str, id: UUID) -> SafeString:
    """Return the parts of a record that hold something. base: the address of its registry."""
    return _parts(body, base, id, _ground())


def _ground() -> Ground:
    return get_language(), settings.STATIC_URL


@lru_cache(maxsize=DRAWN_KEPT)
def _parts(body: Body, base: str, id: UUID, _ground: Ground) -> SafeString:
    here = f"{escape(base)}{id}/"
    return SafeString("\n".join(_part(one, here) for one in body.parts if one.lines or one.rows))


def _part(part: Part, here: str) -> str:
    name, title = escape(part.name), escape(part.title)
    body = _table(part, title) if part.group else _facts(part, here)
    return (
        f'<section class="part stack tight" aria-labelledby="phan-{name}">'
        f'<h2 id="phan-{name}">{title}</h2>\n{body}</section>'
    )


def _table(part: Part, title: str) -> str:
    heads = "".join(f'<th scope="col">{escape(one.title)}</th>' for one in part.rows[0])
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in part.rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{title}">'
        f'<table class="table cards"><caption class="hide">{title}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(one: FieldShown) -> str:
    return f'<td data-label="{escape(one.title)}">{escape(one.text) or NOTHING}</td>'


def _facts(part: Part, here: str) -> str:
    return f'<dl class="facts">{"".join(_fact(line, here) for line in part.lines)}</dl>'


def _fact(line: Line, here: str) -> str:
    shown = line.shown
    masked = f' <span class="tag">{icon("lock")}{_("đã che")}</span>' if shown.masked else ""
    source = _source(line.source) if line.source is not None else ""
    said = _said(line, here)
    return f"<div><dt>{escape(shown.title)}</dt><dd>{said}{masked}{source}</dd></div>"


def _said(line: Line, here: str) -> str:
    if line.files:
        return "<br>".join(_file(one, here) for one in line.files)
    text = escape(line.shown.text)
    if line.url:
        return f'<a href="{escape(line.url)}">{text}</a>'
    return "<br>".join(text.splitlines()) or NOTHING


def _file(one: StoredFile, here: str) -> str:
    told = f" {status('soon', one.say)}" if one.say else ""
    return (
        f'<a href="{here}tep/{one.id}/">{icon("doc")}{escape(one.name)}</a>'
        f' <span class="hint">{size(one.size)}</span>{told}'
    )


def _source(source: ChangeLine) -> str:
    said = f"{escape(origin_words(source.origin))}, {moment(source.at)}"
    return f'<br><span class="source">{icon("db")}{said}</span>'


@register.simple_tag(takes_context=True)
def record_history(
    context: Context, history: tuple[ChangeLine, ...], *, base: str, id: UUID, takes: bool
) -> SafeString:
    """Return the changes of a record, the newest first. takes: each but the first of all, which
    made the record, may be undone.
    """
    drawn = _history(history, base, id, _ground(), takes=takes)
    if _TOKEN in drawn:
        return SafeString(drawn.replace(_TOKEN, CsrfTokenNode().render(context)))
    return drawn


@lru_cache(maxsize=DRAWN_KEPT)
def _history(
    history: tuple[ChangeLine, ...], base: str, id: UUID, _ground: Ground, *, takes: bool
) -> SafeString:
    first = len(history) - 1
    drawn = (
        f'<li class="done">{_change(line, made=place == first)}'
        f"{_undoing(line, base=base, id=id) if takes and place != first else ''}</li>"
        for place, line in enumerate(history)
    )
    return SafeString("".join(drawn))


def _change(line: ChangeLine, *, made: bool) -> str:
    """Return what a change says; that which made the record gave all that is told above."""
    step = f": {escape(line.step)}" if line.step else ""
    undone = f' <span class="tag">{_("đã hoàn tác")}</span>' if line.undone else ""
    origin = f", {escape(origin_words(line.origin))}" if line.origin != "form" else ""
    reason = f". {_('Lý do:')} {escape(line.reason)}" if line.reason else ""
    told = "" if made else _differences(line)
    return (
        f"<h3>{escape(change_words(line.act))}{step}{undone}</h3>{_time(line.at)}"
        f'<p class="muted">{escape(line.who)}{origin}{reason}</p>\n{told}'
    )


def _time(at: datetime) -> str:
    return f'<time datetime="{iso(at)}">{moment(at)}</time>'


def _differences(line: ChangeLine) -> str:
    if not line.differences:
        return ""
    return f'<ul class="told">{"".join(map(_difference, line.differences))}</ul>'


def _difference(one: Difference) -> str:
    before = f"<del>{escape(one.before)}</del> " if one.before else ""
    empty = f'<span class="muted">{_("bỏ trống")}</span>'
    after = f"<ins>{escape(one.after)}</ins>" if one.after else empty
    return f"<li>{escape(one.title)}: {before}{after}</li>"


def _all_of(line: ChangeLine) -> str:
    """Return what is told before a change of several records is undone on all of them."""
    if line.records <= 1:
        return ""
    count = f"{line.records:,}".replace(",", ".")
    said = _(
        "Lần ghi này đã ghi %(count)s bản ghi cùng lúc; hoàn tác là đưa cả %(count)s về như trước."
    )
    return f'<p class="hint">{said % {"count": count}}</p>'


def _undoing(line: ChangeLine, *, base: str, id: UUID) -> str:
    if line.undone or line.fixed:
        return ""
    return (
        f"<details><summary>{_('Hoàn tác lần ghi này')}</summary>"
        f'<form class="stack tight" method="post" action="{escape(base)}hoan-tac/{line.id}/">'
        f'{_all_of(line)}{_TOKEN}<input type="hidden" name="record" value="{id}">'
        f'<label for="ht-{line.id}">{_("Vì sao hoàn tác")}'
        f' <span class="opt">({_("không bắt buộc")})</span></label>'
        f'<input id="ht-{line.id}" name="reason" maxlength="300">'
        f'<p><button class="btn">{icon("history")}{_("Hoàn tác")}</button></p></form></details>'
    )
