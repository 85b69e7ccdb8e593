"""Bring signed XML to B-LT or B-LTA, and renew it before its last time stamp ends."""

import hashlib
from collections.abc import Sequence

from asn1crypto import cms
from cryptography import x509
from lxml import etree
from pyhanko.sign.general import extract_certificate_info

from cuaso.capabilities.signing.contracts import ArchivedXml
from cuaso.capabilities.signing.logic import lasting_refusals, refusals, surroundings
from cuaso.capabilities.signing.logic.lasting import horizon
from cuaso.capabilities.signing.logic.lasting.archive import Lasting, answers_of, roots_for
from cuaso.capabilities.signing.logic.lasting.chains import Chain, chain_of
from cuaso.capabilities.signing.logic.lasting.revocation import Answer
from cuaso.capabilities.signing.logic.lasting.signed_parts import Bearer, certificate
from cuaso.capabilities.signing.logic.timestamping import TimeStamper
from cuaso.capabilities.signing.logic.xml import values
from cuaso.capabilities.signing.logic.xml.reading import MOST_BYTES, tree
from cuaso.capabilities.signing.logic.xml.shape import NONE, signature_of
from cuaso.capabilities.signing.logic.xml.sign import C14N
from cuaso.capabilities.signing.logic.xml.verify import certificates_of, referenced, verify_xml


def archive_xml(*, xml: bytes, level: Lasting = "B-LTA") -> ArchivedXml:
    """Return signed XML with what is needed to check it in decades: certificates, OCSP answers and
    lists of who signed and stamped it, then (B-LTA) a time stamp over the whole.

    What is there already stays. Asks authorities over the network: for jobs, outside transactions.
    Raises Unavailable when an answer or the stamp cannot be had now, Invalid for XML that nobody
    signed or that is too large with its evidence, Conflict for a signature that does not hold or
    bears no time stamp; nothing has been made then.
    Source: ETSI EN 319 132-1, 5.4 and 5.5.2.
    """
    surroundings.stand_outside_transactions()
    standing = _level(xml)
    if standing in {"B-LTA", level}:
        return _described(xml)
    return _ended(xml if standing == "B-LT" else _with_evidence(xml), level=level)


def renew_xml(*, xml: bytes) -> ArchivedXml:
    """Return the XML with the evidence of its last time stamp and a new stamp over all.

    Raises as `archive_xml` does.
    """
    surroundings.stand_outside_transactions()
    _level(xml)
    return _ended(_with_evidence(xml), level="B-LTA")


def _level(xml: bytes) -> str:
    if len(xml) > MOST_BYTES:
        raise lasting_refusals.xml_too_large(with_evidence=False)
    verdict = verify_xml(xml)
    if verdict.sentence == NONE:
        raise lasting_refusals.not_signed()
    if verdict.signature is not None and not verdict.signature.stamped:
        raise lasting_refusals.not_stamped()
    if not verdict.ok or verdict.signature is None:
        raise refusals.signed_text_broken(verdict.sentence)
    return verdict.signature.level


def _with_evidence(xml: bytes) -> bytes:
    """Return the XML with all that the check of its signer and its stamps needs, at the end."""
    root = tree(xml)
    signature = signature_of(root)
    found = values.properties_of(signature)
    if all(one.tag != values.SIGNATURE_STAMP for one in found):
        raise lasting_refusals.not_stamped()
    place = values.room_for(signature)
    for index, one in enumerate(found):
        follows = found[index + 1].tag if index + 1 < len(found) else ""
        if one.tag in {values.SIGNATURE_STAMP, values.ARCHIVE} and follows != values.DATA_OF_STAMP:
            chain, answers = _of_stamp(one)
            values.write_data_of_stamp(place, certificates=chain, answers=answers)
    if all(one.tag != values.CERTIFICATES for one in found):
        chain, answers = _of_signer(signature, stamp=_first_stamp(found))
        values.write_values(place, certificates=chain, answers=answers)
    return _written(root)


def _of_signer(signature: etree._Element, *, stamp: etree._Element) -> tuple[Chain, list[Answer]]:
    own, *beside = [certificate(one) for one in certificates_of(signature)]
    moment = _info(stamp)["encap_content_info"]["content"].parsed["gen_time"].native
    return _evidence(Bearer(certificate=own, at=moment, stamps=False), beside)


def _of_stamp(stamp: etree._Element) -> tuple[Chain, list[Answer]]:
    token = _info(stamp)
    told = extract_certificate_info(token)
    moment = token["encap_content_info"]["content"].parsed["gen_time"].native
    bearer = Bearer(certificate=certificate(told.signer_cert), at=moment, stamps=True)
    return _evidence(bearer, [certificate(one) for one in told.other_certs])


def _evidence(bearer: Bearer, pool: Sequence[x509.Certificate]) -> tuple[Chain, list[Answer]]:
    chain = chain_of(bearer.certificate, pool=pool, roots=roots_for(stamps=bearer.stamps))
    if not chain:
        raise lasting_refusals.chain_unknown(bearer.certificate.subject.rfc4514_string())
    return chain, answers_of(chain, bearer)


def _ended(xml: bytes, *, level: Lasting) -> ArchivedXml:
    if level == "B-LTA":
        xml = _stamped(xml)
    return _described(xml)


def _stamped(xml: bytes) -> bytes:
    root = tree(xml)
    signature = signature_of(root)
    references = b"".join(one.signed_data for one in referenced(xml, signature))
    content = values.archived_content(signature, references=references)
    digest = horizon.digest_in_force()
    token = TimeStamper(url=surroundings.tsa_url()).stamp(
        hashlib.new(digest, content).digest(), algorithm=digest
    )
    values.write_archive_stamp(values.room_for(signature), token=token, canonical=C14N.value)
    return _written(root)


def _described(xml: bytes) -> ArchivedXml:
    """Say how far the XML is, by its own check: what was made counts only as far as it holds."""
    verdict = verify_xml(xml)
    if not verdict.ok or verdict.signature is None:
        raise refusals.signed_text_broken(verdict.sentence)
    signature = signature_of(tree(xml))
    stamps = [one for one in values.properties_of(signature) if one.tag == values.ARCHIVE]
    if not stamps:
        return ArchivedXml(xml=xml, level=verdict.signature.level, renew_by_at=None, algorithms=())
    token = _info(stamps[-1])
    told = extract_certificate_info(token)
    pool = [certificate(one) for one in told.other_certs]
    chain = chain_of(certificate(told.signer_cert), pool=pool, roots=roots_for(stamps=True))
    imprint = token["encap_content_info"]["content"].parsed["message_imprint"]
    algorithms = horizon.algorithms_of(chain, imprint["hash_algorithm"]["algorithm"].native)
    return ArchivedXml(
        xml=xml,
        level=verdict.signature.level,
        renew_by_at=horizon.renew_by(chain, algorithms) if chain else None,
        algorithms=tuple(algorithms),
    )


def _first_stamp(found: Sequence[etree._Element]) -> etree._Element:
    return next(one for one in found if one.tag == values.SIGNATURE_STAMP)


def _info(stamp: etree._Element) -> cms.SignedData:
    return cms.ContentInfo.load(values.token_in(stamp))["content"]


def _written(root: etree._Element) -> bytes:
    xml = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    if len(xml) > MOST_BYTES:
        raise lasting_refusals.xml_too_large(with_evidence=True)
    return xml
