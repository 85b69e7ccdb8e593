"""Who may sign for whom, as decisions say it."""

from datetime import datetime, time, timedelta
from typing import cast
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cuaso.channels.desk import answers
from cuaso.channels.desk.posting import day_of, unfit
from cuaso.foundation.access import api as access
from cuaso.foundation.access.contracts import MandateForm
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def mandates(request: HttpRequest) -> HttpResponse:
    """List who may sign for whom. `act` is give or end:<id>."""
    if request.method != "POST":
        return _page(request)
    act, _sep, which = answers.text(request, "act").partition(":")
    actor = identity.actor_of(request)
    try:
        if act == "end":
            access.end_mandate(id=_id(which), reason=answers.text(request, "reason"), actor=actor)
            notes.success(request, _("Đã chấm dứt thẩm quyền ký này."))
        else:
            _give(request, actor)
            notes.success(request, _("Đã ghi nhận thẩm quyền ký."))
    except Refusal as refusal:
        return _page(request, refusal=refusal, tried=which)
    return redirect("desk:mandates")


def _give(request: HttpRequest, actor: Actor) -> None:
    since, until = day_of(request, "since"), day_of(request, "until")
    principal = answers.text(request, "principal")
    start = datetime.combine(since or clock.today(), time(), tzinfo=clock.VIETNAM)
    access.give_mandate(
        form=cast(MandateForm, answers.text(request, "form")),
        post_id=_id(answers.text(request, "post"), "post"),
        principal_post_id=_id(principal, "principal") if principal else None,
        agency_id=cast(UUID, actor.agency_id),
        matters=answers.text(request, "matters").replace(",", " ").split(),
        basis=answers.text(request, "basis"),
        from_at=max(start, clock.now()),
        until_at=(
            datetime.combine(until + timedelta(days=1), time(), tzinfo=clock.VIETNAM)
            if until
            else None
        ),
        actor=actor,
    )


def _id(typed: str, field: str = "") -> UUID:
    try:
        return UUID(typed)
    except ValueError as error:
        raise unfit(field, _("Hãy chọn một mục trong danh sách.")) from error


def _page(request: HttpRequest, *, refusal: Refusal | None = None, tried: str = "") -> HttpResponse:
    actor = identity.actor_of(request)
    context = {
        "at": "mandates",
        "rows": access.mandates(actor=actor),
        "may_give": bool(actor.roles & {"leader", "admin"}),
        "posts": _posts(actor),
        "forms": _forms(),
        "typed": request.POST if refusal else {},
        "tried": tried,
    }
    return answers.page(request, "mandates.html", context, refusal=refusal)


def _forms() -> tuple[tuple[str, str], ...]:
    return (
        ("KT", _("KT. – ký thay người đứng đầu")),
        ("TM", _("TM. – thay mặt tập thể")),
        ("TL", _("TL. – thừa lệnh")),
        ("TUQ", _("TUQ. – thừa ủy quyền")),
    )


def _posts(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the held posts of the actor's agency, each with its holder."""
    found: dict[str, str] = {}
    for role in access.ROLES:
        for one in directory.holders(cast(UUID, actor.agency_id), role):
            found[str(one.post.id)] = f"{one.person.name}, {one.post.title}"
    return tuple(found.items())
