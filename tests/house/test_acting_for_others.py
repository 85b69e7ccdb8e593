"""KT-d5: a guardian for the ward, a representative for the business, and neither beyond it."""

import pytest

from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.services.locker import api as locker
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Dossier
from tests.support.answers import FATHER, MARITAL
from tests.support.dossiers import issue, see, submit_marital

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]


@pytest.fixture
def representative(citizen):
    person = citizen("052083000125")
    business = directory.businesses_of(person.person_id)[0]
    return Actor(kind="business", name=person.name, person_id=person.person_id, for_id=business.id)


@pytest.fixture
def guardian(mother):
    ward = directory.wards_of(mother.person_id)[0]
    return Actor(kind="guardian", name=mother.name, person_id=mother.person_id, for_id=ward.id)


def test_who_acted_and_whose_affair_it_is_are_kept_apart(representative, official):
    view = see(submit_marital(representative).dossier_id, official("reception"))
    business = directory.person(representative.for_id)
    assert (view.applicant_name, view.party_name) == ("Phạm Quốc Khải", business.name)
    row = Dossier.objects.get(id=view.id)
    assert (row.person_id, row.party_id) == (representative.person_id, representative.for_id)


def test_the_dossier_of_a_business_is_not_among_ones_own(representative, citizen):
    id = submit_marital(representative).dossier_id
    himself = citizen("052083000125")
    assert [row.id for row in procedures.my_dossiers(actor=representative).rows] == [id]
    assert procedures.my_dossiers(actor=himself).rows == ()
    with pytest.raises(NotFound):
        procedures.dossier(id=id, actor=himself)


def test_a_business_has_its_own_drafts(representative, citizen):
    draft = procedures.start_draft(code="1.004873", actor=representative)
    himself = citizen("052083000125")
    assert [one.id for one in procedures.drafts(actor=representative)] == [draft.id]
    assert procedures.drafts(actor=himself) == ()
    with pytest.raises(NotFound):
        procedures.save_draft(id=draft.id, values=MARITAL, actor=himself)


def test_the_other_guardian_follows_the_wards_dossier_and_the_result_is_the_wards(
    guardian, citizen, official
):
    id = submit_marital(guardian).dossier_id
    father = citizen(FATHER)
    other = Actor(
        kind="guardian", name=father.name, person_id=father.person_id, for_id=guardian.for_id
    )
    assert see(id, other).tracking_code == see(id, guardian).tracking_code
    with pytest.raises(NotFound):
        see(id, father)
    issue(id, guardian, official)
    assert [paper.owner_id for paper in locker.papers(actor=other)] == [guardian.for_id]
    assert locker.papers(actor=father) == ()
