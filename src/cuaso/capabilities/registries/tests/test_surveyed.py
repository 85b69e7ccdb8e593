"""A leader begins a registry from a survey form made elsewhere; nothing is installed by it."""

import io

import pytest
from openpyxl import load_workbook

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import DesignView
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.models import Version
from cuaso.capabilities.registries.tests.conftest import official
from cuaso.declarations import packs
from cuaso.declarations.xlsform import Untaken
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.surveys import FORM, workbook

LEGAL = "Quyết định thử số 1 của Ủy ban nhân dân tỉnh"


@pytest.fixture
def designer(harbour: packs.Pack) -> Actor:
    return official("so-nong-nghiep-va-moi-truong-gia-lai", "leader")


def begun(
    file: io.BytesIO, actor: Actor, legal: str = LEGAL
) -> tuple[DesignView, tuple[Untaken, ...]]:
    return registries.begin_from_form(file=file, legal=legal, title="", actor=actor)


def test_a_leader_begins_a_registry_from_a_survey_and_reads_what_was_not_taken(
    designer: Actor,
) -> None:
    draft, untaken = begun(workbook(FORM), designer)
    assert (draft.card.key, draft.card.title, draft.card.state) == (
        "local/ben_do", "Bến đò ngang", "draft",
    )  # fmt: skip
    fields = draft.declared.fields
    assert list(fields) == ["form_number", "name", "gear", "river", "seats"]
    assert (fields["gear"].type, fields["gear"].codes) == ("choice", "gear")
    assert (fields["river"].type, fields["river"].required) == ("text", False)
    assert fields["seats"].when == "gear == 'vay'"
    assert [(one.sheet, one.row) for one in untaken] == [("survey", 6), ("choices", 3)]
    assert "local/ben_do" not in sets.current().keys
    again = registries.save_design(
        id=draft.card.id, text=draft.text, seen=draft.seen, actor=designer
    )
    assert again.declared == draft.declared
    before = Version.objects.count()
    with pytest.raises(Conflict):
        begun(workbook(FORM), designer)
    assert Version.objects.count() == before


def test_a_workbook_that_is_no_survey_begins_nothing(designer: Actor) -> None:
    for file, legal in (
        (workbook({"Sheet1": [["a", "b"], ["1", "2"]]}), LEGAL),
        (io.BytesIO(b"type,name\ntext,a\n"), LEGAL),
        (workbook(FORM), ""),
    ):
        with pytest.raises(Invalid):
            begun(file, designer, legal)
    with pytest.raises(NotAllowed):
        begun(workbook(FORM), official("so-nong-nghiep-va-moi-truong-gia-lai", "handler"))
    assert not Version.objects.filter(registry__pack="local").exists()


def test_an_officer_takes_the_form_of_a_registry_out_and_begins_the_same_questions_from_it(
    designer: Actor,
) -> None:
    handler = official("so-nong-nghiep-va-moi-truong-gia-lai", "handler")
    name, content = registries.survey_form(registry="harbour/vessel", actor=handler)
    assert name == "bieu-mau-harbour-vessel.xlsx"
    book = load_workbook(io.BytesIO(content), read_only=True)
    form = {one.title: [list(row) for row in one.iter_rows(values_only=True)] for one in book}
    assert list(form) == ["survey", "choices", "settings", "chua_mang_theo"]
    text = [[str(cell or "") for cell in row] for row in form["settings"]]
    assert text[1][:2] == [sets.built("harbour/vessel").declared.title, "vessel"]
    draft, _untaken = registries.begin_from_form(
        file=io.BytesIO(content), legal=LEGAL, title="Tàu khảo sát", actor=designer
    )
    fields = sets.built("harbour/vessel").declared.fields
    begun_with = {one.title for one in draft.declared.fields.values()}
    assert {one.title for one in fields.values()} - begun_with == {"Chủ tàu"}
    assert {"Họ, chữ đệm, tên", "Số định danh cá nhân"} <= begun_with
    assert draft.declared.parts["owner"].title == "Chủ tàu"
    with pytest.raises(NotFound):
        registries.survey_form(registry="harbour/none", actor=handler)
