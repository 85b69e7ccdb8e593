"""OCSP and CRL over HTTP. Asked only for certificates whose chain ends in a trusted root: the
addresses stand in the certificates.
"""

from urllib.parse import urlsplit

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from cuaso.capabilities.signing.logic import surroundings
from cuaso.capabilities.signing.logic.lasting.revocation import Answer, AnswerKind, read
from cuaso.capabilities.signing.logic.timestamping import LOOPBACK

MOST_BYTES = 8 * 1024 * 1024


class NoAnswer(Exception):
    """A source did not answer, or answered with something else; the text says which."""


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
    except x509.ExtensionNotFound:
        pass
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints)
        found += [
            ("crl", str(one.value)) for point in points.value for one in point.full_name or ()
        ]
    except x509.ExtensionNotFound:
        pass
    return [(kind, url) for kind, url in found if urlsplit(url).scheme in {"http", "https"}]


def ask(
    kind: AnswerKind, url: str, *, certificate: x509.Certificate, issuer: x509.Certificate
) -> Answer:
    """Return what the source answers, read but not yet believed. Raises NoAnswer."""
    outside = urlsplit(url).hostname not in LOOPBACK
    try:
        with httpx.Client(timeout=surroundings.REVOCATION_SECONDS, trust_env=outside) as client:
            if kind == "crl":
                content = _content(client, client.build_request("GET", url))
            else:
                # Responders know a certificate by SHA-1 of its issuer, everywhere: no secret here.
                builder = ocsp.OCSPRequestBuilder()
                query = builder.add_certificate(certificate, issuer, hashes.SHA1()).build()  # noqa: S303
                content = _content(
                    client,
                    client.build_request(
                        "POST",
                        url,
                        content=query.public_bytes(Encoding.DER),
                        headers={"Content-Type": "application/ocsp-request"},
                    ),
                )
        return read(kind, content)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, StopIteration) as error:
        raise NoAnswer(f"{url}: {error}") from error


def _content(client: httpx.Client, request: httpx.Request) -> bytes:
    response = client.send(request, stream=True)
    try:
        response.raise_for_status()
        content = b""
        for piece in response.iter_bytes():
            content += piece
            if len(content) > MOST_BYTES:
                message = "the answer is too large"
                raise ValueError(message)
        return content
    finally:
        response.close()
