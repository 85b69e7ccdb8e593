"""KT-d5: which files may stand in a dossier, and which may not."""

import pytest

from cuaso.foundation.files import api as files
from cuaso.foundation.files.models import StoredFile
from cuaso.kernel.errors import Invalid, NotFound
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.logic.seeing.papers import MOST, MOST_OF_ONE
from cuaso.services.procedures.models import Dossier, Paper
from tests.support.answers import BIRTH, FATHER, PDF
from tests.support.dossiers import upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
NOTICE = "birth_notice"


@pytest.fixture
def draft(mother):
    begun = procedures.start_draft(code="1.001193", actor=mother)
    return procedures.save_draft(id=begun.id, values=BIRTH, actor=mother)


def spoil(file_id, state):
    StoredFile.objects.filter(id=file_id).update(state=state, say="Máy quét nói vậy.")
    return file_id


def test_attaching_a_paper_takes_it_off_the_missing_ones(draft, mother):
    assert draft.missing_components == (NOTICE,)
    kept = procedures.attach(id=draft.id, component=NOTICE, file_id=upload(mother), actor=mother)
    assert kept.missing_components == ()
    gone = procedures.detach(id=draft.id, paper_id=kept.papers[0].id, actor=mother)
    assert gone.missing_components == (NOTICE,)
    assert procedures.detach(id=draft.id, paper_id=kept.papers[0].id, actor=mother).papers == ()


def test_anothers_file_cannot_be_attached(draft, mother, citizen, official):
    strangers = [upload(citizen(FATHER)), upload(official("clerk"))]
    owned = files.store_bytes(
        actor=mother,
        name="a.pdf",
        media_type="application/pdf",
        content=PDF,
        owner_id=citizen(FATHER).person_id,
    )
    for file_id in (*strangers, owned.id):
        with pytest.raises(NotFound) as refused:
            procedures.attach(id=draft.id, component=NOTICE, file_id=file_id, actor=mother)
        assert refused.value.code == "procedures.file_unknown"
    assert Paper.objects.count() == 0


def test_a_paper_that_the_procedure_does_not_have_is_refused(draft, mother):
    with pytest.raises(NotFound) as refused:
        procedures.attach(id=draft.id, component="so_ho_khau", file_id=upload(mother), actor=mother)
    assert refused.value.code == "procedures.component_unknown"
    assert Paper.objects.count() == 0


@pytest.mark.parametrize("state", ["infected", "unscannable"])
def test_a_spoilt_file_is_refused_with_a_sentence_at_its_place(draft, mother, state):
    file_id = spoil(upload(mother), state)
    with pytest.raises(Invalid) as refused:
        procedures.attach(id=draft.id, component=NOTICE, file_id=file_id, actor=mother)
    assert [problem.field for problem in refused.value.problems] == [f"papers.{NOTICE}"]
    assert Paper.objects.count() == 0


def test_a_file_found_infected_after_attaching_stops_the_submission(draft, mother):
    file_id = upload(mother)
    procedures.attach(id=draft.id, component=NOTICE, file_id=file_id, actor=mother)
    spoil(file_id, "infected")
    with pytest.raises(Invalid) as refused:
        procedures.submit(id=draft.id, key="k", actor=mother)
    assert [(one.field, one.say) for one in refused.value.problems] == [
        (
            f"papers.{NOTICE}",
            "Tệp “giay-chung-sinh.pdf” có mã độc. Hãy bỏ tệp này và gửi một tệp khác.",
        )
    ]
    assert Dossier.objects.count() == 0


def test_a_file_that_waits_for_the_scanner_is_submitted_and_the_officer_is_warned(
    draft, mother, official
):
    file_id = spoil(upload(mother), "pending")
    procedures.attach(id=draft.id, component=NOTICE, file_id=file_id, actor=mother)
    done = procedures.submit(id=draft.id, key="k", actor=mother)
    seen = procedures.dossier(id=done.dossier_id, actor=official("reception"))
    assert "Có tệp chưa được quét mã độc" in [check.say for check in seen.checks]
    paper = seen.papers[0]
    assert paper.state == "pending"


def test_too_many_files_are_refused_and_the_draft_stays(draft, mother):
    file_id = upload(mother)
    for _ in range(MOST_OF_ONE):
        procedures.attach(id=draft.id, component=NOTICE, file_id=file_id, actor=mother)
    with pytest.raises(Invalid) as refused:
        procedures.attach(id=draft.id, component=NOTICE, file_id=file_id, actor=mother)
    assert refused.value.code == "procedures.too_many_papers"
    assert Paper.objects.count() == MOST_OF_ONE < MOST


def test_another_citizen_can_do_nothing_with_the_draft(draft, citizen):
    stranger = citizen(FATHER)
    acts = (
        lambda: procedures.draft(id=draft.id, actor=stranger),
        lambda: procedures.save_draft(id=draft.id, values={}, actor=stranger),
        lambda: procedures.submit(id=draft.id, key="k", actor=stranger),
        lambda: procedures.drop_draft(id=draft.id, actor=stranger),
        lambda: procedures.attach(
            id=draft.id, component=NOTICE, file_id=upload(stranger), actor=stranger
        ),
    )
    for act in acts:
        with pytest.raises(NotFound):
            act()
    assert (Paper.objects.count(), Dossier.objects.count()) == (0, 0)
