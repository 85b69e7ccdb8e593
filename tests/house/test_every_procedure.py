"""KT-d5: every procedure of the catalogue takes an invented form from its draft to its code."""

from pathlib import Path

import pytest

from cuaso.declarations import packs
from cuaso.declarations.procedures import Procedure
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Dossier
from tests.support.answers import QUY_NHON
from tests.support.dossiers import upload
from tests.support.house import WEDNESDAY_MORNING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
PACKS = Path(__file__).resolve().parents[2] / "packs"
DECLARED = [
    pytest.param(declaration, id=f"{pack.id}: {declaration.code}")
    for pack in (packs.load(manifest.parent) for manifest in sorted(PACKS.glob("*/pack.yaml")))
    for declaration in pack.procedures.values()
]


def _submitted(declaration: Procedure, applicant: Actor) -> Dossier:
    values = procedures.sample_values(code=declaration.code, seed=5)
    if declaration.competent.level == "xã":
        # Where officials of every role are; a department settles for the whole province.
        values[declaration.competent.place] = QUY_NHON
    draft = procedures.start_draft(code=declaration.code, actor=applicant)
    draft = procedures.save_draft(id=draft.id, values=values, actor=applicant)
    for component in draft.missing_components:
        paper = upload(applicant, name="giay-to.pdf")
        procedures.attach(id=draft.id, component=component, file_id=paper, actor=applicant)
    receipt = procedures.submit(id=draft.id, key=str(draft.id), actor=applicant)
    return Dossier.objects.get(id=receipt.dossier_id)


@pytest.mark.parametrize("declaration", DECLARED)
def test_a_citizen_submits_and_the_desk_receives_with_a_code_and_a_day_KT_d5(declaration, mother):
    dossier = _submitted(declaration, mother)
    assert dossier.dossier_code in ("", None)
    centre = directory.one_stop_centre(dossier.agency_id)
    desk = directory.holders_below(centre.id, "reception")[0]
    procedures.receive(id=dossier.id, actor=directory.actor_for_post(desk.post.id))
    seen = procedures.dossier(id=dossier.id, actor=mother)
    assert seen.procedure_code == declaration.code
    assert WEDNESDAY_MORNING.strftime("-%y%m%d-") in seen.dossier_code
    assert seen.received_at == WEDNESDAY_MORNING
    assert seen.due.due_at is not None
    assert seen.due.due_at > WEDNESDAY_MORNING
    assert seen.status == 4
