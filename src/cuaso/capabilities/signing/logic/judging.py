"""What one signature of a PDF is worth. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from cryptography import x509
from cryptography.x509.oid import NameOID
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.generic_cms import cms_basic_validation, collect_timing_info
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from cuaso.capabilities.signing.contracts import Level, Revocation, SignatureVerdict
from cuaso.capabilities.signing.logic import weakness, wording
from cuaso.capabilities.signing.logic.lasting.chains import Chain
from cuaso.capabilities.signing.logic.lasting.knowledge import Knowledge, stamp_is_worthless
from cuaso.capabilities.signing.logic.lasting.signed_parts import token_of
from cuaso.capabilities.signing.logic.weakness import Weakness

KINDS: Final = frozenset(
    one.value
    for one in (
        SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
        SigSeedSubFilter.PADES,
        SigSeedSubFilter.PBAD_PADES,
    )
)


async def judge(embedded: EmbeddedPdfSignature, knowledge: Knowledge) -> SignatureVerdict:
    """Return the verdict; for a signature that cannot be read, that it has no worth."""
    try:
        weak = weakness.of_container(embedded.signed_data)
        if weak:
            return _without_worth(embedded, weak)
        return await _judge(embedded, knowledge)
    except Exception:  # noqa: BLE001 hostile bytes break a parser in any way
        return _without_worth(embedded, ())


def _without_worth(embedded: EmbeddedPdfSignature, weak: Sequence[Weakness]) -> SignatureVerdict:
    """Return the verdict on what cannot be read, or proves nothing by its own algorithm."""
    return SignatureVerdict(
        field=wording.text(getattr(embedded, "field_name", "")),
        kind="person",
        signer="",
        title="",
        organisation="",
        issuer="",
        fingerprint="",
        signed_at=None,
        stamped=False,
        intact=False,
        trusted=False,
        revoked=False,
        changed_after="",
        ok=False,
        sentence=weakness.say(weak) or wording.UNREADABLE,
        weak=tuple(one.name for one in weak),
    )


async def _judge(embedded: EmbeddedPdfSignature, knowledge: Knowledge) -> SignatureVerdict:
    vouched = knowledge.vouched_at(embedded.signed_revision)
    stamp, stamp_in_paper = await _stamp(embedded, knowledge, control=vouched or knowledge.now)
    proven = stamp or vouched
    status = await _status(embedded, knowledge.context("signature", at=proven or knowledge.now))
    certificate = embedded.signer_cert
    signed_at = proven or _claimed(embedded)
    initials = wording.text(embedded.field_name).startswith(f"{wording.INITIALS}-")
    changed = _changes(status, initials=initials)
    sound = bool(status["intact"] and status["valid"])
    intact = sound and changed != wording.TAMPERED
    chain = knowledge.chain(certificate, embedded.other_embedded_certs, roots="signature")
    said, known, in_paper = knowledge.revocation(chain)
    revoked_at = said.revoked_at if said else None
    revoked = revoked_at is not None and revoked_at <= (signed_at or knowledge.now)
    trusted = sound and bool(status["validation_path"]) and status["trust_problem_indic"] is None
    facts = wording.who(certificate)
    weak = _weak(embedded, knowledge, trusted=trusted)
    ok = intact and trusted and not revoked and proven is not None
    level = _level(
        stamped=proven is not None,
        evidence=in_paper and stamp_in_paper,
        sealed=knowledge.is_sealed(embedded.signed_revision),
    )
    revocation: Revocation = "revoked" if revoked_at else "good" if known else "unknown"
    return SignatureVerdict(
        field=wording.text(embedded.field_name),
        **facts,
        fingerprint=hashlib.sha256(certificate.dump()).hexdigest(),
        signed_at=signed_at,
        stamped=proven is not None,
        intact=intact,
        trusted=trusted,
        revoked=revoked,
        changed_after=changed,
        ok=ok,
        sentence=wording.say(
            facts,
            signed_at=signed_at,
            stamped=proven is not None,
            intact=intact,
            trusted=trusted,
            revoked=revoked,
            revoked_at=revoked_at,
            changed=changed,
            initials=initials,
            weak=weakness.say(weak),
        ),
        level=level if intact else "",
        level_sentence=wording.LEVELS[level] if intact else "",
        chain=names(chain),
        revocation=revocation,
        revoked_at=revoked_at,
        initials=initials,
        weak=tuple(dict.fromkeys(one.name for one in weak)),
    )


def _weak(embedded: EmbeddedPdfSignature, knowledge: Knowledge, *, trusted: bool) -> list[Weakness]:
    """Return the weak digests around a signature that is not weak itself."""
    token = token_of(embedded)
    found = weakness.of_container(token, place="stamp") if token is not None else []
    if not trusted:
        beside = [embedded.signer_cert, *embedded.other_embedded_certs]
        found += weakness.of_certificates(beside)
    return [*found, *knowledge.weak_answers()]


async def _stamp(
    embedded: EmbeddedPdfSignature, knowledge: Knowledge, *, control: datetime
) -> tuple[datetime | None, bool]:
    """Return the moment of a time stamp that holds and is trusted, and whether the paper itself
    carries what its authority's chain needs.
    """
    timing = await collect_timing_info(
        embedded.signer_info,
        knowledge.context("timestamp", at=control),
        raw_digest=embedded.compute_digest,
    )
    status = timing.get("timestamp_validity")
    if status is None or not (status.intact and status.valid and status.trusted):
        return None, token_of(embedded) is None
    if weakness.of_container(token_of(embedded), place="stamp"):
        return None, False
    moment: datetime = status.timestamp
    told = extract_certificate_info(token_of(embedded))
    chain = knowledge.chain(told.signer_cert, told.other_certs, roots="timestamp")
    said, _, in_paper = knowledge.revocation(chain)
    if stamp_is_worthless(said, stamped_at=moment, control=control):
        return None, False
    return moment, in_paper


def _level(*, stamped: bool, evidence: bool, sealed: bool) -> Level:
    if not stamped:
        return "B-B"
    if not evidence:
        return "B-T"
    return "B-LTA" if sealed else "B-LT"


def _claimed(embedded: EmbeddedPdfSignature) -> datetime | None:
    moment = embedded.self_reported_timestamp
    return moment if isinstance(moment, datetime) and moment.tzinfo else None


async def _status(embedded: EmbeddedPdfSignature, context: ValidationContext) -> Mapping[str, Any]:
    """Return what pyHanko says of the signature alone: its own whole check would judge the time
    stamp a second time.
    """
    if embedded.sig_object_type != "/Sig" or embedded.sig_object.get("/SubFilter") not in KINDS:
        message = "not a kind of signature that this house knows"
        raise ValueError(message)
    embedded.compute_integrity_info()  # type: ignore[no-untyped-call]
    told = embedded.summarise_integrity_info()
    found: Mapping[str, Any] = await cms_basic_validation(
        embedded.signed_data,
        raw_digest=embedded.compute_digest(),
        validation_context=context,
        status_kwargs=told,
        key_usage_settings=PdfSignatureStatus.default_usage_constraints(),
    )
    return found


def _changes(status: Mapping[str, Any], *, initials: bool) -> str:
    if status["coverage"] == SignatureCoverageLevel.ENTIRE_FILE:
        return wording.UNTOUCHED
    found = status["diff_result"]
    if not isinstance(found, DiffResult) or not status["docmdp_ok"]:
        return wording.TAMPERED
    level = found.modification_level
    if level == ModificationLevel.OTHER:
        return wording.TAMPERED
    if level == ModificationLevel.NONE:
        return wording.UNTOUCHED
    if level == ModificationLevel.LTA_UPDATES:
        return wording.FOR_ARCHIVE
    return wording.AFTER_INITIALS if initials else wording.AS_PERMITTED


def names(chain: Chain) -> tuple[str, ...]:
    """Return what a page shows of a chain, from the signer's certificate up to the root."""
    return tuple(_name(one) for one in chain)


def _name(certificate: x509.Certificate) -> str:
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return wording.text(found[0].value if found else certificate.subject.rfc4514_string())
