"""A machine asks by ACME (RFC 8555); what it may not have it does not get."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc.jwk import ECKey

from cuaso.capabilities.certificates import api as certificates
from cuaso.capabilities.certificates.logic import issue as issuing
from cuaso.capabilities.certificates.models import AcmeChallenge, AcmeOrder, Certificate
from cuaso.capabilities.certificates.tests import world
from cuaso.kernel import clock

ERROR = "urn:ietf:params:acme:error:"


class _System(BaseHTTPRequestHandler):
    told: ClassVar[dict[str, str]] = {}

    def do_GET(self):
        word = self.told.get(self.path.rsplit("/", maxsplit=1)[-1])
        self.send_response(200 if word else 404)
        self.end_headers()
        self.wfile.write((word or "").encode())

    def log_message(self, *words):
        pass


@pytest.fixture
def here(house, monkeypatch):
    """A system at this machine's own name, that shows what it is given."""
    certificates.allow_name(actor=world.ADMIN, name="localhost", client_id="van-ban")
    _System.told.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _System)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("CUASO_ACME_PORT", str(server.server_port))
    yield _System.told
    server.shutdown()
    server.server_close()
    thread.join()


def refused(answer, word, status=None):
    assert answer.content["type"] == ERROR + word, answer
    assert answer.kind == "application/problem+json"
    assert status is None or answer.status == status


def prove(machine, order, told, word=None):
    [place] = order.content["authorizations"]
    [challenge] = machine.at(place).content["challenges"]
    told[challenge["token"]] = word or machine.word(challenge["token"])
    return machine.at(challenge["url"], {})


def test_a_machine_proves_its_name_and_gets_its_certificate_and_gives_it_back(machine, here):
    order = machine.order("localhost")
    assert (order.status, order.content["status"]) == (201, "pending")
    assert prove(machine, order, here).content["status"] == "valid"
    place = order.headers["Location"]
    assert machine.at(place).content["status"] == "ready"
    made = world.request("localhost")
    done = machine.at(f"{place}/finalize", {"csr": world.der(made)})
    assert done.content["status"] == "valid"
    chain = machine.at(done.content["certificate"])
    assert chain.kind == "application/pem-certificate-chain"
    row = Certificate.objects.get()
    assert chain.content == row.certificate_pem + row.authority.certificate_pem
    assert (row.client_id, row.way) == ("van-ban", "acme")
    shown = {"certificate": world.encoded(_der(row)), "reason": 1}
    refused(other_machine().send("revoke-cert", shown), "unauthorized", 403)
    refused(machine.send("revoke-cert", shown | {"reason": 6}), "badRevocationReason")
    assert Certificate.objects.get().revoked_at is None
    assert machine.send("revoke-cert", shown).status == 200
    assert Certificate.objects.get().revoke_reason == "keyCompromise"
    refused(machine.send("revoke-cert", shown), "alreadyRevoked")


def _der(row):
    made = x509.load_pem_x509_certificate(row.certificate_pem.encode())
    return made.public_bytes(Encoding.DER)


def other_machine():
    one = world.Machine()
    one.open()
    return one


def test_the_holder_of_the_certified_key_may_revoke_without_an_account(machine, here):
    key = ECKey.generate_key("P-256")
    order = machine.order("localhost")
    prove(machine, order, here)
    made = world.request("localhost", key=key.get_op_key("sign"))
    machine.at(f"{order.headers['Location']}/finalize", {"csr": world.der(made)})
    row = Certificate.objects.get()
    holder = world.Machine(key=key)
    answer = holder.send("revoke-cert", {"certificate": world.encoded(_der(row))})
    assert answer.status == 200
    assert Certificate.objects.get().revoke_reason == "unspecified"


def test_a_name_that_shows_another_word_is_not_proven_and_stays_so(machine, here):
    order = machine.order("localhost")
    answer = prove(machine, order, here, word="sai")
    assert answer.content["status"] == "invalid"
    assert answer.content["error"]["type"] == ERROR + "incorrectResponse"
    assert prove(machine, order, here).content["status"] == "invalid"
    assert machine.at(order.headers["Location"]).content["status"] == "invalid"
    csr = {"csr": world.der(world.request("localhost"))}
    refused(machine.at(f"{order.headers['Location']}/finalize", csr), "orderNotReady", 403)
    assert Certificate.objects.count() == 0


def test_a_name_that_does_not_answer_is_not_proven(machine, here, monkeypatch):
    monkeypatch.setenv("CUASO_ACME_PORT", "1")
    assert prove(machine, machine.order("localhost"), here).content["status"] == "invalid"
    assert "does not answer" in AcmeChallenge.objects.get().trouble


