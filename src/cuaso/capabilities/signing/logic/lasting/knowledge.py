"""What is known when a paper is examined: certificates, answers on revocation, document stamps.

Pure, for the examining process. Source: ETSI EN 319 102-1, 5.6 (past signature validation): the
newest document time stamp is judged now, each earlier thing when the next one vouches for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Literal

from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_timestamp
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from cuaso.capabilities.signing.logic import weakness
from cuaso.capabilities.signing.logic.certificates import certificates
from cuaso.capabilities.signing.logic.lasting.chains import Chain, chain_of
from cuaso.capabilities.signing.logic.lasting.revocation import (
    COMPROMISED,
    Answer,
    Finding,
    finding,
    weak_digest,
)
from cuaso.capabilities.signing.logic.lasting.signed_parts import Store, certificate, store
from cuaso.capabilities.signing.logic.weakness import Weakness

MOST_STAMPS = 40
RootsOf = Literal["signature", "timestamp"]


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """A document time stamp that holds: which revision it covers, its moment, and whether the
    evidence stood in the paper by then.
    """

    revision: int
    at: datetime
    over_evidence: bool


@dataclass(kw_only=True)
class Knowledge:
    """What stands in a paper and what the house knows beside."""

    roots: Mapping[RootsOf, Sequence[Certificate]]
    stored: Store
    answers: Sequence[Answer]
    revoked: Mapping[str, str]
    now: datetime
    pool: list[x509.Certificate] = field(default_factory=list)
    stamps: list[Stamp] = field(default_factory=list)

    def chain(self, one: Certificate, beside: Iterable[Certificate], *, roots: RootsOf) -> Chain:
        """Return the chain from a signer up to a trusted root of the kind, empty without one."""
        pool = [*self.pool, *(certificate(other) for other in beside)]
        trusted = [certificate(root) for root in self.roots[roots]]
        return chain_of(certificate(one), pool=pool, roots=trusted)

    def context(self, roots: RootsOf, *, at: datetime) -> ValidationContext:
        """Return pyHanko's context at a moment; revocation is asked here, not there."""
        return ValidationContext(
            trust_roots=list(self.roots[roots]),
            other_certs=list(self.stored.certificates),
            allow_fetching=False,
            moment=at,
        )

    def revocation(self, chain: Chain) -> tuple[Finding | None, bool, bool]:
        """Return the earliest revocation in a chain, whether something is known of each
        certificate, and whether the paper itself says it.
        """
        earliest: Finding | None = None
        known = in_paper = bool(chain)
        for one, above in pairwise(chain):
            stored = self._findings(self.stored.answers, one, above)
            found = [*stored, *self._findings(self.answers, one, above), *self._told(one)]
            known, in_paper = known and bool(found), in_paper and bool(stored)
            for said in found:
                if said.revoked_at and (
                    earliest is None or said.revoked_at < (earliest.revoked_at or self.now)
                ):
                    earliest = said
        return earliest, known, in_paper and bool(self.stored.answers)

    def vouched_at(self, revision: int) -> datetime | None:
        """Return the earliest moment by which a revision is proven to have been there."""
        later = [one.at for one in self.stamps if one.revision > revision]
        return min(later, default=None)

    def weak_answers(self) -> list[Weakness]:
        """Return the weak digests under what the paper itself brings of revocation."""
        names = dict.fromkeys(weak_digest(one) for one in self.stored.answers)
        return [Weakness(place="answer", name=name) for name in names if name]

    def is_sealed(self, revision: int) -> bool:
        """Say whether a stamp covers a revision together with its evidence."""
        return any(one.revision > revision and one.over_evidence for one in self.stamps)

    def _findings(
        self, answers: Iterable[Answer], one: x509.Certificate, above: x509.Certificate
    ) -> list[Finding]:
        said = (finding(answer, certificate=one, issuer=above) for answer in answers)
        return [each for each in said if each is not None]

    def _told(self, one: x509.Certificate) -> list[Finding]:
        since = self.revoked.get(one.fingerprint(hashes.SHA256()).hex())
        if since is None:
            return []
        moment = datetime.fromisoformat(since)
        return [Finding(revoked_at=moment, reason="unspecified", as_of_at=self.now)]


def stamp_is_worthless(said: Finding | None, *, stamped_at: datetime, control: datetime) -> bool:
    """Say whether a revocation of its authority takes a time stamp's worth.

    Revoked before: always. Revoked later for a reason that lets others make stamps: unless a later
    stamp vouches (`control`) that this one was there before.
    """
    if said is None or said.revoked_at is None:
        return False
    return said.revoked_at <= stamped_at or (
        said.reason in COMPROMISED and said.revoked_at <= control
    )


async def judge_stamps(reader: PdfFileReader, knowledge: Knowledge) -> None:
    """Put the document time stamps that hold into `knowledge`, the newest judged first."""
    control = knowledge.now
    found: list[EmbeddedPdfSignature] = list(reader.embedded_timestamp_signatures)[-MOST_STAMPS:]
    for embedded in reversed(found):
        status = await async_validate_pdf_timestamp(
            embedded, knowledge.context("timestamp", at=control), skip_diff=True
        )
        whole = status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
        if not (status.intact and status.valid and status.trusted and whole):
            continue
        if weakness.of_container(embedded.signed_data, place="stamp"):
            continue
        chain = knowledge.chain(
            embedded.signer_cert, embedded.other_embedded_certs, roots="timestamp"
        )
        said, _, _ = knowledge.revocation(chain)
        if stamp_is_worthless(said, stamped_at=status.timestamp, control=control):
            continue
        control = status.timestamp
        knowledge.stamps.append(
            Stamp(
                revision=embedded.signed_revision,
                at=control,
                over_evidence="/DSS" in reader.get_historical_root(embedded.signed_revision),
            )
        )


def knowledge_of(
    reader: PdfFileReader,
    *,
    signature_roots: Sequence[str],
    timestamp_roots: Sequence[str],
    answers: Sequence[Answer],
    revoked: Mapping[str, str],
    now: datetime,
) -> Knowledge:
    """Return what stands in the paper together with what the house knows."""
    stored = store(reader)
    return Knowledge(
        roots={"signature": loaded(signature_roots), "timestamp": loaded(timestamp_roots)},
        stored=stored,
        answers=answers,
        revoked=revoked,
        now=now,
        pool=[certificate(one) for one in stored.certificates],
    )


def loaded(texts: Sequence[str]) -> list[Certificate]:
    """Return the certificates of PEM texts."""
    return [one for text in texts for one in certificates(text)]
