from cuaso.kernel.actors import Actor
from cuaso.services.national_portal.contracts import Receipt, Sealed
from cuaso.services.national_portal.logic import answering, arrivals, signature, wire
from cuaso.services.procedures import api as procedures

KIND = "withdrawal"


def receive_withdrawal(sealed: Sealed, *, code: str) -> Receipt:
    """Take in the applicant's wish, said at the portal, to withdraw; once per message.

    Raises NotAllowed for a forged or stale message, Invalid without a reason, NotFound for an
    unknown code, Conflict when it is too late.
    """
    signature.check(sealed)
    asked = wire.read_withdrawal(sealed.body)
    sha256 = wire.digest(asked)
    link = answering.link_of(code)
    known = arrivals.known(KIND, f"{code}/{asked.key}", sha256=sha256)
    if known is not None:
        return known

    def act(actor: Actor) -> object:
        return procedures.withdraw(id=link.dossier_id, reason=asked.reason, actor=actor)

    return answering.once(link, kind=KIND, key=asked.key, sha256=sha256, sealed=sealed, act=act)
