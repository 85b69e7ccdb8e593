"""Believe a message only as far as its partner has signed it."""

import base64
import binascii
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote_plus

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from lxml import etree
from signxml.algorithms import SignatureMethod
from signxml.exceptions import InvalidCertificate, InvalidInput, SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from cuaso.foundation.identity.saml.messages.safely import read_xml
from cuaso.foundation.identity.saml.models import Partner
from cuaso.foundation.identity.saml.refusals import refused
from cuaso.kernel.clock import now

_MORE: Final = "http://www.w3.org/2001/04/xmldsig-more#"
_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    f"{_MORE}rsa-sha256": hashes.SHA256(),
    f"{_MORE}rsa-sha384": hashes.SHA384(),
    f"{_MORE}rsa-sha512": hashes.SHA512(),
    f"{_MORE}ecdsa-sha256": hashes.SHA256(),
}
# The signature stands in the message itself, covers one element, and no shared secret makes it.
_EXPECTED: Final = SignatureConfiguration(
    location="./",
    expect_references=1,
    signature_methods=frozenset(
        one
        for one in SignatureMethod
        if "SHA1" not in one.name and one.name.startswith(("RSA_", "ECDSA_"))
    ),
)
SIGNATURE: Final = "{http://www.w3.org/2000/09/xmldsig#}Signature"


def certificates_of(partner: Partner) -> tuple[x509.Certificate, ...]:
    """Return the partner's certificates that are valid now; raise Refusal when all are over."""
    known = [x509.load_pem_x509_certificate(one.encode()) for one in partner.certificates]
    good = [one for one in known if one.not_valid_before_utc <= now() <= one.not_valid_after_utc]
    if known and not good:
        raise refused("certificate_over")
    return tuple(good)


def verified_xml(root: etree._Element, *, partner: Partner) -> etree._Element:
    """Return what the signature covers, read anew: nothing else of the message may be used.

    Raises Refusal unless that is the message itself, signed under one of the partner's keys.
    """
    content = etree.tostring(root)
    for certificate in certificates_of(partner):
        covered = _covered(content, certificate)
        if covered is None:
            continue
        if covered.tag != root.tag or covered.get("ID") != root.get("ID"):
            raise refused("wrapped")
        return read_xml(etree.tostring(covered))
    raise refused("signature")


def _covered(content: bytes, certificate: x509.Certificate) -> etree._Element | None:
    try:
        result = XMLVerifier().verify(
            content, x509_cert=certificate, id_attribute="ID", expect_config=_EXPECTED
        )
    except (SignXMLException, InvalidSignature, InvalidCertificate, InvalidInput, ValueError):
        return None
    found = result[0] if isinstance(result, list) else result
    return found.signed_xml


def check_query(query: str, *, name: str, partner: Partner) -> bool:
    """Return whether the query is signed; raise Refusal for a signature that is wrong.

    What was signed are the letters as they came (SAML bindings 3.4.4.1); libraries that sign a
    space as %20 and then send it as + mean the same words.
    """
    parts = [one.partition("=") for one in query.split("&")]
    raw = {key: value for key, _, value in parts}
    if len(raw) != len(parts):
        raise refused("unreadable")
    if "Signature" not in raw:
        return False
    letters = "&".join(f"{one}={raw[one]}" for one in (name, "RelayState", "SigAlg") if one in raw)
    spellings = dict.fromkeys((letters, letters.replace("+", "%20")))
    method = unquote_plus(raw.get("SigAlg", ""))
    try:
        mark = base64.b64decode(unquote_plus(raw["Signature"]), validate=True)
    except (binascii.Error, ValueError) as problem:
        raise refused("signature") from problem
    if method not in _HASHES:
        raise refused("signature")
    known = certificates_of(partner)
    if not any(_is_signed(mark, one.encode(), method=method, by=known) for one in spellings):
        raise refused("signature")
    return True


def _is_signed(mark: bytes, letters: bytes, *, method: str, by: Sequence[x509.Certificate]) -> bool:
    kind = _HASHES[method]
    for certificate in by:
        key = certificate.public_key()
        try:
            if isinstance(key, rsa.RSAPublicKey) and "#rsa-" in method:
                key.verify(mark, letters, padding.PKCS1v15(), kind)
                return True
            if isinstance(key, ec.EllipticCurvePublicKey) and "#ecdsa-" in method:
                key.verify(mark, letters, ec.ECDSA(kind))
                return True
        except InvalidSignature:
            continue
    return False
