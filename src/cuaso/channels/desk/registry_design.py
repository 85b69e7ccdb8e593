"""Designing registries: which versions are in the making, one version, what it would do."""

from collections.abc import Callable, Mapping
from typing import get_args
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import DesignView, NewRegistry, TypeChange
from cuaso.channels.desk import answers
from cuaso.channels.desk.design_words import Words, told
from cuaso.channels.desk.posting import unfit
from cuaso.channels.desk.registries.shelf import may_begin
from cuaso.channels.desk.registry_sheets import WORKBOOK
from cuaso.declarations.fields.field import TypeName
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import Refusal

_NEW = ("name", "title", "legal", "key", "key_title", "item", "about")


def states() -> Mapping[str, tuple[str, str]]:
    """Return each state's colour and name."""
    return {
        "draft": ("go", _("Đang soạn")),
        "waiting": ("soon", _("Chờ phê duyệt")),
        "approved": ("go", _("Đã duyệt, chờ ban hành")),
        "published": ("ok", _("Đang hiệu lực")),
        "retired": ("paused", _("Đã thay thế")),
        "dropped": ("paused", _("Đã bỏ")),
    }


def types() -> list[tuple[str, str]]:
    """Return the types of fields with their names."""
    said = {
        "text": _("Chữ, một dòng"),
        "long_text": _("Chữ, nhiều dòng"),
        "code": _("Mã, số hiệu"),
        "integer": _("Số nguyên"),
        "decimal": _("Số thập phân"),
        "chainage": _("Lý trình"),
        "vnd": _("Số tiền (đồng)"),
        "date": _("Ngày"),
        "moment": _("Thời điểm"),
        "period": _("Khoảng thời gian"),
        "choice": _("Chọn một trong danh mục"),
        "multi_choice": _("Chọn nhiều trong danh mục"),
        "yes_no": _("Có hoặc không"),
        "person": _("Người"),
        "organisation": _("Tổ chức"),
        "place": _("Địa bàn"),
        "address": _("Địa chỉ"),
        "phone": _("Điện thoại"),
        "email": _("Thư điện tử"),
        "file": _("Tệp đính kèm"),
        "reference": _("Bản ghi của sổ khác"),
        "point": _("Điểm trên bản đồ"),
        "line": _("Tuyến trên bản đồ"),
        "polygon": _("Vùng trên bản đồ"),
        "computed": _("Tự tính"),
    }
    return [(name, said.get(name, name)) for name in get_args(TypeName)]


