"""XAdES B-T over a whole XML document (ETSI EN 319 132-1), as the exchange sends it."""

import base64
import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import load_pem_x509_certificate, load_pem_x509_certificates
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.xades.xades import XAdESSigner

from cuaso.capabilities.signing.contracts import KeyKind
from cuaso.capabilities.signing.logic import providers, surroundings
from cuaso.capabilities.signing.logic.keys import usable
from cuaso.capabilities.signing.logic.providers import Provider
from cuaso.capabilities.signing.logic.timestamping import TimeStamper
from cuaso.capabilities.signing.logic.xml.reading import DS, XADES, unsigned
from cuaso.kernel import clock

# XML Signature's own for references without a transform (4.4.3.2), as those to the properties are.
C14N = CanonicalizationMethod.CANONICAL_XML_1_0
KEY_BITS = 256


class _Signer(XAdESSigner):
    """The library's signer with the house's clock."""

    def add_signing_time(
        self,
        signed_signature_properties: etree._Element,
        sig_root: etree._Element,
        signing_settings: Any,  # noqa: ANN401 the library's own, passed on to nobody
    ) -> None:
        del sig_root, signing_settings
        moment = etree.SubElement(signed_signature_properties, f"{XADES}SigningTime")
        moment.text = clock.now().isoformat(timespec="seconds")


class _Key:
    """A key in its provider, as the library asks a key to sign."""

    key_size = KEY_BITS

    def __init__(self, provider: Provider, label: str) -> None:
        self._provider, self._label = provider, label

    def sign(self, content: bytes, *, signature_algorithm: ec.ECDSA) -> bytes:
        del signature_algorithm  # ECDSA with SHA-256: every provider's only one
        return self._provider.sign(label=self._label, content=content)


def sign_xml(*, xml: bytes, key: str, kind: KeyKind = "agency") -> bytes:
    """Return the XML with an enveloped XAdES signature as the root's last child, with a time stamp.

    The signature is over the whole document, the signer's certificate and the signing time.
    Raises Invalid for what is no XML, brings a DTD or is signed already; else as `sign_person`.
    """
    surroundings.stand_outside_transactions()
    root = unsigned(xml)
    row = usable(label=key, kind=kind)
    stamper = TimeStamper(url=surroundings.tsa_url())
    chain = load_pem_x509_certificates(row.chain_pem.encode()) if row.chain_pem.strip() else []
    signer = _Signer(
        signature_algorithm=SignatureMethod.ECDSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=C14N,
    )
    held: Any = _Key(providers.named(row.provider), row.handle)
    signed = signer.sign(
        root,
        key=held,
        cert=[
            load_pem_x509_certificate(row.certificate_pem.encode()),
            *(one for one in chain if one.issuer != one.subject),
        ],
        always_add_key_value=False,
    )
    _stamp(signed, stamper)
    return etree.tostring(signed, encoding="UTF-8", xml_declaration=True)


def stamped_digest(value: etree._Element, algorithm: str, *, exclusive: bool = False) -> bytes:
    """Return the digest that a signature's time stamp is over (5.3)."""
    content = etree.tostring(value, method="c14n", exclusive=exclusive, with_comments=False)
    return hashlib.new(algorithm, content).digest()


def _stamp(root: etree._Element, stamper: TimeStamper) -> None:
    signature = root.find(f"{DS}Signature")
    value = signature.find(f"{DS}SignatureValue") if signature is not None else None
    place = root.find(f".//{XADES}QualifyingProperties")
    if value is None or place is None:
        message = "the library left out a part of the signature"
        raise RuntimeError(message)
    token = stamper.stamp(stamped_digest(value, "sha256"))
    properties = etree.SubElement(place, f"{XADES}UnsignedProperties")
    properties = etree.SubElement(properties, f"{XADES}UnsignedSignatureProperties")
    stamp = etree.SubElement(properties, f"{XADES}SignatureTimeStamp")
    etree.SubElement(stamp, f"{DS}CanonicalizationMethod", Algorithm=C14N.value)
    encapsulated = etree.SubElement(stamp, f"{XADES}EncapsulatedTimeStamp")
    encapsulated.text = base64.b64encode(token).decode()
