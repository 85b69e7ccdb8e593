"""A reader asks of each value from what it came: officer, sheet, dossier, national database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Source
from cuaso.capabilities.registries.models import Version
from cuaso.capabilities.registries.tests.conftest import MOMENT, VESSEL
from cuaso.capabilities.registries.tests.test_sheets import TITLES, book, line
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor

KEY = "harbour/vessel"
DOSSIER = Source(kind="dossier", id="000.00.21583-261124-0001")
NATIONAL = Source(kind="national", id="CSDLQG-52/3")


def test_kt_e5_each_value_says_whether_officer_sheet_dossier_or_national_database_gave_it(
    department: Actor,
) -> None:
    made = registries.add(registry=KEY, values=VESSEL, actor=department)

    def amended(hours: int, source: Source, **values: object) -> None:
        with clock.at(MOMENT + timedelta(hours=hours)):
            registries.amend(
                registry=KEY, id=made.id, values=values, actor=department, source=source
            )

    amended(1, DOSSIER, name="Biển Xanh")
    amended(2, NATIONAL, owner={**VESSEL["owner"], "full_name": "Võ Thị Hạ"})  # type: ignore[dict-item]
    with clock.at(MOMENT + timedelta(hours=3)):
        row = line(1, name="Biển Xanh", full_name="Võ Thị Hạ", length="15,5")
        file = book([[*TITLES, "Thiết bị giám sát"], [*row, "VMS-001"]])
        sheet = registries.read_sheet(registry=KEY, file=file, file_name="t.xlsx", actor=department)
        assert (sheet.changed, sheet.bad) == (1, 0), sheet.faults
        registries.apply_sheet(batch_id=sheet.id, actor=department)
    history = registries.history(registry=KEY, id=made.id, actor=department)
    given = registries.given_by(history)
    assert {path: (one.origin, one.origin_id) for path, one in given.items()} == {
        **dict.fromkeys(
            ("number", "gear", "commune", "status", "owner.birth_date", "owner.personal_number"),
            ("form", ""),
        ),
        "name": ("dossier", DOSSIER.id),
        "owner.full_name": ("national", NATIONAL.id),
        "length": ("import", str(sheet.id)),
        "vms": ("import", str(sheet.id)),
    }
    assert {one.who for one in given.values()} == {department.name}
    early = registries.given_by(history, at=MOMENT + timedelta(minutes=90))
    assert (early["name"].origin, early["length"].origin) == ("dossier", "form")
    assert "vms" not in early


def test_a_value_that_an_undo_gave_back_came_from_where_it_came_first(department: Actor) -> None:
    made = registries.add(registry=KEY, values=VESSEL, actor=department)
    changed = registries.amend(
        registry=KEY, id=made.id, values={"name": "Nhầm"}, actor=department, source=DOSSIER
    )
    registries.undo(registry=KEY, change_id=changed.change_id, actor=department)
    history = registries.history(registry=KEY, id=made.id, actor=department)
    assert [one.origin for one in history] == ["undo", "dossier", "form"]
    assert registries.given_by(history)["name"] == history[2]
    untold = replace(history[2], differences=())
    assert registries.given_by((*history[:2], untold))["name"] == history[0]


def test_nobody_changes_a_published_version_not_even_by_a_statement(department: Actor) -> None:
    version = Version.objects.get(registry__key=KEY, state=Version.State.PUBLISHED)
    before = version.declared
    for column, value in (("declared", "'{}'"), ("number", "7")):
        statement = f"update registries_version set {column} = {value} where id = '{version.id}'"
        with (
            pytest.raises(DatabaseError, match="a published version never changes"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    version.refresh_from_db()
    assert (version.declared, version.number) == (before, 1)
    assert registries.registry(key=KEY, actor=department).version == 1
