"""What a signed XML document is worth."""

import asyncio
import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from asn1crypto import cms
from asn1crypto.x509 import Certificate
from cryptography import x509
from lxml import etree
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.verifier import VerifyResult
from signxml.xades.xades import XAdESSignatureConfiguration, XAdESVerifier

from cuaso.capabilities.signing.contracts import Level, Revocation, SignatureVerdict, XmlVerdict
from cuaso.capabilities.signing.logic import weakness, wording
from cuaso.capabilities.signing.logic.judging import names
from cuaso.capabilities.signing.logic.keys import revocations
from cuaso.capabilities.signing.logic.lasting.answers import known_revoked, lists_in_force
from cuaso.capabilities.signing.logic.lasting.chains import Chain
from cuaso.capabilities.signing.logic.lasting.knowledge import (
    Knowledge,
    Stamp,
    loaded,
    stamp_is_worthless,
)
from cuaso.capabilities.signing.logic.lasting.revocation import read
from cuaso.capabilities.signing.logic.lasting.signed_parts import Store, certificate
from cuaso.capabilities.signing.logic.trust import trust_roots
from cuaso.capabilities.signing.logic.weakness import Weakness
from cuaso.capabilities.signing.logic.xml.reading import DS, XADES, Unfit, parser, tree
from cuaso.capabilities.signing.logic.xml.shape import EXCLUSIVE, signature_of
from cuaso.capabilities.signing.logic.xml.sign import C14N, stamped_digest
from cuaso.capabilities.signing.logic.xml.values import (
    ARCHIVE,
    CERTIFICATES,
    REVOCATION,
    archived_content,
    properties_of,
    store_of,
    token_in,
)
from cuaso.kernel import clock

METHODS: Final = frozenset(
    {
        *(SignatureMethod.ECDSA_SHA256, SignatureMethod.ECDSA_SHA384, SignatureMethod.ECDSA_SHA512),
        *(SignatureMethod.RSA_SHA256, SignatureMethod.RSA_SHA384, SignatureMethod.RSA_SHA512),
    }
)
DIGESTS: Final = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})
BROKEN = "Nội dung XML hoặc chữ ký đã bị thay đổi sau khi ký. Không nên tin văn bản này."
UNKNOWN_ALGORITHM = (
    "Chữ ký dùng thuật toán “{name}” không thuộc danh sách được nhận (RSA hoặc ECDSA với SHA-256, "
    "SHA-384, SHA-512) nên không kiểm tra được. Hãy đề nghị người ký ký lại bằng thuật toán đó."
)
NO_CERTIFICATE = "Chữ ký không kèm chứng thư số của người ký nên không kiểm tra được."
ARCHIVE_BROKEN = (
    "Dấu thời gian lưu trữ không khớp: bằng chứng đi kèm chữ ký đã bị thay đổi. "
    "Không nên tin văn bản này."
)
MOST_CERTIFICATES = 12
MOST_STAMPS = 20
SIGNATURE_ITSELF = -1  # stands before every unsigned property


@dataclass(frozen=True, kw_only=True)
class Stamped:
    """When the signature was there, proven; whether the paper says all of who stamped it."""

    at: datetime | None
    in_paper: bool = False
    weak: tuple[Weakness, ...] = ()


def verify_xml(xml: bytes) -> XmlVerdict:
    """Return who signed the XML, when, whether it holds, and the bytes that were signed.

    For any bytes it returns a verdict. Trust `signed` alone: what stands there was signed.
    """
    try:
        return _verify(xml)
    except Unfit as unfit:
        return XmlVerdict(ok=False, sentence=str(unfit))
    except Exception:  # noqa: BLE001 hostile bytes break a parser in any way
        return XmlVerdict(ok=False, sentence=BROKEN)


def _verify(xml: bytes) -> XmlVerdict:
    root = tree(xml)
    signature = signature_of(root)
    _check_algorithms(signature)
    held = certificates_of(signature)
    results = referenced(xml, signature)
    knowledge = _knowledge(store_of(signature))
    references = b"".join(one.signed_data for one in results)
    asyncio.run(_judge_archive(signature, references, knowledge))
    stamp = asyncio.run(_stamp(signature, knowledge))
    signed = next(one for one in results if _is_whole(one.signed_xml, root))
    one = _judge(held, knowledge, stamp, claimed=_claimed(signature))
    return XmlVerdict(ok=one.ok, sentence=one.sentence, signature=one, signed=signed.signed_data)


