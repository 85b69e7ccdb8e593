"""One consent of a leader for many documents: pushed once, each hash bound, collected by a job."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from cuaso.capabilities.signing.contracts import ConsentState, RemoteConsent, RemoteItem
from cuaso.capabilities.signing.logic import hand_refusals, refusals, surroundings
from cuaso.capabilities.signing.logic.keys import usable
from cuaso.capabilities.signing.logic.mobile.keys import (
    MobileKeys,
    control_code,
    mobile_service,
)
from cuaso.capabilities.signing.logic.remote.keys import RemoteKeys, remote_service
from cuaso.capabilities.signing.logic.sign_person import prepare_person
from cuaso.capabilities.signing.logic.signature import Prepared
from cuaso.capabilities.signing.models import Consent, ConsentItem, SigningKey
from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Refusal
from cuaso.kernel.subjects import Subject

MOST_ITEMS = 200
SIM_LETTERS = 90  # of a subject: a SIM shows 120 letters
CONSENT_TIME = timedelta(minutes=5)
SENTENCES: dict[str, str] = {
    "asked": "Đang chờ người ký xác nhận trên điện thoại.",
    "agreed": "Người ký đã đồng ý; hệ thống đang hoàn tất chữ ký.",
    "signed": "Đã ký xong tất cả văn bản.",
    "refused": "Người ký đã từ chối trên điện thoại; không văn bản nào được ký.",
    "late": "Người ký không xác nhận trong thời gian cho phép; không văn bản nào được ký.",
    "failed": "Không ký được; không văn bản nào được ký.",
}
STATES: dict[str, ConsentState] = {
    "asked": "asked",
    "agreed": "agreed",
    "signed": "signed",
    "refused": "refused",
    "late": "late",
}


def ask_consent(
    *, key: str, items: Sequence[RemoteItem], description: str, actor: Actor
) -> RemoteConsent:
    """Push up to 200 documents to the phone of a remote key's owner, for one consent; to a SIM one.

    The phone shows each document's picture and SHA-256; each signature's hash is bound to the
    consent. Asking again for the same documents while it waits pushes nothing and returns the
    consent that stands. Signed files come by `collect_consents`; the event `signing.consent_…` of
    its end names the key's owner and, of each document, its reference and signed file. Raises a
    Refusal when nothing could be pushed; nothing is signed then.
    """
    surroundings.stand_outside_transactions()
    if not 0 < len(items) <= MOST_ITEMS:
        raise refusals.batch_wrong(MOST_ITEMS)
    row = usable(label=key, kind="person")
    if row.provider not in {RemoteKeys.name, MobileKeys.name}:
        raise refusals.not_remote(key)
    if row.provider == MobileKeys.name and len(items) > 1:
        raise hand_refusals.one_by_sim()
    content = _content(row, items)
    standing = _standing(content)
    if standing is not None:
        return view(standing)
    prepared = [_prepared(row, one) for one in items]
    stored = [
        files.store_bytes(
            actor=actor, name="cho-ky.pdf", media_type="application/pdf", content=one.pdf
        ).id
        for one in prepared
    ]
    try:
        consent = _open(row, content, items, prepared, stored, actor=actor)
    except IntegrityError:  # another asked for the same at the same moment
        standing = _standing(content)
        if standing is None:
            raise
        return view(standing)
    return view(_push(consent, items, prepared, description))


def consent(id: UUID) -> RemoteConsent:
    """Return how far one is. Raises NotFound."""
    row = Consent.objects.filter(pk=id).first()
    if row is None:
        raise refusals.no_consent()
    return view(row)


def consents(*, owner_id: UUID, most: int = 20) -> tuple[RemoteConsent, ...]:
    """Return what was asked of the keys of one post, the newest first."""
    rows = Consent.objects.filter(key__owner_id=owner_id).order_by("-asked_at", "-id")
    return tuple(view(row) for row in rows.select_related("key").prefetch_related("items")[:most])


def view(row: Consent) -> RemoteConsent:
    items = list(row.items.all())
    sentence = " ".join(part for part in (SENTENCES[row.state], row.why) if part)
    return RemoteConsent(
        id=row.id,
        key=row.key.label,
        state=STATES.get(row.state, "failed"),
        sentence=sentence,
        asked_at=row.asked_at,
        ends_at=row.ends_at,
        files=tuple(one.signed_file_id for one in items),
        subjects=tuple(one.subject for one in items),
        references=tuple(one.reference for one in items),
        code=_code(row, items),
    )


def _code(row: Consent, items: Sequence[ConsentItem]) -> str:
    if row.key.provider != MobileKeys.name or not items:
        return ""
    return control_code(hashlib.sha256(bytes(items[0].attributes)).digest())


def _standing(content: str) -> Consent | None:
    rows = Consent.objects.filter(content_sha256=content, state__in=["asked", "agreed"])
    row = rows.first()
    if row is not None and row.state == "asked" and row.ends_at <= clock.now():
        rows.filter(pk=row.pk).update(state="late")
        return None
    return row


def _content(row: SigningKey, items: Sequence[RemoteItem]) -> str:
    """Return the mark of a push: the same key and documents in the same order."""
    whole = hashlib.sha256(row.fingerprint.encode())
    for one in items:
        whole.update(hashlib.sha256(one.pdf).digest())
        whole.update(repr((one.subject, one.name, one.title, one.box)).encode())
        whole.update(one.reference.encode())
    return whole.hexdigest()


def _prepared(row: SigningKey, one: RemoteItem) -> Prepared:
    return prepare_person(
        row,
        pdf=one.pdf,
        name=one.name,
        reason=one.title,
        box=one.box,
        fields=one.fields,
        seal_box=one.seal_box,
    )


def _open(
    row: SigningKey,
    content: str,
    items: Sequence[RemoteItem],
    prepared: Sequence[Prepared],
    stored: Sequence[UUID],
    *,
    actor: Actor,
) -> Consent:
    now = clock.now()
    with transaction.atomic():
        made = Consent.objects.create(
            key=row, content_sha256=content, asked_at=now, ends_at=now + _time(row)
        )
        ConsentItem.objects.bulk_create(
            ConsentItem(
                consent=made,
                position=position,
                subject=one.subject,
                reference=one.reference,
                prepared_file_id=file_id,
                attributes=ready.attributes,
                place_start=ready.place[0],
                place_end=ready.place[1],
            )
            for position, (one, ready, file_id) in enumerate(
                zip(items, prepared, stored, strict=True)
            )
        )
        audit.record(
            actor=actor,
            act="signing.consent_asked",
            subject=Subject(kind="signing.consent", id=made.id),
            content={
                "key": row.label,
                "documents": [hashlib.sha256(one.pdf).hexdigest() for one in items],
            },
        )
    return made


def _time(row: SigningKey) -> timedelta:
    """Return how long the phone waits: an operator holds its question no longer than it is told."""
    if row.provider == MobileKeys.name:
        return timedelta(seconds=surroundings.mss_wait_seconds())
    return CONSENT_TIME


def _push(
    made: Consent,
    items: Sequence[RemoteItem],
    prepared: Sequence[Prepared],
    description: str,
) -> Consent:
    try:
        made.handle = (
            _to_sim(made.key, items[0], prepared[0])
            if made.key.provider == MobileKeys.name
            else _to_phone(made.key, items, prepared, description)
        )
    except Refusal as refusal:
        made.state, made.why = "failed", str(refusal)
        made.save(update_fields=["state", "why"])
        raise
    made.save(update_fields=["handle"])
    return made


def _to_sim(key: SigningKey, one: RemoteItem, ready: Prepared) -> str:
    """Have the SIM ask for the PIN. The message ends with the digits that the desk shows too."""
    digest = hashlib.sha256(ready.attributes).digest()
    return mobile_service().ask(
        key.handle,
        digest=digest,
        shown=f"{one.subject[:SIM_LETTERS]}, mã kiểm tra {control_code(digest)}",
        seconds=_time(key).total_seconds(),
    )


def _to_phone(
    key: SigningKey, items: Sequence[RemoteItem], prepared: Sequence[Prepared], description: str
) -> str:
    return remote_service().ask(
        key.handle,
        hashes=[hashlib.sha256(one.attributes).digest() for one in prepared],
        description=description,
        documents=[
            {
                "title": one.subject,
                "sha256": hashlib.sha256(one.pdf).hexdigest(),
                "picture": base64.b64encode(one.picture).decode(),
            }
            for one in items
        ],
    )
