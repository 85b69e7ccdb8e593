"""The session and the account of a request are read as Django reads them, once each."""

from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from cuaso.foundation.identity import asking
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.tests import world


def test_a_page_reads_its_session_and_its_account_once_each(signed_in):
    with CaptureQueriesContext(connection) as questions:
        assert world.who(signed_in).startswith("official")
    read = [one["sql"] for one in questions]
    assert sum("from django_session" in one for one in read) == 1
    assert sum("from identity_account" in one for one in read) == 1


def test_a_session_ends_when_the_password_is_changed_elsewhere(official, signed_in):
    account = Account.objects.get(pk=official.account_id)
    account.set_password("Mật khẩu khác hẳn 2026")
    account.save(update_fields=["password"])
    assert world.who(signed_in).startswith("anonymous")


def test_an_account_that_is_no_longer_active_is_nobody(official, signed_in):
    Account.objects.filter(pk=official.account_id).update(is_active=False)
    assert world.who(signed_in).startswith("anonymous")


def test_a_session_that_is_deleted_is_nobodys(signed_in):
    Session.objects.all().delete()
    assert world.who(signed_in).startswith("anonymous")


def test_a_session_whose_text_was_changed_in_the_table_is_nobodys_though_it_was_read_before(
    signed_in,
):
    assert world.who(signed_in).startswith("official")
    kept = Session.objects.get()
    sealed, last = kept.session_data[:-1], kept.session_data[-1]
    Session.objects.update(session_data=f"{sealed}{'A' if last != 'A' else 'B'}")
    assert world.who(signed_in).startswith("anonymous")


def test_what_a_page_puts_into_its_session_is_not_in_the_next_ones_unless_it_is_saved(signed_in):
    first = signed_in.session
    first["noted"] = ["once"]
    again = signed_in.session
    assert "noted" not in again
    first.save()
    kept = signed_in.session
    kept["noted"].append("twice")
    assert signed_in.session["noted"] == ["once"]


def test_a_person_whose_session_is_read_over_a_dead_connection_does_not_notice(monkeypatch):
    asked, closed = [], []
    dead = SimpleNamespace(
        connection=object(),
        in_atomic_block=False,
        health_check_enabled=True,
        health_check_done=False,
        close=lambda: closed.append(True),
    )

    def rows(statement, words):
        asked.append((statement, words))
        if not closed:
            raise OperationalError("the server closed the connection unexpectedly")
        return [("what the session kept",)]

    monkeypatch.setattr(asking, "connection", dead)
    monkeypatch.setattr(asking, "_asked", rows)
    assert asking.first_row("select 1", ["key"]) == ("what the session kept",)
    assert (asked, closed) == ([("select 1", ["key"])] * 2, [True])
    closed.clear()
    # What was asked once already is not asked again over another connection.
    with pytest.raises(OperationalError):
        asking.first_row("select 1", ["key"])
    assert closed == []
