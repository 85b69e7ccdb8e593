"""A leader signs many drafts with one consent on the phone; each draft goes on by itself after it.

The drafts are claimed while the consent waits, so that nobody signs or changes them meanwhile.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.reports import api as reports
from cuaso.capabilities.signing import api as signing
from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Event
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Invalid, NotFound, Refusal
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures.act_contracts import PhoneAsk, PhonePaper
from cuaso.services.procedures.logic.deciding import approve, attempts
from cuaso.services.procedures.logic.matter import declared, rows
from cuaso.services.procedures.logic.seeing import reading, viewing
from cuaso.services.procedures.models import Dossier, Result

HOUSE = system("Cửa Số")
WAYS: tuple[signing.HandWay, ...] = ("phone", "sim")
ENDED = frozenset({"signed", "refused", "late", "failed"})


def signs_on_phone(actor: Actor) -> tuple[signing.HandWay, ...]:
    """Return in which ways the actor signs on the phone now: by its application, by its SIM."""
    return tuple(way for way in WAYS if _key(actor, way) is not None)


def ask_phone(
    *, ids: Sequence[UUID], actor: Actor, way: signing.HandWay = "phone"
) -> tuple[PhoneAsk | None, tuple[tuple[UUID, str], ...]]:
    """Push drafts to the phone of the actor's post; return the ask, and why some are not in it.

    A SIM takes one draft at a time. None when no draft could be claimed. Raises NotFound without a
    key that signs in this way, a Refusal when the provider does not answer; then
    every draft stands as before.
    """
    key = _key(actor, way)
    if key is None:
        raise _no_key()
    if way == "sim" and len({*ids}) > 1:
        raise _one_by_sim()
    held: dict[UUID, attempts.Try] = {}
    left: list[tuple[UUID, str]] = []
    for id in dict.fromkeys(ids):
        try:
            held[id] = approve.claim_draft(id=id, actor=actor, version=None)
        except Refusal as refusal:
            left.append((id, str(refusal)))
    if not held:
        return None, tuple(left)
    try:
        asked = signing.ask_consent(
            key=key.label,
            items=[_item(id, one, actor) for id, one in held.items()],
            description=f"{actor.name}: ký {len(held)} văn bản",
            actor=actor,
        )
    except Exception:
        for one in held.values():
            attempts.release(one.result_id, one.attempt, back_to="draft")
        raise
    claimed = [one.attempt for one in held.values()]
    # Held until the consent is over: a claim counts as abandoned only some time after that.
    Result.objects.filter(attempt__in=claimed).update(attempt_at=asked.ends_at)
    return _seen(asked), tuple(left)


def _key(actor: Actor, way: signing.HandWay) -> signing.KeyInfo | None:
    if actor.post_id is None:
        return None
    name = directory.holder_name(actor.post_id)
    return signing.hand_key(owner_id=actor.post_id, name=name, way=way)


def _no_key() -> NotFound:
    return NotFound(
        code="procedures.no_hand_key",
        what="Ông/bà chưa có khóa ký trên điện thoại.",
        mend="Hãy đăng ký khóa tại trang “Khóa ký số của tôi”.",
    )


def _one_by_sim() -> Invalid:
    return Invalid(
        code="procedures.one_by_sim",
        what="Mỗi lần ký bằng SIM chỉ gồm một văn bản.",
        why="Máy hỏi mã PIN cho từng chữ ký.",
        mend="Hãy chọn một văn bản.",
    )


def phone_asks(*, actor: Actor) -> tuple[PhoneAsk, ...]:
    """Return what was asked of the phone of the actor's post, the newest first."""
    if actor.post_id is None:
        return ()
    return tuple(_seen(one) for one in signing.consents(owner_id=actor.post_id))


def phone_ask(*, id: UUID, actor: Actor) -> PhoneAsk:
    """Return one ask of the actor's own phone. Raises NotFound."""
    found = next((one for one in phone_asks(actor=actor) if one.id == id), None)
    if found is None:
        raise NotFound(
            code="procedures.no_phone_ask",
            what="Không tìm thấy lần xin ký trên điện thoại này.",
            mend="Hãy mở trang “Chờ tôi ký” để xem các lần ký của ông/bà.",
        )
    return found


