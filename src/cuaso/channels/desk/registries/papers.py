"""Papers of one record: draw one, open it, sign, seal, take back."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cuaso.capabilities.registries import api as registries
from cuaso.channels.desk import answers
from cuaso.channels.desk.registries import reading, shelf
from cuaso.channels.desk.registries.opening import Opened, opened
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import Refusal
from cuaso.services.locker.contracts import Content

PDF = "application/pdf"


@require_POST
@official_required
def draw(request: HttpRequest, pack: str, name: str, record_id: UUID, paper: str) -> HttpResponse:
    """Draw a paper of the record as the officer saw it."""
    here = opened(request, pack, name)

    def act() -> str:
        registries.draw_paper(
            registry=here.key,
            id=record_id,
            name=paper,
            revision=reading.revision(request),
            actor=here.actor,
        )
        return _("Đã lập giấy; mở ở mục Giấy tờ của bản ghi.")

    return _done(request, here, record_id, act)


@require_safe
@official_required
def paper(
    request: HttpRequest, pack: str, name: str, record_id: UUID, paper_id: UUID
) -> HttpResponseBase:
    """Hand over a paper: signed where it is, else as it was drawn."""
    here = opened(request, pack, name)
    if here.waits_for_purpose:
        return shelf.ask_first(request, here)
    printed = registries.print_again(
        registry=here.key, id=record_id, paper_id=paper_id, actor=here.actor
    )
    content = Content(name=printed.name, media_type=PDF, chunks=iter([printed.pdf]))
    return answers.document(content)


@require_POST
@official_required
def sign(
    request: HttpRequest, pack: str, name: str, record_id: UUID, paper_id: UUID
) -> HttpResponse:
    """Sign a paper with the officer's key."""
    here = opened(request, pack, name)

    def act() -> str:
        signed = registries.sign_paper(
            registry=here.key, id=record_id, paper_id=paper_id, actor=here.actor
        )
        filed = signed.state == "filed"
        return _("Đã ký và lưu giấy.") if filed else _("Đã ký; giấy chờ văn thư đóng dấu.")

    return _done(request, here, record_id, act)


@require_POST
@official_required
def seal(
    request: HttpRequest, pack: str, name: str, record_id: UUID, paper_id: UUID
) -> HttpResponse:
    """Put the agency's seal on a signed paper."""
    here = opened(request, pack, name)

    def act() -> str:
        registries.seal_paper(registry=here.key, id=record_id, paper_id=paper_id, actor=here.actor)
        return _("Đã đóng dấu và lưu giấy ở bản ghi.")

    return _done(request, here, record_id, act)


@require_POST
@official_required
def revoke(
    request: HttpRequest, pack: str, name: str, record_id: UUID, paper_id: UUID
) -> HttpResponse:
    """Take a filed paper back, for a reason."""
    here = opened(request, pack, name)

    def act() -> str:
        registries.revoke_paper(
            registry=here.key,
            id=record_id,
            paper_id=paper_id,
            reason=answers.text(request, "reason"),
            actor=here.actor,
        )
        return _("Đã thu hồi giấy; ai xác minh sẽ biết giấy không còn hiệu lực.")

    return _done(request, here, record_id, act)


def _done(
    request: HttpRequest, here: Opened, record_id: UUID, act: Callable[[], str]
) -> HttpResponse:
    try:
        said = act()
    except Refusal as refusal:
        return reading.show(request, here, record_id, refusal=refusal)
    notes.success(request, said)
    return redirect(f"{here.at('registry_record', record_id=record_id)}#giay-to")
