"""TT-IV.17: an application is registered before it is bought, and a duplicate is warned of."""

import pytest

from cuaso.kernel.errors import Conflict
from cuaso.services.planning import api as planning
from cuaso.services.planning.contracts import ApplicationDraft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]


def test_TT_IV_17_a_ward_that_wants_its_own_document_system_learns_that_there_is_one(official):
    draft = ApplicationDraft(
        title="Phần mềm văn bản của phường",
        purpose="Theo dõi văn bản đi, văn bản đến và giao việc cho công chức",
        elements=("paper.number", "paper.issued_date", "paper.subject"),
        interfaces=("ky-so",),
        cost_vnd=250_000_000,
    )
    with pytest.raises(Conflict) as refusal:
        planning.register_application(draft=draft, actor=official("leader"))
    assert refusal.value.why == (
        "Hệ thống quản lý văn bản và điều hành (Ủy ban nhân dân tỉnh Gia Lai): "
        "Cùng giữ 3 phần tử dữ liệu: Ngày ban hành, Số văn bản, Trích yếu nội dung. "
        "Tên và mục đích nói cùng việc: “văn bản đi”, “văn bản đến”, “giao việc”. "
        "Cùng kết nối với ky-so để lấy Ngày ban hành, Số văn bản, Trích yếu nội dung."
    )


def test_TT_IV_17_the_register_keeps_purpose_data_interfaces_level_cost_and_contract(official):
    (found,) = planning.applications(actor=official("reception"), text="ho so dia chinh")
    assert (found.state, found.level, found.cost_vnd) == ("building", 3, 9_800_000_000)
    assert found.contract == "Hợp đồng minh hoạ 05/2026"
    assert found.interfaces == ("csdl-dat-dai",)
    assert [title for _, title in found.elements] == [
        "Họ, chữ đệm và tên",
        "Diện tích đất",
        "Số tờ bản đồ",
        "Số thửa đất",
    ]
