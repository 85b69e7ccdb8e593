"""A result writes the records that its procedure declares into the registries.

What amends a record that stands already, or takes a step of its status, is written with the seal:
where a registry refuses it, nothing is sealed. What only adds a record follows when the house
hears of the issued result.
"""

from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Source
from cuaso.declarations.forms import Form
from cuaso.declarations.procedures import RecordOf
from cuaso.declarations.shape import Loose
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Conflict, NotFound, Refusal
from cuaso.services.procedures.act_models import ReplacedResult
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.matter import declared, lists, rows
from cuaso.services.procedures.models import Dossier, Result

Texts = dict[str, str | list[str]]
CORRECTED: Final = "Kết quả được đính chính"
HOUSE: Final = system("Cửa Số")


def write_records(*, dossier_id: UUID, actor: Actor) -> int:
    """Write the records that an issued result adds; return how many.

    The same result writes the same records once; a corrected one amends them. What a registry
    refuses is raised: the event waits, and the administrator reads the sentence.
    """
    dossier = rows.required(dossier_id)
    here = [(name, one) for name, one in _due(dossier) if not one.at_sealing]
    for name, one in here:
        id = record_id(dossier.id, name)
        again = registries.known(registry=one.registry, id=id)
        registries.enact(
            registry=one.registry,
            id=id,
            values=_texts(dossier, one),
            actor=actor,
            source=_source(dossier),
            reason=CORRECTED if again else "",
        )
    return len(here)


def seal_records(dossier: Dossier) -> int:
    """Write what goes with the seal, in the seal's own transaction; return how many records.

    The house writes the fields; steps of status are taken in the name of who signed, with that
    post's rights. Raises Conflict with the registry's sentence where one refuses.
    """
    if not _seals(dossier):
        return 0
    fresh = rows.required(dossier.id)
    here = [(name, one) for name, one in _due(fresh) if one.at_sealing]
    for name, one in here:
        try:
            _enact(fresh, name, one)
        except Refusal as refusal:
            raise _refused("đóng dấu", refusal) from refusal
    return len(here)


def rehearse(dossier: Dossier) -> None:
    """Try what will be written with the seal, and take it back; raise as `seal_records` does."""
    if _seals(dossier):
        with transaction.atomic():
            seal_records(dossier)
            transaction.set_rollback(True)


def require_steps(dossier: Dossier, *, signer: Actor) -> None:
    """Raise Conflict where a record that the result moves does not stand where its step begins, or
    the registry does not let the signer take it.
    """
    for _, one in _due(dossier) if _seals(dossier) else ():
        try:
            id = _named(dossier, one) if one.of else None
            if id is not None and one.step:
                registries.require_step(
                    registry=one.registry,
                    id=id,
                    step=one.step,
                    actor=signer,
                    source=_source(dossier),
                )
        except Refusal as refusal:
            raise _refused("ký", refusal) from refusal


def strike_records(*, dossier_id: UUID, actor: Actor, reason: str) -> int:
    """Take back what a revoked result wrote: records that it added go into the bin, others are
    again what they were; return how many records were touched.
    """
    dossier = rows.required(dossier_id)
    records = declared.procedure(dossier.procedure).records
    struck = 0
    for name, one in records.items():
        if one.of:
            key = _key(dossier, one, dossier.result.values)
            struck += _retract(dossier, one, key=key, actor=actor, reason=reason)
            continue
        id = record_id(dossier.id, name)
        if registries.known(registry=one.registry, id=id):
            registries.remove(
                registry=one.registry, id=id, reason=reason, actor=actor, source=_source(dossier)
            )
            struck += 1
    return struck


def foresee(
    dossier: Dossier, *, reader: Actor, language: str
) -> Iterator[tuple[RecordOf, registries.Foreseen | Refusal]]:
    """Yield what each record would be written as for now, or why it cannot even be named; nothing
    is written.
    """
    signer = dossier.result.signer_post_id
    for name, one in _due(dossier):
        try:
            yield (
                one,
                registries.foresee(
                    registry=one.registry,
                    id=_named(dossier, one) if one.of else record_id(dossier.id, name),
                    values=_texts(dossier, one),
                    actor=HOUSE,
                    reader=reader,
                    source=_source(dossier),
                    step=one.step,
                    signer=directory.actor_for_post(signer) if one.step and signer else None,
                    language=language,
                ),
            )
        except Refusal as refusal:
            yield one, refusal


def record_id(dossier_id: UUID, name: str) -> UUID:
    """Return the id of the record that a dossier writes under a declared name."""
    return uuid5(dossier_id, f"records/{name}")


def _due(dossier: Dossier) -> list[tuple[str, RecordOf]]:
    records = declared.procedure(dossier.procedure).records
    return [(name, one) for name, one in records.items() if _stands(dossier, one)]


