"""How often a registry's pages and its API ask the database: the number is held, so that it stays.

The first of each request asks for the session, its account and the stamps of what is remembered,
all at once.
"""

import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.vessels import BASE, KEY

pytestmark = pytest.mark.django_db
API = f"/api/v1/so/{KEY}"
OPENING = 1
NEW = {
    "vessel_name": "Hải Âu Minh Hoạ",
    "owner_name": "Nguyễn Văn Minh Hoạ",
    "owner_number": "052080000001",
    "owner_phone": "0900000001",
    "commune": "21583",
    "case": "new",
    "registered": "2020-03-02",
    "built": "2014",
    "hull": "wood",
    "length": "10.8",
    "width": "3.2",
    "power": "150",
    "gear": "seine",
    "zone": "coastal",
    "port": "quy_nhon",
    "tracker": "none",
    "risk": False,
    "engines": [{"make": "YANMAR 6HA", "number": "M01234567", "power": "150"}],
}


def asked(request: Callable[[], object]) -> list[str]:
    """Return what a request asks the database. Savepoints, and taking back what triggers were told
    before others go on in one transaction, are of the test's own transaction.
    """
    with CaptureQueriesContext(connection) as questions:
        answer = request()
    assert answer.status_code in (200, 201), answer.content.decode()
    own = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO", "select set_config('cuaso.change'")
    return [one["sql"] for one in questions if not one["sql"].startswith(own)]


def firsts(statements: list[str]) -> list[str]:
    """Return the first word of each."""
    return [one.split()[0].lower() for one in statements]


def add(browser, number: str):
    """Add a vessel as a program does."""
    body = json.dumps({"values": {**NEW, "number": number}})
    return browser.post(API, body, content_type="application/json")


@pytest.fixture
def handler(seated, vessels):
    """Return an officer's browser that has asked once for everything that is remembered."""
    browser = seated("handler")
    for path in (BASE, f"{BASE}{vessels[0].id}/", API, f"{API}/{vessels[0].id}"):
        assert browser.get(path).status_code == 200
    return browser


def test_a_program_reads_a_list_in_one_question_and_one_says_who_was_seen(handler):
    questions = asked(lambda: handler.get(API))
    assert len(questions) == OPENING + 2
    assert "insert into audit_look_many" in questions[-1]


def test_a_program_reads_a_record_and_whose_it_is_in_one_question(handler, vessels):
    questions = asked(lambda: handler.get(f"{API}/{vessels[0].id}"))
    assert len(questions) == OPENING + 1
    assert sum("directory_person" in one for one in questions) == 1


def test_a_program_adds_a_record_in_one_statement(handler):
    add(handler, "BĐ-91008-TS")
    statements = asked(lambda: add(handler, "BĐ-91009-TS"))
    assert firsts(statements[OPENING:]) == ["with"], [one[:150] for one in statements]


def test_a_program_changes_a_record_in_two_statements(handler, vessels):
    body = json.dumps({"values": {"power": "151"}})
    revision = handler.get(f"{API}/{vessels[0].id}")["ETag"]
    statements = asked(
        lambda: handler.patch(
            f"{API}/{vessels[0].id}",
            body,
            content_type="application/json",
            headers={"If-Match": revision},
        )
    )
    assert firsts(statements[OPENING:]) == ["select", "with"], [one[:150] for one in statements]


def test_an_officer_sees_a_list_with_its_filters_in_a_few_questions(handler):
    rows, looks, setting, facets, views = 1, 1, 1, 1, 1
    questions = asked(lambda: handler.get(BASE))
    assert len(questions) == OPENING + rows + looks + setting + facets + views, questions
    assert sum("insert into audit_look_many" in one for one in questions) == looks


def test_an_officer_sees_a_record_with_its_history_and_whose_it_is_in_one_question(
    handler, vessels
):
    questions = asked(lambda: handler.get(f"{BASE}{vessels[0].id}/"))
    assert len(questions) == OPENING + 1
    assert sum("directory_person" in one for one in questions) == 1
