"""KT-d5: what a department or its branch settles comes to the province's centre, to nobody else."""

import pytest

from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.identifiers import new_id
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DraftView, WalkIn
from tests.support.answers import MOTHER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
VESSEL = "1.004344"
BRANCH = "chi-cuc-thuy-san-gia-lai"


def holder(role: str, agency_key: str) -> Actor:
    agency = directory.agency_by_key(agency_key)
    return directory.actor_for_post(directory.holders(agency.id, role)[0].post.id)


def drafted(applicant: Actor) -> DraftView:
    draft = procedures.start_draft(code=VESSEL, actor=applicant)
    values = procedures.sample_values(code=VESSEL, seed=2)
    return procedures.save_draft(id=draft.id, values=values, actor=applicant)


def test_a_citizen_reads_who_settles_before_submitting_KT_d5(mother):
    draft = procedures.start_draft(code=VESSEL, actor=mother)
    assert draft.agency_name == "Chi cục Thủy sản tỉnh Gia Lai"


def test_a_vessel_dossier_is_received_by_the_province_and_examined_by_the_branch_KT_d5(mother):
    sent = procedures.submit(id=drafted(mother).id, key="tau-ca", actor=mother)
    desk = holder("reception", "ttpvhcc-tinh-gia-lai")
    seen = procedures.receive(id=sent.dossier_id, actor=desk)
    assert seen.dossier_code.startswith("H21.11.02-")
    (work,) = [one for one in seen.works if one.done_at is None]
    assert work.element == "examine"
    draft = procedures.propose(
        id=sent.dossier_id, values={}, note="", actor=holder("handler", BRANCH)
    )
    (work,) = [one for one in draft.works if one.done_at is None]
    assert work.element == "approve"


def test_an_official_of_another_department_does_not_know_of_a_vessel_dossier_KT_d5(mother):
    sent = procedures.submit(id=drafted(mother).id, key="tau-ca", actor=mother)
    for role, agency in (
        ("handler", "so-xay-dung-gia-lai"),
        ("handler", BRANCH.replace("thuy-san", "kiem-lam")),
    ):
        with pytest.raises(NotFound):
            procedures.dossier(id=sent.dossier_id, actor=holder(role, agency))


def test_a_commune_desk_takes_paper_for_a_branch_of_a_department_KT_d5(mother):
    desk = holder("reception", "ttpvhcc-21583")
    taken = procedures.receive_walk_in(
        walk_in=WalkIn(
            procedure_code=VESSEL,
            applicant_personal_number=MOTHER,
            applicant_name=mother.name,
            values=procedures.sample_values(code=VESSEL, seed=2, channel="counter"),
        ),
        actor=desk,
        key=str(new_id()),
    )
    assert taken.dossier_code.startswith("H21.11.02-")
    seen = procedures.dossier(id=taken.id, actor=holder("handler", BRANCH))
    assert [one.element for one in seen.works if one.done_at is None] == ["examine"]
