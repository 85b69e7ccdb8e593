"""Every door reads the same table of acts."""

import inspect

import pytest

from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import ActOffer
from cuaso.services.procedures.logic.seeing import offers, offers_beside

OFFERED = (
    *(offer for step in offers.AT_STEP.values() for offer in step),
    *offers.OF_ANY_STEP,
    *offers.OF_HELD_STEP,
    *(one for one in vars(offers_beside).values() if isinstance(one, ActOffer)),
)


@pytest.mark.parametrize("name", procedures.ACTS)
def test_an_act_asks_for_exactly_what_its_function_takes(name):
    act = procedures.ACTS[name]
    taken = set(inspect.signature(act.does).parameters) - {"id", "actor", "version"}
    assert list(act.asks) == list(dict.fromkeys(act.asks))
    assert set(act.asks) == taken
    assert ("version" in inspect.signature(act.does).parameters) == act.versioned


@pytest.mark.parametrize("offer", OFFERED, ids=lambda one: one.act)
def test_an_act_that_is_offered_names_what_the_table_asks_for(offer):
    assert set(offer.fields) == set(procedures.ACTS[offer.act].asks)


def test_every_act_of_an_official_is_in_the_table():
    assert {offer.act for offer in OFFERED} | {"give_opinion", "ask_payment"} == set(
        procedures.ACTS
    )
