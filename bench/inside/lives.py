"""A dossier's life as the engines' doors tell it: one act after the other, nothing left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.kernel.actors import Actor
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.act_contracts import Standing
from cuaso.services.procedures.contracts import DossierView
from tests.support.answers import PDF

PROCEDURE = "1.004873"
COMMUNE = "21583"
REASON = "Phép đo dừng hồ sơ này ở đây, không cấp kết quả."
MOST_STEPS = 12


@dataclass(frozen=True, kw_only=True)
class Life:
    """One citizen's dossiers of one procedure; numbers told apart by `serial`."""

    serial: int

    def citizen(self) -> Actor:
        return _citizen(self.serial)

    def submit(self, number: int, *, paper: bytes = PDF) -> UUID:
        """Draft, fill, attach and submit; return the dossier's id."""
        actor = self.citizen()
        draft = procedures.start_draft(code=PROCEDURE, actor=actor)
        draft = procedures.save_draft(id=draft.id, values=_values(self.serial), actor=actor)
        for component in draft.missing_components:
            file_id = files.store_bytes(
                actor=actor, name="giay-to.pdf", media_type="application/pdf", content=paper
            ).id
            procedures.attach(id=draft.id, component=component, file_id=file_id, actor=actor)
        key = f"bench-{self.serial}-{number}"
        return procedures.submit(id=draft.id, key=key, actor=actor).dossier_id

    def acts(self, id: UUID, *, signed: bool) -> Iterator[DossierView]:
        """Do act after act and yield the dossier after each.

        signed: to the delivered, signed and sealed result; else the leader sends the draft back
        and the handler refuses.
        """
        view = procedures.receive(id=id, actor=holder("reception"))
        yield view
        for _ in range(MOST_STEPS):
            element = next((work.element for work in view.works if work.done_at is None), "")
            if not element:
                return
            view = self._act(id, element, signed=signed, returned=_was_returned(view))
            yield view

    def brief_acts(self, id: UUID, *, signed: bool) -> Iterator[Standing]:
        """Do the same acts, whose course is known, without asking any for the whole dossier."""
        reception, handler, leader = holder("reception"), holder("handler"), holder("leader")
        yield procedures.receive.briefly(id=id, actor=reception)
        yield procedures.propose.briefly(id=id, values={}, note="", actor=handler)
        yield procedures.confirm_draft.briefly(id=id, accepted=True, note="", actor=self.citizen())
        if signed:
            yield procedures.approve.briefly(id=id, actor=leader)
            yield procedures.seal.briefly(id=id, actor=holder("clerk"))
            return
        yield procedures.return_to_handler.briefly(id=id, reason=REASON, actor=leader)
        yield procedures.refuse.briefly(id=id, reason=REASON, actor=handler)

    def _act(self, id: UUID, element: str, *, signed: bool, returned: bool) -> DossierView:
        if element == "examine" and returned:
            return procedures.refuse(id=id, reason=REASON, actor=holder("handler"))
        if element == "examine":
            return procedures.propose(id=id, values={}, note="", actor=holder("handler"))
        if element == "confirm_draft":
            return procedures.confirm_draft(id=id, accepted=True, note="", actor=self.citizen())
        if element == "approve":
            return _decide(id, signed=signed)
        if element == "seal":
            return procedures.seal(id=id, actor=holder("clerk"))
        return procedures.deliver(id=id, actor=holder("reception"))


def _decide(id: UUID, *, signed: bool) -> DossierView:
    leader = holder("leader")
    if signed:
        return procedures.approve(id=id, actor=leader)
    return procedures.return_to_handler(id=id, reason=REASON, actor=leader)


@cache
def _values(serial: int) -> dict[str, str | list[str]]:
    """Return the answers of one citizen; making them up costs more than the whole submission."""
    sampled = procedures.sample_values(code=PROCEDURE, seed=serial)
    name, number = _citizen(serial).name, personal_number(serial)
    own = {
        "request.office": COMMUNE,
        "requester.full_name": name,
        "requester.personal_number": number,
        "subject.full_name": name,
        "subject.personal_number": number,
    }
    return {**sampled, **{path: text for path, text in own.items() if path in sampled}}


def _was_returned(view: DossierView) -> bool:
    return sum(work.element == "examine" for work in view.works) > 1


def personal_number(serial: int) -> str:
    return f"052090{900_000 + serial:06d}"


@cache
def _citizen(serial: int) -> Actor:
    person = directory.ensure_person(
        name="Nguyễn Văn Đo",
        personal_number=personal_number(serial),
        sex="male",
        place_code=COMMUNE,
        phone="0900000999",
        invented=True,
        actor=Actor(kind="system", name="Phép đo"),
    )
    return Actor(kind="citizen", name=person.name, person_id=person.id)


@cache
def holder(role: str) -> Actor:
    """Return who holds a role below the commune's committee."""
    committee = directory.competent_agency(COMMUNE, "commune")
    found = directory.holders_below(committee.id, role)[0]
    return directory.actor_for_post(found.post.id)
