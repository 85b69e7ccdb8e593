"""The data dictionary before officials: search, an element, a code list on a day, exports."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.channels.desk import answers
from cuaso.channels.desk.posting import day_of, unfit
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.dictionary.contracts import (
    Breakage,
    Change,
    ChangeKind,
    Code,
    Domain,
    Element,
    ElementVersion,
)
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotFound, Refusal
from cuaso.kernel.text import one_line

MOST_HITS = 60
NUMBERS = ("min_length", "max_length", "digits")


@require_safe
@official_required
def overview(request: HttpRequest) -> HttpResponse:
    """Search elements, lists and codes; without words, show object classes and lists."""
    asked = one_line(request.GET.get("q", ""))[:200]
    context: dict[str, object] = {"at": "data", "tab": "dictionary", "q": asked}
    if asked:
        context["hits"] = dictionary.search(asked, limit=MOST_HITS)
        context["most"] = MOST_HITS
    else:
        context["classes"] = _classes(dictionary.elements())
        context["lists"] = dictionary.lists()
        context["unmapped"] = len(dictionary.unmapped())
    context["formats"] = _formats()
    return answers.page(request, "data/dictionary.html", context)


def _classes(found: tuple[Element, ...]) -> list[tuple[str, list[Element]]]:
    classes: dict[str, list[Element]] = {}
    for one in found:
        classes.setdefault(one.object_class, []).append(one)
    return list(classes.items())


@require_safe
@official_required
def unmapped(request: HttpRequest) -> HttpResponse:
    """List the fields of which nobody has said which element they hold."""
    context = {"at": "data", "tab": "dictionary", "uses": dictionary.unmapped()}
    return answers.page(request, "data/unmapped.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def element(request: HttpRequest, key: str) -> HttpResponse:
    """Show one element. `?doi=` and `?thanh=` ask what a change would break.

    `act` is draft, publish:<id> or drop:<id>.
    """
    actor = identity.actor_of(request)
    if request.method != "POST":
        return _element_page(request, key, actor, None)
    try:
        _change(request, key, actor, answers.text(request, "act"))
    except Refusal as refusal:
        return _element_page(request, key, actor, refusal)
    return redirect("desk:element", key=key)


def _change(request: HttpRequest, key: str, actor: Actor, act: str) -> None:
    name, _colon, id = act.partition(":")
    if name == "publish":
        dictionary.publish_version(id=_uuid(id), actor=actor)
        notes.success(request, _("Đã ban hành phiên bản mới."))
    elif name == "drop":
        dictionary.drop_draft(id=_uuid(id), actor=actor)
        notes.success(request, _("Đã bỏ bản thảo."))
    else:
        since = day_of(request, "since")
        if since is None:
            raise unfit("since", _("Hãy ghi ngày bắt đầu có hiệu lực."))
        dictionary.draft_version(
            key=key,
            domain=_domain(request),
            since=since,
            source=answers.text(request, "source"),
            reason=answers.text(request, "reason"),
            actor=actor,
        )
        notes.success(request, _("Đã lưu bản thảo. Người thứ hai xem lại rồi ban hành."))


def _uuid(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError as error:
        raise unfit("", _("Không còn bản thảo này. Hãy tải lại trang.")) from error


def _domain(request: HttpRequest) -> Domain:
    given: dict[str, object] = {
        name: typed
        for name in ("type", "codes", "unit", "pattern", "pattern_say", "min", "max")
        if (typed := answers.text(request, name))
    }
    for name in NUMBERS:
        if typed := answers.text(request, name):
            if not (typed.isascii() and typed.isdecimal()):
                raise unfit(name, _("Hãy ghi một số nguyên."))
            given[name] = int(typed)
    given["examples"] = [one for one in answers.text(request, "examples").split() if one]
    return Domain.load(given)


def _element_page(
    request: HttpRequest, key: str, actor: Actor, refusal: Refusal | None
) -> HttpResponse:
    one = dictionary.element(key)
    today = clock.today()
    standing = one.version_on(today)
    domain = standing.domain if standing else Domain()
    change, broken, trouble = _asked_change(request, key)
    context = {
        "at": "data",
        "tab": "dictionary",
        "element": one,
        "standing": standing,
        "facts": domain_facts(domain),
        "codes": _permitted(domain, today),
        "steward": steward_name(one.steward),
        "versions": [(v, domain_facts(v.domain), v == standing) for v in one.published],
        "drafts": [(v, domain_facts(v.domain), _broken(key, domain, v)) for v in one.drafts],
        "uses": dictionary.uses_of(key),
        "kinds": list(change_kinds().items()),
        "change": change,
        "broken": broken,
        "trouble": trouble,
        "may_keep": dictionary.may_keep(actor),
        "may_publish": dictionary.may_publish(actor),
        "types": list(type_titles().items()),
        "lists": [(each.list_id, f"{each.title} ({each.list_id})") for each in dictionary.lists()],
        "typed": request.POST if request.method == "POST" else _typed(domain),
        "statuses": status_titles(),
    }
    return answers.page(request, "data/element.html", context, refusal=refusal)


def _typed(domain: Domain) -> dict[str, object]:
    plain = domain.plain()
    return {**plain, "type": domain.type, "examples": " ".join(domain.examples)}


def _permitted(domain: Domain, day: date) -> tuple[Code, ...]:
    try:
        return dictionary.codes(domain.codes, day) if domain.codes else ()
    except NotFound:  # places and other lists that the directory gives
        return ()


def _broken(key: str, old: Domain, draft: ElementVersion) -> list[Breakage]:
    changes = dictionary.changes_between(old, draft.domain)
    return [one for change in changes for one in dictionary.what_would_break(key, change)]


def _asked_change(
    request: HttpRequest, key: str
) -> tuple[Change | None, tuple[Breakage, ...], str]:
    kind = request.GET.get("doi", "")
    if kind not in change_kinds():
        return None, (), ""
    value = one_line(request.GET.get("thanh", ""))[:200]
    change = Change(kind=_KINDS[kind], value=value)
    try:
        return change, dictionary.what_would_break(key, change), ""
    except Invalid as refusal:
        return change, (), str(refusal)


_KINDS: Mapping[str, ChangeKind] = {
    "pattern": "pattern",
    "length": "length",
    "range": "range",
    "type": "type",
    "unit": "unit",
    "codes": "codes",
    "retired": "retired",
}


def change_kinds() -> dict[str, str]:
    """Return the changes of which one may ask, as an official reads them."""
    return {
        "pattern": _("Mẫu (biểu thức)"),
        "length": _("Độ dài, ví dụ 0..20"),
        "range": _("Khoảng giá trị, ví dụ 0..100"),
        "type": _("Kiểu dữ liệu"),
        "unit": _("Đơn vị"),
        "codes": _("Danh mục mã"),
        "retired": _("Thôi dùng phần tử"),
    }


def type_titles() -> dict[str, str]:
    """Return the types of a value domain, as an official reads them."""
    return {
        "text": _("Chữ"),
        "long_text": _("Đoạn văn"),
        "code": _("Mã"),
        "integer": _("Số nguyên"),
        "decimal": _("Số thập phân"),
        "vnd": _("Số tiền (đồng)"),
        "date": _("Ngày"),
        "moment": _("Thời điểm"),
        "choice": _("Chọn một mã"),
        "multi_choice": _("Chọn nhiều mã"),
        "yes_no": _("Có hoặc không"),
        "person": _("Người"),
        "place": _("Đơn vị hành chính"),
        "address": _("Địa chỉ"),
        "phone": _("Số điện thoại"),
        "email": _("Thư điện tử"),
        "file": _("Tệp"),
        "organisation": _("Tổ chức"),
        "period": _("Khoảng thời gian"),
        "point": _("Điểm trên bản đồ"),
        "line": _("Đường trên bản đồ"),
        "polygon": _("Vùng trên bản đồ"),
    }


def status_titles() -> dict[str, str]:
    """Return the registration statuses of ISO/IEC 11179-6, as an official reads them."""
    return {
        "incomplete": _("Chưa đủ"),
        "candidate": _("Đề nghị"),
        "recorded": _("Đã ghi nhận"),
        "qualified": _("Đạt chất lượng"),
        "standard": _("Chuẩn"),
        "preferred_standard": _("Chuẩn ưu tiên"),
        "superseded": _("Đã bị thay"),
        "retired": _("Thôi dùng"),
    }


def domain_facts(domain: Domain) -> list[tuple[str, str]]:
    """Return a value domain as pairs of label and value; what is not said is left out."""
    length = " – ".join(str(one) for one in (domain.min_length, domain.max_length) if one)
    bounds = f"{domain.min or '…'} – {domain.max or '…'}" if domain.min or domain.max else ""
    pairs = [
        (_("Kiểu"), type_titles().get(domain.type, domain.type)),
        (_("Danh mục"), domain.codes),
        (_("Đơn vị"), domain.unit),
        (_("Mẫu"), domain.pattern),
        (_("Nói bằng lời"), domain.pattern_say),
        (_("Số ký tự"), length),
        (_("Khoảng giá trị"), bounds),
        (_("Số lẻ"), str(domain.digits or "")),
        (_("Ví dụ"), ", ".join(domain.examples)),
    ]
    return [(label, value) for label, value in pairs if value]


def steward_name(named: str) -> str:
    """Return the name of an agency by its key today, anything else as it is written."""
    try:
        return directory.agency_on(named).name
    except NotFound:
        return named


@require_safe
@official_required
def code_list(request: HttpRequest, list_id: str) -> HttpResponse:
    """Show a list on a day (`?ngay=`), its mappings, and what removing a code (`?bo=`) breaks."""
    day, trouble = _day(request.GET.get("ngay", ""))
    removed = one_line(request.GET.get("bo", ""))[:60]
    codes = dictionary.codes(list_id, day)
    change = Change(kind="code_removed", value=removed, on=day)
    context = {
        "at": "data",
        "tab": "dictionary",
        "list": next(one for one in dictionary.lists() if one.list_id == list_id),
        "codes": codes,
        "day": day,
        "trouble": trouble,
        "mappings": dictionary.mappings(list_id, day),
        "relations": relation_titles(),
        "uses": dictionary.uses_of_list(list_id),
        "removed": removed,
        "broken": dictionary.what_would_break(list_id, change) if removed else (),
    }
    return answers.page(request, "data/code_list.html", context)


def relation_titles() -> dict[str, str]:
    """Return the relations of a mapping (SKOS), as an official reads them."""
    return {
        "exact": _("đúng bằng"),
        "broader": _("thuộc về"),
        "narrower": _("gồm một phần là"),
        "related": _("có liên quan với"),
        "none": _("không có mã tương ứng"),
    }


def _day(typed: str) -> tuple[date, str]:
    """Return a typed day and what is wrong with it; today for an empty or a wrong one."""
    if not typed.strip():
        return clock.today(), ""
    for shape in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(typed.strip(), shape).date(), ""  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
    return clock.today(), _("Không đọc được ngày. Đang xem theo hôm nay.")


def _formats() -> list[tuple[str, str]]:
    return [
        ("json-schema", "JSON Schema"),
        ("xsd", "XML Schema"),
        ("skos", "SKOS"),
        ("shacl", "SHACL"),
    ]


@require_safe
@official_required
def export(request: HttpRequest, form: str) -> HttpResponse:  # noqa: ARG001 a view
    """Hand over the whole dictionary in one of four standards."""
    if form == "json-schema":
        text = json.dumps(dictionary.export_json_schema(), ensure_ascii=False, indent=2)
        return _handed_over(text.encode(), "tu-dien.schema.json", "application/schema+json")
    if form == "xsd":
        return _handed_over(dictionary.export_xsd(), "tu-dien.xsd", "application/xml")
    if form == "skos":
        return _handed_over(dictionary.export_skos().encode(), "danh-muc.ttl", "text/turtle")
    if form == "shacl":
        return _handed_over(dictionary.export_shacl().encode(), "tu-dien.shacl.ttl", "text/turtle")
    raise NotFound(
        code="desk.no_format",
        what=_("Từ điển không xuất theo dạng này."),
        mend=_("Hãy chọn JSON Schema, XML Schema, SKOS hoặc SHACL."),
    )


def _handed_over(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=f"{media_type}; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"  # noqa: FBT003
    return response
