"""Who does not read a day in full finds it neither in a calendar nor in a list of a past day."""

from datetime import date, timedelta

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.capabilities.registries.tests.conftest import INSTALLER, MOMENT, official
from cuaso.declarations.packs import Pack
from cuaso.declarations.registries import Registry
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed

KEY = "harbour/notice"
OWNER = "so-nong-nghiep-va-moi-truong-gia-lai"
NOTICE = {
    "title": "Thông báo",
    "owner": OWNER,
    "legal": [{"source": "Luật Thủy sản 18/2017/QH14", "from": "2019-01-01", "unverified": True}],
    "key": ["number"],
    "fields": {
        "number": {"title": "Số", "type": "code", "pattern": r"T\d{2}", "pattern_say": "T01."},
        "due": {"title": "Hạn", "type": "date"},
    },
    "masks": {"due": {"show": "nothing", "roles": ["leader"]}},
    "calendars": {"due": {"title": "Hạn của thông báo", "day": "due"}},
    "lists": {"default": {"columns": ["number", "due"], "sort": ["number"]}},
}
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def leader(harbour: Pack) -> Actor:
    declared = Registry.load(NOTICE)
    registries.install("harbour", {**harbour.registries, "notice": declared}, actor=INSTALLER)
    made = official(OWNER, "handler", "leader")
    for number, day in ((1, "26/11/2026"), (2, "27/11/2026")):
        registries.add(registry=KEY, values={"number": f"T0{number}", "due": day}, actor=made)
    return made


def test_who_does_not_read_a_day_opens_no_calendar_of_it(leader: Actor) -> None:
    seen = registries.calendar(
        registry=KEY, name="due", month=NOVEMBER, query=ListQuery(), actor=leader
    )
    assert [one.day for one in seen.entries] == [date(2026, 11, 26), date(2026, 11, 27)]
    with pytest.raises(NotAllowed) as refused:
        registries.calendar(
            registry=KEY,
            name="due",
            month=NOVEMBER,
            query=ListQuery(),
            actor=official(OWNER, "handler"),
        )
    assert refused.value.code == "registries.masked_calendar"


def test_a_masked_day_goes_out_masked_from_a_past_day_in_the_order_of_the_list(
    leader: Actor,
) -> None:
    page = registries.list_records(registry=KEY, query=ListQuery(), actor=leader)
    with clock.at(MOMENT + timedelta(days=2)):
        registries.amend(
            registry=KEY, id=page.rows[0].id, values={"due": "30/11/2026"}, actor=leader
        )
        query = ListQuery(as_of=MOMENT + timedelta(days=1))

        def lines(actor: Actor) -> list[str]:
            name, _, content = registries.export(registry=KEY, query=query, kind="csv", actor=actor)
            assert name == "harbour-notice-nhu-ngay-2026-11-25.csv"
            return b"".join(content).decode("utf-8-sig").split("\r\n")

        head = "Thông báo: như lúc 09:00 ngày 25/11/2026"
        assert lines(leader) == [head, "Số;Hạn", "T01;26/11/2026", "T02;27/11/2026", ""]
        hidden = lines(official(OWNER, "handler"))
        assert [row.partition(";")[0] for row in hidden] == [head, "Số", "T01", "T02", ""]
        assert "2026" not in "".join(hidden[2:])
