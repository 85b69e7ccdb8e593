"""A way back into an account that does not weaken it: a paper at a counter, a wait, two officials.

Whoever begins it cannot end it; every address of the person is told at once, and the person can
stop it from any session that is still open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity.contracts import ActivationCode
from cuaso.foundation.identity.logic.activate_account import give_activation_code
from cuaso.foundation.identity.logic.administer import end_every_session, require_over
from cuaso.foundation.identity.models import Account, PersonCertificate, Recovery
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.clock import now
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cuaso.kernel.subjects import Subject

WAITS: Final = timedelta(hours=24)
PAPERS: Final[Mapping[str, str]] = {"can-cuoc": "thẻ căn cước", "ho-chieu": "hộ chiếu"}
_COUNTER: Final = frozenset({"reception", "admin"})


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A recovery that waits; `ready_at` is the first moment at which it may be ended."""

    id: UUID
    account_id: UUID
    kind: str
    begun_at: datetime
    ready_at: datetime


def begin_recovery(
    *, actor: Actor, account_id: UUID, kind: str, paper: str, personal_number: str
) -> Begun:
    """Begin it for a person who stands at the counter with an identity paper.

    `kind` is `factors` (an official lost a device) or `link` (a citizen has another VNeID account).
    Raises NotAllowed for who may not, Invalid when the number on the paper is not the account's,
    Conflict while another one waits.
    """
    row = _for(actor, account_id, kind=kind)
    if paper not in PAPERS or not _is_number(row, personal_number):
        with transaction.atomic():
            _record(row, act="identity.recovery_refused", actor=actor, content={"kind": kind})
        raise Invalid(
            code="identity.paper_does_not_fit",
            what="Chưa bắt đầu khôi phục tài khoản.",
            why="Giấy tờ xuất trình không khớp với chủ tài khoản.",
            mend="Hãy xem lại số trên giấy tờ; nếu vẫn không khớp thì không khôi phục.",
        )
    with transaction.atomic():
        if Recovery.objects.select_for_update().filter(account=row, ended_at=None).exists():
            raise Conflict(
                code="identity.recovery_waits",
                what="Tài khoản này đang có một lần khôi phục chờ đến hạn.",
                mend="Hãy chờ đến hạn, hoặc để chủ tài khoản hủy lần đó.",
            )
        made = Recovery.objects.create(
            account=row,
            kind=kind,
            paper=PAPERS[paper],
            begun_by=_person(actor),
            ready_at=now() + WAITS,
        )
        _record(
            row,
            act="identity.recovery_begun",
            actor=actor,
            content={"kind": kind, "paper": paper, "ready_at": made.ready_at.isoformat()},
        )
        _tell(row, _begun_say(made))
    return _begun(made)


def finish_recovery(*, actor: Actor, recovery_id: UUID) -> ActivationCode | None:
    """Take the lost factors or the old link away after the wait; an official gets a code, by which
    they set a new password, a citizen signs in by VNeID anew.

    Raises Conflict before its time, NotAllowed for who has begun it, NotFound when it is over.
    """
    with transaction.atomic():
        made = _waiting(recovery_id)
        row = _for(actor, made.account_id, kind=made.kind)
        _require_another(made, actor)
        _require_time(made)
        made.ended_at, made.outcome = now(), "done"
        made.save(update_fields=["ended_at", "outcome"])
        end_every_session(row, actor=actor, reason="Khôi phục tài khoản")
        _record(row, act="identity.recovered", actor=actor, content={"kind": made.kind})
        _tell(row, "Việc khôi phục tài khoản của ông/bà đã hoàn tất.")
        return _take_away(row, made, actor=actor)


def stop_recovery(*, actor: Actor, account_id: UUID) -> bool:
    """Stop what waits for one's own account; say whether anything did."""
    with transaction.atomic():
        rows = Recovery.objects.select_for_update().filter(account_id=account_id, ended_at=None)
        made = rows.first()
        if made is None:
            return False
        made.ended_at, made.outcome = now(), "stopped"
        made.save(update_fields=["ended_at", "outcome"])
        _record(made.account, act="identity.recovery_stopped", actor=actor, content={})
        _tell(made.account, "Việc khôi phục tài khoản đã được hủy theo yêu cầu của ông/bà.")
    return True


def waiting_recovery(account_id: UUID) -> Begun | None:
    row = Recovery.objects.filter(account_id=account_id, ended_at=None).first()
    return _begun(row) if row else None


