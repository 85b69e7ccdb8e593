"""What the service answers to applications, and what it shows to the person on the phone."""

import base64
import hmac
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from cuaso.kernel import clock
from cuaso_simulators.loopback import Answer, Request
from cuaso_simulators.remote_signing.phone import phone

CONSENT_SECONDS = 300
SAD_SECONDS = 120
MOST_AT_ONCE = 200
SHA256_OID = "2.16.840.1.101.3.4.2.1"
ECDSA_SHA256_OID = "1.2.840.10045.4.3.2"


class Mood(Protocol):
    @property
    def mode(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Credential:
    """A key at the service and its certificates, the person's first."""

    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]


@dataclass(kw_only=True)
class Asked:
    """One consent: state is `waiting`, `agreed` or `refused`; `left` are hashes not signed yet."""

    credential_id: str
    description: str
    documents: list[dict[str, str]]
    left: set[str]
    ends_at: datetime
    state: str = "waiting"
    sad: str = ""
    sad_ends_at: datetime | None = None
    pushes: int = 1


class Wrong(Exception):
    """An OAuth-shaped refusal, as CSC writes them."""

    def __init__(self, error: str, said: str = "") -> None:
        super().__init__(said or error)
        self.body = {"error": error, "error_description": said or error}


@dataclass(kw_only=True)
class RemoteSigning:
    """Answers CSC's calls and the phone's. Safe for the threads of one server.

    With a `folder` its keys outlive a restart.
    """

    authority: str
    token: str = ""
    folder: Path | None = None
    mood: Mood | None = None
    credentials: dict[str, Credential] = field(default_factory=dict)
    asked: dict[str, Asked] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        for path in sorted(self.folder.glob("*.pem")) if self.folder else ():
            self.credentials[path.stem] = _read(path.read_bytes())

    def answer(self, request: Request) -> Answer:
        try:
            with self._lock:
                return self._answer(request)
        except Wrong as wrong:
            return Answer(status=400, body=wrong.body)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            return Answer(
                status=400, body={"error": "invalid_request", "error_description": str(error)}
            )

    def _answer(self, request: Request) -> Answer:
        match (request.method, *request.path):
            case ("GET",):
                return Answer(status=200, body=phone(self.asked, self.names()))
            case ("POST", "phone", handle, act):
                return self._touch(handle, act)
            case ("POST", "credentials"):
                return Answer(status=200, body=self._make(request.body))
            case ("POST", "csc", "v2", group, act):
                if not self._bears(request):
                    return Answer(status=401, body={"error": "invalid_token"})
                return Answer(status=200, body=self._csc(f"{group}/{act}", request.body))
        return Answer(status=404, body={"error": "not_found"})

    def names(self) -> dict[str, str]:
        """Return whose each credential is."""
        return {id: _name(one.chain[0]) for id, one in self.credentials.items()}

    def _bears(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return not self.token or hmac.compare_digest(given, f"Bearer {self.token}")

    def _csc(self, act: str, body: Mapping[str, Any]) -> dict[str, Any]:
        match act:
            case "credentials/list":
                return {"credentialIDs": sorted(self.credentials)}
            case "credentials/info":
                return self._info(self._credential(body))
            case "credentials/authorize":
                return self._authorize(body)
            case "credentials/authorizeCheck":
                return self._check(self.asked[body["handle"]])
            case "signatures/signHash":
                return self._sign(body)
        raise Wrong("invalid_request", f"no such method: {act}")

    def _info(self, credential: Credential) -> dict[str, Any]:
        ders = [one.public_bytes(Encoding.DER) for one in credential.chain]
        return {
            "key": {
                "status": "enabled",
                "algo": [ECDSA_SHA256_OID],
                "len": 256,
                "curve": "1.2.840.10045.3.1.7",
            },
            "cert": {"status": "valid", "certificates": [_text(one) for one in ders]},
            "auth": {"mode": "explicit", "expression": "push"},
            "SCAL": "2",
            "multisign": MOST_AT_ONCE,
        }

    def _authorize(self, body: Mapping[str, Any]) -> dict[str, Any]:
        self._credential(body)
        wanted, documents = list(body["hashes"]), list(body.get("documents", ()))
        if body.get("hashAlgorithmOID") != SHA256_OID or int(body["numSignatures"]) != len(wanted):
            raise Wrong("invalid_request", "hashes, their number and their algorithm do not fit")
        if not 0 < len(wanted) <= MOST_AT_ONCE or len(set(wanted)) != len(wanted):
            raise Wrong("invalid_request", "too many hashes, or one twice")
        handle = secrets.token_urlsafe(18)
        self.asked[handle] = Asked(
            credential_id=body["credentialID"],
            description=str(body.get("description", "")),
            documents=documents,
            left=set(wanted),
            ends_at=clock.now() + timedelta(seconds=CONSENT_SECONDS),
            pushes=2 if self.mood and self.mood.mode == "duplicate" else 1,
        )
        return {"handle": handle, "expiresIn": CONSENT_SECONDS}

    def _check(self, asked: Asked) -> dict[str, Any]:
        if asked.state == "refused":
            raise Wrong("access_denied", "the person refused")
        if asked.state == "waiting":
            if clock.now() >= asked.ends_at:
                raise Wrong("expired_token", "nobody answered in time")
            raise Wrong("authorization_pending")
        return {"SAD": asked.sad, "expiresIn": SAD_SECONDS}

    def _sign(self, body: Mapping[str, Any]) -> dict[str, Any]:
        found = [one for one in self.asked.values() if one.sad and one.sad == body["SAD"]]
        if not found or found[0].credential_id != body["credentialID"]:
            raise Wrong("invalid_request", "unknown SAD")
        (asked,) = found
        if asked.sad_ends_at is None or clock.now() >= asked.sad_ends_at:
            raise Wrong("expired_token", "the SAD is over")
        wanted = list(body["hashes"])
        if not set(wanted) <= asked.left or len(set(wanted)) != len(wanted):
            raise Wrong("invalid_request", "a hash that the person did not agree to")
        key = self._credential(body).key
        asked.left -= set(wanted)
        algorithm = ec.ECDSA(utils.Prehashed(hashes.SHA256()))
        signed = [key.sign(base64.b64decode(one), algorithm) for one in wanted]
        return {"signatures": [_text(one) for one in signed]}

    def _touch(self, handle: str, act: str) -> Answer:
        """A second touch changes nothing: the first one counts."""
        asked = self.asked[handle]
        if asked.state == "waiting" and clock.now() < asked.ends_at:
            if act == "agree":
                asked.state, asked.sad = "agreed", secrets.token_urlsafe(24)
                asked.sad_ends_at = clock.now() + timedelta(seconds=SAD_SECONDS)
            elif act == "refuse":
                asked.state = "refused"
        return Answer(status=303, body="", location="/")

    def _make(self, told: Mapping[str, Any]) -> dict[str, str]:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        csr = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
        answer = httpx.post(
            f"{self.authority}/certificates", json={**told, "csr": csr}, trust_env=False
        )
        pems = answer.raise_for_status().json()
        chain = tuple(
            x509.load_pem_x509_certificate(pems[one].encode()) for one in ("certificate", "chain")
        )
        credential_id = secrets.token_hex(8)
        self.credentials[credential_id] = Credential(key=key, chain=chain)
        if self.folder is not None:
            _write(self.folder / f"{credential_id}.pem", self.credentials[credential_id])
        return {"credentialID": credential_id}

    def _credential(self, body: Mapping[str, Any]) -> Credential:
        found = self.credentials.get(str(body.get("credentialID")))
        if found is None:
            raise Wrong("invalid_request", "unknown credential")
        return found


def _name(certificate: x509.Certificate) -> str:
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def _write(path: Path, one: Credential) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = one.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(b"".join((secret, *(each.public_bytes(Encoding.PEM) for each in one.chain))))
    path.chmod(0o600)


def _read(pem: bytes) -> Credential:
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        message = "an elliptic-curve key is wanted"
        raise TypeError(message)
    return Credential(key=key, chain=tuple(x509.load_pem_x509_certificates(pem)))


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
