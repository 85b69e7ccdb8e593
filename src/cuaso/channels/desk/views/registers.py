"""The register of dossiers of the officer's agency: choose a period, download it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cuaso.channels.desk import answers
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, NotAllowed, Problem, Refusal
from cuaso.services.procedures import api as procedures


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def register(request: HttpRequest) -> HttpResponseBase:
    """Show the choice of agency and period; a POST draws the register and hands it over."""
    if request.method != "POST":
        return _page(request, _this_month())
    try:
        return _drawn(request)
    except (Invalid, NotAllowed) as refusal:
        return _page(request, request.POST.dict(), refusal=refusal)


def _this_month() -> dict[str, object]:
    today = clock.today()
    return {"since": f"{today.replace(day=1):%d/%m/%Y}", "until": f"{today:%d/%m/%Y}"}


def _drawn(request: HttpRequest) -> HttpResponseBase:
    since, until = _days(request)
    return answers.document(
        procedures.register_content(
            agency_id=_agency(request),
            since=since,
            until=until,
            kind="csv" if answers.text(request, "kind") == "csv" else "pdf",
            actor=identity.actor_of(request),
        )
    )


def _agency(request: HttpRequest) -> UUID:
    try:
        return UUID(answers.text(request, "agency"))
    except ValueError as error:
        raise _unread(Problem(field="agency", say=_("Hãy chọn cơ quan."))) from error


def _days(request: HttpRequest) -> tuple[date, date]:
    found, problems = [], []
    wanted = {
        "since": _("Hãy ghi ngày đầu kỳ, ví dụ 01/10/2026."),
        "until": _("Hãy ghi ngày cuối kỳ, ví dụ 31/10/2026."),
    }
    for name, say in wanted.items():
        try:
            found.append(_day(answers.text(request, name)))
        except ValueError:
            problems.append(Problem(field=name, say=say))
    if problems:
        raise _unread(*problems)
    return found[0], found[1]


def _day(typed: str) -> date:
    shape = "%Y-%m-%d" if "-" in typed else "%d/%m/%Y"
    return datetime.strptime(typed, shape).replace(tzinfo=clock.VIETNAM).date()


def _unread(*problems: Problem) -> Invalid:
    return Invalid(
        code="desk.register_unread",
        what=_("Chưa lập được sổ."),
        mend=_("Hãy sửa các mục được chỉ ra."),
        problems=problems,
    )


def _page(
    request: HttpRequest, typed: Mapping[str, object], *, refusal: Refusal | None = None
) -> HttpResponse:
    agencies = procedures.register_agencies(actor=identity.actor_of(request))
    context = {
        "at": "register",
        "agencies": [(str(id), name) for id, name in agencies],
        "typed": {"agency": str(agencies[0][0]) if agencies else "", **typed},
        "periods": _periods(clock.today()),
    }
    return answers.page(request, "register.html", context, refusal=refusal)


def _periods(today: date) -> list[tuple[str, date, date]]:
    """Return the periods that are asked for most, each with its first and last day."""
    month = today.replace(day=1)
    last_month = (month - timedelta(days=1)).replace(day=1)
    quarter = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    return [
        (_("Hôm nay"), today, today),
        (_("Tháng này"), month, today),
        (_("Tháng trước"), last_month, month - timedelta(days=1)),
        (_("Quý này"), quarter, today),
    ]
