"""Programs that draw, fetch and sign papers of a record, and ask what a record waits for."""

from typing import Any

import pytest

from tests.rest.conftest import Caller, signed_in
from tests.support.registers import bridge_on_a_road, entered, holder, home_affairs_on_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
DEPARTMENT, COMMITTEE = "so-noi-vu-gia-lai", "ubnd-tinh-gia-lai"
REWARD, PROPOSAL = "home-affairs/reward", "home-affairs/reward_proposal"


@pytest.fixture
def desk() -> Caller:
    return signed_in(holder(DEPARTMENT, "handler"))


@pytest.fixture
def award(db) -> str:
    """Return the address of an award that stands in the register."""
    del db
    made = entered(
        REWARD,
        holder(DEPARTMENT, "handler"),
        certificate="KT-900001",
        subject="person",
        name="Võ Thị Hạ Lam",
        post="Chuyên viên Sở Nội vụ",
        official="",
        form="bang_khen_tinh",
        level="province",
        reason="work",
        year="2025",
        decision="0412/QĐ-UBND",
        decided_on="01/10/2026",
        work="Đã có thành tích xuất sắc trong công tác năm 2025.",
        **dict.fromkeys(("organisation", "proposal", "given_on"), ""),
    )
    return f"/so/{REWARD}/{made.id}"


def code_of(response: Any, status: int) -> str:
    assert response.status_code == status, response.content.decode()
    return str(response.json()["type"]).rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def body_of(response: Any) -> bytes:
    assert response.status_code == 200, response
    assert response["Content-Type"] == "application/pdf"
    return b"".join(response)


@pytest.mark.usefixtures("outside")
def test_KT_e5_a_program_draws_a_certificate_has_it_signed_and_sealed_and_fetches_each_state(
    desk, award
):
    offered = desk.get(f"{award}/papers").json()
    assert ([one["name"] for one in offered["offers"]], offered["lines"]) == (["merit"], [])
    drawn = desk.post(f"{award}/papers", {"kind": "merit"}, If_Match='"1"')
    assert drawn.status_code == 201, drawn.content.decode()
    paper = f"{award}/papers/{drawn.json()['id']}"
    assert drawn["Location"] == f"/api/v1{paper}"
    plain = body_of(desk.get(paper))
    again = desk.post(f"{award}/papers", {"kind": "merit"}, If_Match='"1"')
    assert again.json()["id"] == drawn.json()["id"]
    assert body_of(desk.get(paper)) == plain
    refused = desk.post(f"{paper}/sign")
    assert refused.status_code == 403, refused.content.decode()
    assert "không được ký “Bằng khen”" in refused.json()["title"]
    chairman, clerk = (signed_in(holder(COMMITTEE, role)) for role in ("leader", "clerk"))
    signed = chairman.post(f"{paper}/sign")
    assert (signed.status_code, signed.json()["state"]) == (200, "signed")
    sealed = clerk.post(f"{paper}/seal")
    assert (sealed.status_code, sealed.json()["state"]) == (200, "filed")
    filed = body_of(desk.get(paper))
    assert filed.startswith(b"%PDF-")
    assert filed != plain
    (line,) = desk.get(f"{award}/papers").json()["lines"]
    assert (line["state"], line["issued_date"]) == ("filed", "2026-10-07")
    revoked = chairman.post(f"{paper}/revoke", {"reason": "Cấp nhầm người."})
    assert (revoked.json()["state"], revoked.json()["ended_why"]) == ("revoked", "Cấp nhầm người.")


def test_a_program_draws_a_paper_of_a_record_that_it_saw_differently_and_nothing_is_drawn(
    desk, award
):
    assert desk.post(f"{award}/papers", {"kind": "merit"}).status_code == 428
    late = desk.post(f"{award}/papers", {"kind": "merit"}, If_Match='"9"')
    assert late.status_code in (409, 412), late.content.decode()
    assert desk.post(f"{award}/papers", {"kind": "none"}, If_Match='"1"').status_code == 404
    assert desk.get(f"{award}/papers").json()["lines"] == []


def test_a_stranger_reads_no_paper_no_notice_and_no_turn_of_a_record(desk, award, guest, mother):
    made = desk.post(f"{award}/papers", {"kind": "merit"}, If_Match='"1"').json()
    for what in ("papers", f"papers/{made['id']}", "notices", "turns"):
        assert guest.get(f"{award}/{what}").status_code == 401
        assert mother.get(f"{award}/{what}").status_code in (403, 404)


def test_KT_e5_a_program_asks_what_waits_for_its_post_and_where_a_record_stands(desk):
    handler = holder(DEPARTMENT, "handler")
    code = home_affairs_on_record(handler)
    made = entered(
        PROPOSAL,
        handler,
        code="ĐN-900001",
        name="Nguyễn Thị Mai",
        subject="person",
        form="hc_ld_3",
        reason="work",
        years="5",
        level="state",
        received_on="05/10/2026",
        due_on="06/10/2026",
        disciplined="no",
        late_taxes="no",
        rows={"past": (), "votes": ()},
        organisation=code,
        **dict.fromkeys(("campaign", "checked_by", "opinion", "refused_why", "official"), ""),
    )
    (turn,) = desk.get(f"/so/{PROPOSAL}/{made.id}/turns").json()
    assert (turn["title"], turn["mine"]) == ("Thẩm định hồ sơ, thành tích", True)
    mine = {one["id"]: one for one in desk.get(f"/so/{PROPOSAL}/waiting").json()}
    assert mine[str(made.id)]["step"] == "Thẩm định hồ sơ, thành tích"
    assert str(made.id) in {one["id"] for one in desk.get("/so/waiting").json()}
    leader = signed_in(holder(DEPARTMENT, "leader"))
    assert str(made.id) not in {one["id"] for one in leader.get("/so/waiting").json()}


def test_KT_e5_a_program_reads_what_is_worth_knowing_about_a_bridge_today():
    handler = holder("so-xay-dung-gia-lai", "handler")
    _, made = bridge_on_a_road(handler, last_checked="15/01/2025", next_check="15/01/2026")
    caller, address = signed_in(handler), f"/so/transport/bridge/{made.id}"
    assert caller.get(f"{address}/notices").json() == []
    opened = signed_in(holder("so-xay-dung-gia-lai", "leader")).post(
        f"{address}/moves/open", {"reason": "Nghiệm thu xong."}, If_Match='"1"'
    )
    assert opened.status_code == 200, opened.content.decode()
    (told,) = caller.get(f"{address}/notices").json()
    assert (told["name"], told["late"]) == ("unchecked", True)
    assert told["say"] == "Cầu phải kiểm tra ngày 15/01/2026."


def test_KT_e5_a_program_prints_a_register_of_what_it_asks_for(desk, award):
    del award
    printed = desk.get(f"/so/{REWARD}/prints/register", where="certificate:is:KT-900001")
    assert printed.status_code == 200, printed.content.decode()
    pdf = body_of(printed)
    assert pdf.startswith(b"%PDF-")
    assert desk.get(f"/so/{REWARD}/prints/none").status_code == 404
