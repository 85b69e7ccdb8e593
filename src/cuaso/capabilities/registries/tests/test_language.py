"""What a declaration may say of moves, masks and sameness, and what an official meets by it."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.capabilities.registries.tests.conftest import INSTALLER, MOMENT, VESSEL, official
from cuaso.declarations.registries import Registry
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid

KEY = "harbour/ship"
CREW = [
    {"full_name": "Lê Văn Tám", "job": "Máy trưởng", "card": "C1234567"},
    {"full_name": "Hồ Bảy", "job": "Bếp", "card": "C7654321"},
]


@pytest.fixture
def ship(vessel: Registry) -> Registry:
    """Install a registry beside that of vessels, which says more of itself."""
    plain: dict[str, Any] = vessel.dump()
    plain["fields"] |= {
        "left_on": {"title": "Ngày xóa", "type": "date", "required": "no", "not_after": "today"},
        "decision": {"title": "Quyết định", "required": "no", "when": "status == 'xoa'"},
        "checked_by": {"title": "Hạn kiểm tra", "type": "date", "required": "no"},
        "safe": {"title": "An toàn", "type": "yes_no", "required": "no"},
        "radio": {"title": "Hô hiệu", "required": "no", "unique": "yes"},
    }
    plain["groups"]["crew"]["fields"]["card"] = {"title": "Số hộ chiếu", "required": "no"}
    plain["masks"]["crew.card"] = {"show": "last_4", "roles": ["leader"]}
    plain["unique"] = [["name", "commune"]]
    plain["rules"].append(
        {"check": "built_on <= left_on", "say": "Ngày xóa trước ngày đóng.", "at": "left_on"}
    )
    strike = plain["statuses"]["moves"]["strike"]
    plain["statuses"]["moves"]["strike"] = strike | {
        "roles": ["leader"],
        "asks": ["left_on", "decision"],
        "when": "decision != 'QĐ 0'",
    }
    plain["lists"] |= {
        name: {"columns": ["number"], "where": where}
        for name, where in {
            "soon": {"checked_by": ["within 30 ngày"]},
            "late": {"checked_by": ["before today"], "safe": ["no"]},
            "others": {"gear": ["not vay"]},
        }.items()
    }
    plain["figures"]["soon"] = {
        "title": "Sắp đến hạn",
        "count": "yes",
        "where": {"checked_by": ["within 30 ngày"]},
    }
    plain.pop("verify", None)
    made = Registry.load(plain)
    registries.install("harbour", {"ship": made}, actor=INSTALLER)
    return made


def test_a_leader_strikes_a_ship_and_gives_day_and_decision_in_the_same_act(
    ship: Registry, commune: Actor
) -> None:
    leader = official("ubnd-21583", "leader")
    made = registries.add(registry=KEY, values={**VESSEL, "built_on": "01/06/2015"}, actor=commune)
    registries.move(registry=KEY, id=made.id, to="register", actor=leader)
    form = registries.move_form(registry=KEY, id=made.id, to="strike", actor=leader)
    assert [(one.path, one.required) for one in form.fields] == [
        ("record.left_on", True),
        ("record.decision", True),
    ]

    def strike(**values: str) -> Any:
        return registries.move(
            registry=KEY, id=made.id, to="strike", values=values, reason="Chìm", actor=leader
        )

    for values, problems in (
        ({}, {"left_on": "Chưa điền “Ngày xóa”.", "decision": "Chưa điền “Quyết định”."}),
        (
            {"left_on": "01/01/2010", "decision": "QĐ 5", "name": "Hải Yến"},
            {
                "name": "Bước “Xóa đăng ký” không hỏi ô này. Hãy bỏ ô này.",
                "left_on": "Ngày xóa trước ngày đóng.",
            },
        ),
    ):
        with pytest.raises(Invalid) as refused:
            strike(**values)
        assert {one.field: one.say for one in refused.value.problems} == problems
    with pytest.raises(Conflict) as not_ready:
        strike(left_on="20/11/2026", decision="QĐ 0")
    assert not_ready.value.code == "registries.move_not_ready"
    before = registries.record(registry=KEY, id=made.id, actor=leader)
    assert (before.text("status"), before.revision) == ("Đã đăng ký", 2)
    struck = strike(left_on="20/11/2026", decision="QĐ 5")
    assert (struck.text("left_on"), struck.text("decision")) == ("20/11/2026", "QĐ 5")
    (line, *_) = registries.history(registry=KEY, id=made.id, actor=leader)
    assert (line.act, line.reason) == ("moved", "Chìm")
    assert {one.path: (one.before, one.after) for one in line.differences} == {
        "left_on": ("", "20/11/2026"),
        "decision": ("", "QĐ 5"),
        "status": ("Đã đăng ký", "Đã xóa đăng ký"),
    }


def test_an_officer_reads_rows_with_a_masked_number_and_leaves_them_as_they_are(
    ship: Registry, commune: Actor
) -> None:
    leader = official("ubnd-21583", "leader")
    made = registries.add(registry=KEY, values={**VESSEL, "crew": CREW}, actor=commune)
    seen = registries.record(registry=KEY, id=made.id, actor=commune)
    cards = [(one.text, one.value, one.masked) for row in seen.groups["crew"] for one in row[2:]]
    assert cards == [("•••4567", None, True), ("•••4321", None, True)]
    full = registries.record(registry=KEY, id=made.id, actor=leader)
    assert [row[2].value for row in full.groups["crew"]] == ["C1234567", "C7654321"]
    form = registries.form(registry=KEY, id=made.id, actor=commune)
    assert "crew" not in {one.id for one in form.view.sections}
    registries.amend(
        registry=KEY,
        id=made.id,
        values={"name": "Hải Yến", "crew": [{"full_name": "Ai đó", "job": "Bếp"}]},
        actor=commune,
    )
    after = registries.record(registry=KEY, id=made.id, actor=leader)
    assert (after.text("name"), after.groups["crew"]) == ("Hải Yến", full.groups["crew"])
    reading = official("so-nong-nghiep-va-moi-truong-gia-lai", "handler")
    for reader, card in ((reading, "•••4567"), (leader, "C1234567")):
        _, _, content = registries.export(registry=KEY, query=ListQuery(), kind="csv", actor=reader)
        (row,) = csv.DictReader(io.StringIO(b"".join(content).decode("utf-8-sig")), delimiter=";")
        assert row["Thuyền viên"].splitlines()[0] == f"Lê Văn Tám | Máy trưởng | {card}"


def test_two_ships_of_one_name_in_one_commune_are_refused_at_both_fields(
    ship: Registry, department: Actor
) -> None:
    registries.add(registry=KEY, values={**VESSEL, "radio": "XV1"}, actor=department)
    second = {**VESSEL, "number": "BĐ-00002-TS"}
    for values, problems in (
        (
            second,
            dict.fromkeys(("name", "commune"), "“Tên tàu”, “Nơi đăng ký” đã có trong sổ."),
        ),
        ({**second, "name": "B", "radio": "XV1"}, {"radio": "“Hô hiệu” đã có trong sổ."}),
    ):
        with pytest.raises(Conflict) as refused:
            registries.add(registry=KEY, values=values, actor=department)
        assert {one.field: one.say for one in refused.value.problems} == problems
    other = registries.add(registry=KEY, values={**second, "name": "B"}, actor=department)
    done = registries.amend_many(
        registry=KEY, ids=[other.id], given={"name": "Hải Âu"}, actor=department, reason="Thử"
    )
    assert done.lines[0].say == "“Tên tàu”, “Nơi đăng ký” đã có trong sổ."
    elsewhere = {**VESSEL, "number": "BĐ-00003-TS", "commune": "21952"}
    assert registries.add(registry=KEY, values=elsewhere, actor=department).revision == 1


def test_a_sheet_with_doubled_names_is_told_row_by_row_before_anything_is_written(
    ship: Registry, department: Actor
) -> None:
    registries.add(registry=KEY, values=VESSEL, actor=department)
    titles = ["Số đăng ký", "Tên tàu", "Chủ tàu: Họ, chữ đệm, tên", "Chủ tàu: Ngày sinh"]
    titles += ["Chủ tàu: Số định danh cá nhân", "Chiều dài lớn nhất", "Nghề", "Nơi đăng ký"]
    owner = ["Võ Thị Hạ Lam", "10/02/1992", "052192000001", "14,5", "vay", "21583"]
    rows = [
        titles,
        ["BĐ-00001-TS", "Hải Âu", *owner],
        ["BĐ-00002-TS", "Hải Âu", *owner],
        ["BĐ-00003-TS", "Hải Yến", *owner],
        ["BĐ-00004-TS", "Hải Yến", *owner],
        ["BĐ-00005-TS", "", *owner],
        ["BĐ-00006-TS", "", *owner],
    ]
    text = "\n".join(";".join(row) for row in rows)
    report = registries.read_sheet(
        registry=KEY, file=io.BytesIO(text.encode()), file_name="tau.csv", actor=department
    )
    assert (report.added, report.changed, report.same, report.bad) == (3, 0, 1, 2)
    assert [(one.line, one.say) for one in report.faults] == [
        (3, "“Tên tàu”, “Nơi đăng ký” đã có trong sổ, ở một bản ghi khác."),
        (5, "“Tên tàu”, “Nơi đăng ký” trùng với dòng 4 của chính bảng này."),
    ]
    done = registries.apply_sheet(batch_id=report.id, partly=True, actor=department)
    assert (done.added, done.bad) == (3, 2)
    page = registries.list_records(registry=KEY, query=ListQuery(), actor=department)
    assert [row.cells[0].text for row in page.rows] == [
        f"BĐ-0000{number}-TS" for number in (1, 3, 5, 6)
    ]


def test_an_officer_opens_the_lists_of_what_falls_due_and_of_what_is_late(
    ship: Registry, department: Actor
) -> None:
    gears = ("vay", "keo", "vay", "cau", "vay")
    days = ("23/11/2026", "24/11/2026", "24/12/2026", "25/12/2026", "")
    for number, (day, gear) in enumerate(zip(days, gears, strict=True)):
        values = {
            **VESSEL,
            "number": f"BĐ-0000{number}-TS",
            "name": f"Hải Âu {number}",
            "gear": gear,
            "checked_by": day,
            "safe": "no",
        }
        registries.add(registry=KEY, values=values, actor=department)

    def numbers(query: ListQuery) -> list[str]:
        page = registries.list_records(registry=KEY, query=query, actor=department)
        return [row.cells[0].text[7] for row in page.rows]

    assert numbers(ListQuery(list="soon")) == ["1", "2"]
    assert numbers(ListQuery(list="late")) == ["0"]
    assert numbers(ListQuery(list="others")) == ["1", "3"]
    tomorrow = MOMENT + timedelta(days=1)
    assert numbers(ListQuery(list="soon", as_of=tomorrow)) == ["2", "3"]
    figure = registries.figure(registry=KEY, name="soon", actor=department)
    assert figure.total.value == 2
    assert numbers(ListQuery(filters=figure.total.filters)) == ["1", "2"]
