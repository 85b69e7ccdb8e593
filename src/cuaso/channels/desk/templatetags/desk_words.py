"""Words that only the desk's templates need."""

from collections.abc import Iterable, Mapping

from django import template
from django.utils.translation import gettext as _

from cuaso.capabilities.messages.contracts import MessageView
from cuaso.foundation.files.contracts import ScannerStatus
from cuaso.kernel.actors import Actor
from cuaso.services.procedures.contracts import DueView, PaperView, WorkView

register = template.Library()

LAST_STEPS = 3


@register.filter
def due_state(due: DueView) -> str:
    """Return c-status's word for how a due date stands."""
    return {"ok": "go", "none": ""}.get(due.state, due.state)


@register.filter
def opens(paper: PaperView) -> bool:
    """Say whether the file may be opened at all."""
    return paper.state in ("clean", "unscanned")


@register.filter
def file_trouble(paper: PaperView) -> str:
    """Say what is the matter with a file, `""` for a clean one."""
    said = {
        "pending": _("Đang chờ quét mã độc, chưa mở được"),
        "infected": _("Có mã độc, đã bị chặn"),
        "unscannable": _("Không quét được mã độc, chưa mở được"),
        "unscanned": _("Chưa quét mã độc"),
    }
    return said.get(paper.state, "")


@register.filter
def warns(scanner: ScannerStatus) -> bool:
    return not scanner.ok


@register.filter
def open_works(works: Iterable[WorkView]) -> list[WorkView]:
    """Return the steps that wait for somebody."""
    return [work for work in works if work.done_at is None]


@register.filter
def holder(work: WorkView) -> str:
    """Say who holds a step."""
    if work.role == "applicant":
        return _("Người nộp hồ sơ")
    if work.role == "machine":
        return _("Hệ thống")
    return ", ".join(part for part in (work.holder_name, work.agency_name) if part)


@register.filter
def at_key(found: Mapping[str, object], key: str) -> object:
    """Return a value by key, `""` when there is none."""
    return found.get(key, "")


@register.filter
def has_role(actor: Actor, role: str) -> bool:
    return role in actor.roles


@register.filter
def last_steps(due: DueView) -> tuple[str, ...]:
    """Return the steps of a reckoning that matter in a list."""
    return due.steps[-LAST_STEPS:]


@register.filter
def letter_state(letter: MessageView) -> str:
    """Say by which way a message went and whether it arrived."""
    way = {"email": _("Thư điện tử"), "sms": _("Tin nhắn")}.get(letter.channel, letter.channel)
    said = {
        "waiting": _("đang chờ gửi"),
        "sending": _("đang gửi"),
        "sent": _("đã gửi"),
        "delivered": _("đã đến nơi"),
        "undelivered": _("không đến được nơi nhận"),
        "failed": _("chưa gửi được"),
        "no_address": _("chưa có địa chỉ để gửi"),
    }
    return ", ".join(part for part in (way, said.get(letter.state, letter.state)) if part)