def _seals(dossier: Dossier) -> bool:
    records = declared.procedure(dossier.procedure).records
    return any(one.at_sealing for one in records.values())


def _stands(dossier: Dossier, one: RecordOf) -> bool:
    if not one.when:
        return True
    form = declared.form(dossier.procedure)
    here = lists.context()
    names = {"today": here.today, **here.names, **form.load(dossier.result.values).values}
    return form.expression(one.when).holds(names, unknown=False)


def _enact(dossier: Dossier, name: str, one: RecordOf) -> None:
    result: Result = dossier.result
    signer = result.signer_post_id
    _let_go(dossier, one)
    registries.enact(
        registry=one.registry,
        id=_named(dossier, one) if one.of else record_id(dossier.id, name),
        values=_texts(dossier, one),
        actor=HOUSE,
        source=_source(dossier),
        reason=f"{result.title} số {result.number}",
        step=one.step,
        signer=directory.actor_for_post(signer) if one.step and signer else None,
    )


def _named(dossier: Dossier, one: RecordOf) -> UUID:
    return registries.named(registry=one.registry, key=_key(dossier, one, dossier.result.values))


def _key(dossier: Dossier, one: RecordOf, values: Mapping[str, Loose]) -> str:
    return str(declared.editable(dossier.procedure, values).get(one.of, ""))


def _let_go(dossier: Dossier, one: RecordOf) -> None:
    """Give back the record that a replaced result wrote into, where the corrected one names
    another.
    """
    if not one.of:
        return
    earlier = ReplacedResult.objects.filter(dossier=dossier).order_by("opened_at").last()
    key = _key(dossier, one, earlier.values) if earlier else ""
    if key and key != _key(dossier, one, dossier.result.values):
        _retract(dossier, one, key=key, actor=HOUSE, reason=CORRECTED)


def _retract(dossier: Dossier, one: RecordOf, *, key: str, actor: Actor, reason: str) -> bool:
    try:
        id = registries.named(registry=one.registry, key=key)
    except NotFound:
        return False
    back = registries.retract(
        registry=one.registry,
        id=id,
        source=_source(dossier),
        actor=actor,
        reason=reason,
    )
    return bool(back)


def _refused(act: str, refusal: Refusal) -> Conflict:
    said = " ".join(dict.fromkeys(one.say for one in refusal.problems))
    return Conflict(
        code="procedures.record_refused",
        what=f"Chưa {act} được kết quả này, vì chưa ghi sổ được.",
        why=" ".join(part for part in (refusal.what, refusal.why, said) if part),
        mend="Hãy báo người thẩm tra sửa sổ hoặc hồ sơ rồi làm lại. Chưa có gì được ghi.",
        data={"refused": refusal.code},
    )


def _source(dossier: Dossier) -> Source:
    return Source(kind="dossier", id=dossier.dossier_code or dossier.tracking_code)


def _texts(dossier: Dossier, one: RecordOf) -> dict[str, Loose]:
    form = declared.form(dossier.procedure)
    answers = form.edit(form.load(dossier.result.values))
    facts = _facts(dossier)
    texts: dict[str, Loose] = {}
    for target, source in one.values.items():
        if source.startswith("'"):
            texts[target] = source[1:-1]
        elif source in facts:
            texts[target] = facts[source]
        else:
            texts |= _read(form, answers, source=source, target=target)
    return texts


def _read(form: Form, answers: Mapping[str, str | list[str]], *, source: str, target: str) -> Texts:
    """Return a field of the form, or its rows, as text under the registry's name, part by part."""
    section = form.sections.get(source)
    if form.field_at(source) is None and (section is None or section.repeat is None):
        return {}
    return {
        f"{target}{path.removeprefix(source)}": text
        for path, text in answers.items()
        if path == source or path.startswith(f"{source}.")
    }


def _facts(dossier: Dossier) -> Mapping[str, str]:
    result: Result = dossier.result
    day = result.number_date
    declaration = declared.procedure(dossier.procedure)
    last = declared.valid_until(declaration, on=day) if day else None
    received = clock.legal_date(dossier.received_at or dossier.submitted_at)
    return {
        "result.number": result.number,
        "result.date": f"{day:%d/%m/%Y}" if day else "",
        "result.signer": result.signer,
        "result.personal_number": str(result.values.get("personal_number", "")),
        "result.valid_until": f"{last:%d/%m/%Y}" if last else "",
        "result.agency": directory.agency(steps.issuer(dossier)).name,
        "dossier.code": dossier.dossier_code or dossier.tracking_code,
        "dossier.received": f"{received:%d/%m/%Y}",
    }
