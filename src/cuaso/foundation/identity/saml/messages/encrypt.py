"""Encrypt an assertion for its partner alone (XML Encryption: AES-256-GCM under RSA-OAEP)."""

import base64
import secrets
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from cuaso.foundation.identity.saml.terms import SAML

_XENC: Final = "http://www.w3.org/2001/04/xmlenc#"
_DS: Final = "http://www.w3.org/2000/09/xmldsig#"
_GCM: Final = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
_OAEP: Final = f"{_XENC}rsa-oaep-mgf1p"
_ELEMENT: Final = f"{_XENC}Element"


def encrypted(assertion: etree._Element, *, certificate_pem: str) -> etree._Element:
    """Return an EncryptedAssertion that only the holder of the certificate's key can open."""
    key, nonce = secrets.token_bytes(32), secrets.token_bytes(12)
    sealed = nonce + AESGCM(key).encrypt(nonce, etree.tostring(assertion), None)
    whole = etree.Element(f"{{{SAML}}}EncryptedAssertion", nsmap={"saml": SAML})
    data = etree.SubElement(
        whole, f"{{{_XENC}}}EncryptedData", {"Type": _ELEMENT}, nsmap={"xenc": _XENC, "ds": _DS}
    )
    etree.SubElement(data, f"{{{_XENC}}}EncryptionMethod", {"Algorithm": _GCM})
    info = etree.SubElement(data, f"{{{_DS}}}KeyInfo")
    wrapped = etree.SubElement(info, f"{{{_XENC}}}EncryptedKey")
    # The algorithm's own digest: partners' libraries of today open no other one everywhere.
    etree.SubElement(wrapped, f"{{{_XENC}}}EncryptionMethod", {"Algorithm": _OAEP})
    _value(wrapped, _wrap(key, certificate_pem))
    _value(data, sealed)
    return whole


def _wrap(key: bytes, certificate_pem: str) -> bytes:
    public = x509.load_pem_x509_certificate(certificate_pem.encode()).public_key()
    if not isinstance(public, rsa.RSAPublicKey):
        raise TypeError("an encryption certificate holds an RSA key")
    way = padding.OAEP(
        mgf=padding.MGF1(hashes.SHA1()),  # noqa: S303 fixed by rsa-oaep-mgf1p (XML Encryption 5.5.2)
        algorithm=hashes.SHA1(),  # noqa: S303 its strength does not rest on collisions
        label=None,
    )
    return public.encrypt(key, way)


def _value(under: etree._Element, content: bytes) -> None:
    data = etree.SubElement(under, f"{{{_XENC}}}CipherData")
    etree.SubElement(data, f"{{{_XENC}}}CipherValue").text = base64.b64encode(content).decode()
