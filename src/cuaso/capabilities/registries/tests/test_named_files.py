"""Whoever asks which files the registries still name is told of each place that names one."""

from uuid import UUID

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.tests.test_attached import API, KEY, PNG, officer, stored
from cuaso.capabilities.registries.tests.test_sheets_with_files import packed, read, sheet
from cuaso.foundation.files import api as files
from cuaso.kernel.actors import Actor
from cuaso.kernel.identifiers import new_id

__all__ = ["officer"]


def own(actor: Actor) -> str:
    return stored(actor, owner_id=actor.person_id)


def named(*ids: str) -> set[str]:
    return {str(one) for one in registries.named_files({UUID(id) for id in ids})}


def test_an_officer_asks_which_files_records_name_and_is_told_of_fields_and_rows(
    officer: Actor,
) -> None:
    photo, row, loose = own(officer), own(officer), own(officer)
    registries.add(
        registry=KEY,
        values={"number": "M01", "photo": [photo], "checks": [{"seen": [row]}]},
        actor=officer,
        source=API,
    )
    assert named(photo, row, loose, str(new_id())) == {photo, row}
    assert named(loose) == named() == set()


def test_an_officer_takes_a_file_out_of_a_record_or_removes_it_and_its_past_still_names_the_file(
    officer: Actor,
) -> None:
    before, row, now = own(officer), own(officer), own(officer)
    made = registries.add(
        registry=KEY,
        values={"number": "M01", "photo": [before], "checks": [{"seen": [row]}]},
        actor=officer,
        source=API,
    )
    registries.amend(
        registry=KEY,
        id=made.id,
        values={"photo": [now], "checks": []},
        actor=officer,
        source=API,
    )
    registries.remove(registry=KEY, id=made.id, reason="Thử", actor=officer)
    assert named(before, row, now) == {before, row, now}


def test_an_officer_leaves_a_form_unfinished_and_its_file_is_named(officer: Actor) -> None:
    photo, row, loose = own(officer), own(officer), own(officer)
    texts: dict[str, str | list[str]] = {
        "record.number": "M01",
        "record.photo": [photo],
        "checks.0.seen": [row],
    }
    registries.save_draft(registry=KEY, texts=texts, actor=officer)
    assert named(photo, row, loose) == {photo, row}


def test_an_officer_has_a_sheet_read_with_its_files_and_these_are_named(officer: Actor) -> None:
    read(packed({"mốc.xlsx": sheet(("M01", "a.png")), "a.png": PNG}), officer)
    assert officer.person_id is not None
    (came,) = files.owned(officer.person_id)
    assert named(str(came.id), own(officer)) == {str(came.id)}
