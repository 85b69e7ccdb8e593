"""Fields for passwords hide, take what is pasted, and serve managers of passwords; factors and
sessions begin with enough chance.
"""

import base64
import re
import secrets
from datetime import timedelta
from math import log2
from pathlib import Path

import pytest
from allauth.core import context
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.staticfiles import finders
from django.test import RequestFactory

from cuaso.foundation.identity.known_sessions import SessionStore
from cuaso.foundation.identity.tests import world
from cuaso.kernel import clock

FIELD = re.compile(r'<input[^>]*autocomplete="(?:current|new)-password"[^>]*>')
PAGES = {
    "/dang-nhap/can-bo/": ["current-password"],
    "/tai-khoan/kich-hoat/": ["new-password", "new-password"],
    "/bao-mat/mat-khau/": ["current-password", "new-password", "new-password"],
}
ENOUGH_BITS = 128


def fields(browser, path):
    return FIELD.findall(browser.get(path).content.decode())


@pytest.mark.parametrize("path", PAGES)
def test_what_is_typed_as_a_password_is_hidden(signed_in, client, path):
    found = fields(signed_in if path.startswith("/bao-mat/") else client, path)
    assert len(found) == len(PAGES[path])
    assert all('type="password"' in one for one in found)


@pytest.mark.parametrize("path", PAGES)
def test_a_password_may_be_pasted_and_a_manager_knows_which_one_is_asked(signed_in, client, path):
    found = fields(signed_in if path.startswith("/bao-mat/") else client, path)
    assert re.findall(r'autocomplete="([^"]+)"', "".join(found)) == PAGES[path]
    assert not [one for one in found if "readonly" in one or "maxlength" in one or " on" in one]
    for name in ("identity/carry.js", "identity/passkey.js"):
        assert "paste" not in Path(str(finders.find(name))).read_text(encoding="utf-8")


def test_a_password_that_is_years_old_still_opens_the_account(official, client):
    with clock.at(clock.now() + timedelta(days=5 * 365)):
        assert world.sign_in(client).status_code == 302


def test_a_session_has_a_key_that_nobody_guesses():
    keys = {SessionStore()._get_new_session_key() for _ in range(500)}
    assert len(keys) == 500
    assert {len(one) for one in keys} == {32}
    assert 32 * log2(len(VALID_KEY_CHARS)) >= ENOUGH_BITS


def test_the_seed_of_a_second_factor_comes_from_the_systems_own_chance(monkeypatch):
    asked = []

    def token_bytes(length):
        asked.append(length)
        return b"\x07" * length

    assert len({generate_totp_secret() for _ in range(100)}) == 100
    monkeypatch.setattr(secrets, "token_bytes", token_bytes)
    assert base64.b32decode(generate_totp_secret()) == b"\x07" * 20
    assert asked == [20]


def test_a_passkey_is_challenged_anew_each_time_and_at_length():
    request = RequestFactory().get("/")
    request.session = SessionStore()
    with context.request_context(request):
        challenges = [begin_authentication()["publicKey"]["challenge"] for _ in range(20)]
    assert len(set(challenges)) == 20
    lengths = {len(base64.urlsafe_b64decode(one + "==")) for one in challenges}
    assert min(lengths) * 8 >= ENOUGH_BITS
