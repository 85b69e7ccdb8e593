from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from django.test import Client

from cuaso.foundation.identity.tests import world
from cuaso_simulators.vneid.tests.process import SECRET, running


@pytest.fixture(autouse=True)
def _house(settings):
    settings.ROOT_URLCONF = "cuaso.foundation.identity.tests.urls"
    # whitenoise warns when nothing was collected yet.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def simulator(tmp_path_factory):
    with running(tmp_path_factory.mktemp("vneid")) as process:
        yield process


@pytest.fixture
def vneid(simulator, settings):
    app = {
        "provider_id": "vneid",
        "name": "VNeID",
        "client_id": "cuaso",
        "secret": SECRET,
        "settings": {"server_url": simulator.url, "token_auth_method": "client_secret_post"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
    }
    yield simulator
    httpx.post(f"{simulator.url}/_faults", data={"mode": "ok"})


@pytest.fixture
def official(db):
    return world.official(username="tiepnhan.quynhon", roles={"reception"})


@pytest.fixture
def signed_in(official):
    client = Client()
    world.sign_in(client)
    return client


@pytest.fixture
def citizen(db, vneid):
    client = Client()
    world.sign_in_by_vneid(client, vneid)
    return client


@pytest.fixture
def path_of():
    return lambda response: urlsplit(response["Location"]).path


@pytest.fixture
def stage(transactional_db, live_server):
    """A running house with one official; its address names localhost, as passkeys want it."""
    world.official(username="tiepnhan.quynhon", roles={"reception"}, posts=2)
    return live_server.url.replace("127.0.0.1", "localhost")
