"""Another officer sends the same archive: files of the registry are found again by whoever reads
them, and by nobody else.
"""

from dataclasses import replace
from uuid import UUID

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import SheetReport
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.tests.conftest import INSTALLER
from cuaso.capabilities.registries.tests.test_attached import KEY, MARKER, PNG
from cuaso.capabilities.registries.tests.test_sheets import book
from cuaso.capabilities.registries.tests.test_sheets_with_files import packed
from cuaso.declarations.packs import Pack
from cuaso.declarations.registries import Registry
from cuaso.foundation.files import api as files
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict
from cuaso.kernel.identifiers import new_id

OTHER = "harbour/other"
CONTENTS = {
    "mốc.xlsx": book([["Số", "Ảnh", "Lần xem"], ["M01", "a.png", "b.png"]]).getvalue(),
    "a.png": PNG,
    "b.png": PNG + b"2",
}


def installed(harbour: Pack, **more: object) -> None:
    declared = {
        name: Registry.load({**MARKER, **more, "key": ["number"]}) for name in ("marker", "other")
    }
    registries.install("harbour", {**harbour.registries, **declared}, actor=INSTALLER)


def first(department: Actor) -> Actor:
    officer = replace(department, person_id=new_id())
    done = brought(officer)
    assert done.added == 1
    return officer


def brought(actor: Actor, registry: str = KEY) -> SheetReport:
    report = registries.read_sheet(
        registry=registry, file=packed(CONTENTS), file_name="mốc.zip", actor=actor
    )
    return registries.apply_sheet(batch_id=report.id, actor=actor)


def sent(actor: Actor) -> int:
    assert actor.person_id is not None
    return len(files.owned(actor.person_id))


def held(registry: str = KEY) -> list[tuple[list[UUID], list[dict[str, list[str]]]]]:
    rows = sets.built(registry).live.objects.filter(row_gone=None)
    return list(rows.values_list("photo", "checks"))


def test_a_colleague_sends_the_same_archive_and_no_file_is_stored_and_no_row_changed(
    harbour: Pack, department: Actor
) -> None:
    installed(harbour)
    officer, before = first(department), held()
    colleague = replace(department, person_id=new_id())
    done = brought(colleague)
    assert (done.rows, done.added, done.changed, done.same, done.bad) == (1, 0, 0, 1, 0)
    assert done.change_id is None
    assert (sent(officer), sent(colleague)) == (2, 0)
    assert held() == before


def test_a_colleague_sends_files_of_another_registry_or_of_a_record_in_the_bin_and_stores_own(
    harbour: Pack, department: Actor
) -> None:
    installed(harbour)
    officer, ((photos, checks),) = first(department), held()
    colleague = replace(department, person_id=new_id())
    done = brought(colleague, OTHER)
    assert (done.added, done.bad, sent(colleague)) == (1, 0, 2)
    assert done.change_id is not None
    ((others, _),) = held(OTHER)
    assert set(others) & set(photos) == set()
    first_change = registries.sheets(registry=KEY, actor=officer)[0].change_id
    assert first_change is not None
    registries.undo(registry=KEY, change_id=first_change, actor=officer)
    third = replace(department, person_id=new_id())
    assert (brought(third).added, sent(third)) == (1, 2)
    ((again, rows),) = held()
    assert again != photos
    assert rows != checks


@pytest.mark.parametrize("masked", ["photo", "checks.seen"])
def test_a_colleague_who_does_not_read_a_field_does_not_learn_that_its_files_are_there(
    harbour: Pack, department: Actor, masked: str
) -> None:
    installed(harbour, masks={masked: {"show": "nothing", "roles": ["leader"]}})
    leader = replace(department, roles=frozenset({"handler", "leader"}))
    first(leader)
    before = held()
    colleague = replace(department, person_id=new_id())
    done = brought(colleague)
    # One of the two is found by the field that is read.
    assert (done.bad, done.same, sent(colleague)) == (0, 1, 1)
    assert held() == before


def test_an_officer_who_reads_no_record_there_stores_own_files_as_if_nobody_had_them(
    harbour: Pack, department: Actor
) -> None:
    rights = [
        {
            "may": ["view", "import", "add"],
            "of": "chủ quản",
            "roles": ["handler"],
            "say": "Chuyên viên giữ sổ.",
        },
        {
            "may": ["import", "add"],
            "of": "chủ quản",
            "roles": ["leader"],
            "say": "Lãnh đạo chỉ nhập.",
        },
    ]
    installed(harbour, rights=rights)
    first(department)
    before = held()
    blind = replace(department, person_id=new_id(), roles=frozenset({"leader"}))
    brought(blind)
    assert sent(blind) == 2
    assert held() != before


def test_an_officer_loses_the_record_between_reading_and_bringing_in_and_its_files_are_refused(
    harbour: Pack, department: Actor
) -> None:
    installed(harbour)
    officer = first(department)
    colleague = replace(department, person_id=new_id())
    report = registries.read_sheet(
        registry=KEY, file=packed(CONTENTS), file_name="mốc.zip", actor=colleague
    )
    (change,) = [one.change_id for one in registries.sheets(registry=KEY, actor=officer)[1:]]
    assert change is not None
    registries.undo(registry=KEY, change_id=change, actor=officer)
    with pytest.raises(Conflict) as refused:
        registries.apply_sheet(batch_id=report.id, actor=colleague)
    assert refused.value.code == "registries.sheet_has_bad_rows"
    assert held() == []
