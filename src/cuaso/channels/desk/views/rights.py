"""Rights for a time: ask, decide, look again, take up and lay down."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cuaso.channels.design.sentences import sentence
from cuaso.channels.desk import answers
from cuaso.channels.desk.posting import day_of, unfit
from cuaso.foundation.access import api as access
from cuaso.foundation.access.contracts import LEASE_SESSION_KEY
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Refusal

HOURS = ("1", "2", "3", "4")


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def rights(request: HttpRequest) -> HttpResponse:
    """Show one's own rights and those to decide on. `act` is ask, emergency, grant:<id>,
    refuse:<id>, keep:<id>, end:<id> or pair:<person>/<role>/<role>.
    """
    if request.method != "POST":
        return _page(request)
    act, _sep, which = answers.text(request, "act").partition(":")
    try:
        said = _act(request, identity.actor_of(request), act, which)
    except Refusal as refusal:
        return _page(request, refusal=refusal, tried=which)
    notes.success(request, said)
    return redirect("desk:rights")


def _act(request: HttpRequest, actor: Actor, act: str, which: str) -> str:
    reason = answers.text(request, "reason")
    if act == "ask":
        _ask(request, actor, reason)
        return _("Đã gửi đề nghị. Lãnh đạo hoặc quản trị viên của cơ quan đó sẽ quyết định.")
    if act == "emergency":
        _break_glass(request, actor, reason)
        return _("Ông/bà có quyền này ngay. Lãnh đạo và quản trị viên của cơ quan đã được báo.")
    if act in ("grant", "refuse"):
        access.decide_lease(id=_id(which), grant=act == "grant", reason=reason, actor=actor)
        return _("Đã ghi quyết định.")
    if act == "keep":
        access.check_lease(id=_id(which), keep=True, reason=reason, actor=actor)
        return _("Đã rà soát: quyền này còn cần.")
    if act == "pair":
        person, _sep, roles = which.partition("/")
        one, _sep, other = roles.partition("/")
        access.keep_conflict(
            person_id=_id(person), one=one, other=other, reason=reason, actor=actor
        )
        return _("Đã rà soát: tiếp tục kiêm nhiệm thêm 30 ngày.")
    access.end_lease(id=_id(which), reason=reason, actor=actor)
    return _("Đã kết thúc quyền này.")


def _ask(request: HttpRequest, actor: Actor, reason: str) -> None:
    since, until = day_of(request, "since"), day_of(request, "until")
    if until is None:
        raise unfit("until", _("Hãy ghi ngày."))
    now = clock.now()
    start = datetime.combine(since or clock.today(), time(), tzinfo=clock.VIETNAM)
    access.ask_lease(
        role=answers.text(request, "role"),
        agency_id=_agency(request),
        from_at=max(start, now),
        until_at=datetime.combine(until + timedelta(days=1), time(), tzinfo=clock.VIETNAM),
        reason=reason,
        basis=answers.text(request, "basis"),
        actor=actor,
    )


def _break_glass(request: HttpRequest, actor: Actor, reason: str) -> None:
    hours = answers.text(request, "hours")
    if hours not in HOURS:
        raise unfit("hours", _("Hãy chọn số giờ."))
    access.break_glass(
        role=answers.text(request, "role"),
        agency_id=_agency(request),
        lasts=timedelta(hours=int(hours)),
        reason=reason,
        actor=actor,
    )


@require_POST
@official_required
def use(request: HttpRequest) -> HttpResponse:
    """Take up a right, or lay down the one in use (`lease` empty)."""
    which = answers.text(request, "lease")
    request.session.pop(LEASE_SESSION_KEY, None)
    if which:
        try:
            access.take_up(id=_id(which), actor=identity.actor_of(request))
        except Refusal as refusal:
            return _page(request, refusal=refusal)
        request.session[LEASE_SESSION_KEY] = which
    return redirect("desk:home" if which else "desk:rights")


def _agency(request: HttpRequest) -> UUID:
    return _id(answers.text(request, "agency"), "agency")


def _id(typed: str, field: str = "") -> UUID:
    try:
        return UUID(typed)
    except ValueError as error:
        raise unfit(field, _("Hãy chọn một mục trong danh sách.")) from error


def _page(request: HttpRequest, *, refusal: Refusal | None = None, tried: str = "") -> HttpResponse:
    actor = identity.actor_of(request)
    context = {
        "at": "rights",
        "mine": access.my_leases(actor=actor),
        "deciding": access.leases_to_decide(actor=actor),
        "over": access.leases_over(actor=actor),
        "pairs": access.pairs(),
        "conflicts": access.role_conflicts(actor=actor),
        "may_decide": bool(actor.roles & {"leader", "admin"}),
        "roles": tuple((one, sentence(said)) for one, said in access.ROLES.items()),
        "emergency_roles": tuple((one, sentence(access.ROLES[one])) for one in access.IN_EMERGENCY),
        "agencies": tuple((str(one.id), one.name) for one in directory.agencies()),
        "own_agency": str(actor.agency_id),
        "hours": HOURS,
        "typed": request.POST if refusal else {},
        "asked": answers.text(request, "act"),
        "tried": tried,
    }
    return answers.page(request, "rights.html", context, refusal=refusal)
