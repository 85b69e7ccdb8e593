"""Prove, from the ledger, an act that stands in a dossier's log."""

from uuid import UUID

from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Proof
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.services.procedures.logic.seeing import reading


def prove_act(*, id: UUID, entry_id: UUID, actor: Actor, purpose: str = "") -> Proof:
    """Return the proof of one act of a dossier's log, as the offline check reads it.

    A proof opens what it sealed. So it is for who reads that line of the log: raises as `dossier`
    does, NotFound for an entry that the reader's log does not show, and Conflict while the entry
    waits for its place in the tree. The look is logged as any other.
    """
    seen = reading.dossier(id=id, actor=actor, purpose=purpose)
    if any(line.entry_id == entry_id for line in seen.log):
        return audit.prove(entry_id)
    raise NotFound(
        code="audit.no_entry",
        what="Không có mục này trong sổ cái.",
        why="Mục không tồn tại, hoặc thuộc việc ngoài phạm vi được xem.",
        mend="Hãy kiểm tra lại mã mục.",
    )
