"""What a dossier costs and how that stands: declared by its procedure, kept by payments.

The finance state follows the obligations: none → due → paid → part_refund → refunded; or waived,
or cancelled. A procedure that is free for these answers has no obligation and shows no payment.
"""

from collections.abc import Mapping, Sequence
from typing import Literal
from uuid import UUID

from cuaso.capabilities.payments import api as payments
from cuaso.capabilities.payments.contracts import Line, Obligation
from cuaso.declarations import calculating
from cuaso.declarations.expressions import Undecided
from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Conflict
from cuaso.kernel.money import format_vnd
from cuaso.services.procedures.act_models import Pause
from cuaso.services.procedures.contracts import ActOffer, Check
from cuaso.services.procedures.logic.course import steps, timing
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.logic.matter.status import CLOSED, Status
from cuaso.services.procedures.logic.telling import notify
from cuaso.services.procedures.models import Dossier
from cuaso.services.procedures.policies import DOSSIERS

Moment = Literal["submission", "receipt"]
HOUSE = system("Cửa Số")
FINANCIAL_DUTY = "financial_duty"
STATES = {
    "open": "due",
    "paid": "paid",
    "partly_refunded": "part_refund",
    "refunded": "refunded",
    "waived": "waived",
    "cancelled": "cancelled",
}
# Of several obligations the first of these that one of them is in stands for the dossier.
FIRST = ("due", "part_refund", "paid", "refunded", "waived", "cancelled")
ENDED = frozenset({Status.WITHDRAWN, Status.NOT_RECEIVED, Status.STOPPED})
UNREAD = "Chưa có nguồn"
# Which change of money the applicant is told of, and by which message.
TELLS = {"payments.paid": "fee_paid", "payments.refunded": "fee_refunded"}


def at_submission(dossier: Dossier, *, actor: Actor) -> None:
    """Make what is due at submission an obligation, in the transaction that submits."""
    _oblige(dossier, "submission", actor=actor)


def at_receipt(dossier: Dossier, *, actor: Actor) -> None:
    """Make what is due at receipt an obligation, and amend what the answers changed meanwhile.

    Raises Conflict while the agency waits for a payment that it asked for before going on.
    """
    refuse_unpaid(dossier)
    _oblige(dossier, "submission", actor=actor)
    _oblige(dossier, "receipt", actor=actor)


def refuse_unpaid(dossier: Dossier) -> None:
    """Raise Conflict when the agency asked for a payment and it is not there."""
    if dossier.status == Status.PAYMENT_ASKED and any(is_open(one) for one in dues(dossier)):
        raise Conflict(
            code="procedures.payment_awaited",
            what="Chưa thực hiện được.",
            why="Cơ quan đã yêu cầu nộp phí, lệ phí trước khi giải quyết tiếp; khoản này chưa nộp.",
            mend="Hãy chờ người nộp thanh toán, hoặc thu tiền mặt tại quầy.",
        )


def _oblige(dossier: Dossier, moment: Moment, *, actor: Actor) -> None:
    lines = _lines(dossier, moment)
    if not lines and dossier.finance_state == "none":
        return
    with audit.at_once():
        _oblige_lines(dossier, moment, lines, actor=actor)


def _oblige_lines(dossier: Dossier, moment: Moment, lines: Sequence[Line], *, actor: Actor) -> None:
    began = f"dossier:{dossier.id}:{moment}"
    earlier = [one for one in _obligations(dossier) if one.key.startswith(began)]
    standing = next((one for one in earlier if one.state != "cancelled"), None)
    if standing is not None and standing.amount_vnd != sum(one.amount_vnd for one in lines):
        standing = _amended(standing, actor=actor)
    if lines and standing is None:
        payments.oblige(
            key=f"{began}:{len(earlier) + 1}",
            payer_id=dossier.party_id,
            payer_name=dossier.applicant_name,
            title=f"Phí, lệ phí hồ sơ {dossier.tracking_code}",
            lines=lines,
            subject=steps.subject(dossier),
            agency_id=dossier.agency_id,
            desk_agency_id=_desk(dossier),
            actor=actor,
        )
    dossier.finance_state = state_of(_obligations(dossier))


