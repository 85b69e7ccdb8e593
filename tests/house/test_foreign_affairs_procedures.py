"""DX-19, DX-24: the province consents to APEC cards and to conferences by procedures."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.kernel.errors import Conflict, Invalid
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Dossier, Result
from tests.support.answers import MOTHER, QUY_NHON
from tests.support.dossiers import let_the_house_work, open_steps, rows_of
from tests.support.permissions import COMMITTEE, asked, sealed, signed
from tests.support.registers import counted, entered, holder, listed, moved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
HOUSE = "so-ngoai-vu-gia-lai"
CARD, COMPANY = "foreign-affairs/abtc_card", "foreign-affairs/abtc_company"
CONFERENCE = "foreign-affairs/conference"
ABTC, PERMISSION = "9.000019", "2.002313"
WOOD = "Công ty Cổ phần Gỗ Biển Xanh (minh hoạ)"


@pytest.fixture
def handler():
    return holder(HOUSE, "handler")


@pytest.fixture
def chair():
    return holder(COMMITTEE, "leader")


def only(registry, actor):
    (row,) = registries.list_records(registry=registry, query=ListQuery(), actor=actor).rows
    return registries.record(registry=registry, id=row.id, actor=actor)


def lines(record, actor):
    """Return the history of a record, oldest first: act, step, who and from which dossier."""
    told = registries.history(registry=record.registry, id=record.id, actor=actor)
    return [(one.act, one.step, one.who, one.origin_id) for one in reversed(told)]


def wish(mother, **said):
    """Submit a wish to use a card."""
    fixed = {
        "company__name": WOOD,
        "holder__full_name": "Võ Thị Hạ Lam",
        "holder__personal_number": MOTHER,
        "holder__birth_date": "14/02/1996",
        "holder__passport": "C0123456",
        "holder__post": "Giám đốc",
        "holder__insured_months": "26",
        "holder__economies": ["JP", "KR"],
    }
    return asked(ABTC, mother, **{**fixed, **said})


def company(handler):
    return entered(
        COMPANY,
        handler,
        code="DN-00088",
        name=WOOD,
        good="yes",
        tax_debt="0 đồng",
        insurance_debt="0 đồng",
    )


def test_DX_19_the_chair_consents_to_a_card_and_the_register_holds_it_until_it_is_issued(
    mother, handler, chair
):
    company(handler)
    id = sealed(wish(mother), HOUSE)
    code = Dossier.objects.get(id=id).dossier_code
    one = only(CARD, handler)
    told = ("code", "company", "full_name", "decision", "status", "economies_asked")
    assert {path: one.text(path) for path in told} == {
        "code": "ABTC-000001",
        "company": WOOD,
        "full_name": "Võ Thị Hạ Lam",
        "decision": "01/UBND-NC",
        "status": "Ủy ban nhân dân tỉnh đã cho phép",
        "economies_asked": "Nhật Bản, Hàn Quốc",
    }
    assert (one.value("requested"), one.value("permitted")) == ("2026-10-07", "2026-10-07")
    assert (one.value("personal_number"), one.value("insured_months")) == (MOTHER, 26)
    assert one.value("expires") is None
    assert lines(one, handler) == [
        ("added", "", "Cửa Số", code),
        ("moved", "Ghi cho phép", chair.name, code),
    ]
    let_the_house_work()
    assert only(CARD, handler) == one
    given = registries.move(
        registry=CARD,
        id=one.id,
        to="issue",
        values={
            "card_number": "VNM0012345",
            "issued": "07/10/2026",
            "expires": "07/10/2031",
            "cleared": ["JP"],
        },
        actor=handler,
    )
    assert given.text("status") == "Đã cấp thẻ"
    assert counted(CARD, handler, "by_status") == {"Đã cấp thẻ": ("1",)}


@pytest.mark.parametrize(
    ("known", "months", "why"),
    [
        (False, "26", "không tìm thấy “Công ty Cổ phần Gỗ Biển Xanh (minh hoạ)”"),
        (True, "11", "Người được cho phép phải đóng bảo hiểm xã hội tại doanh nghiệp ít nhất 12"),
    ],
)
def test_DX_19_a_consent_is_not_sealed_for_whom_the_register_refuses(
    mother, handler, known, months, why
):
    if known:
        company(handler)
    id = signed(wish(mother, holder__insured_months=months), HOUSE)
    before = rows_of(id)
    with pytest.raises(Conflict) as refused:
        procedures.seal(id=id, actor=holder(COMMITTEE, "clerk"))
    assert refused.value.what == "Chưa đóng dấu được kết quả này, vì chưa ghi sổ được."
    assert why in refused.value.why
    assert rows_of(id) == before
    assert Result.objects.get(dossier=id).number == ""
    assert listed(CARD, handler) == []
    assert open_steps(id) == ["seal"]


def conference(mother, **said):
    """Submit a wish to hold a conference."""
    fixed = {
        "conference__title": "Hội thảo quốc tế về vật lý hạt (minh hoạ)",
        "conference__mode": "in_person",
        "conference__organiser": "Trung tâm Khoa học Minh Hoạ",
        "conference__partner": "",
        "conference__sensitive": "no",
        "conference__high_guest": "no",
        "conference__starts": "20/12/2026",
        "conference__days": "3",
        "conference__commune": QUY_NHON,
        "conference__foreign_guests": "60",
        "conference__local_guests": "80",
        "conference__report_due": "10/01/2027",
        "speakers__0__full_name": "Dr. Anna Muster",
        "speakers__0__nationality": "DE",
    }
    return asked(PERMISSION, mother, **{**fixed, **said})


def test_DX_24_the_chair_permits_a_conference_and_it_is_held_and_reported_in_the_register(
    mother, handler, chair
):
    id = sealed(conference(mother), HOUSE)
    code = Dossier.objects.get(id=id).dossier_code
    one = only(CONFERENCE, handler)
    told = ("code", "organiser", "authority", "decision", "status", "commune")
    assert {path: one.text(path) for path in told} == {
        "code": "HN-000001",
        "organiser": "Trung tâm Khoa học Minh Hoạ",
        "authority": "Chủ tịch Ủy ban nhân dân tỉnh",
        "decision": "01/UBND-NC",
        "status": "Đã cho phép",
        "commune": "Phường Quy Nhơn",
    }
    assert (one.value("requested"), one.value("permitted")) == ("2026-10-07", "2026-10-07")
    assert (one.value("starts"), one.value("foreign_guests")) == ("2026-12-20", 60)
    assert [cell.text for cell in one.groups["speakers"][0]][:2] == ["Dr. Anna Muster", "Đức"]
    assert lines(one, handler) == [
        ("added", "", "Cửa Số", code),
        ("moved", "Ghi đã cho phép", chair.name, code),
    ]
    assert [row[0] for row in listed(CONFERENCE, handler, "coming")] == ["HN-000001"]
    held = moved(one, "hold", handler)
    assert [row[0] for row in listed(CONFERENCE, handler, "late")] == ["HN-000001"]
    assert counted(CONFERENCE, handler, "guests") == {"Trực tiếp": ("60",)}
    assert held.text("status") == "Đã tổ chức, chờ báo cáo"


def test_DX_24_a_conference_that_is_not_the_province_s_to_permit_is_not_submitted(mother, handler):
    with pytest.raises(Invalid) as above:
        conference(mother, conference__high_guest="yes")
    assert [one.field for one in above.value.problems] == ["conference.sensitive"]
    with pytest.raises(Invalid) as late:
        conference(mother, conference__starts="05/11/2026", conference__report_due="20/11/2026")
    assert [one.field for one in late.value.problems] == ["conference.starts"]
    assert Dossier.objects.count() == 0
    assert listed(CONFERENCE, handler) == []


def test_DX_24_a_revoked_permission_takes_its_conference_out_of_the_register(
    mother, handler, chair
):
    id = sealed(conference(mother), HOUSE)
    procedures.revoke_result(
        id=id, reason="Đổi thành phần khách mời.", ground="against_rules", actor=chair
    )
    let_the_house_work()
    assert listed(CONFERENCE, handler) == []
    gone = ListQuery(gone=True)
    binned = registries.list_records(registry=CONFERENCE, query=gone, actor=holder(HOUSE, "leader"))
    assert len(binned.rows) == 1
