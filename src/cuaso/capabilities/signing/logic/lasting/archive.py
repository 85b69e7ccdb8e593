"""Bring a signed PDF to B-LT or B-LTA, and renew it before its last time stamp ends."""

import io
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Literal

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from cuaso.capabilities.signing.contracts import Archived, Verdict
from cuaso.capabilities.signing.logic import lasting_refusals, refusals, surroundings
from cuaso.capabilities.signing.logic.lasting import horizon, writing
from cuaso.capabilities.signing.logic.lasting.answers import answer_for
from cuaso.capabilities.signing.logic.lasting.chains import Chain, chain_of
from cuaso.capabilities.signing.logic.lasting.revocation import Answer, finding
from cuaso.capabilities.signing.logic.lasting.signed_parts import (
    Bearer,
    bearers,
    certificate,
    store,
)
from cuaso.capabilities.signing.logic.timestamping import TimeStamper
from cuaso.capabilities.signing.logic.trust import trust_roots
from cuaso.capabilities.signing.logic.verify import verify

Lasting = Literal["B-LT", "B-LTA"]


def archive(*, pdf: bytes, level: Lasting = "B-LTA") -> Archived:
    """Return the PDF with what is needed to check it in decades: certificates, OCSP answers and
    lists of all who signed and stamped it, then (B-LTA) a time stamp over the whole.

    The given bytes stay as the beginning. Asks authorities over the network: for jobs, outside
    transactions. Raises Unavailable when an answer or the stamp cannot be had now, Conflict for a
    PDF whose signatures do not hold; nothing has been made then.
    """
    surroundings.stand_outside_transactions()
    verdict = _holding(pdf)
    levels = {one.level for one in verdict.signatures}
    if levels == {"B-LTA"} or (level == "B-LT" and levels <= {"B-LT", "B-LTA"}):
        return _described(pdf, level="B-LTA" if levels == {"B-LTA"} else "B-LT")
    return _ended(_with_evidence(pdf), level=level)


def renew(*, pdf: bytes) -> Archived:
    """Return the PDF with the evidence of its last time stamp and a new stamp over all.

    Raises as `archive` does.
    """
    surroundings.stand_outside_transactions()
    _holding(pdf)
    return _ended(_with_evidence(pdf), level="B-LTA")


def _ended(pdf: bytes, *, level: Lasting) -> Archived:
    if level == "B-LT":
        return _described(pdf, level=level)
    digest = horizon.digest_in_force()
    stamper = TimeStamper(url=surroundings.tsa_url())
    return _described(
        writing.with_document_stamp(pdf, stamper=stamper, digest=digest), level="B-LTA"
    )


def _described(pdf: bytes, *, level: Lasting) -> Archived:
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    stamps = list(reader.embedded_timestamp_signatures)
    if not stamps:
        return Archived(pdf=pdf, level=level, renew_by_at=None, algorithms=())
    found, pool = bearers(reader)
    chain = chain_of(found[-1].certificate, pool=pool, roots=roots_for(stamps=True))
    algorithms = horizon.algorithms_of(chain, stamps[-1].external_md_algorithm)
    return Archived(
        pdf=pdf,
        level=level,
        renew_by_at=horizon.renew_by(chain, algorithms) if chain else None,
        algorithms=tuple(algorithms),
    )


def _holding(pdf: bytes) -> Verdict:
    verdict = verify(pdf)
    if not verdict.signatures:
        raise lasting_refusals.not_signed()
    if not verdict.ok:
        raise refusals.signed_text_broken(verdict.sentence)
    return verdict


def _with_evidence(pdf: bytes) -> bytes:
    """Return the PDF with all that is needed in its store."""
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    found, pool = bearers(reader)
    pool += [certificate(one) for one in store(reader).certificates]
    certificates: dict[x509.Certificate, None] = {}
    answers: dict[bytes, Answer] = {}
    for bearer in found:
        chain = chain_of(bearer.certificate, pool=pool, roots=roots_for(stamps=bearer.stamps))
        if not chain:
            raise lasting_refusals.chain_unknown(bearer.certificate.subject.rfc4514_string())
        certificates |= dict.fromkeys(chain)
        for answer in answers_of(chain, bearer):
            answers[answer.der] = answer
    return writing.with_evidence(pdf, certificates=certificates, answers=answers.values())


def answers_of(chain: Chain, bearer: Bearer) -> list[Answer]:
    """Return an answer about each certificate of a chain; Conflict when one was revoked before."""
    answers = []
    for index, (one, above) in enumerate(pairwise(chain)):
        since: datetime | None = None if index or bearer.stamps else bearer.at
        answer = answer_for(one, above, since=since)
        said = finding(answer, certificate=one, issuer=above)
        revoked_at = said.revoked_at if said else None
        if revoked_at is not None and (bearer.at is None or revoked_at <= bearer.at):
            raise lasting_refusals.signed_when_revoked(one.subject.rfc4514_string())
        answers.append(answer)
    return answers


def roots_for(*, stamps: bool) -> Sequence[x509.Certificate]:
    """Return the roots that a signer's chain, or a time-stamp authority's, may end in."""
    other = "signature" if stamps else "timestamp"
    return [
        x509.load_pem_x509_certificate(one.certificate_pem.encode())
        for one in trust_roots()
        if one.purpose != other
    ]
