"""Calls of the Cloud Signature Consortium's API v2, and nothing else of any provider."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from cuaso.capabilities.signing.logic import refusals, surroundings
from cuaso.capabilities.signing.logic.timestamping import LOOPBACK

SHA256_OID = "2.16.840.1.101.3.4.2.1"
ECDSA_SHA256_OID = "1.2.840.10045.4.3.2"
PENDING, DENIED, EXPIRED = "authorization_pending", "access_denied", "expired_token"


@dataclass(frozen=True, kw_only=True)
class Certificates:
    """A remote key's certificates in PEM: the signer's, and those above."""

    own: str
    chain: str


class Service:
    """One provider of remote keys; every failure is a Refusal in plain words."""

    def __init__(self, *, url: str, token: str) -> None:
        if not url:
            raise refusals.remote_down("Chưa khai báo dịch vụ ký số từ xa (CUASO_CSC_URL).")
        self._url, self._token = url, token

    def credentials(self) -> tuple[str, ...]:
        """Return the names of all keys that this house may ask for."""
        told = self._call("credentials/list", {})
        return tuple(str(one) for one in _listed(told, "credentialIDs"))

    def certificates(self, credential_id: str) -> Certificates:
        told = self._call(
            "credentials/info", {"credentialID": credential_id, "certificates": "chain"}
        )
        try:
            pems = [
                x509.load_der_x509_certificate(base64.b64decode(one))
                .public_bytes(Encoding.PEM)
                .decode()
                for one in told["cert"]["certificates"]
            ]
            return Certificates(own=pems[0], chain="".join(pems[1:]))
        except (KeyError, IndexError, ValueError, TypeError) as error:
            raise refusals.remote_wrong("Chứng thư số không đọc được.") from error

    def ask(
        self,
        credential_id: str,
        *,
        hashes: Sequence[bytes],
        description: str,
        documents: Sequence[Mapping[str, str]],
    ) -> str:
        """Push to the signer's phone; return the handle to ask with."""
        told = self._call(
            "credentials/authorize",
            {
                "credentialID": credential_id,
                "numSignatures": len(hashes),
                "hashes": [_text(one) for one in hashes],
                "hashAlgorithmOID": SHA256_OID,
                "description": description,
                "documents": list(documents),
            },
        )
        return str(told.get("handle") or "")

    def agreed(self, handle: str) -> str | None:
        """Return the activation data once the signer agreed, None while nobody answered.

        Raises NotAllowed when the signer refused, Unavailable when the time is over.
        """
        told = self._call("credentials/authorizeCheck", {"handle": handle})
        if told.get("error") == PENDING:
            return None
        activation = told.get("SAD")
        if not isinstance(activation, str) or not activation:
            raise refusals.remote_wrong("Câu trả lời thiếu dữ liệu.")
        return activation

    def sign(self, credential_id: str, *, activation: str, hashes: Sequence[bytes]) -> list[bytes]:
        """Return one signature for each hash, in their order."""
        told = self._call(
            "signatures/signHash",
            {
                "credentialID": credential_id,
                "SAD": activation,
                "hashes": [_text(one) for one in hashes],
                "hashAlgorithmOID": SHA256_OID,
                "signAlgo": ECDSA_SHA256_OID,
                "operationMode": "S",
            },
        )
        signatures = _listed(told, "signatures")
        if len(signatures) != len(hashes):
            raise refusals.remote_wrong("Số chữ ký không khớp số văn bản.")
        try:
            return [base64.b64decode(str(one)) for one in signatures]
        except ValueError as error:
            raise refusals.remote_wrong("Chữ ký không đọc được.") from error

    def _call(self, act: str, body: Mapping[str, Any]) -> dict[str, Any]:
        outside = urlsplit(self._url).hostname not in LOOPBACK
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            with httpx.Client(timeout=surroundings.CSC_SECONDS, trust_env=outside) as client:
                answer = client.post(f"{self._url}/csc/v2/{act}", json=dict(body), headers=headers)
            told = answer.json()
        except httpx.HTTPError as error:
            raise refusals.remote_down("Không kết nối được tới dịch vụ.") from error
        except ValueError as error:
            raise refusals.remote_wrong("Câu trả lời không đọc được.") from error
        if not isinstance(told, dict):
            raise refusals.remote_wrong("Câu trả lời không đọc được.")
        if answer.is_success:
            return told
        return _refused(told, status=answer.status_code)


def _refused(told: dict[str, Any], *, status: int) -> dict[str, Any]:
    error = told.get("error")
    if error == PENDING:
        return told
    if error == DENIED:
        raise refusals.remote_refused()
    if error == EXPIRED:
        raise refusals.remote_late()
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise refusals.remote_down(f"Dịch vụ trả lời mã {status}.")
    raise refusals.remote_wrong(f"Dịch vụ từ chối ({error}).")


def _listed(told: Mapping[str, Any], name: str) -> list[Any]:
    found = told.get(name)
    if not isinstance(found, list):
        raise refusals.remote_wrong("Câu trả lời thiếu dữ liệu.")
    return found


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
