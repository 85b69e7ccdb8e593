"""Before the seal, an officer sees the records that the result will write, and what is refused."""

from collections.abc import Collection, Iterator
from uuid import UUID

from cuaso.capabilities.registries.api import FieldForeseen
from cuaso.foundation.access import api as access
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Refusal
from cuaso.services.procedures.act_contracts import RecordFact, RecordForeseen
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.matter import codes, declared, rows
from cuaso.services.procedures.logic.telling import write_records
from cuaso.services.procedures.models import Dossier, Result
from cuaso.services.procedures.policies import DOSSIERS

# States of a result that has not been issued; `sealing` and `signing` are tries under way.
OPEN = frozenset({"draft", "signing", "signed", "sealing"})
# What is only known when the seal is put.
GIVEN_LATER = frozenset({"result.number", "result.date", "result.valid_until"})


def records_foreseen(*, id: UUID, actor: Actor, language: str = "vi") -> tuple[RecordForeseen, ...]:
    """Return what the dossier's draft or signed result would write into registries now.

    Nothing is written, and no number is used up: one that is not given yet is the next of its
    book, and may be another when the seal is put. Empty where the actor has no step here, there
    is no draft, or the procedure writes no record. Raises NotFound for a dossier that is unknown.
    """
    dossier = rows.dossier(id)
    if dossier is None:
        raise steps.unknown()
    rows.know([dossier])
    if not access.decide(actor=actor, act="work", record=dossier, policy=DOSSIERS).allowed:
        return ()
    if not declared.procedure(dossier.procedure).records:
        return ()
    result = rows.result(dossier)
    if result is None or result.state not in OPEN:
        return ()
    tentative = not result.number
    _complete(dossier, result, actor)
    return tuple(_foreseen(dossier, actor, language, tentative=tentative))


def _complete(dossier: Dossier, result: Result, actor: Actor) -> None:
    """Fill in what signature and seal will add, in memory only."""
    day = result.number_date or clock.today()
    if not result.number:
        declaration = declared.procedure(dossier.procedure).result
        last = codes.foreseen_number(
            agency_id=steps.issuer(dossier), book=declaration.book, year=day.year
        )
        result.number = declaration.number.format(number=f"{last:02d}", year=day.year)
    result.number_date = day
    if not result.signer and "leader" in actor.roles:
        result.signer, result.signer_post_id = actor.name, actor.post_id
    dossier.result = result


def _foreseen(
    dossier: Dossier, actor: Actor, language: str, *, tentative: bool
) -> Iterator[RecordForeseen]:
    for one, found in write_records.foresee(dossier, reader=actor, language=language):
        if isinstance(found, Refusal):
            yield RecordForeseen(
                title="",
                added=False,
                refused=" ".join(part for part in (found.what, found.why) if part),
                mend=found.mend,
                at_sealing=one.at_sealing,
            )
            continue
        later = {path for path, source in one.values.items() if tentative and source in GIVEN_LATER}
        yield RecordForeseen(
            title=found.title,
            name=found.name,
            added=found.added,
            step=found.step,
            facts=tuple(_fact(field, later) for field in found.fields),
            refused=found.refused,
            mend=found.mend,
            at_sealing=one.at_sealing,
        )


def _fact(field: FieldForeseen, later: Collection[str]) -> RecordFact:
    return RecordFact(
        label=field.title,
        value=field.text,
        before=field.before,
        problem=field.problem,
        tentative=field.path in later,
    )
