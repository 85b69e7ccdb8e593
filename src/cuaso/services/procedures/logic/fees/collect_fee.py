"""At the desk: cash for a dossier's fee, exemptions that an official grants, refunds."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.payments import api as payments
from cuaso.capabilities.payments.contracts import Obligation, Receipt, Refund
from cuaso.foundation.access import api as access
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound, Problem
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.logic.seeing import finance
from cuaso.services.procedures.models import Dossier
from cuaso.services.procedures.policies import DOSSIERS

CASHIERS = frozenset({"reception"})
DECIDERS = frozenset({"reception", "leader"})


@dataclass(frozen=True, kw_only=True)
class DeskFee:
    """What waits to be paid at a desk, with its dossier."""

    dossier_id: UUID
    code: str
    title: str
    applicant_name: str
    owed: Obligation
    exemptions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DeskRefund:
    """A refund that waits for a decision, with its dossier."""

    dossier_id: UUID
    code: str
    title: str
    refund: Refund


def fees_at_desk(*, actor: Actor) -> tuple[DeskFee, ...]:
    """Return what waits to be paid at the actor's desk, newest first."""
    _require(actor, CASHIERS)
    waiting = payments.open_at_desk(desk_agency_ids=_desks(actor))
    found = _dossiers([one.subject.id for one in waiting], actor)
    return tuple(
        DeskFee(
            dossier_id=dossier.id,
            code=_code(dossier),
            title=dossier.title,
            applicant_name=dossier.applicant_name,
            owed=one,
            exemptions=tuple(_exemptions(dossier)),
        )
        for one in waiting
        if (dossier := found.get(one.subject.id)) is not None
    )


def refunds_at_desk(*, actor: Actor) -> tuple[DeskRefund, ...]:
    """Return the refunds that wait for a decision at the actor's desk, newest first."""
    _require(actor, CASHIERS)
    waiting = payments.refunds_to_decide(desk_agency_ids=_desks(actor))
    found = _dossiers([one.subject.id for one in waiting if one.subject], actor)
    return tuple(
        DeskRefund(dossier_id=dossier.id, code=_code(dossier), title=dossier.title, refund=one)
        for one in waiting
        if one.subject and (dossier := found.get(one.subject.id)) is not None
    )


def collect_fee(
    *, id: UUID, obligation_id: UUID, amount_vnd: int, actor: Actor, key: str = ""
) -> Receipt:
    """Take a dossier's fee in cash at the desk; return the numbered receipt.

    The same key of the same actor again gives the same receipt and takes nothing.

    Refused: not at the desk, one's own affair, paid already, another amount, a closed day.
    """
    _require(actor, CASHIERS)
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="comment")
        _owed_by(dossier, obligation_id)
        given = payments.take_cash(
            obligation_id=obligation_id, amount_vnd=amount_vnd, actor=actor, key=key
        )
        finance.follow(dossier)
    return given


def waive_fee(*, id: UUID, obligation_id: UUID, ground: str, actor: Actor) -> Obligation:
    """Grant an exemption that the procedure declares and leaves to an official to decide."""
    _require(actor, CASHIERS | {"handler"})
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="comment")
        _owed_by(dossier, obligation_id)
        if ground not in set(_exemptions(dossier)):
            say = "Hãy chọn một trường hợp miễn mà thủ tục quy định."
            raise Invalid(
                code="procedures.exemption_unknown",
                what="Chưa miễn được.",
                why="Chỉ được miễn theo trường hợp đã quy định cho thủ tục này.",
                mend=say,
                problems=(Problem(field="ground", say=say),),
            )
        ended = payments.waive(obligation_id=obligation_id, ground=ground, actor=actor)
        finance.follow(dossier)
    return ended


def refund_fee(
    *, id: UUID, obligation_id: UUID, amount_vnd: int, reason: str, actor: Actor, key: str = ""
) -> Refund:
    """Decide to give back some or all of a dossier's paid fee, once per key."""
    _require(actor, DECIDERS)
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="comment")
        _owed_by(dossier, obligation_id)
        done = payments.refund(
            obligation_id=obligation_id, amount_vnd=amount_vnd, reason=reason, actor=actor, key=key
        )
        finance.follow(dossier)
    return done


def decide_refund(
    *, refund_id: UUID, granted: bool, reason: str, actor: Actor, key: str = ""
) -> Refund:
    """Answer a suggested refund, once per key: give the money back, or not, with a reason."""
    _require(actor, DECIDERS)
    wanted = payments.refund_of(refund_id)
    if wanted.subject is None:
        raise steps.unknown()
    with transaction.atomic():
        dossier = steps.locked(id=wanted.subject.id, actor=actor, act="comment")
        if granted:
            done = payments.approve_refund(refund_id=refund_id, actor=actor, key=key)
        else:
            done = payments.decline_refund(refund_id=refund_id, reason=reason, actor=actor, key=key)
        finance.follow(dossier)
    return done


def _require(actor: Actor, roles: frozenset[str]) -> None:
    if actor.kind != "official" or not actor.roles & roles:
        raise NotAllowed(
            code="procedures.not_at_desk",
            what="Ông/bà không thu, hoàn phí, lệ phí.",
            why="Việc này thuộc bộ phận một cửa hoặc người có thẩm quyền của cơ quan.",
            mend="Hãy chọn tư cách khác, nếu có.",
        )


def _desks(actor: Actor) -> frozenset[UUID]:
    own = {actor.agency_id} if actor.agency_id else set()
    return actor.agency_scope | own


def _dossiers(ids: list[UUID], actor: Actor) -> dict[UUID, Dossier]:
    named = Dossier.objects.select_related("procedure").filter(id__in=ids)
    rows = access.visible(actor=actor, act="view", queryset=named, policy=DOSSIERS)
    return {row.id: row for row in rows}


def _code(dossier: Dossier) -> str:
    return dossier.dossier_code or dossier.tracking_code


def _exemptions(dossier: Dossier) -> Iterator[str]:
    """Yield the declared exemptions that an official decides from the papers."""
    for fee in declared.procedure(dossier.procedure).fees.values():
        yield from (one.title for one in fee.exempt if not one.when)


def _owed_by(dossier: Dossier, obligation_id: UUID) -> Obligation:
    found = next((one for one in finance.dues(dossier) if one.id == obligation_id), None)
    if found is None:
        raise NotFound(
            code="procedures.fee_unknown",
            what="Hồ sơ này không có khoản phải nộp đó.",
            mend="Hãy tải lại trang rồi làm lại.",
        )
    return found
