"""A clerk looks at a registry as it was at the end of a past day, whichever way it is looked at."""

from datetime import datetime, timedelta
from uuid import UUID

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.channels.desk.registries.asking import end_of
from cuaso.kernel import clock
from tests.support.registers import bridge_on_a_road, holder
from tests.support.vessels import BASE, KEY, listed, said

DAY = {"luc": "07/10/2026"}
# The name of the field is a word of Python.


def board_of(client, **asked) -> dict[str, tuple[int | None, list[UUID]]]:
    columns = client.get(f"{BASE}bang/", asked).context["columns"]
    return {one.code: (one.count, [row.id for row in one.rows]) for one, _url in columns}


def changed_since(vessels, officer) -> None:
    """Three days on: one vessel is laid up with another gear and licence, one is in the bin."""
    registries.move(registry=KEY, id=vessels[0].id, to="lay_up", actor=officer("handler"))
    registries.amend(
        registry=KEY,
        id=vessels[0].id,
        values={
            "gear": "trawl",
            "power": "300",
            "licence": "GP-00001/26",
            "licence_to": "15/12/2026",
        },
        actor=officer("handler"),
    )
    registries.remove(registry=KEY, id=vessels[1].id, reason="Ghi nhầm", actor=officer("leader"))


def test_kt_e5_a_board_shows_where_records_stood_at_the_end_of_a_past_day(
    seated, vessels, officer, working_morning
):
    ids = [one.id for one in vessels]
    with clock.at(working_morning + timedelta(days=3)):
        changed_since(vessels, officer)
        client = seated("handler")
        assert board_of(client)["active"] == (1, [ids[2]])
        assert board_of(client)["laid_up"] == (1, [ids[0]])
        assert board_of(client, **DAY)["active"] == (3, ids)
        assert board_of(client, **DAY)["laid_up"] == (0, [])
        assert board_of(client, luc="06/10/2026")["active"] == (0, [])
        page = said(client.get(f"{BASE}bang/", DAY))
        assert "Đang xem sổ như lúc hết ngày 07/10/2026" in page
        assert f'href="{BASE}{ids[1]}/?luc=07%2F10%2F2026"' in page


def test_kt_e5_figures_count_and_add_up_what_was_at_the_end_of_a_past_day(
    seated, vessels, officer, working_morning
):
    with clock.at(working_morning + timedelta(days=3)):
        changed_since(vessels, officer)
        client = seated("handler")
        now = client.get(f"{BASE}so-lieu/power/")
        assert now.context["total"].text == "150"
        sent = client.get(f"{BASE}so-lieu/", DAY)
        assert sent.url.endswith("/?luc=07%2F10%2F2026")
        past = client.get(f"{BASE}so-lieu/power/", DAY)
        assert past.context["total"].text == "450"
        (label, bars) = past.context["lines"][0]
        assert (label, [bar.text for bar in bars]) == ("Lưới vây", ["450"])
        assert listed(client.get(bars[0].url)) == ["BĐ-91001-TS", "BĐ-91002-TS", "BĐ-91003-TS"]
        assert "như lúc hết ngày ấy" in said(past)


def test_kt_e5_a_mean_of_a_past_day_weighs_what_stands_and_what_has_changed_alike(
    seated, vessels, officer, working_morning
):
    with clock.at(working_morning + timedelta(days=3)):
        registries.amend(
            registry=KEY, id=vessels[0].id, values={"length": "11,7"}, actor=officer("handler")
        )
        client = seated("handler")
        assert client.get(f"{BASE}so-lieu/length/").context["total"].text == "11,1"
        assert client.get(f"{BASE}so-lieu/length/", DAY).context["total"].text == "10,8"


def test_kt_e5_a_calendar_shows_what_was_due_as_it_stood_on_a_past_day(
    seated, vessels, officer, working_morning
):
    with clock.at(working_morning + timedelta(days=3)):
        changed_since(vessels, officer)
        client = seated("handler")
        month = {"thang": "2026-12"}
        now = client.get(f"{BASE}lich/licences/", month).context["found"]
        assert [(one.day.day, one.colour) for one in now.entries] == [(15, "Lưới kéo")]
        past = client.get(f"{BASE}lich/licences/", month | DAY)
        assert past.context["found"].entries == ()
        assert "thang=2026-11" in past.context["before"]
        assert "luc=07%2F10%2F2026" in past.context["before"]


def test_kt_e5_a_map_shows_a_bridge_where_its_road_ran_on_a_past_day(db, working_morning):
    del db
    officer = holder("so-xay-dung-gia-lai", "handler")
    road, bridge = bridge_on_a_road(officer, last_checked="15/01/2026", next_check="15/01/2027")

    def place_of(as_of: datetime | None) -> dict[UUID, list[float]]:
        found = registries.map_of(
            registry="transport/bridge",
            name="bridges",
            query=ListQuery(as_of=as_of),
            actor=officer,
        )
        return {
            one.id: [round(part, 3) for part in one.geometry["coordinates"]]
            for one in found.features
            if one.id == bridge.id
        }

    day = end_of(working_morning.date())
    with clock.at(working_morning + timedelta(days=3)):
        registries.amend(
            registry="transport/road",
            id=road.id,
            values={"track": "13,9; 108,9\n13,9; 109,1"},
            actor=officer,
        )
        assert place_of(None) == {bridge.id: [109.0, 13.9]}
        assert place_of(day) == {bridge.id: [109.0, 13.8]}
        registries.amend(
            registry="transport/bridge",
            id=bridge.id,
            values={"at": "13,7; 108,95"},
            actor=officer,
        )
        assert place_of(None) == {bridge.id: [108.95, 13.7]}
        assert place_of(day) == {bridge.id: [109.0, 13.8]}
        assert place_of(day - timedelta(days=1)) == {}


def test_kt_e5_a_register_is_printed_as_it_was_and_says_of_which_day(
    seated, vessels, officer, working_morning
):
    with clock.at(working_morning + timedelta(days=3)):
        changed_since(vessels, officer)
        now, then = (
            registries.print_register(
                registry=KEY,
                name="register",
                query=ListQuery(as_of=as_of),
                actor=officer("handler"),
            )
            for as_of in (None, end_of(working_morning.date()))
        )
        assert (now.rows, then.rows) == (2, 3)
        answer = seated("handler").get(f"{BASE}in/register/", DAY)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
