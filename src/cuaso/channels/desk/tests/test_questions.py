"""What an officer's pages ask PostgreSQL, exactly: one question more costs every look."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cuaso.capabilities.registries import api as registries
from tests.support.dossiers import submit_birth
from tests.support.vessels import BASE, KEY

pytestmark = pytest.mark.django_db
HOME = "/ban-lam-viec/"
# Session, account and every stamp in one; deputies; what touches the officer's own person; every
# count; which rows, their dossiers, the steps of these; what was seen and saved filters.
OF_A_LIST = 8
# Session, account and every stamp in one; dossier, steps, the look, what it left behind,
# duplicates, ledger, flow, what was seen (three), phrases, letters: none grows with the dossier.
OF_A_DOSSIER = 13
# Session, account and every stamp in one; which rows; the look at whom they tell of; the counts of
# quick filters, within a savepoint for their settings (five); saved filters.
OF_A_REGISTRY = 9
# Session, account and every stamp in one; the record with its change, papers, way, notices and
# owner. And what it was, where it was changed.
OF_A_RECORD, OF_ITS_PAST = 2, 1


def _asked(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as questions:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(questions)


@pytest.mark.parametrize("path", ["", "?xem=all"])
def test_kt_d5_a_list_asks_the_same_whatever_its_length(sign_in, submitted, citizen, path):
    client = sign_in("reception")
    few = _asked(client, HOME + path)
    for number in range(3):
        submit_birth(citizen(), key=f"k{number}")
    assert (few, _asked(client, HOME + path)) == (OF_A_LIST, OF_A_LIST)


def test_kt_d5_a_dossiers_page_asks_no_more_than_it_did(sign_in, received):
    assert _asked(sign_in("handler"), f"{HOME}ho-so/{received}/") == OF_A_DOSSIER


def test_kt_e5_a_registrys_list_asks_no_more_than_it_did(seated, vessels):
    client = seated("handler")
    assert _asked(client, BASE) == OF_A_REGISTRY


def test_kt_e5_a_records_page_asks_the_same_however_often_it_was_changed(seated, vessels, officer):
    client, id = seated("handler"), vessels[0].id
    asked = [_asked(client, f"{BASE}{id}/")]
    for name in ("Hải Âu 8", "Hải Âu 9"):
        values = {"vessel_name": name}
        registries.amend(registry=KEY, id=id, values=values, actor=officer("handler"))
        asked.append(_asked(client, f"{BASE}{id}/"))
    of_a_changed_one = OF_A_RECORD + OF_ITS_PAST
    assert asked == [OF_A_RECORD, of_a_changed_one, of_a_changed_one]
