"""The settling agency's leader initials a draft that another agency signs."""

from uuid import UUID

from django.db import transaction

from cuaso.capabilities.signing import api as signing
from cuaso.foundation.access import api as access
from cuaso.foundation.files import api as files
from cuaso.foundation.files.contracts import StoredFile
from cuaso.kernel.actors import Actor
from cuaso.services.procedures.logic.course import deputies, steps
from cuaso.services.procedures.logic.deciding import attempts
from cuaso.services.procedures.logic.matter import declared, rows
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.logic.sheets import render
from cuaso.services.procedures.models import Dossier, Result


@viewing.shown
def endorse(*, id: UUID, actor: Actor, version: int | None = None) -> viewing.Acted:
    """Initial the draft with the key of the actor's post and send it to the agency that signs.

    The initials are a signature on the draft's own file; the official's signature and the seal
    come after it and take nothing away. From then on nobody changes the draft until it is signed
    or sent back; where another than the printed signer signs, the paper is drawn anew over that
    name, and the initials are carried to it with a proof (`initials`). Refused as `approve` is;
    then the draft stands as before.
    """
    held = _claim(id=id, actor=actor, version=version)
    try:
        stored = files.store_bytes(
            actor=actor,
            name="du-thao-ky-nhay.pdf",
            media_type="application/pdf",
            content=_initial(held, actor=actor, dossier_id=id),
        )
        dossier = _keep(held, stored, id=id, actor=actor)
    except Exception:
        attempts.release(held.result_id, held.attempt, back_to="draft")
        raise
    return dossier, actor


def _claim(*, id: UUID, actor: Actor, version: int | None) -> attempts.Try:
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work", version=version)
        steps.waiting(dossier, "endorse", actor=actor)
        authority = access.require_authority(
            post_id=actor.post_id, agency_id=dossier.agency_id, matter=dossier.procedure.code
        )
        result = attempts.claim(dossier, state="draft", trying="signing")
    return attempts.held(result, file_id=result.draft_file_id, authority=authority)


def _initial(held: attempts.Try, *, actor: Actor, dossier_id: UUID) -> bytes:
    dossier = rows.required(dossier_id)
    boxes = declared.boxes(dossier.procedure)
    return signing.initial(
        pdf=files.read_clean(held.file_id),
        key=f"post-{actor.post_id}",
        name=actor.name,
        signer_name=render.name_on(dossier, Result.objects.get(id=held.result_id)),
        box=boxes["signature"],
        initials=(declared.initials_box(dossier.procedure),),
        fields={name: boxes[name] for name in ("number", "date") if name in boxes},
        seal_box=boxes.get("seal"),
    )


def _keep(held: attempts.Try, stored: StoredFile, *, id: UUID, actor: Actor) -> Dossier:
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work")
        result = attempts.take_back(dossier, held)
        work = steps.waiting(dossier, "endorse", actor=actor)
        agreed = files.info(result.draft_file_id).sha256
        result.state, result.attempt, result.attempt_at = "draft", None, None
        result.draft_file_id = stored.id
        rows.rewrite(result)
        actor = deputies.acting(actor, work)
        steps.advance(dossier, work, decision="endorse", actor=actor)
        steps.finish_act(
            dossier,
            actor=actor,
            act="endorsed",
            content={
                "result": str(result.id),
                "sha256": stored.sha256,
                "draft_sha256": agreed,
                "content_sha256": render.content_digest(dossier, result),
                **access.as_content(held.authority),
            },
        )
    return dossier
