"""An issued result writes the records that its procedure declares into the registries."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Source
from cuaso.declarations.forms import Form
from cuaso.declarations.procedures import RecordOf
from cuaso.declarations.shape import Loose
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.matter import declared, lists, rows
from cuaso.services.procedures.models import Dossier, Result

Texts = dict[str, str | list[str]]


def write_records(*, dossier_id: UUID, actor: Actor) -> int:
    """Write what the issued result of a dossier declares; return how many records.

    The same result writes the same records once; a corrected one amends them. What a registry
    refuses is raised: the event waits, and the administrator reads the sentence.
    """
    dossier = rows.required(dossier_id)
    records = declared.procedure(dossier.procedure).records
    here = [(name, one) for name, one in records.items() if _stands(dossier, one)]
    for name, one in here:
        _write(dossier, name, one, actor=actor)
    return len(here)


def strike_records(*, dossier_id: UUID, actor: Actor, reason: str) -> int:
    """Put the records of a revoked result into the bin; return how many."""
    dossier = rows.required(dossier_id)
    records = declared.procedure(dossier.procedure).records
    struck = 0
    for name, one in records.items():
        id = record_id(dossier.id, name)
        if registries.known(registry=one.registry, id=id):
            registries.remove(
                registry=one.registry, id=id, reason=reason, actor=actor, source=_source(dossier)
            )
            struck += 1
    return struck


def record_id(dossier_id: UUID, name: str) -> UUID:
    """Return the id of the record that a dossier writes under a declared name."""
    return uuid5(dossier_id, f"records/{name}")


def _stands(dossier: Dossier, one: RecordOf) -> bool:
    if not one.when:
        return True
    form = declared.form(dossier.procedure)
    here = lists.context()
    names = {"today": here.today, **here.names, **form.load(dossier.result.values).values}
    return form.expression(one.when).holds(names, unknown=False)


def _write(dossier: Dossier, name: str, one: RecordOf, *, actor: Actor) -> None:
    id, source = record_id(dossier.id, name), _source(dossier)
    texts = _texts(dossier, one)
    if registries.known(registry=one.registry, id=id):
        registries.amend(
            registry=one.registry,
            id=id,
            values=texts,
            actor=actor,
            reason="Kết quả được đính chính",
            source=source,
        )
        return
    registries.add(registry=one.registry, id=id, values=texts, actor=actor, source=source)


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
    return {
        "result.number": result.number,
        "result.date": f"{day:%d/%m/%Y}" if day else "",
        "result.signer": result.signer,
        "result.personal_number": str(result.values.get("personal_number", "")),
        "result.valid_until": f"{last:%d/%m/%Y}" if last else "",
        "result.agency": directory.agency(steps.issuer(dossier)).name,
        "dossier.code": dossier.dossier_code or dossier.tracking_code,
    }
