from functools import cache

import pytest
from django.core.cache import caches
from django.test import Client as Browser

from cuaso.foundation.identity.provider.keys import make, stock
from cuaso.foundation.identity.provider.tests import world
from cuaso.foundation.identity.tests.conftest import (  # noqa: F401 fixtures of the engine
    _house,
    citizen,
    official,
    path_of,
    signed_in,
    simulator,
    vneid,
)

made = cache(make.generate)


@pytest.fixture(autouse=True)
def _keys(monkeypatch, settings):
    """The issuer stands still; making an RSA key takes longer than a test."""
    settings.PUBLIC_URL = world.ISSUER
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "oidc"}
    }
    caches["default"].clear()
    monkeypatch.setattr(make, "generate", made)
    stock.forget()
    yield
    stock.forget()


@pytest.fixture
def system(db):
    return world.system()


@pytest.fixture
def person(signed_in):  # noqa: F811
    """An official who has signed in with a password."""
    return signed_in


@pytest.fixture
def stranger(db):
    return Browser()
