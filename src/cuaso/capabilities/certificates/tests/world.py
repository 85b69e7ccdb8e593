"""Systems that want certificates, and a machine that speaks ACME."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from joserfc import jws
from joserfc.jwk import ECKey, OctKey

from cuaso.capabilities.certificates import api as certificates
from cuaso.capabilities.certificates.models import (
    AcmeAccount,
    AcmeChallenge,
    AcmeOrder,
    Certificate,
    Name,
)
from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject

URL = "http://localhost:8000"
ADMIN = Actor(kind="official", name="Quản trị", roles=frozenset({"admin"}))
CLERK = Actor(kind="official", name="Văn thư", roles=frozenset({"clerk"}))
NAME = "van-ban.example"
OTHER = "du-lieu.example"


def request(*names, key=None, extra=()):
    """Return a PEM request for these names, signed by its key."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    named = [x509.DNSName(one) for one in names]
    builder = x509.CertificateSigningRequestBuilder().subject_name(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])] if names else [])
    )
    if named or extra:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([*named, *extra]), critical=False
        )
    return builder.sign(key, hashes.SHA256())


def pem(made):
    return made.public_bytes(Encoding.PEM).decode()


def counts():
    stocks = (Name, Certificate, AcmeAccount, AcmeOrder, AcmeChallenge)
    return tuple(stock.objects.count() for stock in stocks)


def acts(row):
    kind = "certificates.certificate"
    entries = audit.history(Subject(kind=kind, id=row.id))
    return [entry.act for entry in sorted(entries, key=lambda entry: entry.at)]


class _Registry(jws.JWSRegistry):
    max_header_length = 4_096


@dataclass
class Machine:
    """A client of ACME as RFC 8555 describes one."""

    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256"))
    kid: str = ""

    def send(self, path, payload, **changed):
        return certificates.acme(path=path, body=self.signed(path, payload, **changed))

    def signed(self, path, payload, **changed):
        header: dict[str, Any] = {
            "alg": "ES256",
            "nonce": certificates.nonce(),
            "url": f"{URL}/acme/{path}",
        }
        header |= {"kid": self.kid} if self.kid else {"jwk": self.key.as_dict(private=False)}
        header = {name: word for name, word in (header | changed).items() if word is not None}
        text = b"" if payload is None else json.dumps(payload).encode()
        registry = _Registry(algorithms=["ES256"], strict_check_header=False)
        compact = jws.serialize_compact(header, text, self.key, registry=registry)
        parts = dict(zip(("protected", "payload", "signature"), compact.split("."), strict=True))
        return json.dumps(parts).encode()

    def open(self, **more):
        answer = self.send("new-account", {"termsOfServiceAgreed": True, **more})
        self.kid = answer.headers["Location"]
        return answer

    def to_key(self, key, **changed):
        """Ask that the account be known by another key, which signs inside."""
        said = {"account": self.kid, "oldKey": self.key.as_dict(private=False)} | changed
        header = {
            "alg": "ES256",
            "jwk": key.as_dict(private=False),
            "url": f"{URL}/acme/key-change",
        }
        return self.send("key-change", flattened(header, said, key))

    def order(self, *names):
        return self.send("new-order", {"identifiers": [{"type": "dns", "value": n} for n in names]})

    def at(self, address, payload=None):
        return self.send(address.removeprefix(f"{URL}/acme/"), payload)

    def word(self, token):
        told = json.dumps(
            {name: self.key.as_dict(private=False)[name] for name in ("crv", "kty", "x", "y")},
            separators=(",", ":"),
        )
        return f"{token}.{encoded(hashlib.sha256(told.encode()).digest())}"


def flattened(header, said, key):
    registry = _Registry(algorithms=["ES256", "HS256"], strict_check_header=False)
    compact = jws.serialize_compact(header, json.dumps(said).encode(), key, registry=registry)
    return dict(zip(("protected", "payload", "signature"), compact.split("."), strict=True))


def binding(made, machine, **changed):
    """Return what binds a machine's account to the system that was given the key."""
    header = {"alg": "HS256", "kid": made.kid, "url": f"{URL}/acme/new-account"} | changed
    secret = made.secret + "=" * (-len(made.secret) % 4)
    key = OctKey.import_key(base64.urlsafe_b64decode(secret))
    return {"externalAccountBinding": flattened(header, machine.key.as_dict(private=False), key)}


def encoded(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def der(made):
    return encoded(made.public_bytes(Encoding.DER))
