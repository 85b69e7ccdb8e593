"""DX-38: operators, vehicles, routes, drivers, badges, violations."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.kernel.errors import Invalid
from cuaso.services.procedures import api as procedures
from tests.support.dossiers import let_the_house_work
from tests.support.registers import counted, entered, holder, listed, moved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

HOUSE = "so-xay-dung-gia-lai"


@pytest.fixture
def handler(db):
    return holder(HOUSE, "handler")


@pytest.fixture
def leader(db):
    return holder(HOUSE, "leader")


@pytest.fixture
def business(handler):
    """Return an operator with a bus, a route, a driver."""
    operator = entered(
        "transport/transport_operator",
        handler,
        licence="52-000123",
        name="Hợp tác xã Minh Hoạ",
        kind="company",
        tax_code="4199990019",
        kinds=["fixed", "bus"],
        safety_unit="yes",
        commune="21583",
        issued="02/03/2025",
        state="active",
    )
    vehicle = entered(
        "transport/transport_vehicle",
        handler,
        plate="77B-012.34",
        operator="52-000123",
        kind="fixed",
        made="2020",
        seats="45",
        far="yes",
        tracker="yes",
        camera="yes",
        tracker_maker="Thiết bị Minh Hoạ",
        in_use="yes",
        inspected_to="31/12/2026",
        insured_to="31/12/2026",
    )
    route = entered(
        "transport/transport_route",
        handler,
        code="5250.1211.A",
        kind="inter_province",
        name="Quy Nhơn – Đà Nẵng",
        from_station="Bến xe Quy Nhơn",
        to_station="Bến xe Đà Nẵng",
        to_province="48",
        length="320",
        trips="60",
        rows={"operators": ({"operator": "52-000123", "trips": "60", "since": "01/01/2026"},)},
    )
    driver = entered(
        "transport/transport_driver",
        handler,
        code="LX-000001",
        operator="52-000123",
        birth_date="01/02/1985",
        licence_class="D",
        contract="01/02/2024",
        left="",
    )
    return operator, vehicle, route, driver


def test_DX_38_an_officer_keeps_an_operator_with_its_vehicles_routes_and_drivers(handler, business):
    operator, vehicle, route, driver = business
    assert vehicle.text("operator") == operator.name
    assert [row[0].text for row in route.groups["operators"]] == [vehicle.text("operator")]
    assert driver.text("operator") == vehicle.text("operator")
    assert counted("transport/transport_operator", handler, "by_kind")
    assert listed("transport/transport_vehicle", handler, "due")[0][0] == "77B-012.34"
    assert operator.text("state") == "Đang hiệu lực"


def badge(handler, number, **said):
    return entered(
        "transport/badge",
        handler,
        **{
            "number": number,
            "kind": "fixed",
            "vehicle": "77B-012.34",
            "plate": "77B-012.34",
            "operator": "52-000123",
            "route": "5250.1211.A",
            "ground": "first",
            "issued": "01/02/2026",
            "expires": "31/01/2033",
            **said,
        },
    )


def test_DX_38_an_officer_gives_a_badge_only_to_the_operators_own_vehicle_and_withdraws_it(
    handler, leader, business
):
    entered(
        "transport/transport_operator",
        handler,
        licence="52-000999",
        name="Công ty Khác",
        kind="company",
        kinds=["fixed"],
        safety_unit="yes",
    )
    with pytest.raises(Invalid) as other:
        badge(handler, "BH52000001", operator="52-000999")
    assert [(one.field, one.say) for one in other.value.problems] == [
        ("operator", "Xe này không thuộc đơn vị vận tải đã chọn.")
    ]
    given = badge(handler, "BH52000001")
    withdrawn = registries.move(
        registry="transport/badge",
        id=given.id,
        to="withdraw",
        actor=leader,
        values={"ended": "06/10/2026", "reason": "Vi phạm tốc độ"},
    )
    assert withdrawn.text("state") == "Bị thu hồi"
    assert listed("transport/badge", handler, "withdrawn")[0][0] == "BH52000001"


def test_DX_38_an_officer_settles_what_the_tracker_told_of_speed_and_hours(
    handler, leader, business
):
    told = {
        "plate": "77B-012.34",
        "vehicle": "77B-012.34",
        "operator": "52-000123",
        "driver": "LX-000001",
        "day": "05/10/2026",
        "times": "3",
        "distance": "320",
    }
    fast = entered(
        "transport/transport_violation",
        handler,
        code="VP-0000001",
        kind="speed",
        speed="95",
        allowed="80",
        km="",
        **told,
    )
    with pytest.raises(Invalid) as slow:
        entered(
            "transport/transport_violation",
            handler,
            code="VP-0000002",
            kind="speed",
            speed="70",
            allowed="80",
            km="",
            **told,
        )
    assert [one.field for one in slow.value.problems] == ["speed"]
    long = entered(
        "transport/transport_violation",
        handler,
        code="VP-0000002",
        kind="continuous",
        hours="5,5",
        km="",
        **told,
    )
    assert (fast.text("speed"), long.text("hours")) == ("95 km/h", "5,5 giờ")
    assert counted("transport/transport_violation", handler, "vehicles") == {
        "Chạy quá tốc độ": ("1",),
        "Lái xe liên tục quá thời gian quy định": ("1",),
    }
    done = moved(moved(fast, "confirm", handler), "sanction", leader, decision="QĐ-00123/2026")
    assert done.text("state") == "Đã xử lý"
    assert [row[0] for row in listed("transport/transport_violation", handler, "open")] == [
        "77B-012.34"
    ]


def test_DX_38_an_operator_asks_for_a_badge_and_its_seal_writes_it_into_the_register(
    mother, handler, business, outside
):
    values = {
        **procedures.sample_values(code="2.002288", seed=5),
        "business.licence": "52-000123",
        "vehicle.plate": "77B-012.34",
        "vehicle.kind": "fixed",
        "vehicle.route": "5250.1211.A",
        "vehicle.ground": "first",
    }
    draft = procedures.start_draft(code="2.002288", actor=mother)
    draft = procedures.save_draft(id=draft.id, values=values, actor=mother)
    assert draft.missing_components == ()
    id = procedures.submit(id=draft.id, key="badge", actor=mother).dossier_id
    procedures.receive(id=id, actor=holder("ttpvhcc-tinh-gia-lai", "reception"))
    procedures.propose(id=id, values={}, note="", actor=handler)
    procedures.approve(id=id, actor=holder(HOUSE, "leader"))
    procedures.seal(id=id, actor=holder(HOUSE, "clerk"))
    let_the_house_work()
    (row,) = listed("transport/badge", handler)
    assert row[0] == "01/2026/PH"
    assert row[2:6] == ("77B-012.34", business[0].name, "07/10/2026", "07/10/2033")
    (kept,) = registries.list_records(
        registry="transport/badge", query=ListQuery(columns=("dossier",)), actor=handler
    ).rows
    assert kept.cells[0].text == procedures.dossier(id=id, actor=mother).dossier_code
