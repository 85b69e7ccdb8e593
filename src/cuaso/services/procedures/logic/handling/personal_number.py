"""A flow waits for the population register to number a new-born; what to do when it answers."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.exchange import api as exchange
from cuaso.kernel.actors import Actor
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.handling import propose
from cuaso.services.procedures.logic.matter import newborn, rows
from cuaso.services.procedures.models import Dossier, Result, Work

ELEMENT = "personal_number"
WAITING = (
    "Hồ sơ chờ cơ sở dữ liệu quốc gia về dân cư trả lời. "
    "Không cần làm gì thêm; hồ sơ tự đi tiếp khi có trả lời."
)
REFUSED = (
    "Cơ sở dữ liệu quốc gia về dân cư không cấp số định danh với thông tin đã gửi. "
    "Cơ quan đang kiểm tra lại."
)


def want_personal_number(*, id: UUID, actor: Actor) -> None:
    """Ask the register, once a dossier; the dossier says that it waits, and goes on by itself."""
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work")
        if _waiting(dossier) is None:
            return
        wish = exchange.population.want_personal_number(
            key=str(dossier.id),
            subject=steps.subject(dossier),
            child=newborn.child(dossier.procedure, dossier.values),
            actor=actor,
        )
        if wish.state == "given":
            # The draft came back and is proposed again: the register has answered long ago.
            note_personal_number(id=id, number=wish.personal_number, actor=actor)
            return
        dossier.waiting_say = WAITING
        steps.finish_act(dossier, actor=actor, act="waiting_outside", content={})


def obtain_personal_number(*, id: UUID, actor: Actor) -> None:
    """Ask the register at once and go on; raises Unavailable when it does not answer yet."""
    dossier = rows.required(id)
    if _waiting(dossier) is None:
        return
    number = exchange.population.request_personal_number(
        key=str(dossier.id),
        subject=steps.subject(dossier),
        child=newborn.child(dossier.procedure, dossier.values),
        actor=actor,
    )
    note_personal_number(id=id, number=number, actor=actor)


def note_personal_number(*, id: UUID, number: str, actor: Actor) -> None:
    """Write the number into the draft result and go on; noting it again changes nothing."""
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work")
        work = _waiting(dossier)
        if work is None:
            return
        _write(dossier, number, actor)
        dossier.waiting_say = ""
        steps.advance(dossier, work, decision="given", actor=actor)
        steps.finish_act(
            dossier,
            actor=actor,
            act="personal_number_given",
            content={"personal_number": number},
        )


def note_refusal(*, id: UUID, reason: str, actor: Actor) -> None:
    """Say that the register refuses; the handler must look, and nothing is lost."""
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work")
        if _waiting(dossier) is None:
            return
        dossier.waiting_say = REFUSED
        steps.finish_act(dossier, actor=actor, act="number_refused", content={}, reason=reason)


def _waiting(dossier: Dossier) -> Work | None:
    return dossier.works.filter(element=ELEMENT, done_at=None).first()


def _write(dossier: Dossier, number: str, actor: Actor) -> None:
    result = Result.objects.filter(dossier=dossier).first()
    if result is None:
        return
    values: Mapping[str, object] = result.values
    result.values = {**values, "personal_number": number}
    result.save(update_fields=["values"])
    propose.redraw(dossier, actor=actor)
