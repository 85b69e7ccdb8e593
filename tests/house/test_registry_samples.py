"""An installer of a demonstration house finds invented records in every registry."""

from math import hypot
from typing import Any

import pytest
from django.db import connection

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.wiring.demonstration.place_points import around, borders
from cuaso.wiring.installation import INSTALLER
from tests.support.doors import Desk
from tests.support.registers import holder

ROWS, MANY = 2, 120
UNITS = "home-affairs/admin_unit"


@pytest.mark.django_db
def test_an_installer_finds_invented_records_in_every_registry_of_every_pack() -> None:
    filled = registries.fill_samples(actor=INSTALLER, rows=ROWS)
    assert len(filled) > 60
    assert {key: count for key, count in filled.items() if count != ROWS} == {}
    assert registries.fill_samples(actor=INSTALLER, rows=ROWS) == {}


@pytest.mark.django_db
def test_two_invented_records_never_share_what_a_record_has_to_itself() -> None:
    for key in ("agriculture/new_rural_commune", "ethnic-affairs/ethnic_indicator"):
        assert registries.fill_samples(actor=INSTALLER, key=key, rows=MANY) == {key: MANY}


def columns(table: str, *names: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(names)} from r_{table}")
        return list(cursor.fetchall())


@pytest.mark.django_db
def test_an_invented_association_is_named_after_what_it_does_and_ends_after_it_began() -> None:
    registries.fill_samples(actor=INSTALLER, key="home-affairs/association", rows=MANY)
    fields = {"Khuyến học": "education", "Cờ": "sport", "Nhiếp ảnh": "culture", "Đông y": "health"}
    english = {"Khuyến học": "Study", "Cờ": "Chess", "Nhiếp ảnh": "Photography"}
    rows = columns("home_affairs_association", "name", "field", "coalesce(foreign_name, '')")
    for word, field in fields.items():
        named = [row for row in rows if word in row[0]]
        assert named
        assert {row[1] for row in named} == {field}
        assert all(english.get(word, "") in foreign for _, _, foreign in named if foreign)
    days = columns("home_affairs_association", "established_on", "charter_on", "ended_on")
    told = [[day for day in row if day] for row in days]
    assert all(row == sorted(row) for row in told)


@pytest.mark.django_db
def test_an_invented_class_has_the_grade_of_its_school() -> None:
    registries.fill_samples(actor=INSTALLER, key="education/school", rows=MANY)
    registries.fill_samples(actor=INSTALLER, key="education/school_class", rows=MANY)
    kinds = dict(columns("education_school", "code", "kind"))
    found = {
        (kinds[school], grade)
        for school, grade in columns("education_school_class", "school", "grade")
    }
    assert {grade for kind, grade in found if kind == "primary"} <= {f"g0{n}" for n in range(1, 6)}
    assert {grade for kind, grade in found if kind == "upper"} <= {"g10", "g11", "g12"}
    assert {grade for kind, grade in found if kind == "kindergarten"} <= {
        *("nursery", "k3", "k4", "k5")
    }
    assert len(found) > 10


@pytest.mark.django_db
def test_an_invented_school_stands_in_its_commune() -> None:
    registries.fill_samples(actor=INSTALLER, key="education/school", rows=40, around=around())
    place = """"where"->'geometry'->'coordinates'->>"""
    rows = columns("education_school", "commune", f"{place}0", f"{place}1")
    drawn = [(commune, float(east), float(north)) for commune, east, north in rows if east]
    assert len(drawn) > 20
    for commune, east, north in drawn:
        latitude, longitude, radius = around()[commune]
        assert hypot(north - latitude, (east - longitude) * 0.97) * 111.2 <= radius


@pytest.mark.django_db
def test_an_official_sees_every_commune_of_a_demonstration_within_an_invented_boundary() -> None:
    filled = registries.fill_samples(
        actor=INSTALLER, key=UNITS, rows=200, around=around(), borders=borders()
    )
    assert filled == {UNITS: 135}
    rows = columns("home_affairs_admin_unit", "unit", "code", "boundary->>'text'")
    assert {unit: text for unit, _, text in rows} == dict(borders())
    assert [code for unit, code, _ in rows if code != f"DVHC-{unit}"] == []
    registries.fill_samples(actor=INSTALLER, key="ethnic-affairs/commune_zone", rows=40)
    reader = holder("so-dan-toc-va-ton-giao-gia-lai", "handler")
    zones = {"registry": "ethnic-affairs/commune_zone", "name": "zones", "query": ListQuery()}
    found = registries.map_of(**zones, actor=reader)
    assert {one.geometry["type"] for one in found.features} == {"Polygon"}
    assert len(found.legend) > 1
    assert found.invented


@pytest.mark.django_db
def test_a_map_of_communes_says_nothing_of_invention_where_boundaries_are_real() -> None:
    office = Desk("so-noi-vu-gia-lai", "handler")
    square = "13,70; 109,20\n13,70; 109,25\n13,75; 109,25\n13,75; 109,20"
    office.enters(UNITS, code="DVHC-21583", unit="21583", boundary=square, coastal="no")
    reader = holder("so-noi-vu-gia-lai", "handler")
    found = registries.map_of(registry=UNITS, name="areas", query=ListQuery(), actor=reader)
    assert len(found.features) == 1
    assert not found.invented
