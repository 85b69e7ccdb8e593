"""DX-14: commune officials, people who help in the villages, programmes for youth."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound
from tests.support.apparatus import HOUSE, key, official, organisation
from tests.support.registers import counted, entered, holder, listed, moved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
QUY_NHON, TUY_PHUOC = "21583", "21952"


@pytest.fixture
def handler():
    return holder(HOUSE, "handler")


def again(record, actor):
    return registries.record(registry=record.registry, id=record.id, actor=actor)


@pytest.fixture
def committee(handler):
    """Keep the committee of Quy Nhơn ward and a section of it, as the register of organisations
    names them.
    """
    organisation(
        "H21.91",
        handler,
        name="Ủy ban nhân dân phường Quy Nhơn (minh hoạ)",
        kind="committee",
        parent="",
        commune=QUY_NHON,
    )
    organisation(
        "H21.91.01",
        handler,
        name="Phòng Văn hóa - Xã hội (minh hoạ)",
        kind="commune_section",
        parent="H21.91",
        commune=QUY_NHON,
    )


def test_DX_14_commune_officials_are_known_by_the_ward_and_the_department_and_counted(
    committee, handler
):
    ward, other = holder(f"ubnd-{QUY_NHON}", "handler"), holder(f"ubnd-{TUY_PHUOC}", "handler")
    one = official(41, ward, organisation="H21.91.01", commune=QUY_NHON, rank="01.003")
    assert (one.agency_id, one.text("commune")) == (ward.agency_id, "Phường Quy Nhơn")
    (line,) = listed(key("official"), handler, "commune", commune=QUY_NHON)
    assert line[:3] == (
        "Phường Quy Nhơn",
        "Võ Thị Hạ Lam",
        "Công chức, viên chức không giữ chức vụ",
    )
    assert counted(key("official"), handler, "by_commune")["Phường Quy Nhơn"] == ("1",)
    with pytest.raises(NotFound):
        again(one, other)
    with pytest.raises(Invalid) as director:
        official(
            42,
            handler,
            organisation="H21.91.01",
            commune=QUY_NHON,
            post="director",
            post_since="01/01/2026",
        )
    assert [problem.field for problem in director.value.problems] == ["post"]
    settlement = entered(key("settlement"), ward, code="TDP-001204", commune=QUY_NHON)
    head = {
        "person__full_name": "Trần Văn Bình",
        "person__personal_number": "052094000123",
        "person__birth_date": "01/03/1980",
        "settlement": settlement.text("code"),
        "title": "head",
        "also": ["population"],
        "allowance_vnd": "2.340.000 đồng",
        "also_vnd": "1.170.000 đồng",
        "since": "01/08/2025",
        "term_ends_on": "01/08/2030",
    }
    helper = entered(key("part_time_worker"), ward, code="KCT-000001", commune=QUY_NHON, **head)
    assert helper.value("total_vnd") == 3_510_000
    assert len(listed(key("part_time_worker"), handler, "heads", commune=QUY_NHON)) == 1
    with pytest.raises(NotAllowed):
        entered(key("part_time_worker"), other, code="KCT-000002", commune=QUY_NHON, **head)


def test_DX_14_a_youth_programme_is_led_to_its_end_and_never_spends_more_than_was_given(
    committee, handler
):
    planned = entered(
        key("youth_programme"),
        handler,
        code="CTTN-00063",
        name="Thanh niên khởi nghiệp từ nông sản (minh hoạ)",
        field="job",
        unit="H21.91",
        commune=QUY_NHON,
        begins_on="01/03/2026",
        ends_on="30/11/2026",
        target="600",
        budget_vnd="300.000.000 đồng",
    )
    assert planned.text("status") == "Đã phê duyệt"
    with pytest.raises(Invalid) as beyond:
        moved(planned, "begin", handler, reached="40", spent_vnd="300.000.001 đồng")
    assert [problem.field for problem in beyond.value.problems] == ["spent_vnd"]
    assert again(planned, handler) == planned
    running = moved(planned, "begin", handler, reached="520", spent_vnd="250.000.000 đồng")
    (line,) = listed(key("youth_programme"), handler, "running")
    assert line[3:] == ("600 người", "520 người", "250.000.000 đồng")
    done = moved(running, "finish", handler, result="Hai mô hình được nhân rộng.")
    assert (done.text("status"), done.text("result")) == (
        "Hoàn thành",
        "Hai mô hình được nhân rộng.",
    )
    assert listed(key("youth_programme"), handler, "running") == []
    assert counted(key("youth_programme"), handler, "budget") == {
        "Việc làm, khởi nghiệp": ("300.000.000",)
    }
    ward = holder(f"ubnd-{TUY_PHUOC}", "handler")
    assert again(done, ward).text("unit") == "Ủy ban nhân dân phường Quy Nhơn (minh hoạ)"
    with pytest.raises(NotAllowed):
        entered(key("youth_programme"), ward, code="CTTN-00064", unit="H21.91")