def _check_algorithms(signature: etree._Element) -> None:
    """Raise Unfit for a digest that proves nothing, or an algorithm that is not taken."""
    signed = [*signature.iterfind(f"{DS}SignedInfo"), *signature.iter(f"{XADES}SignedProperties")]
    named = [f"{DS}{name}" for name in ("SignatureMethod", "DigestMethod")]
    used = [one.get("Algorithm") or "" for part in signed for one in part.iter(*named)]
    weak = weakness.of_xml(used)
    if weak:
        raise Unfit(weakness.say(weak))
    known = {*(one.value for one in METHODS), *(one.value for one in DIGESTS)}
    other = [one for one in used if one not in known]
    if other:
        raise Unfit(UNKNOWN_ALGORITHM.format(name=wording.text(other[0])))


def referenced(xml: bytes, signature: etree._Element) -> list[VerifyResult]:
    """Return what the signature's references gave, in their order; raise for one that is broken."""
    held = certificates_of(signature)
    return XAdESVerifier().verify(
        xml,
        x509_cert=certificate(held[0]),
        parser=parser(),
        expect_config=XAdESSignatureConfiguration(
            location="./",
            expect_references=len(signature.findall(f"{DS}SignedInfo/{DS}Reference")),
            signature_methods=METHODS,
            digest_algorithms=DIGESTS,
            verification_time=_within(held[0]),
            default_reference_c14n_method=C14N,
        ),
    )


def _is_whole(signed: etree._Element | None, root: etree._Element) -> bool:
    return signed is not None and signed.tag == root.tag


def _within(held: Certificate) -> datetime:
    """Return a moment of the certificate's own time: whether it was in force is judged here."""
    moment: datetime = held["tbs_certificate"]["validity"]["not_before"].native
    return moment


def _judge(
    held: list[Certificate], knowledge: Knowledge, stamped: Stamped, claimed: datetime | None
) -> SignatureVerdict:
    own, stamp = held[0], stamped.at
    chain = knowledge.chain(own, held[1:], roots="signature")
    moment = stamp or claimed
    trusted = bool(chain) and _in_force(chain, stamp or knowledge.now)
    said, known, in_paper = knowledge.revocation(chain)
    revoked_at = said.revoked_at if said else None
    revoked = revoked_at is not None and revoked_at <= (moment or knowledge.now)
    facts = wording.who(own)
    weak = [*stamped.weak, *knowledge.weak_answers()]
    weak += [] if trusted else weakness.of_certificates(held)
    level = _level(
        stamped=stamp is not None,
        evidence=in_paper and stamped.in_paper,
        sealed=knowledge.is_sealed(SIGNATURE_ITSELF),
    )
    changed = wording.FOR_ARCHIVE if knowledge.stored.certificates else wording.UNTOUCHED
    revocation: Revocation = "revoked" if revoked_at else "good" if known else "unknown"
    return SignatureVerdict(
        field="",
        **facts,
        fingerprint=own.sha256.hex(),
        signed_at=moment,
        stamped=stamp is not None,
        intact=True,
        trusted=trusted,
        revoked=revoked,
        changed_after=changed,
        ok=trusted and not revoked and stamp is not None,
        sentence=wording.say(
            facts,
            signed_at=moment,
            stamped=stamp is not None,
            intact=True,
            trusted=trusted,
            revoked=revoked,
            revoked_at=revoked_at,
            changed=changed,
            weak=weakness.say(weak),
        ),
        level=level,
        level_sentence=wording.LEVELS[level],
        chain=names(chain),
        revocation=revocation,
        revoked_at=revoked_at,
        weak=tuple(dict.fromkeys(one.name for one in weak)),
    )


def _in_force(chain: Chain, at: datetime) -> bool:
    return all(one.not_valid_before_utc <= at <= one.not_valid_after_utc for one in chain) and all(
        _may_certify(one) for one in chain[1:]
    )


