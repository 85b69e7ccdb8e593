"""A step of status is taken where a record is owned or kept, however many may look at it."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.kernel.errors import NotAllowed
from tests.support.registers import entered, holder, moved, road_of_twenty_kilometres

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

ROADS, ABROAD = "so-xay-dung-gia-lai", "so-ngoai-vu-gia-lai"
QUY_NHON = "21583"


def stands(record):
    """Return where a record stands, as its owner reads it now."""
    return registries.record(
        registry=record.registry, id=record.id, actor=holder(ROADS, "leader")
    ).value("state")


def test_a_leader_of_another_department_sees_a_road_and_cannot_open_it():
    road = road_of_twenty_kilometres(holder(ROADS, "handler"))
    elsewhere = holder(ABROAD, "leader")
    seen = registries.record(registry="transport/road", id=road.id, actor=elsewhere)
    assert [one.name for one in seen.moves] == []
    with pytest.raises(NotAllowed) as refused:
        moved(road, "open", elsewhere)
    assert refused.value.code == "registries.not_your_move"
    assert stands(road) == "building"
    assert moved(road, "open", holder(ROADS, "leader")).value("state") == "open"


def test_a_commune_sends_its_crops_and_cannot_settle_them_in_the_departments_place():
    commune = f"ubnd-{QUY_NHON}"
    rice = entered(
        "agriculture/crop_area",
        holder(commune, "handler"),
        commune=QUY_NHON,
        year="2026",
        season="summer_autumn",
        crop="rice",
    )
    with pytest.raises(NotAllowed):
        moved(rice, "send", holder("so-nong-nghiep-va-moi-truong-gia-lai", "leader"))
    sent = moved(rice, "send", holder(commune, "leader"))
    for role in ("handler", "leader"):
        with pytest.raises(NotAllowed) as refused:
            moved(sent, "agree", holder(commune, role))
        assert refused.value.code == "registries.not_your_move"
    settled = moved(sent, "agree", holder("so-nong-nghiep-va-moi-truong-gia-lai", "handler"))
    assert settled.value("state") == "agreed"
    with pytest.raises(NotAllowed):
        registries.amend(
            registry=settled.registry,
            id=settled.id,
            values={"record.sown": "1"},
            actor=holder(commune, "handler"),
            reason="Sửa lại",
        )
    kept = registries.record(
        registry=settled.registry, id=settled.id, actor=holder(commune, "leader")
    )
    assert (kept.value("sown"), kept.value("state")) == (settled.value("sown"), "agreed")


def test_a_commune_where_a_bridge_stands_cannot_close_it():
    officer = holder(ROADS, "handler")
    road_of_twenty_kilometres(officer)
    bridge = entered(
        "transport/bridge", officer, road="DB-00638", km="Km12+350", commune=QUY_NHON, state="open"
    )
    with pytest.raises(NotAllowed):
        moved(bridge, "close", holder(f"ubnd-{QUY_NHON}", "leader"), reason="Thử")
    assert stands(bridge) == bridge.value("state")
