"""TT-IV.12 at the pages of the justice registers: from a birth to a block before notarisation."""

import pytest

from tests.support.answers import QUY_NHON
from tests.support.doors import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

HOUSE, PLACE = "so-tu-phap-gia-lai", "Phường Quy Nhơn"
BLOCKED = "Tài sản có giấy chứng nhận số AB 123456 đang bị ngăn chặn giao dịch."
LAND = {
    "asset_kind": "land",
    "asset": "Thửa 12 tờ 34",
    "paper_number": "AB 123456",
    "commune": QUY_NHON,
}
DEAL = {
    **LAND,
    "office": "CC-00001",
    "number": "000123/2026",
    "notarised_on": "06/10/2026",
    "kind": "sale",
    "checked": "yes",
}
PARTIES = {
    "parties": (
        {"side": "giver", "full_name": "Nguyễn Thị Minh Hoạ", "number": "052096004567"},
        {"side": "taker", "full_name": "Trần Văn Minh Hoạ", "number": "052192001234"},
    )
}


def key(name):
    return f"justice/{name}"


@pytest.fixture
def handler():
    return Desk(HOUSE, "handler")


@pytest.fixture
def leader():
    return Desk(HOUSE, "leader")


def test_TT_IV_12_civil_status_is_kept_by_the_commune_and_counted_by_the_department(handler):
    keeper = Desk(f"ubnd-{QUY_NHON}", "handler")
    birth = keeper.enters(
        key("birth"),
        number="12/2026",
        registered_on="05/10/2026",
        commune=QUY_NHON,
        kind="first",
        full_name="Trần Minh Hoạ",
        birth_date="01/07/2026",
        sex="male",
        nationality="VN",
        ethnic_group="01",
        mother_birth_date="14/02/1996",
        father_birth_date="",
    )
    assert keeper.reads(birth)["Đăng ký quá hạn"] == "Có"
    assert handler.counts(key("birth"), "by_sex") == {PLACE: ("1",)}
    assert handler.is_refused(key("birth"), number="13/2026", commune=QUY_NHON) == [
        "Chưa có quyền làm việc này với sổ “Sổ đăng ký khai sinh”."
    ]
    chair = Desk(f"ubnd-{QUY_NHON}", "leader")
    assert "12/2026" in chair.prints(key("birth"), "register")
    for name in ("marriage", "death", "civil_change", "marital_status"):
        assert keeper.sees(f"/ban-lam-viec/so/{key(name)}/them/") == 200


def test_TT_IV_12_a_blocked_asset_is_not_notarised_before_the_block_is_lifted(handler, leader):
    handler.enters(
        key("notary_office"),
        code="CC-00001",
        name="Văn phòng công chứng Minh Hoạ",
        kind="office",
        notaries="2",
        commune=QUY_NHON,
        decided_on="01/02/2020",
        registered_on="01/03/2020",
        insured_until="31/12/2026",
        position="",
    )
    block = handler.enters(
        key("asset_block"),
        code="NC-000001",
        authority="court",
        order_date="01/10/2026",
        received_at="01/10/2026",
        from_day="01/10/2026",
        until_day="",
        scope="all",
        **LAND,
    )
    deals = key("notarised_deal")
    assert handler.is_refused(deals, rows=PARTIES, **DEAL) == [BLOCKED]
    assert handler.lists(deals) == []
    certifier = Desk(f"ubnd-{QUY_NHON}", "handler")
    assert certifier.sees(block) == 302
    said = {"lifted_by": "Quyết định 12/QĐ-TA", "lifted_on": "06/10/2026"}
    leader.moves(block, "lift", why="Tòa án đình chỉ vụ án", **said)
    handler.enters(deals, rows=PARTIES, **DEAL)
    assert [row[0] for row in handler.lists(deals)] == ["000123/2026"]


def a_child_is_given_legal_aid(handler):
    aid = handler.enters(
        key("legal_aid_case"),
        code="TG-000001",
        accepted_on="01/09/2026",
        ground="child",
        kind="litigation",
        field="criminal",
        commune=QUY_NHON,
        provider="TGPL-00001",
        assigned_on="02/09/2026",
        due="31/12/2026",
        client__full_name="Lê Thị Minh Hoạ",
        client__birth_date="01/02/2012",
    )
    outcome = {"ended_on": "05/10/2026", "outcome": "Giảm nhẹ hình phạt", "success": "yes"}
    handler.moves(aid, "finish", quality="good", fee="3.000.000 đồng", **outcome)
    assert handler.counts(key("legal_aid_case"), "fees") == {"Tham gia tố tụng": ("3.000.000",)}


