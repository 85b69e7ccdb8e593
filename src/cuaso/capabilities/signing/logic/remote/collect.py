"""Collect what signers agreed to on their phones: signatures, then time stamps, then files."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import load_pem_x509_certificate
from django.db import transaction
from django.db.models import Q

from cuaso.capabilities.signing.logic import refusals
from cuaso.capabilities.signing.logic.keys import usable
from cuaso.capabilities.signing.logic.mobile.keys import MobileKeys, mobile_service
from cuaso.capabilities.signing.logic.remote.keys import remote_service
from cuaso.capabilities.signing.logic.signature import Prepared, finish_signature
from cuaso.capabilities.signing.models import Consent, ConsentItem
from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Refusal, Unavailable
from cuaso.kernel.subjects import Subject

HOUSE = system("Cửa Số")
CLAIM = timedelta(minutes=2)
ENDS = {
    "signing.remote_refused": "refused",
    "signing.mobile_refused": "refused",
    "signing.remote_late": "late",
    "signing.mobile_late": "late",
}
# A service that is out may be back while the consent still holds.
PASSING = frozenset({"signing.remote_down", "signing.mobile_down", "signing.answer_unreadable"})
log = logging.getLogger(__name__)


def collect_consents() -> int:
    """Ask for every consent that waits, sign what was agreed; return how many came to an end.

    Signatures are kept before the first time stamp is asked: with the time-stamp authority out
    they wait, and the signer is not asked again.
    """
    seen: list[UUID] = []
    ended = 0
    while (row := _claimed(seen)) is not None:
        seen.append(row.pk)
        ended += _collected(row)
    return ended


def _claimed(seen: Sequence[UUID]) -> Consent | None:
    """Take the next one, one at a time: a claim is as young as the work on it."""
    now = clock.now()
    with transaction.atomic():
        rows = Consent.objects.select_for_update(skip_locked=True).filter(
            Q(tried_at__isnull=True) | Q(tried_at__lt=now - CLAIM), state__in=["asked", "agreed"]
        )
        row = rows.exclude(pk__in=seen).order_by("asked_at", "id").first()
        if row is not None:
            _claim_on(row)
    return row


def _claim_on(row: Consent) -> None:
    Consent.objects.filter(pk=row.pk).update(tried_at=clock.now())


def _collected(row: Consent) -> bool:
    try:
        if row.state == "asked" and not _agreed(row):
            return False
        _finish(row)
    except Refusal as refusal:
        return _stopped(row, refusal)
    except Exception:  # one consent's odd answer holds up no other
        log.exception("The consent %s could not be collected.", row.pk)
        return _stopped(row, refusals.answer_unreadable())
    finally:
        Consent.objects.filter(pk=row.pk).update(tried_at=None)
    return True


def _agreed(row: Consent) -> bool:
    """Take in all signatures of a consent, or say that nobody answered yet."""
    usable(label=row.key.label, kind="person")
    items = list(row.items.all())
    ask = _by_sim if row.key.provider == MobileKeys.name else _by_phone
    signatures = ask(row, items) if row.handle else None
    if signatures is None:
        if clock.now() >= row.ends_at:
            raise refusals.remote_late()
        return False
    for one, signature in zip(items, signatures, strict=True):
        _check(row, one, signature)
        one.signature = signature
    with transaction.atomic():
        ConsentItem.objects.bulk_update(items, ["signature"])
        row.state = "agreed"
        row.save(update_fields=["state"])
        _write_down(row, "signing.consent_given")
    return True


def _by_phone(row: Consent, items: list[ConsentItem]) -> list[bytes] | None:
    service = remote_service()
    activation = service.agreed(row.handle)
    if activation is None:
        return None
    digests = [hashlib.sha256(bytes(one.attributes)).digest() for one in items]
    return service.sign(row.key.handle, activation=activation, hashes=digests)


def _by_sim(row: Consent, _items: list[ConsentItem]) -> list[bytes] | None:
    signature = mobile_service().signed(row.handle)
    return None if signature is None else [signature]


def _check(row: Consent, one: ConsentItem, signature: bytes) -> None:
    """Believe no signature that the key's certificate does not confirm."""
    key = load_pem_x509_certificate(row.key.certificate_pem.encode()).public_key()
    try:
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise refusals.remote_wrong("Khóa không thuộc loại ECDSA.")
        key.verify(signature, bytes(one.attributes), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise refusals.remote_wrong("Chữ ký không phải của người được hỏi.") from error


def _finish(row: Consent) -> None:
    for one in row.items.filter(signed_file_id__isnull=True):
        _claim_on(row)
        prepared = Prepared(
            pdf=files.read_clean(one.prepared_file_id),
            attributes=bytes(one.attributes),
            place=(one.place_start, one.place_end),
        )
        pdf = finish_signature(prepared, key=row.key, signature=bytes(one.signature or b""))
        stored = files.store_bytes(
            actor=HOUSE, name="da-ky.pdf", media_type="application/pdf", content=pdf
        )
        one.signed_file_id = stored.id
        one.save(update_fields=["signed_file_id"])
    with transaction.atomic():
        row.state, row.why = "signed", ""
        row.save(update_fields=["state", "why"])
        _write_down(row, "signing.consent_signed")


def _stopped(row: Consent, refusal: Refusal) -> bool:
    """Put the refusal down; return whether the consent is over by it."""
    waits = row.state == "agreed" or (
        refusal.code in PASSING and clock.now() < row.ends_at and isinstance(refusal, Unavailable)
    )
    if waits:
        Consent.objects.filter(pk=row.pk).update(why=str(refusal))
        return False
    with transaction.atomic():
        row.state = ENDS.get(refusal.code, "failed")
        row.why = "" if row.state in {"refused", "late"} else str(refusal)
        row.save(update_fields=["state", "why"])
        _write_down(row, f"signing.consent_{row.state}")
    return True


def _write_down(row: Consent, act: str) -> None:
    about = Subject(kind="signing.consent", id=row.id)
    content: dict[str, object] = {
        "key": row.key.label,
        "state": row.state,
        "owner": str(row.key.owner_id or ""),
        "items": [
            {"reference": one.reference, "file": str(one.signed_file_id or "")}
            for one in row.items.all()
        ],
    }
    audit.record(actor=HOUSE, act=act, subject=about, content=content)
    audit.publish(topic=act, subject=about, payload=content)
