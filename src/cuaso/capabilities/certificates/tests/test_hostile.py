"""Hostile requests get the standard's refusal and change nothing."""

import socket
import threading
import time
from contextlib import suppress

import pytest
from asn1crypto import csr as asn1_csr
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from joserfc.jwk import ECKey

from cuaso.capabilities.certificates import api as certificates
from cuaso.capabilities.certificates.logic.acme import prove as proving
from cuaso.capabilities.certificates.models import AcmeChallenge
from cuaso.capabilities.certificates.tests import world
from cuaso.kernel.errors import Invalid

ERROR = "urn:ietf:params:acme:error:"


def word(answer):
    assert answer.status in {400, 401, 403, 404}
    assert answer.kind == "application/problem+json"
    return answer.content["type"].removeprefix(ERROR)


@pytest.mark.parametrize(
    ("path", "payload"),
    [
        ("new-order", {"identifiers": [{"type": "dns", "value": "a\0b"}]}),
        ("new-order", {"identifiers": [{"type": "dns", "value": "\ud800"}]}),
        ("new-account", {"contact": ["mailto:\0"]}),
        ("revoke-cert", {"certificate": "AA", "reason": [1]}),
    ],
)
def test_words_that_no_book_can_hold_are_malformed(machine, path, payload):
    before = world.counts()
    asker = world.Machine() if path == "new-account" else machine
    assert word(asker.send(path, payload)) in {"malformed", "unauthorized"}
    assert world.counts() == before


def test_a_reason_that_is_no_number_is_refused(machine):
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    own = world.Machine(key=ECKey.import_key(pem))
    request = world.request(world.NAME, key=key)
    card = certificates.issue(actor=world.ADMIN, request=world.pem(request))
    shown = x509.load_pem_x509_certificate(card.pem.encode())
    answer = own.send("revoke-cert", {"certificate": world.der(shown), "reason": [1]})
    assert word(answer) == "badRevocationReason"


@pytest.mark.parametrize("nonce", ["\ud800", "\0", ["x"], {"x": 1}, None])
def test_a_nonce_that_is_none_is_refused(machine, nonce):
    body = machine.signed("new-order", {"identifiers": []}, nonce=nonce)
    assert word(certificates.acme(path="new-order", body=body)) in {"badNonce", "malformed"}


@pytest.mark.parametrize(
    "jwk",
    [
        {"kty": "EC", "crv": "P-256", "x": 1, "y": 2},
        {"kty": "EC", "crv": ["P-256"], "x": "AA", "y": "AA"},
        {"kty": "RSA", "n": None, "e": "AQAB"},
        {"kty": ["EC"]},
        {"kty": {"x": {}}},
        {},
    ],
)
def test_a_key_of_odd_words_is_refused(house, jwk):
    body = world.Machine().signed("new-account", {}, jwk=jwk)
    before = world.counts()
    assert word(certificates.acme(path="new-account", body=body)) in {
        "unauthorized",
        "badPublicKey",
    }
    assert world.counts() == before


@pytest.mark.parametrize("serial", ["\0", "a/b", ""])
def test_a_serial_that_is_none_is_not_found(machine, serial):
    assert word(machine.send(f"cert/{serial}", None)) == "malformed"


def odd_algorithm(request):
    """The request, signed by an algorithm that nobody knows."""
    one = asn1_csr.CertificationRequest.load(request.public_bytes(Encoding.DER))
    one["signature_algorithm"] = {"algorithm": "1.2.3.4.5"}
    return x509.load_der_x509_csr(one.dump(force=True))


def test_a_request_with_an_unknown_algorithm_key_or_name_is_refused_in_words(house):
    other = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([]))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(world.NAME)]), critical=False)
        .sign(ed25519.Ed25519PrivateKey.generate(), None)
    )
    before = world.counts()
    for made in (odd_algorithm(world.request(world.NAME)), other, world.request("a\0b")):
        with pytest.raises(Invalid) as refused:
            certificates.issue(actor=world.ADMIN, request=world.pem(made))
        assert refused.value.why.endswith(".")
    assert world.counts() == before


def test_a_question_with_an_unknown_digest_is_answered_as_malformed(house):
    made = certificates.issue(actor=world.ADMIN, request=world.pem(world.request(world.NAME)))
    above = x509.load_der_x509_certificate(certificates.authority_der())
    shown = x509.load_pem_x509_certificate(made.pem.encode())
    asked = ocsp.OCSPRequestBuilder().add_certificate(shown, above, hashes.SHA256()).build()
    odd = asn1_ocsp.OCSPRequest.load(asked.public_bytes(Encoding.DER))
    named = odd["tbs_request"]["request_list"][0]["req_cert"]["hash_algorithm"]
    named["algorithm"] = "1.2.3.4.5"
    answer = ocsp.load_der_ocsp_response(certificates.answer_ocsp(odd.dump(force=True)))
    assert answer.response_status == ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_a_system_that_drips_its_proof_is_given_up_in_time(machine, house, monkeypatch):
    certificates.allow_name(actor=world.ADMIN, name="localhost", client_id="van-ban")
    door = socket.create_server(("127.0.0.1", 0))

    def drip():
        asker, _ = door.accept()
        with asker, suppress(OSError):
            asker.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
            for _ in range(900):
                asker.sendall(b"x")
                time.sleep(0.1)

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    monkeypatch.setattr(proving, "SECONDS", 0.5)
    monkeypatch.setenv("CUASO_ACME_PORT", str(door.getsockname()[1]))
    order = machine.order("localhost")
    [place] = order.content["authorizations"]
    [challenge] = machine.at(place).content["challenges"]
    began = time.monotonic()
    machine.at(challenge["url"], {})
    assert time.monotonic() - began < 45  # half a second, and the whole proof takes ninety
    assert AcmeChallenge.objects.get().trouble == "The name answers too slowly."
    thread.join()
    door.close()
