"""Dossiers that a department proposes and the province's committee signs, act by act."""

from uuid import UUID

from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid
from cuaso.services.procedures import api as procedures
from tests.support.dossiers import upload
from tests.support.registers import holder

COMMITTEE, CENTRE = "ubnd-tinh-gia-lai", "ttpvhcc-tinh-gia-lai"


def asked(code: str, actor: Actor, *, seed: int = 5, **said: str | list[str]) -> UUID:
    """Submit invented answers with some changed (`holder__post` is `holder.post`; an empty text
    leaves a field out) and every paper that they call for.
    """
    values = procedures.sample_values(code=code, seed=seed)
    values |= {path.replace("__", "."): text for path, text in said.items()}
    draft = procedures.start_draft(code=code, actor=actor)
    draft = procedures.save_draft(id=draft.id, values=values, actor=actor)
    for component in draft.missing_components:
        paper = upload(actor, name="giay-to.pdf")
        procedures.attach(id=draft.id, component=component, file_id=paper, actor=actor)
    try:
        return procedures.submit(id=draft.id, key=str(draft.id), actor=actor).dossier_id
    except Invalid as refusal:
        refusal.add_note(str(refusal.problems))
        raise


def initialled(id: UUID, department: str) -> UUID:
    """Bring a submitted dossier to the desk of the committee's leader."""
    procedures.receive(id=id, actor=holder(CENTRE, "reception"))
    procedures.propose(id=id, values={}, note="", actor=holder(department, "handler"))
    procedures.endorse(id=id, actor=holder(department, "leader"))
    return id


def signed(id: UUID, department: str) -> UUID:
    """Bring a submitted dossier to the desk of the committee's clerk."""
    initialled(id, department)
    procedures.approve(id=id, actor=holder(COMMITTEE, "leader"))
    return id


def sealed(id: UUID, department: str) -> UUID:
    """Bring a submitted dossier to its issued result."""
    signed(id, department)
    procedures.seal(id=id, actor=holder(COMMITTEE, "clerk"))
    return id