def draft_picture(*, dossier_id: UUID, actor: Actor) -> bytes:
    """Return a PNG of the first page of a result as it stands, to who may see the draft.

    Refused as `draft_result_content` is.
    """
    content = reading.draft_result_content(dossier_id=dossier_id, actor=actor)
    return reports.page_picture(signing.printed(b"".join(content.chunks), pages=[1]))


def end_phone_ask(event: Event) -> None:
    """Take signed papers in their places, or let the drafts stand as before.

    A draft whose signer lost the right to sign it meanwhile, or whose dossier went on, is not
    touched by the signed paper: it stands as a draft again.
    """
    items = event.payload.get("items")
    if not isinstance(items, list):
        return
    for item in items:
        found = _claimed(item)
        if found is not None:
            _end(*found, file=str(item.get("file") or ""), owner=str(event.payload["owner"]))


def _claimed(item: Mapping[str, str]) -> tuple[UUID, attempts.Try] | None:
    """Return the dossier and the try that a document's reference names; None for others' papers."""
    dossier_id, _, attempt = item.get("reference", "").partition("/")
    if not attempt:
        return None
    row = Result.objects.filter(dossier_id=dossier_id, attempt=attempt, state="signing").first()
    if row is None:
        return None
    held = attempts.Try(result_id=row.id, attempt=UUID(attempt), file_id=row.draft_file_id)
    return row.dossier_id, held


def _end(dossier_id: UUID, held: attempts.Try, *, file: str, owner: str) -> None:
    try:
        if file:
            signer = directory.actor_for_post(UUID(owner))
            with transaction.atomic():
                _keep(dossier_id, held, file=UUID(file), actor=signer)
            return
    except Refusal as refusal:
        audit.record(
            actor=HOUSE,
            act="procedures.phone_signature_dropped",
            subject=Subject(kind="procedures.dossier", id=dossier_id),
            content={"result": str(held.result_id), "file": file},
            reason=str(refusal),
        )
    attempts.release(held.result_id, held.attempt, back_to="draft")


def _keep(dossier_id: UUID, held: attempts.Try, *, file: UUID, actor: Actor) -> None:
    dossier = rows.required(dossier_id)
    authority = access.require_authority(
        post_id=actor.post_id,
        agency_id=dossier.signing_agency_id or dossier.agency_id,
        matter=dossier.procedure.code,
    )
    whole = attempts.Try(
        result_id=held.result_id, attempt=held.attempt, file_id=held.file_id, authority=authority
    )
    approve.keep_signed(whole, files.info(file), id=dossier_id, actor=actor)


def _item(id: UUID, held: attempts.Try, actor: Actor) -> signing.RemoteItem:
    dossier = rows.required(id)
    boxes = declared.boxes(dossier.procedure)
    post = directory.post(actor.post_id) if actor.post_id else None
    pdf = approve.draft_for(dossier, held, actor=actor)
    return signing.RemoteItem(
        subject=f"{_title(dossier)} – {dossier.dossier_code or dossier.tracking_code}",
        pdf=pdf,
        name=actor.name,
        title=post.title if post else dossier.procedure.title,
        box=boxes["signature"],
        picture=reports.page_picture(pdf),
        fields={name: boxes[name] for name in ("number", "date") if name in boxes},
        seal_box=boxes.get("seal"),
        reference=f"{id}/{held.attempt}",
    )


def _title(dossier: Dossier) -> str:
    return f"{dossier.procedure.title} ({dossier.subject_name or dossier.applicant_name})"


def _seen(asked: signing.RemoteConsent) -> PhoneAsk:
    ids = [UUID(one.partition("/")[0]) for one in asked.references if one]
    found = {row.dossier_id: row for row in Result.objects.filter(dossier_id__in=ids)}
    return PhoneAsk(
        id=asked.id,
        state=asked.state,
        sentence=asked.sentence,
        asked_at=asked.asked_at,
        ends_at=asked.ends_at,
        over=asked.state in ENDED,
        code=asked.code,
        papers=tuple(
            PhonePaper(
                dossier_id=id,
                subject=subject,
                result_say=viewing.RESULT_STATES[found[id].state] if id in found else "",
                signed=id in found and found[id].signed_file_id is not None,
                under_way=id in found and found[id].state == "signing",
            )
            for id, subject in zip(ids, asked.subjects, strict=False)
        ),
    )
