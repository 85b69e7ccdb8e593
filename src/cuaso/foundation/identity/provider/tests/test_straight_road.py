"""Systems go straight to the provider: few statements, and every guard of an answer stays."""

import json

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from cuaso.foundation.identity.provider.models import Client, Grant
from cuaso.foundation.identity.provider.tests import world
from cuaso.foundation.identity.provider.views import tokens
from cuaso.kernel import clock
from cuaso.kernel.errors import Unavailable

GUARDS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@pytest.fixture
def entered(person, system):
    return world.enter(person, system)[1]


def asked(questions):
    """Return the statements but for the marks that a transaction inside a test's own makes."""
    return [one["sql"] for one in questions if "SAVEPOINT" not in one["sql"].upper()]


def test_a_system_asks_about_a_token_in_one_statement(system, entered):
    with CaptureQueriesContext(connection) as questions:
        assert system.ask_about(entered["access_token"])["active"] is True
    assert len(asked(questions)) == 1


def test_a_system_asks_who_its_person_is_in_one_statement(entered):
    with CaptureQueriesContext(connection) as questions:
        assert world.userinfo(entered["access_token"]).status_code == 200
    assert len(asked(questions)) == 1


def test_a_system_renews_its_tokens_in_three_statements_and_the_ledgers(system, entered):
    with CaptureQueriesContext(connection) as questions:
        assert system.renew(entered["refresh_token"]).status_code == 200
    told = asked(questions)
    assert len(told) == 4
    assert [one.split()[0].lower() for one in told] == ["select", "select", "with", "insert"]


def test_a_system_that_is_shut_out_hears_nothing_at_its_next_question(system, entered):
    assert system.ask_about(entered["access_token"])["active"] is True
    Client.objects.filter(client_id=system.client_id).update(status=Client.Status.CLOSED)
    assert world.userinfo(entered["access_token"]).status_code == 401


def test_a_family_that_has_ended_is_void_at_the_next_question(system, entered):
    assert world.userinfo(entered["access_token"]).status_code == 200
    Grant.objects.update(ended_at=clock.now())
    assert world.userinfo(entered["access_token"]).status_code == 401
    assert system.ask_about(entered["access_token"]) == {"active": False}


def test_an_answer_to_a_machine_keeps_the_guards_of_every_answer(entered):
    answer = world.userinfo(entered["access_token"])
    assert {name: answer[name] for name in GUARDS} == GUARDS
    assert answer["Content-Length"] == str(len(answer.content))
    assert answer["X-Request-ID"]
    assert answer.resolver_match.view_name == "oidc-userinfo"


def test_who_comes_with_a_cookie_goes_the_long_way_and_hears_the_same(entered):
    straight = world.userinfo(entered["access_token"])
    browser = Browser()
    browser.cookies["thiet_bi"] = "a-mark"
    bearer = {"Authorization": f"Bearer {entered['access_token']}"}
    long_way = browser.get("/oidc/userinfo", headers=bearer)
    assert "Content-Language" in long_way
    assert "Content-Language" not in straight
    assert json.loads(long_way.content) == json.loads(straight.content)


def test_a_request_under_a_name_that_is_not_the_houses_is_refused(entered, settings):
    settings.ALLOWED_HOSTS = ["cuaso.example"]
    bearer = {"Authorization": f"Bearer {entered['access_token']}"}
    assert Browser().get("/oidc/userinfo", headers=bearer).status_code == 400


def test_a_refusal_of_the_house_is_told_to_a_machine_as_json(monkeypatch, entered):
    def busy(*_given, **_named):
        raise Unavailable(code="test.busy", what="Đang bận.", mend="Hãy thử lại sau.")

    monkeypatch.setattr(tokens, "find_token", busy)
    answer = world.userinfo(entered["access_token"])
    assert answer.status_code == Unavailable.status
    assert answer.json() == {"error": "temporarily_unavailable", "error_description": "Đang bận."}


def test_a_method_that_is_not_spoken_is_refused_on_the_straight_road(db):
    assert Browser().get("/oidc/introspect").status_code == 405
