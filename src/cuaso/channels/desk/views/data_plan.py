"""The data plan of the province and of a sector: page, workbook, paper, and the year of a duty."""

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.channels.desk import answers
from cuaso.channels.desk.posting import unfit
from cuaso.channels.desk.views.dictionary import steward_name
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import Refusal
from cuaso.services.planning import api as planning
from cuaso.services.planning.contracts import PlanLine

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def overview(request: HttpRequest) -> HttpResponse:
    """Show the plan of the province, or of the sector `?nganh=`; a POST sets a duty's year."""
    if request.method != "POST":
        return _page(request, None)
    try:
        planning.set_target(
            id=_id(request),
            year=_year(request),
            reason=answers.text(request, "reason"),
            actor=identity.actor_of(request),
        )
    except Refusal as refusal:
        return _page(request, refusal)
    notes.success(request, _("Đã đổi năm của nghĩa vụ dữ liệu."))
    return redirect(request.get_full_path())


def _id(request: HttpRequest) -> UUID:
    try:
        return UUID(answers.text(request, "obligation"))
    except ValueError as error:
        raise unfit("obligation", _("Hãy chọn một nghĩa vụ dữ liệu.")) from error


def _year(request: HttpRequest) -> int:
    typed = answers.text(request, "year")
    if not (typed.isascii() and typed.isdecimal()):
        raise unfit("year", _("Hãy ghi năm bằng bốn chữ số."))
    return int(typed)


def _page(request: HttpRequest, refusal: Refusal | None) -> HttpResponse:
    sectors = planning.sector_titles()
    sector = _sector(request)
    found = planning.plan(sector=sector)
    lines = [line for one in found.sectors for line in one.lines]
    context = {
        "at": "data",
        "tab": "plan",
        "plan": found,
        "sectors": sectors,
        "sector": sector,
        "title": dict(sectors).get(sector, ""),
        "lines": [(line, steward_name(line.steward)) for line in _ordered(lines)] if sector else [],
        "gaps": [line for line in lines if line.state == "missing"],
        "names": dict(sectors),
        "obligations": list({str(one.obligation_id): one.obligation for one in lines}.items()),
        "may_plan": planning.may_plan(identity.actor_of(request)),
        "typed": request.POST,
    }
    return answers.page(request, "data/plan.html", context, refusal=refusal)


def _sector(request: HttpRequest) -> str:
    asked = request.GET.get("nganh", "")
    return asked if asked in dict(planning.sector_titles()) else ""


def _ordered(lines: list[PlanLine]) -> list[PlanLine]:
    """Return the lines with gaps first, the earliest year on top."""
    rank = {"missing": 0, "copied": 1, "held": 2}
    return sorted(lines, key=lambda one: (rank[one.state], one.year, one.obligation))


@require_safe
@official_required
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """Hand over the plan as a workbook (`xlsx`) or a paper (`pdf`)."""
    actor, sector = identity.actor_of(request), _sector(request)
    name = f"quy-hoach-du-lieu{'-' + sector if sector else ''}.{kind}"
    if kind == "xlsx":
        content, media_type = planning.plan_workbook(actor=actor, sector=sector), XLSX
    else:
        content, media_type = planning.plan_paper(actor=actor, sector=sector), "application/pdf"
    response = HttpResponse(content, content_type=media_type)
    disposition = content_disposition_header(kind == "xlsx", name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
