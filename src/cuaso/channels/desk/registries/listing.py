"""One registry as a list: tabs, words, quick filters, any condition, columns, order, pages."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import (
    Facet,
    FieldOffer,
    Filter,
    ListPage,
    Noticed,
    Outline,
    Recomputed,
)
from cuaso.channels.desk import answers
from cuaso.channels.desk.registries import asking, shelf
from cuaso.channels.desk.registries.asking import Asked
from cuaso.channels.desk.registries.opening import Opened, opened
from cuaso.foundation.identity.api import official_required
from cuaso.kernel import clock
from cuaso.kernel.errors import Refusal

COUNTED = 1000
LISTS_KEPT = 500
_TOLD_FOR = timedelta(days=1)
Columns = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Head:
    """The head of a column: `url` sorts by it the other way, "" where it cannot be sorted."""

    path: str
    title: str
    url: str
    order: str
    number: bool


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A condition in words, and the list without it."""

    say: str
    url: str


@require_safe
@official_required
def registry(request: HttpRequest, pack: str, name: str) -> HttpResponse:
    here = opened(request, pack, name)
    if here.waits_for_purpose:
        return shelf.ask_first(request, here)
    if "o" in request.GET and any(name in request.GET for name in _ANSWERED):
        wanted = asking.asked(request)
        return redirect(here.at("registry") + wanted.address())
    refusal, wanted, page = None, Asked(), None
    try:
        wanted = asking.asked(request)
        page = _page(here, wanted)
    except Refusal as refused:
        refusal = _without_repeated(refused)
    context = {
        "at": "registries",
        "here": here,
        "asked": wanted,
        "page": page,
        "term": registries.bin_term(registry=here.key) if wanted.gone else "",
        "made": _made_anew(here),
        **frame(here, wanted, "list"),
        **(_drawn(here, wanted, page) if page else {}),
        **_builder(request, here),
    }
    return answers.page(request, "registries/list.html", context, refusal=refusal)


def _without_repeated(refusal: Refusal) -> Refusal:
    """Return a refusal that says once what is wrong: a condition of the address has no input on
    the page beside which it would be said again.
    """
    refusal.problems = tuple(one for one in refusal.problems if one.say != refusal.what)
    return refusal


def _made_anew(here: Opened) -> Recomputed | None:
    """Return how far records have come with new formulas, for those who design the registry; None
    a day after all have.
    """
    if "design" not in here.outline.card.may:
        return None
    made = registries.recomputed(registry=here.key, actor=here.actor)
    if made is None or (made.done_at and made.done_at < clock.now() - _TOLD_FOR):
        return None
    return made


_ANSWERED = ("v", "tu", "den", "dau", "dung", "kieu")


def _page(here: Opened, wanted: Asked) -> ListPage:
    return registries.list_records(
        registry=here.key,
        query=wanted.query(),
        actor=here.actor,
        count=True,
        language=here.language,
        purpose=here.purpose,
    )


def frame(here: Opened, wanted: Asked, view: str, *, at: str = "") -> dict[str, object]:
    """Return what stands above every view of a registry: tabs, filters, conditions in words.

    at: the address of the view, "" for the list's own.
    """
    base = here.at("registry")
    at = at or base
    plain = replace(wanted, after="")
    pairs = plain.pairs()
    offered = {one.path: one for one in here.outline.fields}
    quick = _quick(here, wanted)
    shown = {facet.path for facet, _chosen in quick}
    views = registries.saved_views(registry=here.key, actor=here.actor)
    same = (one for one in views if view == "list" and f"?{one.query}" == plain.address())
    return {
        "trail": shelf.trail(here),
        "told_abroad": registries.is_told(registry=here.key)
        and registries.keeps_whole(registry=here.key, actor=here.actor),
        "base": base,
        "view": view,
        "tabs": list(_tabs(here, wanted, view)),
        "views": views,
        "saved": next((one.id for one in same), None),
        "facets": quick,
        "chips": [
            Chip(say=_said(here, one, offered), url=at + plain.without(one).address())
            for one in wanted.filters
        ],
        "cleared": at + plain.cleared().address(),
        "across": plain.beside().address().removesuffix("?"),
        "today": at + replace(plain, on=None).address(),
        "pairs": pairs,
        "kept": [
            (key, value)
            for key, value in pairs
            if key not in ("q",) and not (key == "loc" and _is_quick(value, shown))
        ],
        "query": plain.address(),
        "day": f"{wanted.on:%d/%m/%Y}" if wanted.on else "",
    }


