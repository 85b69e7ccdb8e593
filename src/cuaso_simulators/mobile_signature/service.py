"""What the operator answers to applications (ETSI TS 102 204 in JSON), and what the phones show."""

import base64
import hmac
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any, Final

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

from cuaso.kernel import clock
from cuaso_simulators.loopback import Answer, Request

PIN: Final = "2468"
MOST_TRIES: Final = 3
# Status codes of TS 102 204, 8.
REQUEST_OK, WRONG_PARAM, UNAUTHORIZED, UNKNOWN = "100", "101", "104", "105"
EXPIRED, CANCELLED, BLOCKED, SIGNATURE, OUTSTANDING = "208", "401", "402", "500", "504"


@dataclass(kw_only=True)
class Sim:
    """One SIM card: its key and certificates, and how often the PIN was wrong."""

    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]
    wrong: int = 0


@dataclass(kw_only=True)
class Transaction:
    """One question on a phone. `code` is OUTSTANDING until it is settled."""

    number: str
    digest: bytes
    shown: str
    ends_at: datetime
    code: str = OUTSTANDING
    signature: bytes = b""


@dataclass(kw_only=True)
class MobileSignature:
    """Answers applications and phones. Safe for the threads of one server.

    With a `folder` its SIM cards outlive a restart.
    """

    authority: str
    password: str = ""
    folder: Path | None = None
    sims: dict[str, Sim] = field(default_factory=dict)
    asked: dict[str, Transaction] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        for path in sorted(self.folder.glob("*.pem")) if self.folder else ():
            self.sims[path.stem] = _read(path.read_bytes())

    def answer(self, request: Request) -> Answer:
        try:
            with self._lock:
                return self._answer(request)
        except (KeyError, ValueError, TypeError, AttributeError):
            return Answer(status=200, body=_status(WRONG_PARAM))

    def _answer(self, request: Request) -> Answer:
        match (request.method, *request.path):
            case ("GET",):
                return Answer(status=200, body=_page(self.asked))
            case ("POST", "sims"):
                return Answer(status=200, body=self._make(request.body))
            case ("POST", "phone", transaction, act):
                self._touch(self.asked[transaction], act, str(request.body.get("pin", "")))
                return Answer(status=303, body="", location="/")
            case ("POST", "mss", act):
                given = str(request.body["AP_Info"]["AP_PWD"])
                if not hmac.compare_digest(given, self.password):
                    return Answer(status=200, body=_status(UNAUTHORIZED))
                return Answer(status=200, body=self._mss(act, request.body))
        return Answer(status=404, body={"error": "not_found"})

    def _mss(self, act: str, body: Mapping[str, Any]) -> dict[str, Any]:
        if act == "status":
            return self._told(self.asked[str(body["MSSP_TransID"])])
        number = str(body["MobileUser"]["MSISDN"])
        if number not in self.sims:
            return _status(UNKNOWN)
        if act == "profile":
            ders = (one.public_bytes(Encoding.DER) for one in self.sims[number].chain)
            return {**_status(REQUEST_OK), "Certificates": [_text(one) for one in ders]}
        return self._ask(number, body)

    def _ask(self, number: str, body: Mapping[str, Any]) -> dict[str, Any]:
        digest = base64.b64decode(body["DataToBeSigned"]["Data"], validate=True)
        if (
            len(digest) != hashes.SHA256.digest_size
            or body["MessagingMode"] != "asynchClientServer"
        ):
            return _status(WRONG_PARAM)
        transaction = secrets.token_hex(10)
        self.asked[transaction] = Transaction(
            number=number,
            digest=digest,
            shown=str(body["DataToBeDisplayed"]["Data"]),
            ends_at=clock.now() + timedelta(seconds=int(body["TimeOut"])),
        )
        return {**_status(REQUEST_OK), "MSSP_TransID": transaction}

    def _told(self, one: Transaction) -> dict[str, Any]:
        if one.code == OUTSTANDING and clock.now() >= one.ends_at:
            one.code = EXPIRED
        if one.code != SIGNATURE:
            return _status(one.code)
        return {**_status(SIGNATURE), "MSS_Signature": _text(one.signature)}

    def _touch(self, one: Transaction, act: str, pin: str) -> None:
        """A second touch changes nothing; the third wrong PIN blocks the SIM."""
        sim = self.sims[one.number]
        if one.code != OUTSTANDING or clock.now() >= one.ends_at:
            return
        if act == "cancel":
            one.code = CANCELLED
        elif sim.wrong < MOST_TRIES and hmac.compare_digest(pin, PIN):
            sim.wrong = 0
            algorithm = ec.ECDSA(utils.Prehashed(hashes.SHA256()))
            one.code, one.signature = SIGNATURE, sim.key.sign(one.digest, algorithm)
        else:
            sim.wrong += 1
            if sim.wrong >= MOST_TRIES:
                one.code = BLOCKED

    def _make(self, told: Mapping[str, Any]) -> dict[str, str]:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        csr = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
        facts = {name: value for name, value in told.items() if name != "number"}
        answer = httpx.post(
            f"{self.authority}/certificates", json={**facts, "csr": csr}, trust_env=False
        )
        pems = answer.raise_for_status().json()
        chain = tuple(
            x509.load_pem_x509_certificate(pems[one].encode()) for one in ("certificate", "chain")
        )
        number = str(told["number"])
        self.sims[number] = Sim(key=key, chain=chain)
        if self.folder is not None:
            _write(self.folder / f"{number}.pem", self.sims[number])
        return {"MSISDN": number}


def _write(path: Path, sim: Sim) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = sim.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.touch(mode=0o600)
    path.write_bytes(b"".join((secret, *(one.public_bytes(Encoding.PEM) for one in sim.chain))))


def _read(pem: bytes) -> Sim:
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        message = "an elliptic-curve key is wanted"
        raise TypeError(message)
    return Sim(key=key, chain=tuple(x509.load_pem_x509_certificates(pem)))


def _page(asked: Mapping[str, Transaction]) -> str:
    lines = "".join(
        f"<section><h2>{escape(one.number)}</h2><p>{escape(one.shown)}</p>"
        + (
            f"<form method=post action='/phone/{escape(name)}/agree'><label>Mã PIN"
            " <input name=pin type=password inputmode=numeric></label><button>Ký</button></form>"
            f"<form method=post action='/phone/{escape(name)}/cancel'><button>Hủy</button></form>"
            if one.code == OUTSTANDING
            else f"<p>{one.code}</p>"
        )
        + "</section>"
        for name, one in reversed([*asked.items()])
    )
    return (
        "<!doctype html><html lang=vi><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width'><title>SIM ký số (giả lập)</title>"
        f"<h1>SIM ký số (giả lập)</h1>{lines or '<p>Không có yêu cầu nào.</p>'}</html>"
    )


def _status(code: str) -> dict[str, Any]:
    return {"MajorVersion": 1, "MinorVersion": 1, "Status": {"StatusCode": code}}


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
