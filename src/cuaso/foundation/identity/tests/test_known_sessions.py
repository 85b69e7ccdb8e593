"""The session and the account of a request are read as Django reads them, once each."""

from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

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
