"""What the portal took settles what its dossier owes, to the đồng, or nothing of it."""

from typing import Final

from django.db import transaction

from cuaso.capabilities.payments import api as payments
from cuaso.capabilities.payments.contracts import Obligation
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict
from cuaso.kernel.money import format_vnd
from cuaso.services.national_portal.logic import surroundings
from cuaso.services.national_portal.models import FeeNotice, Link

WRONG: Final = "Cổng đã thu {came}, hồ sơ phải nộp {owed}."
NOTHING: Final = "Cổng đã thu {came}, hồ sơ không có khoản nào phải nộp."


def settle(link: Link, notice: FeeNotice) -> None:
    """Settle what a dossier owes with a notice, inside the caller's transaction.

    One obligation of that amount is paid, else all open ones when they come to it. Raises
    Conflict for another amount and when nothing is owed; nothing has changed then.
    """
    paid = _meant(_open(link), notice)
    for number, owed in enumerate(paid):
        payments.take_national(
            obligation_id=owed.id,
            transaction_number=f"{notice.transaction}#{number}" if number else notice.transaction,
            amount_vnd=owed.amount_vnd,
            paid_at=notice.paid_at,
            actor=surroundings.PORTAL,
        )
    notice.state, notice.trouble, notice.settled_at = "settled", "", clock.now()
    notice.save()
    audit.record(
        actor=surroundings.PORTAL,
        act="national_portal.fee_settled",
        subject=surroundings.subject(link),
        content={"transaction": notice.transaction, "amount_vnd": notice.amount_vnd},
    )


def settle_waiting(link: Link) -> None:
    """Settle with what came before its dossier, or before anything was owed.

    Money of another amount, and money for what was settled otherwise, is kept with the reason and
    its return suggested: the dossier itself is not turned away for it.
    """
    notices = FeeNotice.objects.select_for_update().filter(
        code=link.code, state__in=["waiting", "kept"]
    )
    for notice in notices.order_by("paid_at", "id"):
        if not payments.obligations_about(surroundings.subject(link)):
            return
        try:
            with transaction.atomic():
                settle(link, notice)
        except Conflict as refusal:
            keep(link, notice, why=refusal.why)


def keep(link: Link, notice: FeeNotice, *, why: str = "") -> None:
    """Keep money that pays nothing of its dossier, and suggest its return to who decides."""
    notice.state, notice.trouble = "kept", why or NOTHING.format(came=format_vnd(notice.amount_vnd))
    notice.save(update_fields=["state", "trouble"])
    about = payments.obligations_about(surroundings.subject(link))
    payments.set_national_aside(
        obligation_id=about[-1].id if about else None,
        reference=notice.code,
        transaction_number=notice.transaction,
        amount_vnd=notice.amount_vnd,
        paid_at=notice.paid_at,
        reason=notice.trouble,
        actor=surroundings.PORTAL,
    )


def _open(link: Link) -> list[Obligation]:
    about = payments.obligations_about(surroundings.subject(link))
    return [one for one in about if one.state == "open"]


def _meant(owed: list[Obligation], notice: FeeNotice) -> list[Obligation]:
    alone = [one for one in owed if one.amount_vnd == notice.amount_vnd][:1]
    total = sum(one.amount_vnd for one in owed)
    if alone or (owed and total == notice.amount_vnd):
        return alone or owed
    said = WRONG if owed else NOTHING
    raise Conflict(
        code="national_portal.wrong_amount" if owed else "national_portal.nothing_owed",
        what="Chưa ghi nhận khoản nộp tại Cổng Dịch vụ công quốc gia.",
        why=said.format(came=format_vnd(notice.amount_vnd), owed=format_vnd(total)),
        mend="Hãy đối chiếu số tiền với hồ sơ rồi báo lại.",
        data={"came_vnd": notice.amount_vnd, "owed_vnd": total},
    )