def _amended(standing: Obligation, *, actor: Actor) -> Obligation | None:
    """Cancel an unpaid obligation whose amount changed; what was paid stays for an official."""
    if not is_open(standing):
        return standing
    payments.cancel(
        obligation_id=standing.id, reason="Nội dung hồ sơ thay đổi nên tính lại.", actor=actor
    )
    return None


def _desk(dossier: Dossier) -> UUID:
    return dossier.received_agency_id or directory.one_stop_centre(dossier.agency_id).id


def _lines(dossier: Dossier, moment: Moment) -> list[Line]:
    """Return what is due at a moment; fees that the answers do not tell are left to an official."""
    declaration = declared.procedure(dossier.procedure)
    if not declaration.fees:
        return []
    usual = "receipt" if dossier.channel == "counter" else "submission"
    values = declared.form(dossier.procedure).load(dossier.values).values
    day = clock.legal_date(dossier.submitted_at)
    try:
        quote = calculating.fees(declaration, values, on=day, channel=dossier.channel)
    except Undecided:
        return []
    return [
        Line(
            title=line.title,
            amount_vnd=line.amount_vnd,
            kind="phí" if line.kind == "phí" else "lệ phí",
            source=line.source or UNREAD,
            unverified=line.unverified,
        )
        for line in quote.lines
        if line.amount_vnd > 0 and (declaration.fees[line.id].collect or usual) == moment
    ]


def _obligations(dossier: Dossier) -> tuple[Obligation, ...]:
    return payments.obligations_about(steps.subject(dossier))


def dues(dossier: Dossier) -> tuple[Obligation, ...]:
    """Return a dossier's obligations; a free one is not even asked about."""
    return () if dossier.finance_state == "none" else _obligations(dossier)


def is_open(owed: Obligation) -> bool:
    return owed.state == "open"


def state_of(owed: Sequence[Obligation]) -> str:
    """Return the finance state that obligations give a dossier."""
    found = {STATES[one.state] for one in owed}
    return next((state for state in FIRST if state in found), "none")


def follow(dossier: Dossier) -> None:
    """Bring a locked dossier in step with its obligations; a payment that was asked for lets it
    go on. Nothing happens when nothing changed.
    """
    owed = _obligations(dossier)
    state = state_of(owed)
    if dossier.status == Status.PAYMENT_ASKED and not any(is_open(one) for one in owed):
        dossier.finance_state = state
        _go_on(dossier)
    elif dossier.finance_state != state:
        # No new version: an official who reads the dossier meanwhile is not turned away.
        dossier.finance_state = state
        dossier.save(update_fields=["finance_state"])


def _go_on(dossier: Dossier) -> None:
    dossier.status = Status.IN_PROCESS if dossier.received_at else Status.SUBMITTED
    dossier.waiting_say = ""
    stood = Pause.objects.filter(dossier=dossier, ground=FINANCIAL_DUTY, resumed_at=None)
    if stood.update(resumed_at=clock.now(), resumed_by=HOUSE.name):
        timing.resume(dossier, at=clock.now())
        steps.set_due(dossier)
    steps.finish_act(
        dossier, actor=HOUSE, act="paid", content={"finance_state": dossier.finance_state}
    )


