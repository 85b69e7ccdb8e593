"""Programs read the figures, the board, the calendar and the whole list that pages show."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Source
from cuaso.channels.desk.registries.asking import end_of
from cuaso.kernel import clock
from tests.rest.conftest import Caller, signed_in
from tests.support import vessels as desk
from tests.support.vessels import BASE, KEY, browser_of, emptied, officer, vessels

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "own_transactions")]
__all__ = ["emptied", "officer", "vessels"]
SO = f"/so/{KEY}"
DECEMBER = "2026-12"


@pytest.fixture
def clerk(officer) -> Caller:
    """Return a program of the handler in the department of fisheries."""
    return signed_in(officer("handler"))


@pytest.fixture
def page(officer) -> Callable[..., Any]:
    """Return what a page of the same handler shows."""
    browser = browser_of(officer("handler"))
    return lambda path, **asked: browser.get(f"{BASE}{path}", asked).context


@pytest.fixture
def day(vessels, officer, working_morning) -> Iterator[datetime]:
    """Return a past day: since then one vessel has changed and one went into the bin."""
    with clock.at(working_morning + timedelta(days=3)):
        registries.move(registry=KEY, id=vessels[0].id, to="lay_up", actor=officer("handler"))
        registries.amend(
            registry=KEY,
            id=vessels[0].id,
            values={"power": "300", "licence": "GP-00001/26", "licence_to": "15/12/2026"},
            actor=officer("handler"),
        )
        registries.remove(
            registry=KEY, id=vessels[1].id, reason="Ghi nhầm", actor=officer("leader")
        )
        yield end_of(working_morning.date())


def table(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_kt_e5_a_program_reads_the_figures_of_the_page_today_and_as_of_a_past_day(
    clerk, page, day, working_morning
):
    names = [one["name"] for one in clerk.get(f"{SO}/views").json()["figures"]]
    assert {"power", "length"} <= set(names)
    past = {"luc": f"{working_morning:%d/%m/%Y}"}
    for name in names:
        for on_page, asked in (({}, {}), (past, {"as_of": day.isoformat()})):
            shown = page(f"so-lieu/{name}/", **on_page)
            said = clerk.get(f"{SO}/figures/{name}", **asked).json()
            assert said["total"]["text"] == shown["total"].text
            assert [
                (one["label"] or "Chưa ghi", [cell["text"] for cell in one["cells"]])
                for one in said["lines"]
            ] == [(label, [bar.text for bar in bars]) for label, bars in shown["lines"]]
    total = clerk.get(f"{SO}/figures/power", as_of=day.isoformat()).json()["total"]
    assert (total["value"], total["text"]) == ("450.0", "450")
    assert clerk.get(f"{SO}/figures/power").json()["total"]["text"] == "150"
    assert clerk.get(f"{SO}/figures/power", as_of="0528-03-15T04:36:25Z").status_code == 422
    assert clerk.get(f"{SO}/figures/none").status_code == 404


def test_kt_e5_a_program_lists_the_records_of_which_a_figure_was_made(clerk, day):
    (line,) = clerk.get(f"{SO}/figures/power", as_of=day.isoformat()).json()["lines"]
    where = line["cells"][0]["where"]
    assert "gear:any:seine" in where or "gear:is:seine" in where
    asked = clerk.client.get(f"/api/v1{SO}", {"where": where, "as_of": day.isoformat()}).json()
    assert [one["values"]["number"] for one in asked["records"]] == [
        "BĐ-91001-TS", "BĐ-91002-TS", "BĐ-91003-TS",
    ]  # fmt: skip


def test_kt_e5_a_program_reads_the_board_of_the_page_today_and_as_of_a_past_day(
    clerk, page, day, working_morning
):
    past = {"luc": f"{working_morning:%d/%m/%Y}"}
    for on_page, asked in (({}, {}), (past, {"as_of": day.isoformat()})):
        shown = [one for one, _url in page("bang/", **on_page)["columns"]]
        said = clerk.get(f"{SO}/board", **asked).json()["statuses"]
        assert [(one["code"], one["label"], one["count"]) for one in said] == [
            (one.code, one.label, one.count) for one in shown
        ]
        assert [[each["name"] for each in one["records"]] for one in said] == [
            [row.name for row in one.rows] for one in shown
        ]
    counts = {one["code"]: one["count"] for one in clerk.get(f"{SO}/board").json()["statuses"]}
    assert (counts["active"], counts["laid_up"]) == (1, 1)


def test_kt_e5_a_program_reads_the_month_of_the_page_today_and_as_of_a_past_day(
    clerk, page, day, vessels, working_morning
):
    shown = page("lich/licences/", thang=DECEMBER)["found"]
    said = clerk.get(f"{SO}/calendars/licences", month=DECEMBER).json()
    assert said["records"] == [
        {"id": str(one.id), "day": str(one.day), "name": one.name, "colour": one.colour}
        for one in shown.entries
    ]
    assert [one["id"] for one in said["records"]] == [str(vessels[0].id)]
    assert (said["month"], said["title"], said["partial"]) == (DECEMBER, shown.title, False)
    then = clerk.get(f"{SO}/calendars/licences", month=DECEMBER, as_of=day.isoformat()).json()
    assert then["records"] == []
    before = page("lich/licences/", thang=DECEMBER, luc=f"{working_morning:%d/%m/%Y}")
    assert before["found"].entries == ()
    for wrong in ("2026-13", "12-2026", "0000-01"):
        assert clerk.get(f"{SO}/calendars/licences", month=wrong).status_code == 422


def test_kt_e5_a_list_of_a_past_day_is_taken_out_by_page_and_program_and_says_the_day(
    clerk, officer, vessels, day, working_morning
):
    asked = {"kind": "csv", "as_of": day.isoformat()}
    answer = clerk.get(f"{SO}/export", **asked)
    assert "nhu-ngay-2026-10-07.csv" in answer["Content-Disposition"]
    (said, heads, *rows) = table(answer)
    assert said == ["Sổ đăng ký tàu cá: như lúc hết ngày 07/10/2026"]
    at = {name: heads.index(name) for name in ("Số đăng ký", "Tổng công suất máy chính")}
    assert [[row[at[name]] for name in at] for row in rows] == [
        ["BĐ-91001-TS", "150"], ["BĐ-91002-TS", "150"], ["BĐ-91003-TS", "150"],
    ]  # fmt: skip
    (heads, *rows) = table(clerk.get(f"{SO}/export", kind="csv"))
    assert [[row[at[name]] for name in at] for row in rows] == [
        ["BĐ-91001-TS", "300"], ["BĐ-91003-TS", "150"],
    ]  # fmt: skip

    browser = browser_of(officer("handler"))
    past = {"luc": f"{working_morning:%d/%m/%Y}"}
    assert f'href="{BASE}xuat/?luc=07%2F10%2F2026"' in desk.said(browser.get(BASE, past))
    book = load_workbook(io.BytesIO(browser.get(f"{BASE}xuat/", past).getvalue()), read_only=True)
    lines = [[cell for cell in row if cell] for row in book.active.iter_rows(values_only=True)]
    assert lines[0] == ["Sổ đăng ký tàu cá: như lúc hết ngày 07/10/2026"]
    assert [line[0] for line in lines[2:]] == ["BĐ-91001-TS", "BĐ-91002-TS", "BĐ-91003-TS"]
    hour = (working_morning + timedelta(hours=2)).isoformat()
    first = table(clerk.get(f"{SO}/export", kind="csv", as_of=hour, fields="number"))
    assert first == [
        ["Sổ đăng ký tàu cá: như lúc 11:00 ngày 07/10/2026"], ["Số đăng ký"],
        ["BĐ-91001-TS"], ["BĐ-91002-TS"], ["BĐ-91003-TS"],
    ]  # fmt: skip


def test_kt_e5_a_person_who_has_no_vessel_finds_nothing_and_takes_nothing_out(day, mother):
    del day
    assert mother.get(f"{SO}/figures/power").json()["total"]["value"] is None
    board = mother.get(f"{SO}/board").json()["statuses"]
    assert {(one["count"], len(one["records"])) for one in board} == {(0, 0)}
    month = mother.get(f"{SO}/calendars/licences", month=DECEMBER).json()
    assert month["records"] == []
    assert mother.get(f"{SO}/export").status_code == 403
    assert mother.get("/so/home-affairs/official/figures/any").status_code == 404


def test_kt_e5_page_and_program_say_from_what_a_value_came(clerk, officer, vessels):
    id = vessels[0].id
    registries.amend(
        registry=KEY,
        id=id,
        values={"power": "300"},
        actor=officer("handler"),
        source=Source(kind="national", id="CSDL-7/2"),
    )
    said = {one["field"]: one for one in clerk.get(f"{SO}/{id}/sources").json()}
    assert (said["power"]["origin"], said["power"]["origin_id"]) == ("national", "CSDL-7/2")
    assert {one["origin"] for path, one in said.items() if path != "power"} == {"form"}
    assert said["number"]["who"] == officer("handler").name
    page = desk.said(browser_of(officer("handler")).get(f"{BASE}{id}/"))
    assert page.count('class="source"') >= len(said) - 2
    assert "biểu mẫu, " in page
