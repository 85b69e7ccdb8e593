"""OCSP and CRL over HTTP. Asked only for certificates whose chain ends in a trusted root: the
addresses stand in the certificates.
"""

import asyncio
from urllib.parse import urlsplit

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from cuaso.capabilities.signing.logic import surroundings
from cuaso.capabilities.signing.logic.lasting.revocation import ODD, Answer, AnswerKind, read
from cuaso.capabilities.signing.logic.lasting.running import run
from cuaso.capabilities.signing.logic.timestamping import LOOPBACK, tls

MOST_BYTES = 8 * 1024 * 1024


class NoAnswer(Exception):
    """A source did not answer, or answered with something else; the text says which."""


class Silent(NoAnswer):
    """A source let its time pass without an answer."""


def sources(certificate: x509.Certificate) -> list[tuple[AnswerKind, str]]:
    """Return where its revocation is published: OCSP first, it is the newest."""
    found: list[tuple[AnswerKind, str]] = []
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess)
        found += [
            ("ocsp", str(one.access_location.value))
            for one in access.value
            if one.access_method == AuthorityInformationAccessOID.OCSP
        ]
    except ODD:
        pass
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints)
        found += [
            ("crl", str(one.value)) for point in points.value for one in point.full_name or ()
        ]
    except ODD:
        pass
    return [(kind, url) for kind, url in found if urlsplit(url).scheme in {"http", "https"}]


def ask(
    kind: AnswerKind, url: str, *, certificate: x509.Certificate, issuer: x509.Certificate
) -> Answer:
    """Return what the source answers, read but not yet believed. Raises NoAnswer."""
    return run(_ask_alone(kind, url, certificate, issuer))


async def _ask_alone(
    kind: AnswerKind, url: str, certificate: x509.Certificate, issuer: x509.Certificate
) -> Answer:
    async with client_for(url) as client:
        return await ask_by(client, kind, url, certificate=certificate, issuer=issuer)


def client_for(url: str) -> httpx.AsyncClient:
    """Return what asks at an address; a proxy of the environment is for those outside."""
    return httpx.AsyncClient(
        verify=tls(), timeout=surroundings.REVOCATION_SECONDS, trust_env=is_outside(url)
    )


def is_outside(url: str) -> bool:
    return urlsplit(url).hostname not in LOOPBACK


async def ask_by(
    client: httpx.AsyncClient,
    kind: AnswerKind,
    url: str,
    *,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
) -> Answer:
    """As `ask`, within five seconds in all, however slowly the bytes come."""
    try:
        request = _question(client, kind, url, certificate, issuer)
        async with asyncio.timeout(surroundings.REVOCATION_SECONDS):
            content = await _content(client, request)
        return read(kind, content)
    except (TimeoutError, httpx.TimeoutException) as error:
        seconds = surroundings.REVOCATION_SECONDS
        raise Silent(f"{url}: không trả lời trong {seconds:g} giây") from error
    except (httpx.HTTPError, httpx.InvalidURL, StopIteration, *ODD) as error:
        raise NoAnswer(f"{url}: {error}") from error


def _question(
    client: httpx.AsyncClient,
    kind: AnswerKind,
    url: str,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
) -> httpx.Request:
    if kind == "crl":
        return client.build_request("GET", url)
    # Responders know a certificate by SHA-1 of its issuer, everywhere: no secret here.
    builder = ocsp.OCSPRequestBuilder()
    query = builder.add_certificate(certificate, issuer, hashes.SHA1()).build()  # noqa: S303
    return client.build_request(
        "POST",
        url,
        content=query.public_bytes(Encoding.DER),
        headers={"Content-Type": "application/ocsp-request"},
    )


async def _content(client: httpx.AsyncClient, request: httpx.Request) -> bytes:
    response = await client.send(request, stream=True)
    try:
        response.raise_for_status()
        content = bytearray()
        async for piece in response.aiter_bytes():
            content += piece
            if len(content) > MOST_BYTES:
                message = "the answer is too large"
                raise ValueError(message)
        return bytes(content)
    finally:
        await response.aclose()
