"""Turn a dossier into what its reader sees, and say which acts the reader may do now."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Generic, ParamSpec

from cuaso.capabilities.workflow import api as workflow
from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.services.procedures import act_contracts, contracts
from cuaso.services.procedures.logic.course import steps, timing
from cuaso.services.procedures.logic.matter import catalogue, channel, declared, rows
from cuaso.services.procedures.logic.matter.names import Names
from cuaso.services.procedures.logic.matter.status import NAMES, PLAIN, Status
from cuaso.services.procedures.logic.seeing import (
    duplicates,
    finance,
    histories,
    leavings,
    offers,
    papers,
    words,
)
from cuaso.services.procedures.logic.telling import co_applicants
from cuaso.services.procedures.models import (
    Consultation,
    Dossier,
    Opinion,
    Result,
    SupplementRequest,
    Work,
)
from cuaso.services.procedures.policies import DOSSIERS

RESULT_STATES = {
    "draft": "Dự thảo, chờ ký",
    "signing": "Đang ký",
    "signed": "Đã ký, chờ cấp số và đóng dấu",
    "sealing": "Đang đóng dấu",
    "issued": "Đã ban hành",
    "revoked": "Đã thu hồi, không còn giá trị",
    "cancelled": "Đã huỷ",
}


Asked = ParamSpec("Asked")
# What an act leaves to be told of: the dossier, and for whom.
Acted = tuple[Dossier, Actor]
TOGETHER = "dossier.co_applicant"
# What the applicant is shown of a result.
SHOWN = frozenset({"issued", "revoked"})


class Shown(Generic[Asked]):
    """An act that answers with the whole dossier as the actor sees it afterwards.

    `briefly` does the same and spares the view: making it costs as much as a good part of the act.
    """

    def __init__(self, act: Callable[Asked, Acted]) -> None:
        self._act = act
        update_wrapper(self, act)

    def __call__(self, *args: Asked.args, **given: Asked.kwargs) -> contracts.DossierView:
        row, actor = self._act(*args, **given)
        return dossier(row, actor=actor)

    def briefly(self, *args: Asked.args, **given: Asked.kwargs) -> act_contracts.Standing:
        """Do the act and return only how the dossier stands."""
        row, _actor = self._act(*args, **given)
        return act_contracts.Standing(
            id=row.id,
            version=row.version,
            tracking_code=row.tracking_code,
            dossier_code=row.dossier_code or "",
            status=row.status,
            status_say=NAMES[Status(row.status)],
        )


def shown(act: Callable[Asked, Acted]) -> Shown[Asked]:
    """Make an act that returns its dossier answer with what the actor sees of it."""
    return Shown(act)


def dossier(row: Dossier, *, actor: Actor) -> contracts.DossierView:
    """Return the dossier as `actor` may see it; rights were checked by the caller."""
    official = actor.kind in ("official", "system")
    works = tuple(rows.known_works(row))
    decision = access.decide(actor=actor, act="view", record=row, policy=DOSSIERS)
    left = leavings.left_by(row)
    result = rows.result(row) if "result" in left else None
    given = papers.of_dossier(row) if "papers" in left else ()
    dues = finance.dues(row)
    names = Names()
    twins = duplicates.duplicates(row, actor=actor, names=names)
    together = co_applicants.at_hand(row)
    return contracts.DossierView(
        id=row.id,
        tracking_code=row.tracking_code,
        dossier_code=row.dossier_code or "",
        procedure_code=row.procedure.code,
        procedure_title=row.procedure.title,
        title=row.title,
        status=row.status,
        status_say=NAMES[Status(row.status)],
        plain_say=(
            co_applicants.plain_say(row)
            if decision.grant == TOGETHER
            else row.waiting_say or PLAIN[Status(row.status)]
        ),
        applicant_name=row.applicant_name,
        party_name=_party_name(row),
        helper_name=names.holder(row.helper_post_id),
        subject_name=row.subject_name,
        channel=row.channel,
        channel_say=channel.say(channel=row.channel, key=row.key),
        agency_name=names.agency(row.agency_id),
        received_agency_name=names.agency(row.received_agency_id),
        submitted_at=row.submitted_at,
        received_at=row.received_at,
        finished_at=row.finished_at,
        due=timing.view(row),
        facts=declared.facts(row.procedure, row.values, row.sources),
        papers=given,
        works=tuple(_work(work, names) for work in works),
        acts=(
            *offers.acts(row, works=works, result=result, actor=actor, left=left),
            *finance.offers(row, dues, actor=actor),
        ),
        log=tuple(_log(row, official=official)),
        opinions=_opinions(row) if official and "opinions" in left else (),
        checks=(
            *co_applicants.checks(together),
            *offers.checks(row, given, twins),
            *finance.checks(row, dues),
        )
        if official
        else (),
        consultations=_consultations(row, names) if official and "consultations" in left else (),
        supplement=_supplement(row) if "supplements" in left else None,
        result=_result(result) if result and (official or result.state in SHOWN) else None,
        drawing=workflow.drawing(row.flow_instance_id) if row.flow_instance_id else "",
        fee_say=finance.say(dues, _fee(row)),
        editable=declared.editable(row.procedure, row.values) if official else {},
        why_visible=decision.sentence,
        needs_purpose=decision.needs_purpose,
        regime_say=declared.regime(row.procedure, on=clock.legal_date(row.submitted_at)),
        version=row.version,
        apologies=histories.apologies(row) if "apologies" in left else (),
        pauses=histories.pauses(row) if "pauses" in left else (),
        case_changes=histories.case_changes(row) if "cases" in left else (),
        stop=histories.stop(row) if "stop" in left else None,
        duplicates=twins,
        transfers=histories.transfers(row, names) if "transfers" in left else (),
        earlier_results=histories.replaced(row) if "replaced" in left else (),
        co_applicants=tuple(one.name for one in together),
        signing_agency_name=names.agency(row.signing_agency_id),
        together_with=row.applicant_name if decision.grant == TOGETHER else "",
        on_paper=offers.on_paper(row, given) if official else (),
        delivery_say=channel.delivery_say(row.delivery_state),
        sync_say=channel.sync_say(row.sync_state),
    )


def _fee(row: Dossier) -> str:
    values = declared.form(row.procedure).load(row.values).values
    day = clock.legal_date(row.submitted_at)
    return catalogue.fee_total(row.procedure, values, on=day, channel=row.channel)


def _party_name(row: Dossier) -> str:
    if row.party_id == row.person_id:
        return row.applicant_name
    return directory.person(row.party_id).name


def _work(work: Work, names: Names) -> contracts.WorkView:
    return contracts.WorkView(
        id=work.id,
        element=work.element,
        title=work.title,
        role=work.role,
        agency_name=names.agency(work.agency_id),
        holder_name=work.done_by or names.holder(work.post_id),
        since_at=work.since_at,
        due_at=work.due_at,
        done_at=work.done_at,
        delegated_by_name=names.holder(work.delegated_by_id),
    )


def _log(row: Dossier, *, official: bool) -> list[contracts.LogLine]:
    return [
        words.line(entry)
        for entry in audit.history(steps.subject(row))
        if entry.act in words.SAID and (official or entry.act not in words.INSIDE)
    ]


def _opinions(row: Dossier) -> tuple[act_contracts.OpinionView, ...]:
    found = Opinion.objects.filter(dossier=row).order_by("at")
    return tuple(act_contracts.OpinionView(at=one.at, who=one.who, text=one.text) for one in found)


def _consultations(row: Dossier, names: Names) -> tuple[act_contracts.ConsultationView, ...]:
    found = Consultation.objects.filter(dossier=row).order_by("asked_at", "id")
    return tuple(
        act_contracts.ConsultationView(
            id=one.id,
            agency_name=names.agency(one.agency_id),
            question=one.question,
            answer=one.answer,
            asked_at=one.asked_at,
            due_at=one.due_at,
            answered_at=one.answered_at,
        )
        for one in found
    )


def _supplement(row: Dossier) -> act_contracts.SupplementView | None:
    asked = SupplementRequest.objects.filter(dossier=row).order_by("-asked_at", "-id").first()
    if asked is None:
        return None
    return act_contracts.SupplementView(
        items=tuple(asked.items),
        reason=asked.reason,
        asked_at=asked.asked_at,
        asked_by=asked.asked_by,
        answered_at=asked.answered_at,
        note=asked.note,
        binds=asked.binds(row),
    )


def _result(result: Result) -> contracts.ResultView:
    return contracts.ResultView(
        title=result.title,
        state=result.state,
        state_say=RESULT_STATES[result.state],
        number=result.number,
        number_date=result.number_date,
        signer=result.signer,
        signed_at=result.signed_at,
        issued_at=result.issued_at,
        file_id=result.final_file_id or result.signed_file_id or result.draft_file_id,
        locker_paper_id=result.locker_paper_id,
        verify_code=result.verify_code,
        revoked_at=result.revoked_at,
        revoked_reason=result.revoked_reason,
    )
