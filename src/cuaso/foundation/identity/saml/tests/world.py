"""A system of others that takes our assertions: pySAML2 as service provider, xmlsec1 its crypto."""

import base64
import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client as Browser
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, BINDING_SOAP
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.metadata import entity_descriptor

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.provider.models import SignOn
from cuaso.foundation.identity.saml.models import (
    LeaveWalk,
    ParkedSignIn,
    Partner,
    PartnerName,
    PartnerSession,
)
from cuaso.foundation.identity.saml.partners.decide import approve_partner
from cuaso.foundation.identity.saml.partners.register import apply_partner
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject

ISSUER = "http://localhost:8000"
ADMIN = Actor(kind="official", name="Quản trị", roles=frozenset({"admin"}))
KNOWN = ("name", "preferred_username", "account_kind")
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"


@cache
def key_pair(name="sp", days=365):
    """Return a key and a certificate of its own in PEM; negative days have ended already."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = clock.now() - timedelta(days=400)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(clock.now() + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return text.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


class Provider:
    """One service provider: its own settings, its memory of requests, what its people see."""

    def __init__(
        self,
        folder: Path,
        *,
        host="https://doi-tac.example",
        name="doi-tac",
        encrypts=False,
        signs=True,
        leaves=BINDING_HTTP_REDIRECT,
        idp: str | None = None,
        leave_at="",
    ):
        self.host, self.entity_id = host, f"{host}/metadata"
        self.consumer, self.leave_at = f"{host}/acs", leave_at or f"{host}/slo"
        folder = folder / name
        folder.mkdir(exist_ok=True)
        key, certificate = key_pair(name)
        (folder / "key.pem").write_text(key)
        (folder / "cert.pem").write_text(certificate)
        self.folder, self.signs, self.encrypts, self.leaves = folder, signs, encrypts, leaves
        self.outstanding: dict[str, str] = {}
        self.client = self._client(idp or "")

    def _settings(self, idp: str):
        pair = {
            "key_file": str(self.folder / "key.pem"),
            "cert_file": str(self.folder / "cert.pem"),
        }
        return {
            "entityid": self.entity_id,
            "xmlsec_binary": "/usr/bin/xmlsec1",
            "allow_unknown_attributes": True,
            "service": {
                "sp": {
                    "endpoints": {
                        "assertion_consumer_service": [(self.consumer, BINDING_HTTP_POST)],
                        "single_logout_service": [(self.leave_at, self.leaves)]
                        if self.leaves
                        else [],
                    },
                    "authn_requests_signed": self.signs,
                    "logout_requests_signed": True,
                    "logout_responses_signed": True,
                    "want_response_signed": True,
                    "want_assertions_signed": True,
                    "want_assertions_or_response_signed": True,
                    "name_id_format": PERSISTENT,
                    "signing_algorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                    "digest_algorithm": "http://www.w3.org/2001/04/xmlenc#sha256",
                }
            },
            "metadata": {"inline": [idp]} if idp else {},
            **pair,
            "encryption_keypairs": [pair] if self.encrypts else [],
        }

    def _client(self, idp: str):
        return Saml2Client(config=SPConfig().load(self._settings(idp)))

    def trust(self, browser):
        """Load our metadata, as its operators do."""
        self.client = self._client(browser.get("/saml/metadata").content.decode())

    @property
    def metadata(self):
        return str(entity_descriptor(SPConfig().load(self._settings(""))))

    def ask(self, *, binding=BINDING_HTTP_REDIRECT, relay="nơi-cũ", sign=None, **words):
        """Return what the browser carries to us: an address, or the fields of a form."""
        mark, told = self.client.prepare_for_negotiated_authenticate(
            relay_state=relay, binding=binding, sign=sign, **words
        )[::2]
        self.outstanding[mark] = relay
        return carried(told, binding)

    def read(self, fields):
        """Read our answer as the system does; raises what pySAML2 raises."""
        return self.client.parse_authn_request_response(
            fields["SAMLResponse"], BINDING_HTTP_POST, outstanding=dict(self.outstanding)
        )


def carried(told, binding):
    if binding == BINDING_HTTP_REDIRECT:
        parts = urlsplit(dict(told["headers"])["Location"])
        return f"{parts.path}?{parts.query}"
    return fields_of(told["data"] if isinstance(told["data"], str) else "".join(told["data"]))


def fields_of(page):
    """Return the hidden fields and the target of a page's form that leads elsewhere."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: value.replace("&amp;", "&").replace("&#x27;", "'") for name, value in found}


def target_of(page):
    match = re.search(r'<form method="post" action="([^"]+)" id="carry"', page)
    assert match is not None, page
    return match.group(1)


def partner(provider, *, attributes=KNOWN, approved=True):
    made = apply_partner(
        actor=ADMIN, name="Đối tác", metadata=provider.metadata, attributes=attributes
    )
    if approved:
        approve_partner(actor=ADMIN, partner_id=made)
    return Partner.objects.get(id=made)


def come_in(browser, provider, **words):
    """Sign a person in at the provider; return what it then knows of them."""
    answer = browser.get(provider.ask(**words), follow=True)
    assert answer.status_code == 200, answer.content.decode()
    page = answer.content.decode()
    assert target_of(page) == provider.consumer
    return provider.read(fields_of(page))


def counts():
    """Return how much of everything there is: what a refusal must not change."""
    stocks = (Partner, PartnerName, ParkedSignIn, PartnerSession, LeaveWalk, SignOn)
    return tuple(stock.objects.count() for stock in stocks)


def partner_acts(row):
    return [entry.act for entry in audit.history(Subject(kind="identity.partner", id=row.id))]


def refusals(row):
    """Return the codes of the refusals of a partner's messages, oldest first."""
    entries = audit.history(Subject(kind="identity.partner", id=row.id))
    kept = sorted(entries, key=lambda entry: entry.at)
    return [one.content["code"] for one in kept if one.act == "identity.saml_refused"]


def encoded(xml):
    return base64.b64encode(xml if isinstance(xml, bytes) else xml.encode()).decode()


def query_of(address):
    return parse_qs(urlsplit(address).query)


__all__ = ["BINDING_HTTP_POST", "BINDING_HTTP_REDIRECT", "BINDING_SOAP", "Browser"]
