"""TT-IV.5, DX-39: a commune's roads after an upgrade brings a field on which its right hangs."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.declarations.registries import Registry
from cuaso.kernel.actors import system
from cuaso.kernel.errors import NotAllowed
from tests.support.registers import entered, holder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
KEY, COMMUNE = "transport/road_section", "21583"
WORKER, INSTALLER = system("Sổ dữ liệu"), system("Cài đặt")


def install(declared):
    registries.install("transport", {"road_section": Registry.load(declared)}, actor=INSTALLER)


def before_the_field():
    """Return the register's declaration, and as a house had it before `local` was declared."""
    after = sets.built(KEY).declared.dump()
    left = {
        **after,
        "fields": {name: one for name, one in after["fields"].items() if name != "local"},
        "parts": {
            name: {**part, "fields": [one for one in part["fields"] if one != "local"]}
            for name, part in after["parts"].items()
        },
        "rights": [{**one, "where": {}} for one in after["rights"]],
    }
    return {**after, "about": f"{after.get('about', '')} Bản mới."}, left


@pytest.fixture
def department(db):
    return holder("so-xay-dung-gia-lai", "handler")


@pytest.fixture
def commune(db):
    return holder("ubnd-21583", "handler")


def section(actor, manager, number):
    """Enter a road and a section of it; return the section's id."""
    code = f"DB-{number:05}"
    entered(
        "transport/road",
        actor,
        code=code,
        number=f"ĐX.{number}",
        name=f"Đường minh hoạ {number}",
        manager=manager,
        commune=COMMUNE if manager == "commune" else "",
        start_km="Km0+000",
        end_km="Km9+000",
        in_province="9",
        opened="2004",
        track="",
        rows={"passes": ({"commune": COMMUNE, "from_km": "0", "to_km": "9"},)},
        **{"class": "commune" if manager == "commune" else "provincial"},
    )
    at = {"road": code, "commune": COMMUNE, "from_km": "Km1+000", "to_km": "Km2+000"}
    return entered(KEY, actor, code=f"DD-{number:06}", lit="no", track="", **at).id


def lit(id, actor):
    return registries.amend(registry=KEY, id=id, values={"lit": "yes"}, actor=actor)


def test_TT_IV_5_DX_39_a_commune_corrects_a_section_entered_before_the_upgrade(department, commune):
    after, before = before_the_field()
    install(before)
    own = section(department, "commune", 12)
    other = section(department, "department", 638)
    install(after)
    with pytest.raises(NotAllowed):
        lit(own, commune)
    while registries.recompute_due(actor=WORKER):
        pass
    assert lit(own, commune).value("lit") is True
    with pytest.raises(NotAllowed):
        lit(other, commune)
    seen = [registries.record(registry=KEY, id=id, actor=department) for id in (own, other)]
    assert [(one.value("local"), one.value("lit")) for one in seen] == [
        (True, True),
        (False, False),
    ]
    lines = registries.history(registry=KEY, id=own, actor=department)
    assert [(line.act, line.who) for line in lines[:2]] == [
        ("changed", commune.name),
        ("recomputed", "Sổ dữ liệu"),
    ]
    assert lines[1].reason.startswith("Tính lại ô “Đường do xã quản lý” theo phiên bản ")
