"""What an officer's pages ask PostgreSQL, exactly: one question more costs every look."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.dossiers import submit_birth

pytestmark = pytest.mark.django_db
HOME = "/ban-lam-viec/"
# Session, account and every stamp in one; deputies; what touches the officer's own person; every
# count; which rows, their dossiers, the steps of these; what was seen and saved filters.
OF_A_LIST = 8
# Session, account and every stamp in one; dossier, steps, the look, what it left behind,
# duplicates, ledger, flow, what was seen (three), phrases, letters: none grows with the dossier.
OF_A_DOSSIER = 13


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
