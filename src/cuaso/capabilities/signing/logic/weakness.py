"""Digests that prove nothing any more, and how a verdict says so. Pure.

Two texts with one MD5 or SHA-1 digest can be made: a signature over such a digest is over both.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from asn1crypto import cms
from asn1crypto.x509 import Certificate
from cryptography import x509

WEAK: Final = {"md2": "MD2", "md4": "MD4", "md5": "MD5", "sha1": "SHA-1"}
# Only where XML names an algorithm: the last word of its address.
_XML_WORDS: Final = {
    "md5": "MD5", "rsa-md5": "MD5", "hmac-md5": "MD5", "sha1": "SHA-1", "rsa-sha1": "SHA-1",
    "dsa-sha1": "SHA-1", "ecdsa-sha1": "SHA-1", "hmac-sha1": "SHA-1", "sha1-rsa-mgf1": "SHA-1",
    "md5-rsa-mgf1": "MD5",
}  # fmt: skip
Place = Literal["signature", "certificate", "stamp", "answer"]
_SAID: Final[dict[Place, tuple[str, str]]] = {
    "signature": ("Chữ ký", "Hãy đề nghị người ký ký lại bằng SHA-256 trở lên."),
    "certificate": (
        "Chứng thư số{whose}",
        "Hãy đề nghị người ký xin cấp chứng thư số mới rồi ký lại.",
    ),
    "stamp": (
        "Dấu thời gian",
        "Hãy đề nghị người ký ký lại với dịch vụ cấp dấu thời gian dùng SHA-256 trở lên.",
    ),
    "answer": (
        "Thông tin thu hồi chứng thư kèm theo",
        "Hãy kiểm tra lại khi nơi cấp chứng thư số trả lời bằng SHA-256 trở lên.",
    ),
}
NO_WORTH: Final = (
    "{place} dùng thuật toán băm {name}; thuật toán này không còn an toàn, có thể bị lợi dụng để "
    "làm giả, nên không được công nhận. {mend}"
)


@dataclass(frozen=True, kw_only=True)
class Weakness:
    """A weak digest and where it stands. `whose`: the certificate that is signed by it."""

    place: Place
    name: str
    whose: str = ""

    def __str__(self) -> str:
        place, mend = _SAID[self.place]
        whose = f" “{self.whose}”" if self.whose else ""
        return NO_WORTH.format(place=place.format(whose=whose), name=self.name, mend=mend)


def say(found: Iterable[Weakness]) -> str:
    """Return all in sentences, "" without any."""
    return " ".join(dict.fromkeys(str(one) for one in found))


def of_certificates(certificates: Iterable[Certificate]) -> list[Weakness]:
    """Return those that are signed over a weak digest. Nobody asks a root how it signed itself."""
    found = []
    for one in certificates:
        name = _weak(partial(getattr, one, "hash_algo"))
        if name and one.issuer != one.subject:
            found.append(Weakness(place="certificate", name=name, whose=_name(one)))
    return found


def of_signed(certificate: x509.Certificate) -> str:
    """Return the weak digest under a certificate, "" when it is none."""
    return weak_name(certificate.signature_hash_algorithm)


def weak_name(algorithm: object) -> str:
    """Return how a weak digest of the other library is called, "" for any other."""
    return WEAK.get(str(getattr(algorithm, "name", "")), "")


def of_container(signed: cms.SignedData, *, place: Place = "signature") -> list[Weakness]:
    """Return the weak digest of a signature or a time stamp, by either name that it bears."""
    info = signed["signer_infos"][0]
    names = [
        _weak(lambda: info["digest_algorithm"]["algorithm"].native),
        _weak(lambda: info["signature_algorithm"].hash_algo),
    ]
    if place == "stamp":
        names.append(_weak(lambda: _imprint(signed)))
    return [Weakness(place=place, name=name) for name in dict.fromkeys(names) if name]


def of_xml(algorithms: Sequence[str]) -> list[Weakness]:
    """Return the weak digests among the addresses that an XML signature names."""
    words = [one.rsplit("#", maxsplit=1)[-1] for one in algorithms]
    names = dict.fromkeys(_XML_WORDS[word] for word in words if word in _XML_WORDS)
    return [Weakness(place="signature", name=name) for name in names]


def _imprint(signed: cms.SignedData) -> str:
    info = signed["encap_content_info"]["content"].parsed
    return str(info["message_imprint"]["hash_algorithm"]["algorithm"].native)


def _weak(asked: Callable[[], object]) -> str:
    try:
        return WEAK.get(str(asked()), "")
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""  # an algorithm without a digest, or one that nobody knows: judged elsewhere


def _name(one: Certificate) -> str:
    told = one.subject.native.get("common_name", "")
    return "".join(letter for letter in str(told)[:120] if letter.isprintable())