def close(dossier: Dossier) -> None:
    """After a dossier ended without its result: what is unpaid falls away; for what was paid a
    refund is put before the officials, never made by itself.
    """
    why = {
        Status.WITHDRAWN: "Người nộp đã rút hồ sơ.",
        Status.NOT_RECEIVED: "Hồ sơ không được tiếp nhận.",
        Status.STOPPED: "Hồ sơ đã dừng giải quyết.",
    }.get(Status(dossier.status))
    if why is None:
        return
    for owed in dues(dossier):
        if is_open(owed):
            payments.cancel(obligation_id=owed.id, reason=why, actor=HOUSE)
        elif owed.state in ("paid", "partly_refunded"):
            payments.suggest_refund(
                obligation_id=owed.id, reason=why, key=f"closed:{owed.id}", actor=HOUSE
            )
    # A free dossier has nothing to follow.
    if dossier.finance_state != "none":
        follow(dossier)


def tell_applicant(dossier: Dossier, topic: str, told: Mapping[str, object]) -> None:
    """Send the applicant the receipt's number, or what was given back."""
    if topic == "payments.refunded":
        words = f"{told.get('refund_say', '')}. {told.get('reason', '')}"
        occasion = str(told.get("refund", ""))
    else:
        words = f"{told.get('amount_say', '')}, biên lai số {told.get('receipt', '')}"
        occasion = str(told.get("obligation", ""))
    notify.applicant(dossier, template=TELLS[topic], reason=words, occasion=occasion)


def say(owed: Sequence[Obligation], quoted: str) -> str:
    """Return the costs in words: as quoted, and how each obligation stands once it is settled."""
    standing = [one for one in owed if one.state != "cancelled"]
    if not standing or all(is_open(one) for one in standing):
        return quoted
    return "; ".join(_told(one) for one in standing)


def _told(owed: Obligation) -> str:
    told = f"{format_vnd(owed.amount_vnd)}, {owed.state_say.lower()}"
    return f"{told}, biên lai số {owed.receipt.written}" if owed.receipt else told


def offers(dossier: Dossier, owed: Sequence[Obligation], *, actor: Actor) -> tuple[ActOffer, ...]:
    """Return what the actor may do now about the costs: pay, or ask for the payment first."""
    unpaid = [one for one in owed if is_open(one)]
    if not unpaid or dossier.status in CLOSED:
        return ()
    if actor.kind == "official":
        return _of_official(dossier, actor)
    if not access.decide(actor=actor, act="own", record=dossier, policy=DOSSIERS).allowed:
        return ()
    total = format_vnd(sum(one.amount_vnd for one in unpaid))
    hint = f"Phải nộp {total}. Xem từng khoản, căn cứ thu và các cách nộp."
    return (ActOffer(act="pay", title="Nộp phí, lệ phí", main=True, hint=hint),)


def _of_official(dossier: Dossier, actor: Actor) -> tuple[ActOffer, ...]:
    at = set(dossier.works.filter(done_at=None).values_list("element", flat=True))
    asked = dossier.status == Status.PAYMENT_ASKED or dossier.paused_say
    if asked or not at & {"receive", "examine"}:
        return ()
    if not access.decide(actor=actor, act="work", record=dossier, policy=DOSSIERS).allowed:
        return ()
    return (
        ActOffer(
            act="ask_payment",
            title="Yêu cầu nộp phí, lệ phí trước",
            rare=True,
            hint="Hồ sơ dừng tại bước này cho đến khi nộp đủ.",
        ),
    )


def checks(dossier: Dossier, owed: Sequence[Obligation]) -> tuple[Check, ...]:
    """Return what the officer should know about the costs; nothing for a free dossier."""
    return tuple(_check(dossier, one) for one in owed if one.state != "cancelled")


def _check(dossier: Dossier, owed: Obligation) -> Check:
    amount = format_vnd(owed.amount_vnd)
    if is_open(owed):
        return Check(state="soon", say=f"Phí, lệ phí {amount} chưa nộp")
    if owed.state == "paid" and dossier.status in ENDED:
        return Check(
            state="soon",
            say=f"Hồ sơ đã kết thúc mà phí, lệ phí {amount} đã nộp; cần quyết định có hoàn không",
        )
    return Check(state="ok", say=f"Phí, lệ phí {_told(owed)}")
