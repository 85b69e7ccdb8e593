"""Calls of a mobile signature service in the shape of ETSI TS 102 204, written as JSON.

One signature is asked for asynchronously: the service tells the SIM, the person types the PIN, the
application asks for the status until it is settled.
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from cuaso.capabilities.signing.logic import refusals, surroundings
from cuaso.capabilities.signing.logic.timestamping import LOOPBACK
from cuaso.kernel import clock

# Status codes of TS 102 204, 8.
ACCEPTED, SIGNED, OUTSTANDING = "100", "500", "504"
REFUSALS: Final = {
    "105": refusals.mobile_number_unknown,  # UNKNOWN_CLIENT
    "208": refusals.mobile_late,  # EXPIRED_TRANSACTION
    "401": refusals.mobile_refused,  # USER_CANCEL
    "402": refusals.mobile_blocked,  # PIN_NR_BLOCKED
    "403": refusals.mobile_blocked,  # CARD_BLOCKED
    "404": refusals.mobile_number_unknown,  # NO_KEY_FOUND
    "422": refusals.mobile_number_unknown,  # NO_CERT_FOUND
}
MESSAGE_LETTERS: Final = 120


@dataclass(frozen=True, kw_only=True)
class Certificates:
    """A SIM's certificates in PEM: the person's, and those above."""

    own: str
    chain: str


class Service:
    """One mobile signature service provider; every failure is a Refusal in plain words."""

    def __init__(self, *, url: str, application: str, password: str) -> None:
        if not url:
            raise refusals.mobile_down("Chưa khai báo dịch vụ ký số qua SIM (CUASO_MSS_URL).")
        self._url, self._application, self._password = url, application, password

    def certificates(self, number: str) -> Certificates:
        """Return the certificates of the key in the SIM with a number."""
        told = self._call("profile", {"MobileUser": {"MSISDN": number}})
        _settled(told)
        try:
            pems = [
                x509.load_der_x509_certificate(base64.b64decode(one))
                .public_bytes(Encoding.PEM)
                .decode()
                for one in told["Certificates"]
            ]
            return Certificates(own=pems[0], chain="".join(pems[1:]))
        except (KeyError, IndexError, ValueError, TypeError) as error:
            raise refusals.mobile_wrong("Chứng thư số không đọc được.") from error

    def ask(self, number: str, *, digest: bytes, shown: str, seconds: float) -> str:
        """Have the SIM ask the person for one signature; return the transaction's name."""
        told = self._call(
            "signature",
            {
                "MobileUser": {"MSISDN": number},
                "DataToBeSigned": {"MimeType": "application/x-sha256", "Data": _text(digest)},
                "DataToBeDisplayed": {"MimeType": "text/plain", "Data": shown[:MESSAGE_LETTERS]},
                "MessagingMode": "asynchClientServer",
                "TimeOut": int(seconds),
            },
        )
        _settled(told)
        return str(told.get("MSSP_TransID") or "")

    def signed(self, transaction: str) -> bytes | None:
        """Return the signature, None while the person has not answered; raise as they refused."""
        told = self._call("status", {"MSSP_TransID": transaction})
        if _code(told) == OUTSTANDING:
            return None
        _settled(told)
        try:
            return base64.b64decode(str(told["MSS_Signature"]), validate=True)
        except (KeyError, ValueError) as error:
            raise refusals.mobile_wrong("Câu trả lời thiếu chữ ký.") from error

    def _call(self, act: str, body: Mapping[str, Any]) -> dict[str, Any]:
        whole = {
            "MajorVersion": 1,
            "MinorVersion": 1,
            "AP_Info": {
                "AP_ID": self._application,
                "AP_PWD": self._password,
                "AP_TransID": f"cuaso-{secrets.token_hex(8)}",
                "Instant": clock.now().isoformat(timespec="seconds"),
            },
            **body,
        }
        outside = urlsplit(self._url).hostname not in LOOPBACK
        try:
            with httpx.Client(timeout=surroundings.CSC_SECONDS, trust_env=outside) as client:
                answer = client.post(f"{self._url}/mss/{act}", json=whole)
            told = answer.json()
        except httpx.HTTPError as error:
            raise refusals.mobile_down("Không kết nối được tới dịch vụ.") from error
        except ValueError as error:
            raise refusals.mobile_wrong("Câu trả lời không đọc được.") from error
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise refusals.mobile_down(f"Dịch vụ trả lời mã {answer.status_code}.")
        if not isinstance(told, dict):
            raise refusals.mobile_wrong("Câu trả lời không đọc được.")
        return told


def _code(told: Mapping[str, Any]) -> str:
    status = told.get("Status")
    return str(status.get("StatusCode", "")) if isinstance(status, dict) else ""


def _settled(told: Mapping[str, Any]) -> None:
    """Raise the refusal that a status code stands for; nothing for those that go on."""
    code = _code(told)
    if code in {ACCEPTED, SIGNED}:
        return
    known = REFUSALS.get(code)
    if known is not None:
        raise known()
    raise refusals.mobile_wrong(f"Dịch vụ trả lời trạng thái “{code}”.")


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