def _may_certify(one: x509.Certificate) -> bool:
    try:
        return bool(one.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except x509.ExtensionNotFound:
        return False


def _level(*, stamped: bool, evidence: bool, sealed: bool) -> Level:
    if not stamped:
        return "B-B"
    if not evidence:
        return "B-T"
    return "B-LTA" if sealed else "B-LT"


async def _judge_archive(
    signature: etree._Element, references: bytes, knowledge: Knowledge
) -> None:
    """Put the archive time stamps that hold into `knowledge`, the newest judged first.

    Raises Unfit for one that is over something else: what stands before it was changed.
    """
    found = properties_of(signature)
    stamps = [(index, one) for index, one in enumerate(found) if one.tag == ARCHIVE]
    control = knowledge.now
    for index, one in reversed(stamps[-MOST_STAMPS:]):
        content = archived_content(signature, references=references, before=one)
        moment = await _archive_moment(one, content, knowledge, control=control)
        if moment is None:
            continue
        control = moment
        before = {each.tag for each in found[:index]}
        over_evidence = {CERTIFICATES, REVOCATION} <= before
        knowledge.stamps.append(Stamp(revision=index, at=moment, over_evidence=over_evidence))


async def _archive_moment(
    stamp: etree._Element, content: bytes, knowledge: Knowledge, *, control: datetime
) -> datetime | None:
    try:
        token = _strong(token_in(stamp))
        told = extract_certificate_info(token)
        status = await validate_tst_signed_data(
            token,
            knowledge.context("timestamp", at=control),
            lambda algorithm: hashlib.new(algorithm, content).digest(),
        )
    except Unfit:
        raise
    except Exception as error:  # hostile bytes break a parser in any way
        raise Unfit(ARCHIVE_BROKEN) from error
    if not (status["intact"] and status["valid"]):
        raise Unfit(ARCHIVE_BROKEN)
    if not _trusted(status):
        return None
    moment: datetime = status["timestamp"]
    chain = knowledge.chain(told.signer_cert, told.other_certs, roots="timestamp")
    said, _, _ = knowledge.revocation(chain)
    worthless = stamp_is_worthless(said, stamped_at=moment, control=control)
    return None if worthless else moment


def _trusted(status: Mapping[str, Any]) -> bool:
    """A path alone is not enough: one whose certificate has ended is told of beside it."""
    return bool(status["validation_path"]) and status["trust_problem_indic"] is None


def _strong(token: bytes) -> cms.SignedData:
    """Return a time stamp. Raises Unfit when its digest proves nothing any more."""
    read = cms.ContentInfo.load(token)["content"]
    weak = weakness.of_container(read, place="stamp")
    if weak:
        raise Unfit(weakness.say(weak))
    return read


async def _stamp(signature: etree._Element, knowledge: Knowledge) -> Stamped:
    """Return the moment of the time stamp over the signature's value, if it holds; else that of
    the earliest archive time stamp over it.
    """
    vouched = knowledge.vouched_at(SIGNATURE_ITSELF)
    control = vouched or knowledge.now
    value = signature.find(f"{DS}SignatureValue")
    place = signature.find(f".//{XADES}SignatureTimeStamp/{XADES}EncapsulatedTimeStamp")
    if value is None or place is None or not place.text:
        return Stamped(at=vouched)
    method = signature.find(f".//{XADES}SignatureTimeStamp/{DS}CanonicalizationMethod")
    exclusive = method is not None and method.get("Algorithm") == EXCLUSIVE
    token = cms.ContentInfo.load(base64.b64decode(place.text))["content"]
    weak = weakness.of_container(token, place="stamp")
    if weak:
        return Stamped(at=vouched, weak=tuple(weak))
    told = extract_certificate_info(token)
    status = await validate_tst_signed_data(
        token,
        knowledge.context("timestamp", at=control),
        lambda algorithm: stamped_digest(value, algorithm, exclusive=exclusive),
    )
    if not (status["intact"] and status["valid"] and _trusted(status)):
        return Stamped(at=vouched)
    moment: datetime = status["timestamp"]
    chain = knowledge.chain(told.signer_cert, told.other_certs, roots="timestamp")
    said, _, in_paper = knowledge.revocation(chain)
    worthless = stamp_is_worthless(said, stamped_at=moment, control=control)
    return Stamped(at=vouched) if worthless else Stamped(at=moment, in_paper=in_paper)


def certificates_of(signature: etree._Element) -> list[Certificate]:
    """Return the certificates beside a signature, the signer's first. Raises Unfit without one."""
    listed = signature.findall(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate")
    if not listed:
        raise Unfit(NO_CERTIFICATE)
    return [
        Certificate.load(base64.b64decode(one.text or "")) for one in listed[:MOST_CERTIFICATES]
    ]


def _claimed(signature: etree._Element) -> datetime | None:
    place = signature.find(f".//{XADES}SigningTime")
    try:
        moment = datetime.fromisoformat(place.text or "") if place is not None else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _knowledge(stored: Store) -> Knowledge:
    roots = trust_roots()
    return Knowledge(
        roots={
            "signature": loaded(
                [one.certificate_pem for one in roots if one.purpose != "timestamp"]
            ),
            "timestamp": loaded(
                [one.certificate_pem for one in roots if one.purpose != "signature"]
            ),
        },
        stored=stored,
        answers=[read("crl", one) for one in lists_in_force()],
        revoked={**known_revoked(), **revocations()},
        now=clock.now(),
        pool=[certificate(one) for one in stored.certificates],
    )
