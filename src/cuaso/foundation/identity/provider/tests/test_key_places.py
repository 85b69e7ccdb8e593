"""Where the proofs of systems come from: the house's own authority, keys that systems keep."""

import json
import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import quote

import httpx
import pytest
from joserfc.jwk import ECKey

from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.provider.clients import authenticate, public_keys
from cuaso.foundation.identity.provider.models import Client
from cuaso.foundation.identity.provider.proofs.certificate import thumbprint
from cuaso.foundation.identity.provider.tests import world
from cuaso.foundation.identity.provider.tests.test_clients import (
    MACHINE,
    basic,
    certificate,
    machine,
    post,
    refused,
    refused_and_nothing_given,
)
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid


@pytest.fixture
def front(settings):
    """A front end that ends TLS and tells of certificates."""
    settings.CUASO_CLIENT_CERTIFICATE_HEADER = "X-Client-Cert"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


def issued(pem, *, client_id="may", days=30):
    identity.admit_certificate(
        thumbprint=thumbprint(pem),
        client_id=client_id,
        names=["may.example"],
        until=clock.now() + timedelta(days=days),
    )
    return {"X-Client-Cert": quote(pem)}


def test_a_system_proves_itself_by_a_certificate_of_the_houses_authority(db, front):
    machine(auth_method="tls_client_auth", may_call=(world.API,))
    pem = certificate()
    words = MACHINE | {"client_id": "may"}
    given = post(words, **issued(pem))
    assert given.status_code == 200
    api = world.system(client_id="api", serves=(world.API,), grant_types=())
    known = api.ask_about(given.json()["access_token"])
    assert known["cnf"] == {"x5t#S256": thumbprint(pem)}
    identity.end_certificate(thumbprint=thumbprint(pem))
    refused_and_nothing_given(words, **{"X-Client-Cert": quote(pem)})


def test_a_certificate_of_nobody_of_another_system_or_of_the_past_proves_nothing(db, front):
    machine(auth_method="tls_client_auth")
    words = MACHINE | {"client_id": "may"}
    refused_and_nothing_given(words)
    refused_and_nothing_given(words, **{"X-Client-Cert": quote(certificate())})
    refused_and_nothing_given(words, **issued(certificate(), client_id="khac"))
    refused_and_nothing_given(words, **issued(certificate(), days=-1))


def test_the_header_of_a_stranger_who_is_no_front_end_proves_nothing(db, front, monkeypatch):
    machine(auth_method="tls_client_auth")
    shown = issued(certificate())
    monkeypatch.setenv("CUASO_FRONT_ADDRESSES", "10.9.8.7")
    refused_and_nothing_given(MACHINE | {"client_id": "may"}, **shown)
    monkeypatch.setenv("CUASO_FRONT_ADDRESSES", "10.9.8.0/24,127.0.0.0/8")
    assert post(MACHINE | {"client_id": "may"}, **shown).status_code == 200


class _Keys(BaseHTTPRequestHandler):
    told: ClassVar[dict[str, Any]] = {}
    asked: ClassVar[list[str]] = []

    def do_GET(self):
        self.asked.append(self.path)
        self.send_response(302 if self.path == "/di" else 200)
        self.send_header("Location", "/khoa")
        self.end_headers()
        self.wfile.write(json.dumps(self.told).encode())

    def log_message(self, *words):
        pass


@pytest.fixture
def keeper():
    """A system that shows its public keys at an address of its own."""
    _Keys.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Keys)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def keyed(address):
    """Register a system whose keys lie there; return it with its first key shown."""
    one = machine(auth_method="private_key_jwt")
    Client.objects.filter(client_id="may").update(jwks={}, jwks_uri=address)
    show(one.key)
    return one


def show(*keys):
    _Keys.told = {"keys": [key.as_dict(private=False) for key in keys]}


def test_keys_are_fetched_kept_and_fetched_anew_when_a_new_one_signs(db, keeper):
    one = keyed(f"{keeper}/khoa")
    for _ in range(3):
        assert post(MACHINE | world.assertion(one)).status_code == 200
    assert _Keys.asked == ["/khoa"]
    one.key = ECKey.generate_key("P-256", auto_kid=True)
    show(one.key)
    refused(post(MACHINE | world.assertion(one)))
    assert _Keys.asked == ["/khoa"]
    with clock.at(clock.now() + public_keys.SOONEST + timedelta(seconds=1)):
        assert post(MACHINE | world.assertion(one)).status_code == 200
    assert _Keys.asked == ["/khoa"] * 2


def test_keys_that_cannot_be_fetched_stay_good_for_a_day(db, keeper):
    one = keyed(f"{keeper}/khoa")
    assert post(MACHINE | world.assertion(one)).status_code == 200
    _Keys.told = {"keys": "không phải khóa"}
    with clock.at(clock.now() + timedelta(hours=20)):
        assert post(MACHINE | world.assertion(one)).status_code == 200
    with clock.at(clock.now() + timedelta(hours=25)):
        refused(post(MACHINE | world.assertion(one)))


def test_a_redirect_is_not_followed_and_private_keys_are_not_taken(db, keeper):
    one = keyed(f"{keeper}/di")
    refused(post(MACHINE | world.assertion(one)))
    assert _Keys.asked == ["/di"]
    _Keys.told = {"keys": [one.key.as_dict(private=True)]}
    assert public_keys.fetch_keys(f"{keeper}/khoa") is None


def named(monkeypatch, found):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_told, **_more: found)


@pytest.mark.parametrize(
    "places", [["10.0.0.5"], ["169.254.169.254"], ["93.184.216.34", "192.168.1.1"], ["::1"], []]
)
def test_no_fetch_goes_into_our_own_network(settings, monkeypatch, places):
    settings.MODE = "production"
    found = [(2, 1, 6, "", (one, 443)) for one in places]
    named(monkeypatch, found)
    gone = []
    monkeypatch.setattr(httpx.Client, "get", lambda *told, **_more: gone.append(told))
    assert public_keys.fetch_keys("https://khoa.example/jwks") is None
    assert gone == []


def test_a_public_host_is_gone_to_at_the_address_that_was_looked_at(monkeypatch):
    found = [(2, 1, 6, "", ("93.184.216.34", 443))]
    named(monkeypatch, found)
    gone: dict[str, Any] = {}

    def stream(self, method, address, **more):
        gone.update(more, address=address)
        raise OSError

    monkeypatch.setattr(httpx.Client, "stream", stream)
    assert public_keys.fetch_keys("https://khoa.example/jwks?a=1") is None
    assert gone["address"] == "https://93.184.216.34/jwks?a=1"
    assert gone["headers"]["Host"] == "khoa.example"
    assert gone["extensions"] == {"sni_hostname": "khoa.example"}


@pytest.mark.parametrize("address", ["http://khoa.example/jwks", "ftp://khoa.example/", "khoa"])
def test_an_address_without_https_is_not_registered(db, address):
    with pytest.raises(Invalid):
        machine(auth_method="none", grant_types=(), jwks_uri=address)
    assert Client.objects.count() == 0


def test_failures_from_one_place_are_told_to_wait_and_others_are_not(db):
    one = machine()
    wrong = {"Authorization": basic("may", "sai")}
    for _ in range(authenticate.MOST_FAILURES):
        refused(post(MACHINE, **wrong))
    slowed = post(MACHINE, **wrong)
    refused(slowed, status=429, error="slow_down")
    assert slowed["Retry-After"] == "600"
    assert post(MACHINE, Authorization=basic("may", one.secret)).status_code == 200
