"""The CMS container of a PAdES B-T signature, put together from DER once encoded.

pyHanko builds the same bytes as a tree that asn1crypto encodes anew a dozen times: more than half
the processor time of a signature. Here what belongs to a key is encoded once a process.

Sources: RFC 5652 (SignedData), RFC 5035 (signing-certificate-v2), RFC 3161 appendix A (the token
as unsigned attribute), ETSI EN 319 142-1 (no signing-time attribute).
"""

from dataclasses import dataclass
from functools import lru_cache

from asn1crypto import cms
from asn1crypto.x509 import Certificate
from pyhanko.sign.general import as_signing_certificate_v2

from cuaso.capabilities.signing.logic.certificates import certificates

SEQUENCE, SET, OCTETS, INTEGER = 0x30, 0x31, 0x04, 0x02
FIRST, SECOND = 0xA0, 0xA1  # context tags [0] and [1], constructed
SHORT_LENGTH = 0x80

VERSION_1 = bytes.fromhex("020101")
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
DATA = bytes.fromhex("06092a864886f70d010701")
CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
SIGNING_CERTIFICATE_V2 = bytes.fromhex("060b2a864886f70d010910022f")
TIME_STAMP_TOKEN = bytes.fromhex("060b2a864886f70d010910020e")
SHA256 = bytes.fromhex("300d06096086480165030402010500")
ECDSA_WITH_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")


@dataclass(frozen=True, kw_only=True)
class Bearer:
    """What of a container is the same in every signature of one key, in DER."""

    certificate: Certificate
    issuer_and_serial: bytes
    signing_certificate: bytes
    certificates: bytes


@lru_cache(maxsize=512)
def bearer(certificate_pem: str, chain_pem: str) -> Bearer:
    """Return the fixed parts for a key's certificate; roots of the chain are left out."""
    (own, *_), chain = certificates(certificate_pem), certificates(chain_pem)
    named = {"issuer": own.issuer, "serial_number": own.serial_number}
    kept = {own.dump(), *(one.dump() for one in chain if one.self_signed == "no")}
    return Bearer(
        certificate=own,
        issuer_and_serial=cms.IssuerAndSerialNumber(named).dump(),
        signing_certificate=_attribute(
            SIGNING_CERTIFICATE_V2, as_signing_certificate_v2(own).dump()
        ),
        certificates=_set_of(FIRST, *kept),
    )


def signed_attributes(key: Bearer, *, digest: bytes) -> bytes:
    """Return what the key signs: the attributes as a SET, over the SHA-256 of the document."""
    return _set_of(
        SET,
        _attribute(CONTENT_TYPE, DATA),
        _attribute(MESSAGE_DIGEST, tlv(OCTETS, digest)),
        key.signing_certificate,
    )


def container(key: Bearer, *, attributes: bytes, signature: bytes, token: bytes) -> bytes:
    """Return the ContentInfo in DER. `signature` is ECDSA with SHA-256 over `attributes`, `token` a
    time stamp over `signature`.
    """
    signer = tlv(
        SEQUENCE,
        VERSION_1,
        key.issuer_and_serial,
        SHA256,
        bytes((FIRST,)) + attributes[1:],
        ECDSA_WITH_SHA256,
        tlv(OCTETS, signature),
        tlv(SECOND, _attribute(TIME_STAMP_TOKEN, token)),
    )
    signed_data = tlv(
        SEQUENCE,
        VERSION_1,
        tlv(SET, SHA256),
        tlv(SEQUENCE, DATA),
        key.certificates,
        tlv(SET, signer),
    )
    return tlv(SEQUENCE, SIGNED_DATA, tlv(FIRST, signed_data))


def tlv(tag: int, *parts: bytes) -> bytes:
    """Return tag, length and content in DER."""
    content = b"".join(parts)
    length = len(content)
    if length < SHORT_LENGTH:
        return bytes((tag, length)) + content
    size = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, SHORT_LENGTH | len(size))) + size + content


def _set_of(tag: int, *parts: bytes) -> bytes:
    return tlv(tag, *sorted(parts))


def _attribute(kind: bytes, value: bytes) -> bytes:
    return tlv(SEQUENCE, kind, tlv(SET, value))
