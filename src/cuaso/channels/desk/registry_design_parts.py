"""Editing a draft of a registry piece by piece: its words, a field, a rule, a list."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, get_args
from uuid import UUID

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import DesignView, Edit, Impact
from cuaso.channels.desk import answers
from cuaso.channels.desk.registry_design import page, types
from cuaso.declarations.fields.field import OPTIONS_OF, ResultName
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Refusal
from cuaso.kernel.text import fold

_OPTIONS: Final = (
    "codes", "to", "unit", "min", "max", "digits", "min_length", "max_length", "pattern",
    "pattern_say", "not_before", "not_after", "is", "as", "level",
)  # fmt: skip
_FIELD: Final = ("title", "title_en", "type", "hint", "when", "element", *_OPTIONS)
_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_NEAR: Final = re.compile(r"(\D+?)\s*(?:([+-])\s*(\d{1,3})\s*(\w+))?")
_DAYS: Final = ("not_before", "not_after")
_MARKS: Final = ("personal", "unique")
_WORDS: Final = ("title", "title_en", "item", "item_en", "about", "name", "place", "key", "search")
Given = dict[str, str | list[str]]


def _edit(
    request: HttpRequest, version_id: UUID, edit: Edit
) -> tuple[HttpResponse | None, Refusal | None]:
    """Do one edit: a redirect to the version, or the refusal to show beside the form."""
    seen, actor = answers.text(request, "seen"), identity.actor_of(request)
    try:
        registries.edit_design(id=version_id, edit=edit, seen=seen, actor=actor)
    except Refusal as refused:
        return None, refused
    notes.success(request, _("Đã ghi vào bản nháp."))
    return redirect("desk:design", version_id=version_id), None


@require_POST
@official_required
def piece(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Take a piece out, or move a field up or down: the buttons of the version's own page."""
    what, separator, name = answers.text(request, "act").partition(":")
    known = {"drop_field", "drop_rule", "drop_list", "up", "down"}
    if what not in known or not separator:
        raise Http404
    kind = "move_field" if what in ("up", "down") else what
    edit = Edit(what=kind, name=name, given={"way": what})  # type: ignore[arg-type] # checked above
    registries.edit_design(
        id=version_id,
        edit=edit,
        seen=answers.text(request, "seen"),
        actor=identity.actor_of(request),
    )
    return redirect("desk:design", version_id=version_id)


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def words(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Edit what the registry is called, by which fields it is known and searched."""
    given: Given = {name: answers.text(request, name) for name in _WORDS}
    return _form(request, version_id, "words", Edit(what="words", given=given), _words_before)


def _words_before(found: DesignView) -> dict[str, Any]:
    plain = found.declared.dump()
    listed = {name: ", ".join(plain.get(name, [])) for name in ("key", "search")}
    names = [(key, one.title) for key, one in found.declared.fields.items()]
    return {**plain, **listed, "extra": {"names": names}}


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def field(request: HttpRequest, version_id: UUID, name: str = "") -> HttpResponse:
    """Add a field, or edit the one of a name."""
    edit = Edit(what="field", name=name, given=_field_given(request, name))

    def before(found: DesignView) -> dict[str, Any]:
        return _field_before(found, name, identity.actor_of(request))

    return _form(request, version_id, "field", edit, before)


def _field_given(request: HttpRequest, name: str) -> Given:
    given: Given = {key: answers.text(request, key) for key in _FIELD}
    allowed = OPTIONS_OF.get(str(given["type"]), frozenset())
    given |= {key: "" for key in _OPTIONS if key not in allowed}
    given |= {key: _declared_day(str(given[key])) for key in _DAYS}
    given |= {key: str(given[key]).replace(",", ".") for key in ("min", "max")}
    given |= {key: "yes" if answers.text(request, key) == "true" else "" for key in _MARKS}
    needed = answers.text(request, "required")
    condition = answers.text(request, "required_when")
    given["required"] = condition if needed == "when" else "no" if needed == "no" else ""
    return given if name else {**given, "name": answers.text(request, "name")}


def _declared_day(typed: str) -> str:
    """Return a day as it is declared: year first, or `today` with what is added to it; other text
    as it stands.
    """
    if written := _DAY.fullmatch(typed):
        return "{2}-{1:0>2}-{0:0>2}".format(*written.groups())
    near = _NEAR.fullmatch(typed)
    if near is None or near[1].lower() not in ("hôm nay", _("hôm nay")):
        return typed
    if not near[2]:
        return "today"
    declared = {said: unit for unit, said in _units().items()}
    return f"today {near[2]} {int(near[3])} {declared.get(near[4].lower(), near[4])}"


def _said_day(declared: str) -> str:
    """Return a declared day as people write it."""
    if not declared.startswith("today"):
        return "/".join(reversed(declared.split("-"))) if declared else ""
    said = declared.replace("today", _("hôm nay"), 1)
    before, _space, unit = said.rpartition(" ")
    return f"{before} {_units()[unit]}" if unit in _units() else said


def _units() -> dict[str, str]:
    """Return the units in which a day is counted from today, with their names in the language."""
    return {
        "ngày": pgettext("từ hôm nay", "ngày"),
        "tháng": pgettext("từ hôm nay", "tháng"),
        "năm": pgettext("từ hôm nay", "năm"),
    }


def _targets(found: DesignView, standing: str, actor: Actor) -> list[tuple[str, str]]:
    """Return the registries that a field may point to, by the name under which it is declared."""
    pack = found.card.key.partition("/")[0]
    named = {
        one.key.removeprefix(f"{pack}/"): one.title for one in registries.registries(actor=actor)
    }
    if standing and standing not in named:
        named[standing] = standing
    return sorted(named.items(), key=lambda one: fold(one[1]))


def _field_before(found: DesignView, name: str, actor: Actor) -> dict[str, Any]:
    plain = found.declared.dump()["fields"].get(name, {})
    if name and not plain:
        raise Http404
    needed = plain.get("required", True)
    condition = needed if isinstance(needed, str) else ""
    return {
        "type": "text",
        **plain,
        **{key: _said_day(plain.get(key, "")) for key in _DAYS},
        "required": "when" if condition else "yes" if needed else "no",
        "required_when": condition,
        "extra": {
            "types": types(),
            "results": [one for one in types() if one[0] in get_args(ResultName)],
            "levels": [("commune", _("Xã, phường")), ("province", _("Tỉnh"))],
            "targets": _targets(found, plain.get("to", ""), actor),
            "needs": [
                ("yes", _("Luôn bắt buộc")),
                ("no", _("Không bắt buộc")),
                ("when", _("Bắt buộc khi có điều kiện")),
            ],
            "code_lists": [(one.list_id, one.title) for one in dictionary.lists()],
            "name": name,
        },
    }


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def rule(request: HttpRequest, version_id: UUID, name: str = "") -> HttpResponse:
    """Add a rule or edit one; `act` try says which records would fail it."""
    if request.method == "POST" and answers.text(request, "act") == "try":
        return _tried(request, version_id, name)
    given: Given = {key: answers.text(request, key) for key in ("check", "say", "at")}
    edit = Edit(what="rule", name=name, given=given)

    def before(found: DesignView) -> dict[str, Any]:
        return _rule_before(found, name)

    return _form(request, version_id, "rule", edit, before)


def _rule_before(found: DesignView, name: str) -> dict[str, Any]:
    rules = found.declared.dump().get("rules", [])
    if name and (not name.isdecimal() or int(name) >= len(rules)):
        raise Http404
    plain = dict(rules[int(name)]) if name else {}
    names = [(key, one.title) for key, one in found.declared.fields.items()]
    return {**plain, "extra": {"names": names, "name": name}}


def _tried(request: HttpRequest, version_id: UUID, name: str) -> HttpResponse:
    actor = identity.actor_of(request)
    found = registries.design(id=version_id, actor=actor)
    trial: Impact | None = None
    refusal: Refusal | None = None
    try:
        check = answers.text(request, "check")
        trial = registries.try_rule(id=version_id, check=check, actor=actor)
    except Refusal as refused:
        refusal = refused
    extra = _rule_before(found, name)["extra"]
    context = {**extra, "typed": request.POST, "trial": trial}
    return page(request, "rule", found, context, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def list_of(request: HttpRequest, version_id: UUID, name: str = "") -> HttpResponse:
    """Add a list, or edit the one of a name."""
    given: Given = {
        "title": answers.text(request, "title"),
        "columns": answers.texts(request, "columns"),
        "filters": answers.texts(request, "filters"),
        "sort": answers.text(request, "sort"),
    }
    if not name:
        given["name"] = answers.text(request, "name")

    def before(found: DesignView) -> dict[str, Any]:
        return _list_before(found, name)

    return _form(request, version_id, "list", Edit(what="list", name=name, given=given), before)


def _list_before(found: DesignView, name: str) -> dict[str, Any]:
    plain = found.declared.dump()["lists"].get(name, {})
    if name and not plain:
        raise Http404
    names = [(key, one.title) for key, one in found.declared.fields.items()]
    return {
        **plain,
        "sort": ", ".join(plain.get("sort", [])),
        "extra": {"names": names, "name": name},
    }


def _form(
    request: HttpRequest,
    version_id: UUID,
    template: str,
    edit: Edit,
    before: Callable[[DesignView], Mapping[str, Any]],
) -> HttpResponse:
    refusal = None
    if request.method == "POST":
        answer, refusal = _edit(request, version_id, edit)
        if answer is not None:
            return answer
    found = registries.design(id=version_id, actor=identity.actor_of(request))
    held = dict(before(found))
    extra = held.pop("extra", {})
    typed = held if refusal is None else {**held, **edit.given, **request.POST.dict()}
    return page(request, template, found, {**extra, "typed": typed}, refusal=refusal)
