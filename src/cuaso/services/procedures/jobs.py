"""What procedures do when something happened elsewhere: the house goes on by itself."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.exchange import api as exchange
from cuaso.capabilities.workflow import api as workflow
from cuaso.foundation.audit.contracts import Event
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.services.procedures.logic import newborn, propose, steps
from cuaso.services.procedures.logic.approve import ABANDONED_AFTER
from cuaso.services.procedures.models import Dossier, Result, Work

HOUSE = system("Cửa Số")
WAITING = (
    "Hồ sơ chờ cơ sở dữ liệu quốc gia về dân cư trả lời. "
    "Bạn không cần làm gì; hồ sơ tự đi tiếp khi có trả lời."
)
REFUSED = (
    "Cơ sở dữ liệu quốc gia về dân cư không cấp số định danh với thông tin đã gửi. "
    "Cơ quan đang kiểm tra lại."
)


def on_flow_moved(event: Event) -> None:
    """Open and close steps after the flow moved by itself (a timer)."""
    if event.subject.kind != "procedures.dossier":
        return
    dossier = Dossier.objects.select_for_update(of=("self",)).filter(id=event.subject.id).first()
    if dossier is not None and dossier.flow_instance_id:
        steps.sync(dossier, workflow.instance(dossier.flow_instance_id))


def on_service_wanted(event: Event) -> None:
    """A flow wants the population register: ask, and say that the dossier waits."""
    if event.payload.get("operation") != "population.request_personal_number":
        return
    dossier = (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("procedure")
        .get(id=event.subject.id)
    )
    exchange.population.want_personal_number(
        key=str(dossier.id),
        subject=steps.subject(dossier),
        child=newborn.child(dossier.procedure, dossier.values),
        actor=HOUSE,
    )
    dossier.waiting_say = WAITING
    steps.finish_act(dossier, actor=HOUSE, act="waiting_outside", content={})


def on_personal_number_given(event: Event) -> None:
    """The register gave the new-born's number: write it down and go on."""
    dossier = (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("procedure")
        .get(id=event.subject.id)
    )
    work = Work.objects.filter(dossier=dossier, element="personal_number", done_at=None).first()
    if work is None:
        return
    number = str(event.payload["personal_number"])
    _note_number(dossier, number)
    dossier.waiting_say = ""
    steps.advance(dossier, work, decision="given", actor=HOUSE)
    steps.finish_act(
        dossier, actor=HOUSE, act="personal_number_given", content={"personal_number": number}
    )


def on_personal_number_refused(event: Event) -> None:
    """The register will not give a number: the handler must look; nothing is lost."""
    dossier = (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("procedure")
        .get(id=event.subject.id)
    )
    dossier.waiting_say = REFUSED
    reason = str(event.payload.get("reason", ""))
    steps.finish_act(dossier, actor=HOUSE, act="number_refused", content={}, reason=reason)


def _note_number(dossier: Dossier, number: str) -> None:
    result = Result.objects.filter(dossier=dossier).first()
    if result is None:
        return
    values: Mapping[str, object] = result.values
    result.values = {**values, "personal_number": number}
    result.save(update_fields=["values"])
    propose.redraw(dossier, actor=HOUSE)


def mend() -> int:
    """Give back results whose signing died with its process; return how many.

    Called by the worker: nothing was lost, the draft or the bound number stands as it was.
    """
    return _give_back("signing", "draft") + _give_back("sealing", "signed")


def _give_back(state: str, back_to: str) -> int:
    with transaction.atomic():
        abandoned = Result.objects.select_for_update(skip_locked=True).filter(
            state=state, attempt_at__lt=clock.now() - ABANDONED_AFTER
        )
        ids: list[UUID] = [result.id for result in abandoned]
        return Result.objects.filter(id__in=ids).update(
            state=back_to, attempt=None, attempt_at=None
        )
