from cuaso.kernel.actors import Actor
from cuaso.services.national_portal.contracts import Receipt, Sealed
from cuaso.services.national_portal.logic import answering, arrivals, papers, signature, wire
from cuaso.services.procedures import api as procedures

KIND = "supplement"


def receive_supplement(sealed: Sealed, *, code: str) -> Receipt:
    """Take in the answer, given at the portal, to our request for a supplement; once per message.

    Raises as `receive_dossier` does; NotFound for an unknown code, Conflict when nothing is
    asked.
    """
    signature.check(sealed)
    asked = wire.read_addition(sealed.body)
    sha256 = wire.digest(asked)
    link = answering.link_of(code)
    known = arrivals.known(KIND, f"{code}/{asked.key}", sha256=sha256)
    if known is not None:
        return known
    with papers.brought(asked.attachments) as brought:

        def act(actor: Actor) -> object:
            return procedures.supplement(
                id=link.dossier_id,
                note=asked.note,
                files=papers.keep(brought, actor=actor),
                values=asked.values,
                actor=actor,
            )

        return answering.once(link, kind=KIND, key=asked.key, sha256=sha256, sealed=sealed, act=act)
