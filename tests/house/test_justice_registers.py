"""TT-IV.12: civil status, notaries, blocked assets, lawyers, auctions, legal aid, documents."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Filter, ListQuery
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed
from tests.support.registers import counted, entered, holder, listed, moved, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]

HOUSE, QUY_NHON, PLACE = "so-tu-phap-gia-lai", "21583", "Phường Quy Nhơn"


@pytest.fixture
def handler(db):
    return holder(HOUSE, "handler")


@pytest.fixture
def leader(db):
    return holder(HOUSE, "leader")


def test_TT_IV_12_a_commune_keeps_its_births_and_the_department_counts_them(handler):
    keeper = holder(f"ubnd-{QUY_NHON}", "handler")
    birth = entered(
        "justice/birth",
        keeper,
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
    # 96 days after the birth: later than sixty.
    assert birth.text("late") == "Có"
    with pytest.raises(Conflict):
        entered(
            "justice/birth",
            keeper,
            seed=2,
            number="12/2026",
            registered_on="05/10/2026",
            commune=QUY_NHON,
            kind="first",
            birth_date="02/07/2026",
            mother_birth_date="14/02/1996",
            father_birth_date="",
        )
    assert counted("justice/birth", handler, "by_sex") == {PLACE: ("1",)}
    with pytest.raises(NotAllowed):
        entered("justice/birth", handler, number="13/2026", commune=QUY_NHON)


@pytest.fixture
def office(handler):
    return entered(
        "justice/notary_office",
        handler,
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


DEAL = {
    "office": "CC-00001",
    "number": "000123/2026",
    "notarised_on": "06/10/2026",
    "kind": "sale",
    "asset_kind": "land",
    "asset": "Thửa 12 tờ 34",
    "paper_number": "AB 123456",
    "commune": QUY_NHON,
    "checked": "yes",
}
PARTIES = {
    "parties": (
        {"side": "giver", "full_name": "Nguyễn Thị Minh Hoạ", "number": "052096004567"},
        {"side": "taker", "full_name": "Trần Văn Minh Hoạ", "number": "052192001234"},
    )
}


def test_TT_IV_12_a_blocked_asset_cannot_be_notarised_until_the_block_is_lifted(
    handler, leader, office
):
    block = entered(
        "justice/asset_block",
        handler,
        code="NC-000001",
        authority="court",
        order_date="01/10/2026",
        received_at="01/10/2026",
        from_day="01/10/2026",
        until_day="",
        asset_kind="land",
        asset="Thửa 12 tờ 34",
        paper_number="AB 123456",
        commune=QUY_NHON,
        scope="all",
    )
    with pytest.raises(Invalid) as blocked:
        entered("justice/notarised_deal", handler, rows=PARTIES, **DEAL)
    assert [(one.field, one.say) for one in blocked.value.problems] == [
        (
            "paper_number",
            "Tài sản có giấy chứng nhận số AB 123456 đang bị ngăn chặn giao dịch.",
        )
    ]
    assert listed("justice/notarised_deal", handler) == []
    lifted = moved(
        block,
        "lift",
        leader,
        lifted_by="Quyết định 12/QĐ-TA",
        lifted_on="06/10/2026",
        reason="Tòa án đình chỉ vụ án",
    )
    assert lifted.text("state") == "Đã giải tỏa"
    deal = entered("justice/notarised_deal", handler, rows=PARTIES, **DEAL)
    assert deal.text("office") == office.name
    assert [row[0] for row in listed("justice/notarised_deal", handler)] == ["000123/2026"]


def test_TT_IV_12_who_certifies_elsewhere_looks_a_block_up_only_for_a_purpose(handler):
    block = entered(
        "justice/asset_block",
        handler,
        code="NC-000009",
        order_date="01/10/2026",
        received_at="01/10/2026",
        from_day="01/10/2026",
        until_day="",
        asset_kind="house",
        paper_number="CD 654321",
        commune=QUY_NHON,
    )
    certifier = holder(f"ubnd-{QUY_NHON}", "handler")
    query = ListQuery(
        list="land", filters=(Filter(path="paper_number", how="is", values=("CD 654321",)),)
    )
    with pytest.raises(Invalid) as owed:
        registries.record(registry="justice/asset_block", id=block.id, actor=certifier)
    assert owed.value.what == "Hãy nêu mục đích xem bản ghi này."
    why = "Chứng thực hợp đồng tặng cho nhà"
    seen = registries.record(
        registry="justice/asset_block", id=block.id, actor=certifier, purpose=why
    )
    assert (seen.text("paper_number"), seen.text("state")) == ("CD 654321", "Đang ngăn chặn")
    (row,) = registries.list_records(
        registry="justice/asset_block", query=query, actor=certifier
    ).rows
    assert row.id == block.id


def test_TT_IV_12_a_notary_is_dismissed_and_a_lawyer_ends_practice(handler, leader, office):
    notary = entered(
        "justice/notary",
        handler,
        code="CCV-00001",
        birth_date="01/02/1975",
        appointed_on="01/02/2015",
        practising_from="01/03/2015",
        office="CC-00001",
        card_number="1/CCV",
    )
    assert notary.text("office") == office.name
    gone = moved(notary, "end", leader, ended_on="05/10/2026", reason="Theo nguyện vọng")
    assert listed("justice/notary", handler, "former")[0][-1] == "05/10/2026"
    assert gone.moves == ()
    alone = entered(
        "justice/law_office",
        handler,
        licence="39000001/TP/ĐKHĐ",
        kind="partnership",
        lawyers="1",
        insured_until="",
        commune=QUY_NHON,
    )
    assert told(alone, handler) == ["short"]
    firm = entered(
        "justice/law_office",
        handler,
        licence="52000001/TP/ĐKHĐ",
        kind="partnership",
        lawyers="2",
        commune=QUY_NHON,
    )
    lawyer = entered(
        "justice/lawyer",
        handler,
        certificate="00001/TP/LS-CCHN",
        birth_date="01/02/1980",
        certified_on="01/02/2010",
        joined_on="01/03/2010",
        way="office",
        office=firm.text("licence"),
        free_duty="3",
    )
    assert counted("justice/lawyer", handler, "free") == {"Trong tổ chức hành nghề luật sư": ("3",)}
    assert lawyer.text("office") == firm.name


def test_TT_IV_12_an_auction_is_posted_sold_and_annulled(handler, leader):
    entered(
        "justice/auction_house",
        handler,
        licence="00001/TP-ĐKHĐĐG",
        name="Công ty Đấu giá Minh Hoạ",
        kind="company",
        auctioneers="2",
        commune=QUY_NHON,
    )
    asset = {
        "code": "ĐG-000001",
        "house": "00001/TP-ĐKHĐĐG",
        "asset_kind": "land",
        "commune": QUY_NHON,
        "start_price": "2.000.000.000 đồng",
        "posted_on": "01/09/2026",
        "auction_day": "01/10/2026",
    }
    dear = {**asset, "code": "ĐG-000002", "method": "down"}
    down = entered("justice/asset_auction", handler, **dear, deposit="400.000.001 đồng")
    posted = entered(
        "justice/asset_auction", handler, **asset, method="up", deposit="400.000.000 đồng"
    )
    assert (told(down, handler), told(posted, handler)) == (["deposit_over"], [])
    with pytest.raises(Invalid) as above:
        moved(down, "sell", handler, bidders="5", price="2.000.000.001 đồng")
    assert [one.field for one in above.value.problems] == ["price"]
    with pytest.raises(Invalid) as cheap:
        moved(posted, "sell", handler, bidders="5", price="1.999.999.999 đồng")
    assert [one.field for one in cheap.value.problems] == ["price"]
    sold = moved(posted, "sell", handler, bidders="5", price="2.350.000.000 đồng")
    assert listed("justice/asset_auction", handler, "results")[0][-2:] == (
        "2.350.000.000 đồng",
        "5 người",
    )
    assert counted("justice/asset_auction", handler, "price") == {
        "Quyền sử dụng đất": ("2.350.000.000",)
    }
    annulled = moved(sold, "annul", leader, reason="Thông đồng dìm giá")
    assert annulled.text("state") == "Kết quả bị hủy"
    assert listed("justice/asset_auction", handler, "results") == []


def test_TT_IV_12_legal_aid_is_given_to_a_child_and_closed_with_its_quality(handler):
    entered(
        "justice/legal_aid_provider",
        handler,
        card_number="TGPL-00001",
        role="officer",
        commune=QUY_NHON,
        card_issued="01/02/2020",
    )
    said = {
        "code": "TG-000001",
        "accepted_on": "01/09/2026",
        "ground": "child",
        "kind": "litigation",
        "field": "criminal",
        "commune": QUY_NHON,
        "provider": "TGPL-00001",
        "assigned_on": "02/09/2026",
        "due": "31/12/2026",
        "client__full_name": "Lê Thị Minh Hoạ",
    }
    with pytest.raises(Invalid) as grown:
        entered("justice/legal_aid_case", handler, **said, client__birth_date="01/02/2000")
    assert len(grown.value.problems) == 1
    case = entered("justice/legal_aid_case", handler, **said, client__birth_date="01/02/2012")
    done = moved(
        case,
        "finish",
        handler,
        ended_on="05/10/2026",
        outcome="Giảm nhẹ hình phạt",
        success="yes",
        quality="good",
        fee="3.000.000 đồng",
    )
    assert done.text("quality") == "Tốt"
    assert counted("justice/legal_aid_case", handler, "fees") == {
        "Tham gia tố tụng": ("3.000.000",)
    }


def test_TT_IV_12_a_judicial_record_is_looked_up_and_never_written_by_who_reads_it(handler, leader):
    said = {
        "number": "00001/STP-LLTP",
        "form": "one",
        "applied_on": "01/02/2025",
        "issued": "10/02/2025",
        "birth_date": "01/02/1990",
        "purpose": "work",
    }
    with pytest.raises(NotAllowed):
        entered("justice/judicial_record", handler, **said)
    entered("justice/judicial_record", leader, **said)
    assert [row[0] for row in listed("justice/judicial_record", handler)] == ["00001/STP-LLTP"]
    assert listed("justice/judicial_record", holder(f"ubnd-{QUY_NHON}", "handler")) == []


def test_TT_IV_12_a_legal_document_comes_into_force_and_is_replaced(handler):
    said = {
        "number": "12/2026/QĐ-UBND",
        "kind": "decision",
        "issuer": "province_committee",
        "title": "Quy định minh hoạ",
        "field": "land",
        "issued": "01/09/2026",
        "in_force": "15/09/2026",
        "appraised_on": "01/08/2026",
        "appraisal": "ready",
        "published": "20/09/2026",
        "checked_on": "",
    }
    with pytest.raises(Invalid) as named:
        entered("justice/legal_document", handler, **{**said, "kind": "resolution"})
    assert [one.field for one in named.value.problems] == ["kind"]
    draft = entered(
        "justice/legal_document",
        handler,
        **said,
        rows={"relations": ({"relation": "replaces", "other": "3/2020/QĐ-UBND"},)},
    )
    valid = moved(draft, "begin", handler)
    assert [row[0] for row in listed("justice/legal_document", handler, "valid")] == [
        "12/2026/QĐ-UBND"
    ]
    ended = moved(
        valid,
        "end",
        handler,
        ended_on="01/10/2026",
        ended_by="15/2026/QĐ-UBND",
        reason="Bị thay thế",
    )
    assert listed("justice/legal_document", handler, "ended")[0][2:] == (
        "01/10/2026",
        "15/2026/QĐ-UBND",
    )
    assert ended.groups["relations"][0][1].text == "3/2020/QĐ-UBND"
