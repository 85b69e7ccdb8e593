"""The applicant looks at what is owed and goes to the gateway."""

from uuid import UUID

from cuaso.capabilities.payments import api as payments
from cuaso.capabilities.payments.contracts import Obligation, PaymentPage
from cuaso.foundation.access import api as access
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.services.procedures.logic.matter.status import CLOSED
from cuaso.services.procedures.logic.seeing import finance, reading
from cuaso.services.procedures.models import Dossier
from cuaso.services.procedures.policies import DOSSIERS


def fees(*, id: UUID | str, actor: Actor, purpose: str = "") -> tuple[Obligation, ...]:
    """Return what a dossier owes and owed, oldest first; nothing for a free one."""
    return finance.dues(reading.opened(id=id, actor=actor, purpose=purpose))


def pay_fee(*, id: UUID | str, return_url: str, actor: Actor, key: str = "") -> PaymentPage:
    """Open the gateway's page for the first thing that the actor's own dossier owes.

    The same key of the same actor again gives the same page.
    Raises Conflict when nothing is owed, Unavailable when the gateway does not answer.
    """
    dossier = reading.opened(id=id, actor=actor)
    access.require(actor=actor, act="own", record=dossier, policy=DOSSIERS)
    owed = _first_open(dossier)
    return payments.start_payment(
        obligation_id=owed.id, return_url=return_url, actor=actor, key=key
    )


def _first_open(dossier: Dossier) -> Obligation:
    unpaid = [one for one in finance.dues(dossier) if finance.is_open(one)]
    if not unpaid or dossier.status in CLOSED:
        raise nothing_to_pay()
    return unpaid[0]


def nothing_to_pay() -> Conflict:
    return Conflict(
        code="procedures.nothing_to_pay",
        what="Hồ sơ này không có khoản nào phải nộp.",
        why="Thủ tục miễn phí, hoặc phí, lệ phí đã nộp, được miễn hay không phải nộp nữa.",
        mend="Hãy xem tình trạng ở trang hồ sơ.",
    )
