"""The time-stamp authority's client (RFC 3161): bounded, and it believes nothing unchecked."""

import asyncio
import hashlib
import secrets
import ssl
import sys
from functools import cache
from importlib.util import find_spec
from typing import ClassVar
from urllib.parse import urlsplit

import httpx
from asn1crypto import cms, core, tsp
from pyhanko.sign.validation.generic_cms import (
    extract_certs_for_validation,
    validate_sig_integrity,
)

from cuaso.capabilities.signing.logic import refusals, surroundings, weakness
from cuaso.capabilities.signing.logic.container import (
    INTEGER,
    OCTETS,
    SEQUENCE,
    SHA256,
    VERSION_1,
    tlv,
)

MOST_BYTES = 64 * 1024
# Strongest last: the next one is taken when one comes to its end.
DIGESTS = {
    "sha256": SHA256,
    "sha384": bytes.fromhex("300d06096086480165030402020500"),
    "sha512": bytes.fromhex("300d06096086480165030402030500"),
}
CERTIFICATES_WANTED = bytes.fromhex("0101ff")
FIRST_GUESS_BYTES = 12 * 1024
_token_bytes: dict[str, int] = {}  # url → size of the largest token seen: room to leave in the PDF
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
# httpcore would look for it on the disk at every step of an answer; None says that it is not there.
if find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment] # Python's own word for "not there"


class Answer(core.Sequence):  # type: ignore[misc] # asn1crypto is untyped
    """TimeStampResp of RFC 3161: asn1crypto's own wants a token even in a refusal."""

    _fields: ClassVar = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


class TimeStamper:
    """Asks one authority; every failure is an Unavailable in plain words."""

    def __init__(self, *, url: str) -> None:
        if not url:
            raise refusals.no_timestamp_authority()
        self.url = url

    def stamp(self, digest: bytes, *, algorithm: str = "sha256") -> bytes:
        """Return a token over a digest in DER, within five seconds in all."""
        nonce = secrets.randbits(63)
        try:
            answer = asyncio.run(_within(self.url, _request(digest, algorithm, nonce=nonce)))
        except TimeoutError as error:
            raise refusals.timestamp_slow() from error
        except httpx.HTTPError as error:
            raise refusals.timestamp_down("Không kết nối được tới dịch vụ.") from error
        token = _checked(answer, nonce=nonce, digest=digest)
        _token_bytes[self.url] = max(len(answer), _token_bytes.get(self.url, 0))
        return token

    def expected_bytes(self) -> int:
        """Return how large a token may become, with a margin."""
        return _token_bytes.get(self.url, FIRST_GUESS_BYTES) + 512


def _request(digest: bytes, algorithm: str, *, nonce: int) -> bytes:
    """Return a TimeStampReq in DER that wants the authority's certificates back."""
    number = nonce.to_bytes(nonce.bit_length() // 8 + 1)
    return tlv(
        SEQUENCE,
        VERSION_1,
        tlv(SEQUENCE, DIGESTS[algorithm], tlv(OCTETS, digest)),
        tlv(INTEGER, number),
        CERTIFICATES_WANTED,
    )


async def _within(url: str, body: bytes) -> bytes:
    async with asyncio.timeout(surroundings.TSA_SECONDS):
        return await _ask(url, body)


async def _ask(url: str, body: bytes) -> bytes:
    headers = {
        "Content-Type": "application/timestamp-query",
        "Accept": "application/timestamp-reply",
    }
    outside = urlsplit(url).hostname not in LOOPBACK
    async with (
        httpx.AsyncClient(
            verify=tls(), timeout=surroundings.TSA_SECONDS, trust_env=outside
        ) as client,
        client.stream("POST", url, content=body, headers=headers) as response,
    ):
        if response.status_code != httpx.codes.OK:
            raise refusals.timestamp_down(f"Dịch vụ trả lời mã {response.status_code}.")
        content = b""
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > MOST_BYTES:
                raise refusals.timestamp_wrong("Câu trả lời quá lớn.")
        return content


def _checked(answer: bytes, *, nonce: int, digest: bytes) -> bytes:
    try:
        token, fault = _read(answer, nonce=nonce, digest=digest)
    except Exception as error:  # an outsider's bytes break a parser in any way
        raise refusals.timestamp_wrong("Câu trả lời không đọc được.") from error
    if fault:
        raise refusals.timestamp_wrong(fault)
    return bytes(token.dump())


def _read(answer: bytes, *, nonce: int, digest: bytes) -> tuple[cms.ContentInfo, str]:
    """Return the token and what is wrong with it, "" when nothing is."""
    response = Answer.load(answer, strict=True)
    token = response["time_stamp_token"]
    status = response["status"]["status"].native
    if status not in {"granted", "granted_with_mods"}:
        return token, f"Dịch vụ từ chối cấp dấu thời gian ({status})."
    info = token["content"]["encap_content_info"]["content"].parsed
    if info["nonce"].native != nonce:
        return token, "Câu trả lời không khớp với yêu cầu đã gửi (nonce)."
    if info["message_imprint"]["hashed_message"].native != digest:
        return token, "Dấu thời gian cấp cho nội dung khác."
    weak = weakness.of_container(token["content"], place="stamp")
    if weak:
        return token, f"Dịch vụ dùng thuật toán băm {weak[0].name} không còn an toàn."
    if not _is_signed(token):
        return token, "Chữ ký của dịch vụ cấp dấu thời gian không đúng."
    return token, ""


def _is_signed(token: cms.ContentInfo) -> bool:
    """Check the authority's signature; whether its chain is trusted is the verifier's question."""
    signed = token["content"]
    content = signed["encap_content_info"]["content"].contents
    signer_info = signed["signer_infos"][0]
    digest = hashlib.new(signer_info["digest_algorithm"]["algorithm"].native, content).digest()
    certificate = extract_certs_for_validation(signed).signer_cert
    return all(validate_sig_integrity(signer_info, certificate, "tst_info", digest))


@cache
def tls() -> ssl.SSLContext:
    """Return how an outsider's door is known; made once, it costs 20 ms."""
    return ssl.create_default_context()