@pytest.mark.parametrize("names", [("la.example",), (world.NAME, "la.example"), ("localhost",)])
def test_a_name_that_nobody_allowed_is_not_even_gone_to(machine, names):
    before = world.counts()
    refused(machine.order(*names), "rejectedIdentifier", 403)
    assert world.counts() == before


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ([], "malformed"),
        ("x", "malformed"),
        ([{"type": "ip", "value": "10.0.0.1"}], "unsupportedIdentifier"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(machine, told, word):
    before = world.counts()
    refused(machine.send("new-order", {"identifiers": told}), word)
    assert world.counts() == before


def test_a_request_for_other_names_than_the_order_gets_nothing(machine, here):
    order = machine.order("localhost")
    prove(machine, order, here)
    place = f"{order.headers['Location']}/finalize"
    refused(machine.at(place, {"csr": world.der(world.request(world.NAME))}), "badCSR")
    refused(machine.at(place, {"csr": "!!!"}), "badCSR")
    assert Certificate.objects.count() == 0
    good = {"csr": world.der(world.request("localhost"))}
    assert machine.at(place, good).content["status"] == "valid"
    refused(machine.at(place, good), "orderNotReady", 403)
    assert Certificate.objects.count() == 1


def test_what_belongs_to_another_account_is_not_there(machine, here):
    order = machine.order("localhost")
    stranger = other_machine()
    for place in (order.headers["Location"], *order.content["authorizations"]):
        assert stranger.at(place).status == 404
    prove(machine, order, here)
    csr = {"csr": world.der(world.request("localhost"))}
    assert stranger.at(f"{order.headers['Location']}/finalize", csr).status == 404
    assert Certificate.objects.count() == 0


def test_a_request_comes_once(machine):
    body = machine.signed("new-order", {"identifiers": [{"type": "dns", "value": world.NAME}]})
    assert certificates.acme(path="new-order", body=body).status == 201
    before = world.counts()
    refused(certificates.acme(path="new-order", body=body), "badNonce")
    assert world.counts() == before


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"nonce": "x"}, "badNonce"),
        ({"nonce": None}, "badNonce"),
        ({"url": "http://localhost:8000/acme/new-account"}, "unauthorized"),
        ({"kid": None}, "malformed"),
        ({"kid": "http://localhost:8000/acme/account/x"}, "accountDoesNotExist"),
        ({"kid": "http://khac.example/acme/account/x"}, "accountDoesNotExist"),
        ({"jwk": {"kty": "EC"}}, "malformed"),
    ],
)
def test_a_request_that_is_not_for_this_address_and_account_is_refused(machine, changed, word):
    before = world.counts()
    refused(machine.send("new-order", {"identifiers": []}, **changed), word)
    assert world.counts() == before


def test_a_request_under_another_key_is_refused(machine):
    thief = world.Machine(kid=machine.kid)
    before = world.counts()
    refused(thief.order(world.NAME), "unauthorized", 401)
    assert world.counts() == before


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"protected":"e30","payload":"","signature":""}']
)
def test_what_is_no_signed_request_is_refused(house, body):
    answer = certificates.acme(path="new-order", body=body)
    assert answer.status == 400


def test_an_account_is_found_again_and_can_be_closed(machine):
    again = world.Machine(key=machine.key)
    assert again.open().status == 200
    assert again.kid == machine.kid
    closed = machine.at(machine.kid, {"status": "deactivated"})
    assert closed.content["status"] == "deactivated"
    refused(machine.order(world.NAME), "accountDoesNotExist")
    refused(
        again.send("new-account", {}, kid=None, jwk=again.key.as_dict(private=False)),
        "unauthorized",
    )


def test_an_account_that_is_only_looked_for_is_not_made(house):
    before = world.counts()
    refused(
        world.Machine().send("new-account", {"onlyReturnExisting": True}), "accountDoesNotExist"
    )
    assert world.counts() == before


@pytest.fixture
def proven(machine, here):
    """Return where an order stands whose name is proven, and what is sent to finalize it."""
    order = machine.order("localhost")
    prove(machine, order, here)
    return order.headers["Location"], {"csr": world.der(world.request("localhost"))}


def test_an_order_whose_process_died_while_it_was_signed_ends_and_another_begins(machine, proven):
    place, csr = proven
    begun = clock.now()
    AcmeOrder.objects.update(finalized_at=begun)
    assert machine.at(place).content["status"] == "processing"
    with clock.at(begun + timedelta(minutes=3)):
        answer = machine.at(place).content
        assert (answer["status"], answer["error"]["type"]) == ("invalid", ERROR + "serverInternal")
        refused(machine.at(f"{place}/finalize", csr), "orderNotReady", 403)
        assert Certificate.objects.count() == 0
        assert machine.order("localhost").content["status"] == "pending"


def test_a_signing_that_comes_back_after_its_order_was_given_up_leaves_no_certificate(
    machine, proven, monkeypatch
):
    place, csr = proven
    began = clock.now()
    sign = issuing._signed

    def slow(house, wanted):
        made = sign(house, wanted)
        AcmeOrder.objects.update(finalized_at=began - timedelta(minutes=3))
        return made

    monkeypatch.setattr(issuing, "_signed", slow)
    refused(machine.at(f"{place}/finalize", csr), "orderNotReady", 403)
    assert Certificate.objects.count() == 0
    assert machine.at(place).content["status"] == "invalid"


def test_a_finalizing_that_fails_leaves_the_order_ready_for_another_try(
    machine, proven, monkeypatch
):
    place, csr = proven
    sign = issuing._signed

    def broken(house, wanted):
        raise ConnectionResetError

    monkeypatch.setattr(issuing, "_signed", broken)
    with pytest.raises(ConnectionResetError):
        machine.at(f"{place}/finalize", csr)
    assert machine.at(place).content["status"] == "ready"
    monkeypatch.setattr(issuing, "_signed", sign)
    assert machine.at(f"{place}/finalize", csr).content["status"] == "valid"