@require_safe
@official_required
def shelf(request: HttpRequest) -> HttpResponse:
    """List the versions in the making, and the registries of which one may be begun."""
    actor = identity.actor_of(request)
    every = registries.designs(actor=actor)
    making = [one for one in every if one.state in ("draft", "waiting", "approved")]
    busy = {one.key for one in making}
    cards = [one for one in registries.registries(actor=actor) if "design" in one.may]
    context = {
        "at": "registries",
        "making": [(one, *states()[one.state]) for one in making],
        "past": [(one, *states()[one.state]) for one in every if one not in making][:30],
        "ready": [one for one in cards if one.key not in busy],
        "withdrawn": registries.withdrawn(actor=actor),
        "may_bring_back": "leader" in actor.roles,
        "may_begin": may_begin(actor),
    }
    return answers.page(request, "registries/design_shelf.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def new(request: HttpRequest) -> HttpResponse:
    """Begin a registry from nothing."""
    refusal = None
    if request.method == "POST":
        asked = NewRegistry(**{name: answers.text(request, name) for name in _NEW})
        try:
            made = registries.begin_registry(new=asked, actor=identity.actor_of(request))
        except Refusal as refused:
            refusal = refused
        else:
            notes.success(request, _("Đã lập bản nháp của sổ mới. Hãy thêm các ô."))
            return redirect("desk:design", version_id=made.card.id)
    context = {"at": "registries", "typed": request.POST}
    return answers.page(request, "registries/design_new.html", context, refusal=refusal)


@require_POST
@official_required
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a new version of a registry that is in force; `like` an earlier one where named."""
    like = answers.text(request, "like")
    made = registries.begin_design(
        registry=answers.text(request, "registry"),
        like=int(like) if like.isascii() and like.isdecimal() else 0,
        actor=identity.actor_of(request),
    )
    return redirect("desk:design", version_id=made.card.id)


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show a version; a POST puts it forward, approves it, sends it back or gives it up."""
    refusal = None
    if request.method == "POST":
        try:
            notes.success(request, _decide(request, version_id))
        except Refusal as refused:
            refusal = refused
        else:
            return redirect("desk:design", version_id=version_id)
    found = registries.design(id=version_id, actor=identity.actor_of(request))
    extra = {"typed": request.POST, **_shown(found, request)}
    return page(request, "version", found, extra, refusal=refusal)


def _shown(found: DesignView, request: HttpRequest) -> dict[str, object]:
    actor = identity.actor_of(request)
    past = registries.designed(registry=found.card.key, actor=actor)
    called = dict(types())
    in_force = found.card.state == "published"
    return {
        "made": registries.recomputed(registry=found.card.key, actor=actor) if in_force else None,
        "bin": found.card.key.split("/") if found.card.standing else [],
        "fields": [
            (name, one, called.get(one.type, one.type))
            for name, one in found.declared.fields.items()
        ],
        "rules": list(enumerate(found.declared.rules)),
        "lists": [
            (
                name,
                one.title or (_("Danh sách chính") if name == "default" else name),
                ", ".join(map(found.declared.titled, one.columns)),
            )
            for name, one in found.declared.lists.items()
        ],
        "key": ", ".join(map(found.declared.titled, found.declared.key)),
        "searched": ", ".join(map(found.declared.titled, found.declared.searched)),
        "past": [(one, *states()[one.state]) for one in past if one.id != found.card.id],
        "told": told(found.differences, Words(titled=_titles(found), types=called)),
    }


def _titles(found: DesignView) -> Callable[[str], str]:
    """Return what names a field by its path, also one that the version takes out."""
    gone = {
        one.place.partition(".")[2]: str(one.old.get("title", ""))
        for one in found.differences
        if one.place.startswith("fields.") and one.new is None
    }
    return lambda path: gone.get(path) or found.declared.titled(path)


def _decide(request: HttpRequest, id: UUID) -> str:
    actor, reason = identity.actor_of(request), answers.text(request, "reason")
    seen = answers.text(request, "seen")
    match answers.text(request, "act"):
        case "submit":
            registries.submit_design(id=id, reason=reason, seen=seen, actor=actor)
            return _("Đã trình bản sửa đổi để lãnh đạo phê duyệt.")
        case "approve":
            registries.approve_design(id=id, seen=seen, actor=actor)
            return _("Đã phê duyệt. Hệ thống ban hành trong ít giây.")
        case "send_back":
            registries.send_back_design(id=id, reason=reason, actor=actor)
            return _("Đã trả lại bản sửa đổi cho người soạn.")
        case "drop":
            registries.drop_design(id=id, reason=reason, actor=actor)
            return _("Đã bỏ bản sửa đổi này.")
    raise unfit("", _("Hãy chọn một việc trên trang."))


@require_safe
@official_required
def impact(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show what a version would do to records and to what hangs on the registry."""
    return impact_page(request, version_id)


def impact_page(
    request: HttpRequest,
    version_id: UUID,
    *,
    refusal: Refusal | None = None,
    replacing: Mapping[str, Mapping[str, str]] | None = None,
) -> HttpResponse:
    """Render what a version would do, with the replacements that somebody has just typed."""
    called, typed = dict(types()), dict(replacing or {})
    wrong = answers.wrong(refusal)
    actor = identity.actor_of(request)
    found = registries.design(id=version_id, actor=actor)
    foreseen = registries.preview_design(id=version_id, actor=actor)
    turned = [
        {
            "change": one,
            "before": called.get(one.before, one.before),
            "after": called.get(one.after, one.after),
            "lines": _lines(one, typed.get(one.path, {}), wrong),
        }
        for one in foreseen.turned
    ]
    return page(request, "impact", found, {"foreseen": foreseen, "turned": turned}, refusal=refusal)


def _lines(
    one: TypeChange, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> list[dict[str, object]]:
    """Return each value that does not fit, what replaces it, and what is wrong with that."""
    places = {old: f"values.{number}" for number, old in enumerate(typed)}
    return [
        {
            "failing": line,
            "new": typed.get(line.value, line.replaced),
            "error": wrong.get(places.get(line.value, ""), "") or line.unfit,
            "place": places.get(line.value, f"{one.path}.{number}"),
        }
        for number, line in enumerate(one.failing)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def text(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show the declaration as text; a POST writes it anew, or says each wrong line."""
    refusal, typed = None, request.POST.get("text", "")
    if request.method == "POST":
        seen, actor = answers.text(request, "seen"), identity.actor_of(request)
        try:
            registries.save_design(id=version_id, text=typed, seen=seen, actor=actor)
        except Refusal as refused:
            refusal = refused
        else:
            notes.success(request, _("Đã ghi khai báo."))
            return redirect("desk:design", version_id=version_id)
    found = registries.design(id=version_id, actor=identity.actor_of(request))
    extra = {"typed_text": typed or found.text}
    return page(request, "text", found, extra, refusal=refusal)


@require_safe
@official_required
def download(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Hand out the declaration as the file of a pack."""
    found = registries.design(id=version_id, actor=identity.actor_of(request))
    response = HttpResponse(found.text, content_type="application/yaml; charset=utf-8")
    name = found.card.key.partition("/")[2]
    response["Content-Disposition"] = f'attachment; filename="{name}.yaml"'
    return response


@require_safe
@official_required
def form(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Hand out the version as a survey form (XLSForm)."""
    name, content = registries.design_form(id=version_id, actor=identity.actor_of(request))
    response = HttpResponse(content, content_type=WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def page(
    request: HttpRequest,
    template: str,
    found: DesignView,
    extra: Mapping[str, object],
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """Render a page about one version."""
    colour, state = states()[found.card.state]
    context = {"at": "registries", "design": found, "colour": colour, "state": state, **extra}
    return answers.page(request, f"registries/design_{template}.html", context, refusal=refusal)
