"""What the form of each act chooses from."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language

from cuaso.channels.desk import answers, posting, sheets
from cuaso.channels.desk.posting import Act
from cuaso.foundation.identity import api as identity
from cuaso.kernel import text
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound, Refusal
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierView

MOST_AGENCIES = 30
FEWEST_LINES = 4
Choose = Callable[[HttpRequest, DossierView], dict[str, object]]


def of(
    request: HttpRequest, found: DossierView, chosen: Act, refusal: Refusal | None
) -> dict[str, object]:
    """Return what one act's form chooses from; after a refusal, what can still be told."""
    try:
        if chosen.name in SHEETS:
            return SHEETS[chosen.name](request, found, refusal)
        if chosen.name in CHOICES:
            return CHOICES[chosen.name](request, found)
    except Refusal:
        if refusal is None:
            raise
    return {}


def _actor(request: HttpRequest) -> Actor:
    return identity.actor_of(request)


def _colleagues(request: HttpRequest, found: DossierView) -> dict[str, object]:
    return {"colleagues": procedures.colleagues(id=found.id, actor=_actor(request))}


def _questions(_request: HttpRequest, found: DossierView) -> dict[str, object]:
    return {"questions": [one for one in found.consultations if not one.answered_at]}


def _agencies(request: HttpRequest, found: DossierView) -> dict[str, object]:
    every = procedures.consultable_agencies(id=found.id, actor=_actor(request))
    return _narrowed(request, every, chosen=set(answers.texts(request, "agency_ids")))


def _destinations(request: HttpRequest, found: DossierView) -> dict[str, object]:
    every = procedures.transferable(id=found.id, actor=_actor(request))
    return _narrowed(request, every, chosen={answers.text(request, "agency_id")})


def _narrowed(
    request: HttpRequest, every: Sequence[tuple[UUID, str]], *, chosen: set[str]
) -> dict[str, object]:
    """Return what was chosen, and what a typed name finds of the rest."""
    wanted = answers.text(request, "find")
    listed = [one for one in every if str(one[0]) not in chosen and text.matches(wanted, one[1])]
    return {
        "kept": [one for one in every if str(one[0]) in chosen],
        "agencies": listed[:MOST_AGENCIES],
        "more": max(0, len(listed) - MOST_AGENCIES),
    }


def _grounds(act: str) -> Choose:
    def choose(_request: HttpRequest, _found: DossierView) -> dict[str, object]:
        english = get_language() == "en"
        found = procedures.grounds(act=act)
        return {"grounds": [(one.code, one.label_en if english else one.label) for one in found]}

    return choose


def _cases(request: HttpRequest, found: DossierView) -> dict[str, object]:
    every = procedures.limit_cases(id=found.id, actor=_actor(request))
    return {
        "current_case": next((_case(one) for one in every if one.current), ""),
        "cases": [(one.code, _case(one)) for one in every if not one.current],
    }


def _case(one: procedures.LimitCaseView) -> str:
    label = one.label_en if get_language() == "en" else one.label
    return f"{label}: {one.limit_say}"


def _supplement(request: HttpRequest, found: DossierView) -> dict[str, object]:
    typed = answers.texts(request, "items")
    if found.supplement and found.supplement.binds:
        return {"titles": found.supplement.items, "ticked": typed, "lines": []}
    components = procedures.procedure(code=found.procedure_code).components
    titles = [one.title for one in components]
    lines = [item for item in typed if item not in titles]
    spare = FEWEST_LINES if request.POST.get("act") == "more" else 1
    blanks = max(FEWEST_LINES - len(lines), spare)
    return {"titles": titles, "ticked": typed, "lines": [*lines, *([""] * blanks)]}


def _declared(
    request: HttpRequest, found: DossierView, refusal: Refusal | None
) -> dict[str, object]:
    return {"sections": _sheet(request, found, refusal, found.editable)}


def _drawn(request: HttpRequest, found: DossierView, refusal: Refusal | None) -> dict[str, object]:
    drawn = procedures.result_values(id=found.id, actor=_actor(request))
    return {"sections": _sheet(request, found, refusal, drawn)}


def _sheet(
    request: HttpRequest,
    found: DossierView,
    refusal: Refusal | None,
    values: Mapping[str, str | list[str]],
) -> tuple[sheets.SheetSection, ...]:
    try:
        _procedure, form = procedures.walk_in_form(code=found.procedure_code)
    except NotFound:  # the procedure was withdrawn since; the dossier stands as it is
        return ()
    typed = {
        path: str(request.POST[path]) for path in request.POST if path not in posting.NOT_VALUES
    }
    return sheets.lay_out(form, {**values, **typed}, answers.wrong(refusal))


CHOICES: Mapping[str, Choose] = {
    "assign": _colleagues,
    "delegate": _colleagues,
    "consult": _agencies,
    "transfer": _destinations,
    "ask_supplement": _supplement,
    "answer_consultation": _questions,
    "change_case": _cases,
    "pause": _grounds("pause"),
    "stop": _grounds("stop"),
    "revoke_result": _grounds("revoke"),
}
SHEETS: Mapping[str, Callable[[HttpRequest, DossierView, Refusal | None], dict[str, object]]] = {
    "propose": _declared,
    "edit_draft": _drawn,
    "correct_result": _drawn,
}