def citizen_account(personal_number: str) -> UUID | None:
    """Return the citizen's account of a personal number for the counter, None for none."""
    person = directory.find_person(personal_number)
    if person is None:
        return None
    rows = Account.objects.filter(person_id=person.id, kind=Account.Kind.CITIZEN)
    return rows.values_list("id", flat=True).first()


def _for(actor: Actor, account_id: UUID, *, kind: str) -> Account:
    if kind == Recovery.Kind.FACTORS:
        return require_over(actor, account_id)
    if actor.kind != "official" or not actor.roles & _COUNTER:
        raise NotAllowed(
            code="identity.not_at_the_counter",
            what="Ông/bà không làm được việc này.",
            why="Chỉ cán bộ tiếp nhận ở bộ phận một cửa kiểm tra giấy tờ của người dân.",
            mend="Hãy chuyển sang chức vụ tiếp nhận, hoặc chuyển việc cho đồng nghiệp.",
        )
    row = Account.objects.filter(pk=account_id, kind=Account.Kind.CITIZEN).first()
    if row is None:
        raise NotFound(code="identity.no_account", what="Không có tài khoản này.")
    return row


def _waiting(recovery_id: UUID) -> Recovery:
    row = Recovery.objects.select_for_update().filter(pk=recovery_id, ended_at=None).first()
    if row is None:
        raise NotFound(
            code="identity.no_recovery",
            what="Không có lần khôi phục nào đang chờ.",
            why="Chủ tài khoản có thể đã hủy.",
        )
    return row


def _require_another(made: Recovery, actor: Actor) -> None:
    if made.begun_by == actor.person_id:
        raise NotAllowed(
            code="identity.two_officials",
            what="Người bắt đầu khôi phục không tự hoàn tất được.",
            why="Việc khôi phục cần hai cán bộ khác nhau.",
            mend="Hãy đề nghị một đồng nghiệp có thẩm quyền hoàn tất.",
        )


def _require_time(made: Recovery) -> None:
    if now() < made.ready_at:
        ready = made.ready_at.astimezone(clock.VIETNAM)
        raise Conflict(
            code="identity.recovery_too_early",
            what="Chưa đến lúc hoàn tất khôi phục.",
            why=f"Chủ tài khoản có quyền hủy đến {ready:%H:%M ngày %d/%m/%Y}.",
            mend="Hãy quay lại sau thời điểm đó.",
        )


def _take_away(row: Account, made: Recovery, *, actor: Actor) -> ActivationCode | None:
    SocialAccount.objects.filter(user=row).delete()
    if made.kind == Recovery.Kind.LINK:
        return None
    Authenticator.objects.filter(user=row).delete()
    PersonCertificate.objects.filter(account=row, ended_at=None).update(ended_at=now())
    row.set_unusable_password()
    row.save(update_fields=["password"])
    return give_activation_code(actor=actor, account_id=row.id, reason="Khôi phục tài khoản")


def _is_number(row: Account, typed: str) -> bool:
    number = directory.person(row.person_id).personal_number
    shown = "".join(typed.split())
    return bool(number) and compare_digest(number.encode(), shown.encode())


def _person(actor: Actor) -> UUID:
    assert actor.person_id is not None, "an official is a person"  # noqa: S101 by their kind
    return actor.person_id


def _begun(row: Recovery) -> Begun:
    return Begun(
        id=row.id,
        account_id=row.account_id,
        kind=row.kind,
        begun_at=row.begun_at,
        ready_at=row.ready_at,
    )


def _begun_say(made: Recovery) -> str:
    ready = made.ready_at.astimezone(clock.VIETNAM)
    return (
        f"Có người vừa xuất trình {made.paper} của ông/bà để khôi phục tài khoản "
        f"({made.get_kind_display().lower()}). Nếu không phải ông/bà, hãy hủy tại trang Bảo mật "
        f"tài khoản hoặc báo cơ quan trước {ready:%H:%M ngày %d/%m/%Y}."
    )


def _record(row: Account, *, act: str, actor: Actor, content: Mapping[str, object]) -> None:
    audit.record(
        actor=actor, act=act, subject=Subject(kind="identity.account", id=row.id), content=content
    )


def _tell(row: Account, say: str) -> None:
    audit.publish(
        topic="identity.recovery",
        subject=Subject(kind="identity.account", id=row.id),
        payload={"say": say},
    )
