"""The leader approves and signs. No lock and no transaction is held while the token signs."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.signing import api as signing
from cuaso.foundation.access import api as access
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.foundation.files.contracts import StoredFile
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Refusal
from cuaso.services.procedures.logic.course import deputies, steps
from cuaso.services.procedures.logic.deciding import attempts, endorse, initials
from cuaso.services.procedures.logic.matter import declared, rows
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.logic.sheets import render
from cuaso.services.procedures.logic.telling import write_records
from cuaso.services.procedures.models import Dossier, Result, Work


@viewing.shown
def approve(*, id: UUID, actor: Actor, version: int | None = None) -> viewing.Acted:
    """Approve the draft result and sign it with the key of the actor's post.

    Refused: the post has no authority to sign this now, another signs it now, the key is missing,
    the token or the time stamp does not answer, a record that the result moves stands elsewhere;
    then the draft stands as before and may be signed later.
    """
    held = claim_draft(id=id, actor=actor, version=version)
    try:
        signed = _sign(held, actor=actor, dossier_id=id)
        stored = files.store_bytes(
            actor=actor, name="ket-qua-da-ky.pdf", media_type="application/pdf", content=signed
        )
        dossier = keep_signed(held, stored, id=id, actor=actor)
    except Exception:
        attempts.release(held.result_id, held.attempt, back_to="draft")
        raise
    return dossier, actor


def keep_signed(held: attempts.Try, stored: StoredFile, *, id: UUID, actor: Actor) -> Dossier:
    """Put a signed paper in its place and go on; Conflict when another try took over."""
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work")
        result = attempts.take_back(dossier, held)
        work = steps.waiting(dossier, "approve", actor=actor)
        result.state, result.attempt = "signed", None
        result.signed_file_id, result.signed_at = stored.id, clock.now()
        result.signer_post_id, result.signer = actor.post_id, actor.name
        rows.rewrite(result)
        on = None if _is_drawn_for(result, actor) else initials.carried(dossier, result)
        actor = deputies.acting(actor, work)
        steps.advance(dossier, work, decision="approve", actor=actor)
        steps.finish_act(
            dossier,
            actor=actor,
            act="approved",
            content={
                "result": str(result.id),
                "sha256": stored.sha256,
                **access.as_content(held.authority),
                **(on.as_content() if on else {}),
            },
            reason=str(on or ""),
        )
    return dossier


def approve_many(*, ids: Sequence[UUID], actor: Actor) -> tuple[tuple[UUID, bool, str], ...]:
    """Sign several drafts, initial those that another agency signs; each by itself, each with its
    own answer. Once the device that signs is gone the rest is not tried: it stands as before.
    """
    answers: list[tuple[UUID, bool, str]] = []
    gone: Refusal | None = None
    for id in dict.fromkeys(ids):
        try:
            said = _decide_unless(gone, id, actor)
        except Refusal as refusal:
            answers.append((id, False, str(refusal)))
            gone = refusal if refusal.code in signing.DEVICE_OUT else gone
        else:
            answers.append((id, True, said))
    return tuple(answers)


def _decide_unless(gone: Refusal | None, id: UUID, actor: Actor) -> str:
    if gone is not None:
        raise gone
    return _decide(id, actor)


def _decide(id: UUID, actor: Actor) -> str:
    if Work.objects.filter(dossier_id=id, element="endorse", done_at=None).exists():
        initialled = endorse.endorse(id=id, actor=actor)
        return f"Đã ký nháy {initialled.dossier_code}, trình {initialled.signing_agency_name}."
    return f"Đã ký {approve(id=id, actor=actor).dossier_code}."


def claim_draft(*, id: UUID, actor: Actor, version: int | None) -> attempts.Try:
    """Claim a draft for one try to sign it. Refused as `approve` is, before the token is asked."""
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work", version=version)
        steps.waiting(dossier, "approve", actor=actor)
        authority = access.require_authority(
            post_id=actor.post_id,
            agency_id=dossier.signing_agency_id or dossier.agency_id,
            matter=dossier.procedure.code,
        )
        result = attempts.claim(dossier, state="draft", trying="signing")
        write_records.require_steps(dossier, signer=actor)
    return attempts.held(result, file_id=result.draft_file_id, authority=authority)


def _sign(held: attempts.Try, *, actor: Actor, dossier_id: UUID) -> bytes:
    dossier = rows.required(dossier_id)
    boxes = declared.boxes(dossier.procedure)
    post = directory.post(actor.post_id) if actor.post_id else None
    return signing.sign_person(
        pdf=draft_for(dossier, held, actor=actor),
        key=f"post-{actor.post_id}",
        name=actor.name,
        title=post.title if post else "",
        box=boxes["signature"],
        fields={name: boxes[name] for name in ("number", "date") if name in boxes},
        seal_box=boxes.get("seal"),
        reason=dossier.procedure.title,
    )


def draft_for(dossier: Dossier, held: attempts.Try, *, actor: Actor) -> bytes:
    """Return the draft over the name of who signs: a deputy's paper bears the deputy's name, that
    of a leader who came after the draft was drawn bears the new leader's.

    Raises Conflict where the draft was initialled and the paper would not rest on that.
    """
    result = Result.objects.get(id=held.result_id)
    if _is_drawn_for(result, actor):
        return files.read_clean(held.file_id)
    initials.require_holding(dossier, result)
    return render.result_pdf(dossier, result, signer_post_id=actor.post_id)


def _is_drawn_for(result: Result, actor: Actor) -> bool:
    return (result.drawn_post_id, result.drawn_name) == (actor.post_id, actor.name)
