"""DX-10: associations and funds are founded, change their charters and end by procedures."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.kernel.errors import Conflict
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Dossier, Result
from tests.support.answers import MOTHER
from tests.support.apparatus import HOUSE, key
from tests.support.dossiers import let_the_house_work, open_steps, rows_of
from tests.support.permissions import COMMITTEE, asked, initialled, sealed, signed
from tests.support.registers import holder, listed, moved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
ASSOCIATION, FUND = key("association"), key("fund")
FOUNDING, CHARTER, DISSOLUTION = "1.012929", "1.012931", "1.012933"
LICENCE, FUND_CHARTER, FUND_END = "1.014936", "1.003621", "1.003866"
NAME = "Hội Cờ tướng (minh hoạ)"
HEAD = {
    "head__leader__full_name": "Võ Thị Hạ Lam",
    "head__leader__personal_number": MOTHER,
    "head__leader__birth_date": "14/02/1966",
    "head__leader__sex": "female",
}
TERM = {
    "request__congress_on": "15/09/2026",
    "request__term_years": "5",
    "request__term_ends_on": "15/09/2031",
    "request__members": "64",
    "leaders__0__full_name": "Võ Thị Hạ Lam",
    "leaders__0__role": "chair",
    "leaders__0__official": "no",
    "leaders__0__agreed_by": "",
}
OVER = {
    "association__name": NAME,
    "dissolution__reason": "Mục đích của hội đã hoàn thành.",
    "dissolution__resolved_on": "01/10/2026",
    "dissolution__assets": "0 đồng",
    "dissolution__debts_paid": "yes",
}


@pytest.fixture
def handler():
    return holder(HOUSE, "handler")


@pytest.fixture
def chair():
    return holder(COMMITTEE, "leader")


def only(registry, actor):
    (row,) = registries.list_records(registry=registry, query=ListQuery(), actor=actor).rows
    return registries.record(registry=registry, id=row.id, actor=actor)


def again(record, actor):
    return registries.record(registry=record.registry, id=record.id, actor=actor)


def lines(record, actor):
    """Return the history of a record, oldest first: act, step, who and from which dossier."""
    told = registries.history(registry=record.registry, id=record.id, actor=actor)
    return [(one.act, one.step, one.who, one.origin_id) for one in reversed(told)]


def code_of(id):
    return Dossier.objects.get(id=id).dossier_code


def founded(mother, **said):
    id = asked(
        FOUNDING,
        mother,
        association__name=NAME,
        association__foreign_name="",
        association__field="sport",
        association__scope="province",
        association__members="52",
        **{**HEAD, **said},
    )
    sealed(id, HOUSE)
    let_the_house_work()
    return id


def chartered(mother, record, **said):
    fixed = {"association__code": record.text("code"), "association__name": NAME}
    fixed |= {"request__kind": "first", **TERM, **HEAD}
    return sealed(asked(CHARTER, mother, **{**fixed, **said}), HOUSE)


def test_DX_10_an_association_is_founded_chartered_renamed_and_dissolved_by_sealed_decisions(
    mother, handler, chair
):
    first = founded(mother)
    one = only(ASSOCIATION, handler)
    assert {path: one.text(path) for path in ("code", "name", "field", "licence", "status")} == {
        "code": "HOI-00001",
        "name": NAME,
        "field": "Thể dục, thể thao",
        "licence": "01/QĐ-UBND",
        "status": "Được phép thành lập, chờ điều lệ",
    }
    assert one.value("established_on") == "2026-10-07"
    assert (one.value("members"), one.value("leader.personal_number")) == (52, MOTHER)
    assert (one.text("charter"), one.value("term_ends_on")) == ("", None)
    second = chartered(mother, one)
    one = again(one, handler)
    assert (one.text("status"), one.text("charter")) == ("Đang hoạt động", "02/QĐ-UBND")
    assert (one.value("charter_on"), one.value("term_ends_on")) == ("2026-10-07", "2031-09-15")
    assert (one.value("term_years"), one.value("members")) == (5, 64)
    assert [cell.text for cell in one.groups["leaders"][0]][:2] == [
        "Võ Thị Hạ Lam",
        "Chủ tịch, Trưởng ban",
    ]
    renamed = {"request__kind": "rename", "request__new_name": "Hội Cờ (minh hoạ)"}
    third = chartered(mother, one, **renamed, request__term_ends_on="30/06/2031")
    one = again(one, handler)
    assert (one.name, one.text("status")) == ("Hội Cờ (minh hoạ)", "Đang hoạt động")
    assert (one.text("charter"), one.value("term_ends_on")) == ("03/QĐ-UBND", "2031-06-30")
    assert [row[1] for row in listed(ASSOCIATION, handler, "public")] == ["Hội Cờ (minh hoạ)"]
    last = sealed(asked(DISSOLUTION, mother, association__code="HOI-00001", **OVER), HOUSE)
    one = again(one, handler)
    assert (one.text("status"), one.value("ended_on")) == ("Đã giải thể", "2026-10-07")
    assert listed(ASSOCIATION, handler, "public") == []
    assert [row[0] for row in listed(ASSOCIATION, handler, "ended")] == ["HOI-00001"]
    house, leader = "Cửa Số", chair.name
    assert lines(one, handler) == [
        ("added", "", house, code_of(first)),
        ("changed", "", house, code_of(second)),
        ("moved", "Phê duyệt điều lệ", leader, code_of(second)),
        ("changed", "", house, code_of(third)),
        ("moved", "Phê duyệt điều lệ sửa đổi", leader, code_of(third)),
        ("moved", "Giải thể", leader, code_of(last)),
    ]
    told = registries.history(registry=ASSOCIATION, id=one.id, actor=handler)[0]
    assert told.reason == "Quyết định giải thể hội số 04/QĐ-UBND"
    let_the_house_work()
    assert len(lines(one, handler)) == 6


def test_DX_10_a_decision_is_not_sealed_where_the_register_has_gone_elsewhere_meanwhile(
    mother, handler, chair
):
    founded(mother)
    one = only(ASSOCIATION, handler)
    chartered(mother, one)
    id = signed(asked(DISSOLUTION, mother, association__code="HOI-00001", **OVER), HOUSE)
    leader = holder(HOUSE, "leader")
    merged = moved(again(one, leader), "merge", leader, ended_on="07/10/2026")
    before, told = rows_of(id), lines(merged, handler)
    with pytest.raises(Conflict) as refused:
        procedures.seal(id=id, actor=holder(COMMITTEE, "clerk"))
    assert refused.value.code == "procedures.record_refused"
    assert str(refused.value) == (
        "Chưa đóng dấu được kết quả này, vì chưa ghi sổ được. Không thực hiện được “Giải thể”."
        " Bản ghi đang ở trạng thái khác với trạng thái mà bước này bắt đầu."
        " Hãy báo người thẩm tra sửa sổ hoặc hồ sơ rồi làm lại. Chưa có gì được ghi."
    )
    assert rows_of(id) == before
    assert Result.objects.get(dossier=id).number == ""
    assert (again(merged, handler), lines(merged, handler)) == (again(merged, handler), told)
    assert again(merged, handler).text("status") == "Đã sáp nhập, hợp nhất"
    assert open_steps(id) == ["seal"]
    other = initialled(asked(DISSOLUTION, mother, association__code="HOI-00001", **OVER), HOUSE)
    before = rows_of(other)
    with pytest.raises(Conflict) as unsigned:
        procedures.approve(id=other, actor=chair)
    assert unsigned.value.what == "Chưa ký được kết quả này, vì chưa ghi sổ được."
    assert rows_of(other) == before


def test_DX_10_the_chair_does_not_sign_about_an_association_that_the_register_does_not_know(
    mother, handler, chair
):
    id = initialled(asked(DISSOLUTION, mother, association__code="HOI-09999", **OVER), HOUSE)
    before = rows_of(id)
    with pytest.raises(Conflict) as unknown:
        procedures.approve(id=id, actor=chair)
    assert "Sổ “Hội” không có bản ghi “HOI-09999”." in unknown.value.why
    assert rows_of(id) == before
    assert listed(ASSOCIATION, handler) == []


def test_DX_10_a_corrected_charter_amends_and_a_revoked_dissolution_gives_the_standing_back(
    mother, handler, chair
):
    founded(mother)
    one = only(ASSOCIATION, handler)
    id = chartered(mother, one)
    procedures.correct_result(
        id=id,
        values={"request.term_ends_on": "14/09/2031"},
        reason="Ghi sai ngày hết nhiệm kỳ.",
        actor=holder(HOUSE, "handler"),
    )
    procedures.approve(id=id, actor=chair)
    procedures.seal(id=id, actor=holder(COMMITTEE, "clerk"))
    one = again(one, handler)
    assert (one.value("term_ends_on"), one.text("charter")) == ("2031-09-14", "03/QĐ-UBND")
    assert [line[:2] for line in lines(one, handler)] == [
        ("added", ""),
        ("changed", ""),
        ("moved", "Phê duyệt điều lệ"),
        ("changed", ""),
    ]
    over = sealed(asked(DISSOLUTION, mother, association__code="HOI-00001", **OVER), HOUSE)
    assert again(one, handler).text("status") == "Đã giải thể"
    procedures.revoke_result(
        id=over, reason="Chưa thanh toán hết nợ.", ground="against_rules", actor=chair
    )
    let_the_house_work()
    back = again(one, handler)
    assert (back.text("status"), back.value("ended_on")) == ("Đang hoạt động", None)
    assert lines(back, handler)[-1][0] == "undone"


def licensed(mother):
    board = {
        f"board__{number}__{field}": text
        for number, name in enumerate(("Nguyễn Thị Mai", "Bùi Minh Khang", "Hồ Gia Bảo"))
        for field, text in (("full_name", name), ("role", "member"), ("founder", "no"))
    }
    id = asked(
        LICENCE,
        mother,
        fund__name="Quỹ Vì bệnh nhân nghèo (minh hoạ)",
        fund__kind="charity",
        fund__scope="province",
        fund__purpose="Chữa bệnh cho trẻ em mắc bệnh tim.",
        fund__minimum="130.000.000 đồng",
        fund__assets="1.300.000.000 đồng",
        fund__foreign_aid="no",
        founders__0__name="Công ty Gỗ Quê Hương (minh hoạ)",
        founders__0__foreign="no",
        founders__0__given_vnd="1.300.000.000 đồng",
        founders__1__foreign="no",
        **board,
    )
    sealed(id, HOUSE)
    let_the_house_work()
    return id


def test_DX_10_a_fund_is_licensed_changes_its_charter_and_dissolves_by_sealed_decisions(
    mother, handler, chair
):
    first = licensed(mother)
    one = only(FUND, handler)
    assert {path: one.text(path) for path in ("code", "licence", "kind", "status")} == {
        "code": "GPQ-00001",
        "licence": "01/GP-UBND",
        "kind": "Quỹ từ thiện",
        "status": "Đã cấp giấy phép thành lập",
    }
    assert (one.value("assets_vnd"), one.value("minimum_vnd")) == (1_300_000_000, 130_000_000)
    assert one.value("licensed_on") == "2026-10-07"
    assert [row[0].text for row in one.groups["board"]][:3] == [
        "Nguyễn Thị Mai",
        "Bùi Minh Khang",
        "Hồ Gia Bảo",
    ]
    fund = {"fund__code": "GPQ-00001", "fund__name": one.name}
    purpose = "Chữa bệnh cho trẻ em và người già."
    changed = asked(
        FUND_CHARTER,
        mother,
        **fund,
        change__name="",
        change__purpose=purpose,
        change__other="",
        change__resolved_on="01/10/2026",
    )
    sealed(changed, HOUSE)
    one = again(one, handler)
    assert (one.text("purpose"), one.text("charter")) == (purpose, "01/QĐ-UBND")
    assert (one.name, one.text("status")) == (
        "Quỹ Vì bệnh nhân nghèo (minh hoạ)",
        "Đã cấp giấy phép thành lập",
    )
    over = asked(
        FUND_END,
        mother,
        **fund,
        dissolution__assets_to="Ngân sách nhà nước",
        dissolution__resolved_on="01/10/2026",
        dissolution__debts_paid="yes",
    )
    sealed(over, HOUSE)
    one = again(one, handler)
    assert (one.text("status"), one.text("assets_to")) == ("Đã giải thể", "Ngân sách nhà nước")
    assert (one.value("ended_on"), one.value("eligible_on")) == ("2026-10-07", None)
    assert listed(FUND, handler, "public") == []
    assert lines(one, handler) == [
        ("added", "", "Cửa Số", code_of(first)),
        ("changed", "", "Cửa Số", code_of(changed)),
        ("moved", "Công nhận điều lệ sửa đổi", chair.name, code_of(changed)),
        ("moved", "Giải thể", chair.name, code_of(over)),
    ]
