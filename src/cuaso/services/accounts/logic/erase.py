"""Forget a person at their wish, as far as law lets: content goes, commitments stay."""

from typing import Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.messages import api as messages
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem
from cuaso.kernel.subjects import Subject
from cuaso.services.accounts.contracts import Erased, Kept
from cuaso.services.accounts.logic.gather import dossiers
from cuaso.services.accounts.logic.named_files import named
from cuaso.services.accounts.logic.own_capacity import require_oneself
from cuaso.services.accounts.logic.stays import stays
from cuaso.services.accounts.models import Erasure, RegisterCheck
from cuaso.services.feedback import api as feedback
from cuaso.services.procedures import api as procedures

LAW: Final = "Yêu cầu xóa của chủ thể dữ liệu theo Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15"
CONTACT: Final = ("phone", "email", "address")


def foresee(*, actor: Actor) -> tuple[Kept, ...]:
    """Return what an erasure would leave, before it is asked for; nothing changes."""
    return stays(actor, person_id=require_oneself(actor))


def erase(*, actor: Actor, agreed: bool) -> Erased:
    """Erase what law does not keep, in one transaction; return what went and what stays.

    Raises Invalid unless the person has agreed to what was foreseen, NotAllowed for whoever does
    not act for themself. The person's sessions end with it.
    """
    person_id = require_oneself(actor)
    if not agreed:
        say = "Hãy đánh dấu rằng bạn đã đọc và đồng ý."
        raise Invalid(
            code="accounts.not_agreed",
            what="Chưa xóa dữ liệu.",
            mend=say,
            problems=(Problem(field="agreed", say=say),),
        )
    with transaction.atomic():
        remains = stays(actor, person_id=person_id)
        erased = _erase(actor, person_id)
        row = Erasure.objects.create(
            person_id=person_id,
            asked_at=clock.now(),
            reason=LAW,
            erased=erased,
            kept=[vars(one) for one in remains],
        )
        audit.record(
            actor=actor,
            act="accounts.erased",
            subject=Subject(kind="accounts.erasure", id=row.id),
            content={"erased": erased, "kept": {one.what: one.count for one in remains}},
            reason=LAW,
        )
    return _seen(row)


def erasures_of(person_id: UUID) -> tuple[Erased, ...]:
    """Return what was erased of a person, oldest first."""
    return tuple(map(_seen, Erasure.objects.filter(person_id=person_id).order_by("asked_at")))


def _erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    drafts = procedures.drafts(actor=actor)
    for one in drafts:
        procedures.drop_draft(id=one.id, actor=actor)
    mine = tuple(dossiers(actor))
    gone = files.drop_owned(
        actor=actor, owner_id=person_id, keep=named(actor, person_id=person_id), reason=LAW
    )
    if all(one.finished_at is not None for one in mine):
        directory.mend_person(person_id=person_id, facts=dict.fromkeys(CONTACT, ""), actor=actor)
    told = messages.forget_messages(person_id)
    remarks = feedback.forget_remarks(actor=actor, reason=LAW)
    RegisterCheck.objects.filter(person_id=person_id, kind="citizen").delete()
    account = identity.erase_account(actor=actor, person_id=person_id, reason=LAW)
    return {
        "Bản nháp": len(drafts),
        "Tệp chưa gắn với hồ sơ": gone,
        "Nội dung thông báo": told,
        "Nhận xét trong đánh giá": remarks,
        "Phiên đăng nhập": account.sessions,
        "Thiết bị đã nhớ": account.devices,
        "Hệ thống đã đồng ý": account.systems,
        "Nội dung nhật ký tài khoản": account.entries,
    }


def _seen(row: Erasure) -> Erased:
    return Erased(
        id=row.id,
        at=row.asked_at,
        erased=tuple(row.erased.items()),
        kept=tuple(Kept(**one) for one in row.kept),
    )
