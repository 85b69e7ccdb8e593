"""The acts on a dossier in one table: what each asks for, and the one function that does it.

Doors for people and for programs read it; the words of their buttons and bodies are their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal
from uuid import UUID

from cuaso.kernel.actors import Actor
from cuaso.services.procedures.act_contracts import Standing
from cuaso.services.procedures.contracts import DossierView
from cuaso.services.procedures.logic.clock.change_case import change_case
from cuaso.services.procedures.logic.clock.extend import extend
from cuaso.services.procedures.logic.clock.pause import pause, resume
from cuaso.services.procedures.logic.clock.stop import stop
from cuaso.services.procedures.logic.deciding.approve import approve
from cuaso.services.procedures.logic.deciding.correct_result import correct_result
from cuaso.services.procedures.logic.deciding.deliver import deliver
from cuaso.services.procedures.logic.deciding.edit_draft import edit_draft
from cuaso.services.procedures.logic.deciding.endorse import endorse
from cuaso.services.procedures.logic.deciding.revoke_result import revoke_result
from cuaso.services.procedures.logic.deciding.seal import seal
from cuaso.services.procedures.logic.desk.receive import receive
from cuaso.services.procedures.logic.desk.refuse import refuse
from cuaso.services.procedures.logic.desk.supplement import ask_supplement
from cuaso.services.procedures.logic.fees.ask_payment import ask_payment
from cuaso.services.procedures.logic.handling.assign import assign, claim
from cuaso.services.procedures.logic.handling.consult import answer_consultation, consult
from cuaso.services.procedures.logic.handling.delegate import delegate
from cuaso.services.procedures.logic.handling.opinion import give_opinion
from cuaso.services.procedures.logic.handling.propose import propose, return_to_handler
from cuaso.services.procedures.logic.handling.transfer import hand_back, transfer
from cuaso.services.procedures.logic.seeing.viewing import Shown

Kind = Literal["text", "lines", "day", "id", "ids", "values"]


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act of an official. `asks` is what it needs beside dossier and actor, in order: text,
    lines of text, a day (or None), one id, several, corrected values by flat path. `versioned`:
    it is refused when somebody acted since the reader looked.
    """

    does: Shown[...]
    asks: Mapping[str, Kind] = field(default_factory=dict)
    versioned: bool = True

    def perform(
        self, *, id: UUID, actor: Actor, version: int | None, given: Mapping[str, object]
    ) -> DossierView:
        """Do it; `given` holds exactly what it asks for."""
        return self.does(id=id, actor=actor, **self._seen(version), **given)

    def perform_briefly(
        self, *, id: UUID, actor: Actor, version: int | None, given: Mapping[str, object]
    ) -> Standing:
        """Do it for who will not look at the dossier now: how it stands is the whole answer."""
        return self.does.briefly(id=id, actor=actor, **self._seen(version), **given)

    def _seen(self, version: int | None) -> Mapping[str, object]:
        return {"version": version} if self.versioned else {}


ACTS: Final[Mapping[str, Act]] = {
    "receive": Act(does=receive),
    "ask_supplement": Act(does=ask_supplement, asks={"items": "lines", "reason": "text"}),
    "ask_payment": Act(does=ask_payment),
    "refuse": Act(does=refuse, asks={"reason": "text"}),
    "claim": Act(does=claim),
    "assign": Act(does=assign, asks={"post_id": "id"}),
    "delegate": Act(does=delegate, asks={"post_id": "id", "note": "text"}),
    "consult": Act(does=consult, asks={"agency_ids": "ids", "question": "text"}),
    "answer_consultation": Act(
        does=answer_consultation, asks={"consultation_id": "id", "answer": "text"}
    ),
    "give_opinion": Act(does=give_opinion, asks={"text": "text"}, versioned=False),
    "propose": Act(does=propose, asks={"values": "values", "note": "text"}),
    "edit_draft": Act(does=edit_draft, asks={"values": "values", "note": "text"}),
    "endorse": Act(does=endorse),
    "approve": Act(does=approve),
    "return_to_handler": Act(does=return_to_handler, asks={"reason": "text"}),
    "seal": Act(does=seal),
    "deliver": Act(does=deliver, asks={"to_name": "text"}),
    "extend": Act(does=extend, asks={"reason": "text", "until": "day", "added": "text"}),
    "change_case": Act(does=change_case, asks={"case": "text", "reason": "text"}),
    "pause": Act(does=pause, asks={"ground": "text", "document": "text"}),
    "resume": Act(does=resume),
    "stop": Act(does=stop, asks={"ground": "text", "reason": "text"}),
    "transfer": Act(does=transfer, asks={"agency_id": "id", "reason": "text"}),
    "hand_back": Act(does=hand_back, asks={"reason": "text"}),
    "correct_result": Act(does=correct_result, asks={"values": "values", "reason": "text"}),
    "revoke_result": Act(does=revoke_result, asks={"ground": "text", "reason": "text"}),
}
