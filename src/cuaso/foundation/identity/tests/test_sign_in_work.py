"""What a sign-in asks of the house: as much for the thousandth as for the first."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from cuaso.foundation.identity import hashing
from cuaso.foundation.identity.known_sessions import SessionStore
from cuaso.foundation.identity.logic import count_tries
from cuaso.foundation.identity.logic.count_tries import network_of
from cuaso.foundation.identity.models import KnownDevice, Tally
from cuaso.foundation.identity.tests import world

MOST_MIB = 256
# Of the web server, the worker and the directory, on a machine of four cores.
PROCESSES = 6


def statements(browser, **words):
    """Sign in at a browser that is known; return how many statements it took, but for those of the
    directory, which remembers its answers.
    """
    browser.cookies.pop("sessionid", None)
    with CaptureQueriesContext(connection) as questions:
        assert world.sign_in(browser, **words).status_code == 302
    asked = [one["sql"].lower() for one in questions]
    return len([one for one in asked if "savepoint" not in one and "directory_" not in one])


def test_an_official_signs_in_with_few_statements_however_many_sessions_stand(official, client):
    world.sign_in(client)
    first = statements(client)
    for _ in range(6):
        world.sign_in(Client())
    assert (first, statements(client)) == (7, 7)
    assert UserSession.objects.count() == Session.objects.count() == 9


def test_a_sign_in_writes_its_session_once_with_all_that_it_holds(official, client):
    with CaptureQueriesContext(connection) as questions:
        world.sign_in(client)
    written = [one["sql"] for one in questions if "django_session " in one["sql"]]
    assert len(written) == 1
    assert written[0].startswith("insert into django_session")
    assert world.who(client).startswith("official")


def test_a_session_that_stands_has_its_new_key_at_once_and_the_old_one_opens_nothing(db):
    session = SessionStore()
    session["kept"] = "here"
    session.save()
    old = session.session_key
    session.cycle_key()
    assert Session.objects.get().session_key == session.session_key != old
    assert SessionStore(session.session_key)["kept"] == "here"
    assert dict(SessionStore(old).items()) == {}


def test_a_session_that_was_ended_meanwhile_is_not_written_again(db):
    session = SessionStore()
    session.save()
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        session.save()
    assert Session.objects.count() == 0


def test_a_right_password_is_counted_for_the_place_and_taken_back_as_a_guess(official, client):
    world.sign_in(client)
    assert sorted(Tally.objects.values_list("tries", flat=True)) == [0, 0, 1]
    world.sign_in(Client(), password="sai")
    assert sorted(Tally.objects.values_list("tries", flat=True)) == [1, 1, 2]


def test_a_place_that_tries_many_names_is_stopped_and_another_place_is_not(official, monkeypatch):
    assert (count_tries.ENTRIES, count_tries.GUESSES) == (120, 60)
    monkeypatch.setattr(count_tries, "GUESSES", 4)
    told = [world.sign_in(Client(), username=f"ai.{n}", password="sai") for n in range(5)]
    assert [one.status_code for one in told] == [422] * 4 + [429]
    assert world.sign_in(Client(), ip="10.0.0.2").status_code == 302
    assert KnownDevice.objects.count() == 1


def test_a_household_under_ipv6_is_one_place_and_two_households_are_two():
    def place(address):
        return network_of(RequestFactory().get("/", REMOTE_ADDR=address))

    assert place("2001:db8:1:2::7") == place("2001:db8:1:2:ffff::9") == "2001:db8:1:2::"
    assert place("2001:db8:1:3::7") == "2001:db8:1:3::"
    assert (place("198.51.100.7"), place("testserver")) == ("198.51.100.7", "testserver")


def test_passwords_that_are_checked_at_once_hold_little_memory():
    at_once = PROCESSES * hashing.AT_ONCE * hashing.BoundedArgon2.memory_cost / 1024
    assert at_once <= MOST_MIB
    held = 0
    while hashing._slots.acquire(blocking=False):
        held += 1
    for _ in range(held):
        hashing._slots.release()
    assert held == hashing.AT_ONCE


def test_a_sign_in_asks_nothing_of_the_cache(official, client, monkeypatch):
    def never(*_given, **_named):
        raise AssertionError("the cache was asked")

    for name in ("add", "get", "set", "get_many"):
        monkeypatch.setattr(cache, name, never)
    assert world.sign_in(client).status_code == 302
