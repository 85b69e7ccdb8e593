"""KT-d5: a form filled from what the state knows, by consent, and without it from nothing."""

import pytest

from cuaso.foundation.audit import api as audit
from cuaso.kernel.errors import Invalid, NotFound, Unavailable
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Draft
from tests.support.answers import FATHER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]


@pytest.fixture
def draft(mother, outside):
    del outside
    return procedures.start_draft(code="1.004873", actor=mother)


def test_with_consent_empty_fields_are_filled_and_say_where_they_come_from(draft, mother):
    typed = {**draft.values, "requester.full_name": "Võ Hạ Lam"}
    procedures.save_draft(id=draft.id, values=typed, actor=mother)
    filled = procedures.prefill(id=draft.id, consent=True, actor=mother)
    assert filled.values["subject.full_name"] == "Võ Thị Hạ Lam"
    assert filled.values["subject.birth_date"] == "04/05/1996"
    assert filled.values["request.office"] == "21583"
    assert filled.values["requester.full_name"] == "Võ Hạ Lam"
    assert filled.prefilled_at is not None
    sources = Draft.objects.get(id=draft.id).sources
    assert sources["subject.birth_date"] == "population.birth_date"
    assert "requester.full_name" not in sources
    entries = audit.history(Subject(kind="procedures.draft", id=draft.id))
    prefilled = next(entry for entry in entries if entry.act == "procedures.prefilled")
    assert "subject.birth_date" in prefilled.content["paths"]


def test_a_field_that_is_typed_over_no_longer_comes_from_the_register(draft, mother):
    filled = procedures.prefill(id=draft.id, consent=True, actor=mother)
    procedures.save_draft(
        id=draft.id, values={**filled.values, "subject.birth_date": "05/05/1996"}, actor=mother
    )
    assert "subject.birth_date" not in Draft.objects.get(id=draft.id).sources


def test_without_consent_nothing_is_asked_and_nothing_changed(draft, mother, outside):
    outside.fault(outside.population, "down")
    before = Draft.objects.values().get(id=draft.id)
    with pytest.raises(Invalid) as refused:
        procedures.prefill(id=draft.id, consent=False, actor=mother)
    assert [problem.field for problem in refused.value.problems] == ["consent"]
    assert Draft.objects.values().get(id=draft.id) == before


@pytest.mark.parametrize("fault", ["down", "garbage"])
def test_the_register_does_not_answer_and_the_draft_stays_as_typed(draft, mother, outside, fault):
    procedures.save_draft(
        id=draft.id, values={**draft.values, "subject.full_name": "Võ Thị Hạ Lam"}, actor=mother
    )
    before = Draft.objects.values().get(id=draft.id)
    outside.fault(outside.population, fault)
    with pytest.raises(Unavailable):
        procedures.prefill(id=draft.id, consent=True, actor=mother)
    assert Draft.objects.values().get(id=draft.id) == before


def test_another_citizen_cannot_fill_the_draft(draft, citizen):
    with pytest.raises(NotFound):
        procedures.prefill(id=draft.id, consent=True, actor=citizen(FATHER))
