"""The certificate under which a client has opened its connection (RFC 8705)."""

import base64
import hashlib
import os
from ipaddress import ip_address, ip_network
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.http import HttpRequest

from cuaso.kernel.clock import now


def presented_thumbprint(request: HttpRequest) -> str:
    """Return the certificate's SHA-256 in base64url, `""` without a good one."""
    told = presented_certificate(request)
    return thumbprint(told) if told else ""


def presented_certificate(request: HttpRequest) -> str:
    """Return the certificate (PEM) whose key a front end has verified, `""` for none.

    The house ends no TLS itself. A header tells of the certificate only where the operator has
    named both the header and a trusted proxy that overwrites it, and only when the request comes
    from an address of a front end; anybody can send a header.
    """
    name = settings.CUASO_CLIENT_CERTIFICATE_HEADER
    if not name or not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return ""
    return unquote(request.headers.get(name, "")) if _is_front_end(request) else ""


def _is_front_end(request: HttpRequest) -> bool:
    """CUASO_FRONT_ADDRESSES lists addresses or networks; without it, this machine alone."""
    listed = os.environ.get("CUASO_FRONT_ADDRESSES", "127.0.0.0/8,::1")
    try:
        place = ip_address(str(request.META.get("REMOTE_ADDR", "")))
        networks = [ip_network(one.strip(), strict=False) for one in listed.split(",") if one]
    except ValueError:
        return False
    return any(place in one for one in networks)


def thumbprint(pem: str) -> str:
    """Return the thumbprint of a PEM certificate that is valid now, `""` for anything else."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        return ""
    if not certificate.not_valid_before_utc <= now() <= certificate.not_valid_after_utc:
        return ""
    hashed = hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()
    return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
