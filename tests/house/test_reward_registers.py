"""DX-13: a reward is proposed, checked against what the register holds, voted on, given."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.kernel.errors import Invalid
from tests.support.apparatus import HOUSE, apparatus_of, key, official
from tests.support.registers import entered, holder, listed, moved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]


@pytest.fixture
def handler():
    return holder(HOUSE, "handler")


@pytest.fixture
def leader():
    return holder(HOUSE, "leader")


@pytest.fixture
def apparatus(handler):
    return apparatus_of(handler)


def told(record, actor):
    """Return the names of the notices that hold for a record."""
    found = registries.notices_of(registry=record.registry, ids=[record.id], actor=actor)
    return [one.name for one in found.get(record.id, ())]


def again(record, actor, *, purpose: str = ""):
    return registries.record(registry=record.registry, id=record.id, actor=actor, purpose=purpose)


def proposal(number, actor, **said):
    fixed = {
        "subject": "person",
        "name": "Võ Thị Hạ Lam",
        "reason": "work",
        "years": "5",
        "form": "cstd_tinh",
        "level": "province",
        "initiative": "Sáng kiến số 12/2024",
        "received_on": "01/09/2026",
        "due_on": "01/11/2026",
        "campaign": "",
        "disciplined": "no",
        "late_taxes": "no",
        "checked_by": "",
        "refused_why": "",
    }
    title = {"form": "cstd_co_so", "decision": "0412/QĐ-UBND"}
    past = tuple({**title, "year": year} for year in ("2023", "2024"))
    rows = {"past": past, "votes": ()}
    return entered(
        key("reward_proposal"), actor, code=f"ĐN-{number:06}", rows=rows, **{**fixed, **said}
    )


def reward(number, actor, **said):
    fixed = {
        "subject": "person",
        "name": "Võ Thị Hạ Lam",
        "form": "cstd_co_so",
        "year": "2024",
        "level": "department",
        "decided_on": "15/01/2025",
        "given_on": "",
        "organisation": "",
        "proposal": "",
        "reason": "work",
    }
    return entered(key("reward"), actor, certificate=f"KT-{number:06}", **{**fixed, **said})


def test_DX_13_a_title_is_checked_against_the_rewards_that_the_register_holds(
    apparatus, handler, leader
):
    entered(
        key("campaign"),
        handler,
        code="PT-00019",
        level="province",
        launched_by="",
        commune="",
        begins_on="01/01/2026",
        ends_on="31/12/2026",
    )
    official(4, handler, organisation="H21.90.01")
    asked = proposal(1, handler, official="CB-000004", organisation=apparatus)
    reward(1, handler, official="CB-000004", year="2023")
    said = {"checked_by": "Đủ điều kiện và tiêu chuẩn."}
    with pytest.raises(Invalid) as short:
        moved(asked, "check", handler, **said)
    assert [(one.field, one.say) for one in short.value.problems] == [
        ("official", "Sổ khen thưởng ghi người này chưa đủ hai lần Chiến sĩ thi đua cơ sở.")
    ]
    assert again(asked, handler).text("status") == "Đã nhận"
    reward(2, handler, official="CB-000004", year="2024")
    checked = moved(asked, "check", handler, **said)
    assert [row[0] for row in listed(key("reward_proposal"), handler, "council")] == [
        "Võ Thị Hạ Lam"
    ]
    with pytest.raises(Invalid):
        entered(
            key("council_meeting"),
            handler,
            code="HĐTĐ-00060",
            members="13",
            attending="13",
            least="90",
            rows={
                "votes": (
                    {"proposal": "ĐN-000001", "agree": "11", "disagree": "2", "passed": "yes"},
                )
            },
        )
    entered(
        key("council_meeting"),
        handler,
        code="HĐTĐ-00061",
        members="13",
        attending="13",
        least="90",
        rows={
            "votes": ({"proposal": "ĐN-000001", "agree": "12", "disagree": "1", "passed": "yes"},)
        },
    )
    vote = {"council": "province", "day": "20/09/2026", "members": "13", "agree": "12"}
    registries.amend(
        registry=asked.registry,
        id=asked.id,
        values={"votes": [vote]},
        actor=handler,
        reason="Ghi phiếu",
    )
    ready = moved(moved(again(checked, handler), "vote", handler), "submit", leader)
    given = reward(
        3,
        handler,
        official="CB-000004",
        form="cstd_tinh",
        level="province",
        year="2025",
        decided_on="01/10/2026",
        decision="1188/QĐ-CTUBND",
        proposal="ĐN-000001",
    )
    assert moved(ready, "reward", handler).text("status") == "Đã khen thưởng"
    assert moved(given, "give", handler, given_on="07/10/2026").text("given_on") == "07/10/2026"
    merit = reward(
        4,
        handler,
        official="CB-000004",
        form="bang_khen_tinh",
        level="province",
        decision="1189/QĐ-CTUBND",
    )
    paper = registries.draw_paper(registry=key("reward"), id=merit.id, name="merit", actor=handler)
    assert paper.pdf[:5] == b"%PDF-"
    printed = registries.print_register(
        registry=key("reward"), name="register", query=ListQuery(), actor=handler
    )
    assert (printed.rows, printed.pdf[:5]) == (4, b"%PDF-")
    second = proposal(2, handler, official="CB-000004", organisation=apparatus)
    assert told(second, handler) == ["again"]
