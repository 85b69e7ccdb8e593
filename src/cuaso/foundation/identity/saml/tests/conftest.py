from functools import cache

import pytest
from django.core.cache import caches
from django.test import Client as Browser

from cuaso.foundation.identity.provider.keys import make
from cuaso.foundation.identity.provider.keys import stock as openid_stock
from cuaso.foundation.identity.saml.keys import stock
from cuaso.foundation.identity.saml.tests import world
from cuaso.foundation.identity.tests.conftest import (  # noqa: F401 fixtures of the engine
    _house,
    official,
    signed_in,
)

made = cache(stock.generate)
made_openid = cache(make.generate)


@pytest.fixture(autouse=True)
def _keys(monkeypatch, settings):
    """The issuer stands still; making an RSA key takes longer than a test."""
    settings.PUBLIC_URL = world.ISSUER
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "saml"}
    }
    caches["default"].clear()
    monkeypatch.setattr(stock, "generate", made)
    monkeypatch.setattr(make, "generate", made_openid)
    openid_stock.forget()
    yield
    openid_stock.forget()


@pytest.fixture
def provider(tmp_path, db):
    """A service provider that knows us."""
    one = world.Provider(tmp_path)
    one.trust(Browser())
    return one


@pytest.fixture
def partner(provider):
    return world.partner(provider)


@pytest.fixture
def person(signed_in):  # noqa: F811
    """An official who has signed in with a password."""
    return signed_in
