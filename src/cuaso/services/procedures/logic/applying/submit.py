"""Submit a draft, once: the same draft or the same key always gives the same receipt."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.workflow import api as workflow
from cuaso.declarations.forms import Cleaned
from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Written
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock, text
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem
from cuaso.services.procedures.contracts import Submitted
from cuaso.services.procedures.logic.applying import drafts, renewal
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.matter import channel, codes, declared, lists, rows
from cuaso.services.procedures.logic.matter.channel import first_sync_state
from cuaso.services.procedures.logic.matter.status import Status
from cuaso.services.procedures.logic.seeing import finance, papers
from cuaso.services.procedures.logic.telling import co_applicants, notify
from cuaso.services.procedures.models import Dossier, Draft, ProcedureVersion

_PAPERS_OVER: Final = """
update procedures_paper set dossier_id = %s, draft_id = null where draft_id = %s
"""
_DRAFT_OVER: Final = "update procedures_draft set dossier_id = %s where id = %s"


def submit(*, id: UUID, key: str, actor: Actor, front: channel.Front = "province") -> Submitted:
    """Submit the actor's draft and start its flow.

    `front` is where the applicant submitted; from the national portal `key` is its own code.

    Posting twice gives one dossier and one tracking code. Raises Invalid with a problem for each
    field, for each missing paper (`papers.<component>`); the draft stays.
    """
    with transaction.atomic():
        row = drafts.own(id=id, actor=actor, lock=True, submitted=True)
        if row.dossier is not None:
            return receipt(row.dossier)
        cleaned = _complete(row, actor)
        dossier = open_dossier(
            procedure=row.procedure,
            cleaned=cleaned,
            sources=row.sources,
            key=channel.dossier_key(front=front, key=key, draft_id=row.id),
            channel="online",
            person_id=row.person_id,
            party_id=row.party_id,
            agency_id=competent(row.procedure, cleaned),
        )
        row.dossier = dossier
        moved = " ".join(renewal.sentences(row))
        begin(
            dossier,
            actor=actor,
            content={"key": key, **({"moved": moved} if moved else {})},
            beside=[
                Written(statement=over, values=[dossier.id, row.id])
                for over in (_PAPERS_OVER, _DRAFT_OVER)
            ],
        )
    return receipt(dossier)


def receipt(dossier: Dossier) -> Submitted:
    """Return the receipt of a submitted dossier."""
    return Submitted(
        dossier_id=dossier.id, tracking_code=dossier.tracking_code, at=dossier.submitted_at
    )


def _complete(row: Draft, actor: Actor) -> Cleaned:
    problems: list[Problem] = []
    cleaned = None
    context = lists.context(capacity=actor.kind)
    read = declared.reading(row.procedure, row.values)
    try:
        cleaned = declared.form(row.procedure).clean(
            row.values, context, read=read if read.context.names == context.names else None
        )
    except Invalid as refusal:
        problems.extend(renewal.explained(row, refusal.problems))
    given = papers.of_draft(row)
    missing = declared.missing_papers(row.procedure, read, {one.component for one in given})
    problems.extend(
        Problem(field=f"papers.{one.id}", say=f"Thiếu giấy tờ: {one.component.title}.")
        for one in missing
    )
    problems.extend(papers.spoilt(given))
    if problems or cleaned is None:
        raise Invalid(
            code="procedures.draft_incomplete",
            what=f"Hồ sơ còn {len(problems)} chỗ cần sửa trước khi nộp.",
            why="Những gì đã điền vẫn được giữ.",
            mend="Hãy sửa từng chỗ được nêu rồi nộp lại.",
            problems=tuple(problems),
        )
    return cleaned


def competent(procedure: ProcedureVersion, cleaned: Cleaned) -> UUID:
    """Return the agency that settles, or its successor."""
    return declared.settling_agency(procedure, declared.place_code(procedure, cleaned)).id


def open_dossier(
    *,
    procedure: ProcedureVersion,
    cleaned: Cleaned,
    sources: dict[str, str],
    key: str,
    channel: str,
    person_id: UUID,
    party_id: UUID,
    agency_id: UUID,
    helper_post_id: UUID | None = None,
    received_agency_id: UUID | None = None,
) -> Dossier:
    """Make the dossier, inside the caller's transaction; `begin` writes its row.

    `received_agency_id` is the desk that takes the papers where that is not the settling
    agency's own. Source: decree 118/2025/NĐ-CP, article 14.
    """
    person = directory.person(person_id)
    signing = declared.signing_agency(procedure)
    about = declared.subject_name(procedure, cleaned)
    dossier = Dossier(
        procedure=procedure,
        tracking_code=codes.tracking_code(),
        key=key,
        status=Status.SUBMITTED,
        channel=channel,
        title=declared.dossier_title(procedure, about or person.name),
        person_id=person_id,
        party_id=party_id,
        applicant_name=person.name,
        subject_id=declared.subject_id(procedure, cleaned),
        subject_name=about,
        helper_post_id=helper_post_id,
        agency_id=agency_id,
        received_agency_id=received_agency_id,
        signing_agency_id=signing.id if signing else None,
        values=cleaned.stored,
        sources=sources,
        submitted_at=clock.now(),
        sync_state=first_sync_state(key),
    )
    rows.keep_works(dossier, [])
    co_applicants.settle(dossier, cleaned)
    return dossier


def searched(dossier: Dossier) -> str:
    """Return the text by which a dossier is found: codes and names, without diacritics."""
    told = (
        dossier.tracking_code,
        dossier.dossier_code or "",
        dossier.applicant_name,
        dossier.subject_name,
        dossier.procedure.code,
    )
    return text.fold(" ".join(told))


def begin(
    dossier: Dossier,
    *,
    actor: Actor,
    content: dict[str, object],
    beside: Sequence[Written] = (),
) -> None:
    """Start the flow of a new dossier, tell the applicant, and write the dossier and the act.

    beside: what else the act writes.
    """
    with audit.gathered():
        instance = workflow.start(
            key=declared.flow_key(dossier.procedure),
            subject=steps.subject(dossier),
            data=flow_data(dossier, on=clock.today()),
            actor=actor,
        )
        dossier.flow_instance_id = instance.id
        steps.open_first(dossier, instance)
        finance.at_submission(dossier, actor=actor)
        notify.applicant(dossier, template="submitted")
        steps.finish_act(
            dossier,
            actor=actor,
            act="submitted",
            content={
                **content,
                **co_applicants.kept_of(dossier),
                "tracking_code": dossier.tracking_code,
                "procedure": dossier.procedure.code,
                "procedure_version": dossier.procedure.sha256,
            },
            searched=searched(dossier),
            beside=beside,
        )


def flow_data(dossier: Dossier, *, on: date) -> dict[str, object]:
    """Return the few facts that a flow's conditions may read; forms stay in their rows."""
    return {"decision": "", "channel": dossier.channel, "on": on.isoformat()}