def test_TT_IV_12_notaries_lawyers_auctions_legal_aid_judicial_records_and_documents_are_kept(
    handler, leader
):
    handler.enters(
        key("notary_office"),
        code="CC-00001",
        kind="office",
        notaries="2",
        commune=QUY_NHON,
        decided_on="01/02/2020",
        registered_on="01/03/2020",
        insured_until="31/12/2026",
        position="",
    )
    notary = handler.enters(
        key("notary"),
        code="CCV-00001",
        birth_date="01/02/1975",
        appointed_on="01/02/2015",
        practising_from="01/03/2015",
        office="CC-00001",
        card_number="1/CCV",
    )
    leader.moves(notary, "end", ended_on="05/10/2026", why="Theo nguyện vọng")
    assert handler.lists(key("notary"), "former")[0][-1] == "05/10/2026"
    handler.enters(
        key("law_office"),
        licence="52000001/TP/ĐKHĐ",
        kind="partnership",
        lawyers="2",
        commune=QUY_NHON,
    )
    handler.enters(
        key("lawyer"),
        certificate="00001/TP/LS-CCHN",
        birth_date="01/02/1980",
        certified_on="01/02/2010",
        joined_on="01/03/2010",
        way="office",
        office="52000001/TP/ĐKHĐ",
        free_duty="3",
    )
    assert handler.counts(key("lawyer"), "free") == {"Trong tổ chức hành nghề luật sư": ("3",)}
    handler.enters(
        key("auction_house"),
        licence="00001/TP-ĐKHĐĐG",
        kind="company",
        auctioneers="2",
        commune=QUY_NHON,
    )
    auction = handler.enters(
        key("asset_auction"),
        code="ĐG-000001",
        house="00001/TP-ĐKHĐĐG",
        asset_kind="land",
        commune=QUY_NHON,
        start_price="2.000.000.000 đồng",
        deposit="400.000.000 đồng",
        posted_on="01/09/2026",
        auction_day="01/10/2026",
    )
    cheap = {"bidders": "5", "price": "1.999.999.999 đồng"}
    assert len(handler.may_not_move(auction, "sell", **cheap)) == 1
    handler.moves(auction, "sell", **{**cheap, "price": "2.350.000.000 đồng"})
    assert handler.counts(key("asset_auction"), "price") == {
        "Quyền sử dụng đất": ("2.350.000.000",)
    }
    handler.enters(
        key("legal_aid_provider"),
        card_number="TGPL-00001",
        role="officer",
        commune=QUY_NHON,
        card_issued="01/02/2020",
    )
    a_child_is_given_legal_aid(handler)
    leader.enters(
        key("judicial_record"),
        number="00001/STP-LLTP",
        form="one",
        applied_on="01/02/2025",
        issued="10/02/2025",
        birth_date="01/02/1990",
        purpose="work",
    )
    records = f"/ban-lam-viec/so/{key('judicial_record')}/"
    handler.says_why(records, "Đối chiếu hồ sơ bổ nhiệm công chứng viên")
    assert [row[0] for row in handler.lists(key("judicial_record"))] == ["00001/STP-LLTP"]
    ward = Desk(f"ubnd-{QUY_NHON}", "handler")
    assert ward.sees(records) in (403, 404)
    document = handler.enters(
        key("legal_document"),
        number="12/2026/QĐ-UBND",
        kind="decision",
        issuer="province_committee",
        field="land",
        issued="01/09/2026",
        in_force="15/09/2026",
        appraised_on="01/08/2026",
        appraisal="ready",
        published="20/09/2026",
        checked_on="",
        rows={"relations": ({"relation": "replaces", "other": "3/2020/QĐ-UBND"},)},
    )
    handler.moves(document, "begin")
    assert [row[0] for row in handler.lists(key("legal_document"), "valid")] == ["12/2026/QĐ-UBND"]
    ended = {"ended_on": "01/10/2026", "ended_by": "15/2026/QĐ-UBND"}
    handler.moves(document, "end", why="Bị thay thế", **ended)
    assert handler.lists(key("legal_document"), "valid") == []
    assert handler.rows_of(document, "relations")[0][1] == "3/2020/QĐ-UBND"