def _tabs(here: Opened, wanted: Asked, view: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the lists of a registry; that of which another view shows the records keeps to them."""
    base = here.at("registry")
    for one in here.outline.lists:
        shown = one.name == wanted.listed
        asked = wanted.beside() if shown and view != "list" else Asked(listed=one.name)
        current = shown and not wanted.gone and view == "list"
        yield one.title, base + asked.address().removesuffix("?"), current


def _is_quick(written: str, shown: set[str]) -> bool:
    path, _sep, rest = written.partition(":")
    return path in shown and rest.startswith("is:") and asking.MANY not in rest


def _quick(here: Opened, wanted: Asked) -> list[tuple[Facet, str]]:
    if wanted.gone:
        return []
    try:
        found = registries.facets(
            registry=here.key, query=wanted.query(), actor=here.actor, language=here.language
        )
    except Refusal:
        return []
    return [(facet, wanted.chosen(facet.path)) for facet in found]


def _said(here: Opened, one: Filter, offered: dict[str, FieldOffer]) -> str:
    field = offered.get(one.path)
    title = field.title if field else one.path
    labels = (
        {
            choice.code: choice.label
            for choice in registries.choices(
                registry=here.key, path=one.path, actor=here.actor, language=here.language
            )
        }
        if field
        else {}
    )
    values = ", ".join(labels.get(value, value) for value in one.values)
    said = {
        "is": _("là"),
        "any": _("là một trong"),
        "not": _("khác"),
        "from": _("từ"),
        "to": _("đến"),
        "begins": _("bắt đầu bằng"),
        "blank": _("để trống"),
        "filled": _("đã ghi"),
    }
    return f"{title} {said[one.how]} {values}".rstrip()


def _drawn(here: Opened, wanted: Asked, page: ListPage) -> dict[str, object]:
    base = here.at("registry")
    onward = replace(wanted, after=page.after).address() if page.after else ""
    return {
        "heads": _heads(here.outline, wanted, page.columns, page.sort),
        "said": _count(page, wanted),
        "next": base + onward if onward else "",
        "first": base + replace(wanted, after="").address() if wanted.after else "",
        "picks": _picks(here.outline, wanted.listed, page.columns),
        "notices": _notices(here, wanted, page),
        "shown": wanted.address(),
        "narrowed": bool(wanted.filters or wanted.words),
        "takes": "change" in here.outline.card.may and not wanted.on and not wanted.gone,
    }


def _notices(here: Opened, wanted: Asked, page: ListPage) -> dict[UUID, tuple[Noticed, ...]]:
    """Return what is worth knowing today about the records of a page."""
    if wanted.on or wanted.gone:
        return {}
    return registries.notices_of(
        registry=here.key,
        ids=[row.id for row in page.rows],
        actor=here.actor,
        language=here.language,
    )


@lru_cache(maxsize=LISTS_KEPT)
def _heads(
    outline: Outline, wanted: Asked, columns: Columns, sort: tuple[str, ...]
) -> tuple[Head, ...]:
    return tuple(_each_head(outline, wanted, columns, sort))


def _each_head(
    outline: Outline, wanted: Asked, columns: Columns, sort: tuple[str, ...]
) -> Iterator[Head]:
    offered = {one.path: one for one in outline.fields}
    current = sort[0] if sort else ""
    for path, title in columns:
        parts = [one for one in offered.values() if one.path.startswith(f"{path}.")]
        own = [offered[path]] if path in offered else parts
        sorts = bool(own) and all(one.sortable for one in own)
        down = current == path
        target = replace(wanted, sort=(f"-{path}" if down else path,), after="")
        yield Head(
            path=path,
            title=title,
            url=target.address() if sorts else "",
            order="ascending" if down else "descending" if current == f"-{path}" else "",
            number=path in offered and offered[path].asked == "number",
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Picks:
    """The fields to choose from: every column, those shown first, in their order."""

    columns: tuple[tuple[str, str, bool], ...]


@lru_cache(maxsize=LISTS_KEPT)
def _picks(outline: Outline, listed: str, columns: Columns) -> Picks:
    shown = dict(columns)
    declared = next((one for one in outline.lists if one.name == listed), None)
    every = {**shown, **dict(declared.columns if declared else ())}
    for one in outline.fields:
        if one.path.partition(".")[0] not in every:
            every.setdefault(one.path, one.title)
    return Picks(columns=tuple((path, title, path in shown) for path, title in every.items()))


def _count(page: ListPage, wanted: Asked) -> str:
    if page.cut:
        return _("Mới tìm qua một phần của sổ")
    if page.count is None:
        if wanted.on or page.untold:
            return ""
        return _("Hơn %(most)s bản ghi") % {"most": "1.000"}
    if page.count == 0:
        return _("Không có bản ghi nào")
    return _("%(count)s bản ghi") % {"count": f"{page.count:,}".replace(",", ".")}


def _builder(request: HttpRequest, here: Opened) -> dict[str, object]:
    """Return the field whose condition is being made, and what it may be answered with."""
    path = request.GET.get("o", "")
    chosen = next((one for one in here.outline.fields if one.path == path and one.asked), None)
    options = (
        registries.choices(registry=here.key, path=path, actor=here.actor, language=here.language)
        if chosen
        else ()
    )
    return {
        "making": chosen,
        "making_options": options,
    }
