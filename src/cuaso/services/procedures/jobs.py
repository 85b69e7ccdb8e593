"""What procedures do when something happened elsewhere: the house goes on by itself."""

from django.db import transaction

from cuaso.capabilities.workflow import api as workflow
from cuaso.foundation.audit.contracts import Event
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.services.procedures.logic.clock import apologise
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.deciding import phone
from cuaso.services.procedures.logic.deciding.attempts import ABANDONED_AFTER
from cuaso.services.procedures.logic.handling import personal_number, succeed
from cuaso.services.procedures.logic.matter import rows
from cuaso.services.procedures.logic.seeing import finance
from cuaso.services.procedures.logic.telling import co_applicants, write_records
from cuaso.services.procedures.models import Dossier, Result

HOUSE = system("Cửa Số")
NUMBER_WANTED = "population.request_personal_number"


def on_consent_over(event: Event) -> None:
    """A leader agreed on the phone, refused or did not answer: the drafts go on or stand again."""
    phone.end_phone_ask(event)


def on_result_issued(event: Event) -> None:
    """A result was issued or corrected: the registries learn it."""
    if event.subject.kind == "procedures.dossier":
        write_records.write_records(dossier_id=event.subject.id, actor=HOUSE)


def on_result_revoked(event: Event) -> None:
    """A result was revoked: what it wrote leaves the registries."""
    if event.subject.kind == "procedures.dossier":
        write_records.strike_records(
            dossier_id=event.subject.id, actor=HOUSE, reason="Kết quả đã bị thu hồi"
        )


def on_flow_moved(event: Event) -> None:
    """Open and close steps after the flow moved by itself (a timer)."""
    if event.subject.kind != "procedures.dossier":
        return
    dossier = Dossier.objects.select_for_update(of=("self",)).filter(id=event.subject.id).first()
    if dossier is None or dossier.flow_instance_id is None:
        return
    if steps.sync(dossier, workflow.instance(dossier.flow_instance_id)):
        steps.finish_act(dossier, actor=HOUSE, act="moved_on", content={})


def on_service_wanted(event: Event) -> None:
    """A flow wants something from outside; this house knows one such service."""
    if event.payload.get("operation") == NUMBER_WANTED:
        personal_number.want_personal_number(id=event.subject.id, actor=HOUSE)


def on_personal_number_given(event: Event) -> None:
    """The register gave the new-born's number."""
    number = str(event.payload["personal_number"])
    personal_number.note_personal_number(id=event.subject.id, number=number, actor=HOUSE)


def on_personal_number_refused(event: Event) -> None:
    """The register will not give a number with these facts."""
    reason = str(event.payload.get("say", ""))
    personal_number.note_refusal(id=event.subject.id, reason=reason, actor=HOUSE)


def on_person_known(event: Event) -> None:
    """The directory knows a number now: dossiers that wait for it find their co-applicant."""
    co_applicants.recognise(person_id=event.subject.id, actor=HOUSE)


def on_money_moved(event: Event) -> None:
    """What a dossier owes was paid, waived, cancelled or given back."""
    if (dossier := _told_of(event)) is not None:
        finance.follow(dossier)
        if event.topic in finance.TELLS:
            finance.tell_applicant(dossier, event.topic, event.payload)


def on_dossier_ended(event: Event) -> None:
    """A dossier ended: what it owes falls away, what was paid is put before the officials."""
    if (dossier := _told_of(event)) is not None:
        finance.close(dossier)


def _told_of(event: Event) -> Dossier | None:
    if event.subject.kind != "procedures.dossier":
        return None
    return rows.dossier(event.subject.id, locked=True)


def mend() -> int:
    """Give back results whose signing died with its process; return how many.

    Called by the worker: nothing was lost, the draft or the bound number stands as it was.
    """
    return _give_back("signing", "draft") + _give_back("sealing", "signed")


def hand_to_heirs() -> int:
    """Hand what stands at agencies that have ended to who took over; return how many went."""
    return succeed.hand_to_heirs()


def apologise_late() -> int:
    """Apologise once to whoever waits longer than promised; return how many heard it now."""
    return apologise.apologise_late()


def _give_back(state: str, back_to: str) -> int:
    with transaction.atomic():
        abandoned = Result.objects.select_for_update(skip_locked=True).filter(
            state=state, attempt_at__lt=clock.now() - ABANDONED_AFTER
        )
        ids = [result.id for result in abandoned]
        return Result.objects.filter(id__in=ids).update(
            state=back_to, attempt=None, attempt_at=None
        )
