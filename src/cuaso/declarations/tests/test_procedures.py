"""What the three procedures say: limit, papers, fees, validity; and they survive being kept."""

import json
from datetime import date, datetime

import pytest

from cuaso.declarations import calculating
from cuaso.declarations.procedures import Procedure
from cuaso.declarations.tests.house import context, loaded
from cuaso.kernel.clock import VIETNAM
from cuaso.kernel.durations import Duration
from cuaso.kernel.working_time import vietnam_calendar

DAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def procedures() -> dict[str, Procedure]:
    return {code: one for pack in loaded().values() for code, one in pack.procedures.items()}


CODES = ("1.001193", "1.004873", "2.000815")


@pytest.mark.parametrize("code", CODES)
def test_a_procedure_kept_as_json_is_the_same_procedure(procedures, code):
    one = procedures[code]
    again = Procedure.load(json.loads(json.dumps(one.dump())))
    assert again == one
    assert again.fingerprint == one.fingerprint
    assert again.replace(title="Tên khác").fingerprint != one.fingerprint


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("seed", range(5))
def test_invented_answers_are_accepted_and_survive_keeping(procedures, code, seed):
    form = procedures[code].form
    cleaned = form.clean(form.sample(context(), seed=seed), context(), strict=True)
    assert form.load(json.loads(json.dumps(cleaned.stored))).values == cleaned.values
    assert form.clean(form.edit(cleaned), context()).values == cleaned.values


@pytest.mark.parametrize("code", CODES)
def test_a_procedure_carries_what_a_citizen_needs_in_two_languages(procedures, code):
    one = procedures[code]
    assert one.title_en
    assert all(part.text_en and part.title_en for part in one.guide)
    for _, _, field in one.form.places():
        assert field.title_en, field.title
    assert all(component.title_en for component in one.components.values())


def test_a_birth_registered_before_and_after_three_o_clock(procedures):
    birth = procedures["1.001193"]
    calendar = vietnam_calendar(range(2025, 2028))
    for hour, minute, due in ((15, 0, 2), (15, 1, 3)):
        moment = datetime(2026, 3, 2, hour, minute, tzinfo=VIETNAM)
        found = calculating.due(birth, received_at=moment, channel="online", calendar=calendar)
        assert found is not None
        assert found.deadline.due_at.astimezone(VIETNAM).date() == date(2026, 3, due)
        assert "163/QĐ-BTP" in found.limit.source
        assert found.limit.unverified


def test_a_day_before_the_law_has_no_limit_and_no_fee(procedures):
    marital = procedures["1.004873"]
    before = date(2015, 12, 31)
    assert calculating.limit(marital, on=before, channel="online") is None
    assert calculating.fees(marital, {}, on=before, channel="online").lines == ()


def test_a_confirmation_is_good_for_six_months_and_a_certificate_for_ever(procedures):
    marital, birth = procedures["1.004873"], procedures["1.001193"]
    assert calculating.valid_until(marital, issued=date(2026, 8, 31)) == date(2027, 2, 28)
    assert calculating.valid_until(birth, issued=DAY) is None


@pytest.mark.parametrize(
    ("pages", "copies", "amount_vnd"),
    [
        (1, 1, 2000),
        (2, 1, 4000),
        (3, 1, 5000),
        (198, 1, 200_000),
        (199, 1, 200_000),
        (3, 4, 20_000),
    ],
)
def test_the_fee_of_a_certified_copy_follows_its_pages(procedures, pages, copies, amount_vnd):
    values = {"papers": [{"pages": pages, "copies": copies}]}
    quote = calculating.fees(procedures["2.000815"], values, on=DAY, channel="counter")
    assert quote.total_vnd == amount_vnd
    assert "226/2016/TT-BTC" in quote.lines[0].source


def test_a_paper_appears_only_on_the_channel_that_needs_it(procedures):
    birth = procedures["1.001193"]
    values = {"child": {"proof": "electronic_notice"}, "requester": {"relationship": "mother"}}
    online = calculating.papers(birth, values, on=DAY, channel="online")
    counter = calculating.papers(birth, values, on=DAY, channel="counter")
    assert [one.id for one in online if one.required] == []
    assert [one.id for one in counter if one.required] == ["declaration_form"]


def test_a_limit_may_differ_by_channel(procedures):
    kept = procedures["1.004873"].dump()
    kept["time_limit"] = [
        {"from": "2026-01-01", "value": {"online": "1 ngày làm việc"}, "source": "Ví dụ"}
    ]
    changed = Procedure.load(kept)
    found = calculating.limit(changed, on=DAY, channel="online")
    assert found is not None
    assert found.duration == Duration(1, "working_day")
    assert calculating.limit(changed, on=DAY, channel="counter") is None
