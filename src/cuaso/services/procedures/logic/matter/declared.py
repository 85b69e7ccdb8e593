"""What a dossier's version of its procedure declares, asked the way the acts need it."""

import json
from collections.abc import Mapping, Sequence, Set
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from cuaso.capabilities.signing.contracts import Box
from cuaso.declarations import calculating
from cuaso.declarations.calculating import Limit, Needed
from cuaso.declarations.forms import Cleaned, Form
from cuaso.declarations.forms.examine import Examination, examine
from cuaso.declarations.pack import LawValue
from cuaso.declarations.procedures import Component, Procedure
from cuaso.declarations.sources import SOURCES
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Agency, Level
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, NotFound, Problem
from cuaso.services.procedures.contracts import Fact, FactGroup
from cuaso.services.procedures.logic.matter import lists
from cuaso.services.procedures.models import Dossier, ProcedureVersion

LEVELS: dict[str, Level] = {"tỉnh": "province", "xã": "commune"}
INITIALS_WIDTH, INITIALS_HEIGHT = 48.0, 24.0  # points
Posted = Mapping[str, str | Sequence[str]]


def procedure(version: ProcedureVersion) -> Procedure:
    """Return the declaration of a version; it is read once a process."""
    return _loaded(version.id)


@lru_cache(maxsize=512)
def _loaded(version_id: UUID) -> Procedure:
    return Procedure.load(json.loads(ProcedureVersion.objects.get(id=version_id).declaration))


def flow_key(version: ProcedureVersion) -> str:
    """Return the key under which the pack's flow is deployed."""
    return f"{version.pack}.{procedure(version).flow}"


def has_step(version: ProcedureVersion, element: str) -> bool:
    """Say whether the procedure's flow declares a step."""
    return element in procedure(version).steps


def form(version: ProcedureVersion) -> Form:
    return procedure(version).form


def settling_agency(version: ProcedureVersion, place_code: str) -> Agency:
    """Return the agency that settles today: the declared one, else that of the place; or the
    successor. Raises NotFound where there is none.
    """
    competent = procedure(version).competent
    if competent.agency:
        return directory.agency_on(competent.agency, clock.today())
    return directory.competent_agency(
        place_code=place_code, level=LEVELS[competent.level], on=clock.today()
    )


def signing_agency(version: ProcedureVersion) -> Agency | None:
    """Return the agency that signs what the settling one proposes; None where that signs itself.
    Raises NotFound where nobody stands in its stead today.
    """
    signing = procedure(version).signing
    return directory.agency_on(signing.agency, clock.today()) if signing else None


def component(version: ProcedureVersion, name: str) -> Component:
    """Return a declared paper; raise NotFound for a name that the procedure does not have."""
    found = procedure(version).components.get(name)
    if found is None:
        raise NotFound(
            code="procedures.component_unknown",
            what="Thủ tục không có thành phần hồ sơ này.",
            mend="Hãy tải lại trang rồi chọn lại mục.",
        )
    return found


def needed(
    version: ProcedureVersion, values: Mapping[str, object], *, on: date, channel: str
) -> tuple[Needed, ...]:
    """Return the papers that typed answers call for on a day and channel."""
    return calculating.papers(procedure(version), values, on=on, channel=channel)


def reading(version: ProcedureVersion, texts: Posted) -> Examination:
    """Return what an unfinished form says, as far as one can tell."""
    return examine(form(version), texts, lists.context())


def needed_of_draft(version: ProcedureVersion, read: Examination) -> tuple[Needed, ...]:
    """Return the papers that an unfinished form calls for."""
    return needed(version, read.values, on=clock.today(), channel="online")


def needed_of_dossier(dossier: Dossier) -> tuple[Needed, ...]:
    """Return the papers that a dossier calls for under the law of its submission."""
    values = form(dossier.procedure).load(dossier.values).values
    day = clock.legal_date(dossier.submitted_at)
    return needed(dossier.procedure, values, on=day, channel=dossier.channel)


def missing_papers(
    version: ProcedureVersion, read: Examination, given: Set[str]
) -> tuple[Needed, ...]:
    """Return the required papers that a draft does not have yet."""
    return tuple(
        one for one in needed_of_draft(version, read) if to_upload(one) and one.id not in given
    )


def to_upload(one: Needed) -> bool:
    """Say whether a paper must be in the dossier; what is only shown at the counter need not."""
    return one.required and one.component.how == "submit"


def boxes(version: ProcedureVersion) -> dict[str, Box]:
    """Return the places for number, date, signature and seal on the result's first page."""
    places = procedure(version).result.places
    return {str(name): Box.read(dict(place)) for name, place in places.items()}


def initials_box(version: ProcedureVersion) -> Box:
    """Return the place for initials on a draft: left of where the seal will stand, unless declared.

    No decree in force says where; who checks content and form is said by decree 30/2020/NĐ-CP,
    article 12.
    """
    declared = boxes(version)
    signature = declared["signature"]
    return declared.get("initials") or Box(
        x=max(0.0, signature.x - 2 * INITIALS_WIDTH),
        y=signature.y,
        width=INITIALS_WIDTH,
        height=INITIALS_HEIGHT,
        page=signature.page,
    )


def limit(
    version: ProcedureVersion,
    *,
    on: date,
    channel: str,
    values: Mapping[str, object] | None = None,
) -> Limit | None:
    """Return the time limit that the law gave on a day, None when it gave none; typed answers
    choose among its cases.
    """
    return calculating.limit(procedure(version), on=on, channel=channel, values=values)


def limit_at_receipt(dossier: Dossier) -> Limit | None:
    """Return the limit that the dossier's own answers made when it was received."""
    return limit(
        dossier.procedure,
        on=clock.legal_date(dossier.received_at or dossier.submitted_at),
        channel=dossier.channel,
        values=form(dossier.procedure).load(dossier.values).values,
    )


def limits_of(dossier: Dossier) -> tuple[Limit, ...]:
    """Return the limits that the law of the day of receipt knows, the usual one first."""
    on = clock.legal_date(dossier.received_at or dossier.submitted_at)
    return calculating.limits(procedure(dossier.procedure), on=on, channel=dossier.channel)


def valid_until(declaration: Procedure, *, on: date) -> date | None:
    """Return the last day of force of a result issued on a day, None when it has no end."""
    return calculating.valid_until(declaration, issued=on)


def place_code(version: ProcedureVersion, cleaned: Cleaned) -> str:
    """Return the code of the place whose agency settles, as the form names it; `""` if none."""
    path = procedure(version).competent.place
    found = cleaned.get(path) if path else ""
    return str(getattr(found, "code", found) or "")


def subject_name(version: ProcedureVersion, cleaned: Cleaned) -> str:
    """Return whom the dossier concerns, as the form names them; `""` when it names nobody."""
    path = procedure(version).concerns
    return str(cleaned.get(path) or "") if path else ""


def subject_id(version: ProcedureVersion, cleaned: Cleaned) -> UUID | None:
    """Return the known person whom the dossier concerns, found by the number beside their name."""
    section, _, _ = procedure(version).concerns.partition(".")
    if not section or form(version).field_at(f"{section}.personal_number") is None:
        return None
    person = directory.find_person(str(cleaned.get(f"{section}.personal_number") or ""))
    return person.id if person else None


def dossier_title(version: ProcedureVersion, name: str) -> str:
    """Return a title that an officer recognises in a list."""
    declaration = procedure(version)
    return f"{declaration.short_title or declaration.title} – {name}"


def law(version: ProcedureVersion, *, on: date) -> dict[str, dict[str, object]]:
    """Return what the law beyond the procedure says on a day: name → value, source, unverified."""
    kept = json.dumps(version.law, sort_keys=True)
    said = {name: value.values.find(on) for name, value in _law(kept).items()}
    return {
        name: {"value": one.value, "source": one.source, "unverified": one.unverified}
        for name, one in said.items()
        if one is not None
    }


@lru_cache(maxsize=512)
def _law(kept: str) -> Mapping[str, LawValue]:
    return {name: LawValue.model_validate(value) for name, value in json.loads(kept).items()}


def regime(version: ProcedureVersion, *, on: date) -> str:
    """Say under which decision, and which law of the one-stop service, the dossier stands."""
    decision = procedure(version).versions.find(on)
    one_stop = law(version, on=on).get("regime")
    service = f"; một cửa theo {one_stop['value']}" if one_stop else ""
    if decision is None:
        return f"Theo bản công bố có hiệu lực từ {version.from_date:%d/%m/%Y}{service}"
    return f"Theo {decision.value}, hiệu lực từ {decision.since:%d/%m/%Y}{service}"


def facts(
    version: ProcedureVersion, stored: Mapping[str, Any], sources: Mapping[str, str]
) -> tuple[FactGroup, ...]:
    """Return the answers section by section, each with its source where one is known."""
    declared_form = form(version)
    shown = declared_form.show(declared_form.load(stored), lists.context())
    known = _sources_by_label(declared_form, sources)
    return tuple(
        FactGroup(
            title=section.title,
            facts=tuple(
                Fact(label=label, value=value, source=known.get((section.id, label), "Tờ khai"))
                for label, value in section.lines
            ),
        )
        for section in shown
    )


def _sources_by_label(
    declared_form: Form, sources: Mapping[str, str]
) -> dict[tuple[str, str], str]:
    known = {}
    for path, origin in sources.items():
        field = declared_form.field_at(path)
        if field is not None and origin in SOURCES:
            known[path.split(".")[0], field.title] = SOURCES[origin]
    return known


def editable(version: ProcedureVersion, stored: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """Return stored answers as text to type again, by flat path."""
    declared_form = form(version)
    return declared_form.edit(declared_form.load(stored))


def clean_corrections(
    version: ProcedureVersion,
    stored: Mapping[str, Any],
    corrections: Posted,
    *,
    channel: str = "online",
) -> Cleaned:
    """Return the answers with corrections; raise Invalid for each path that is wrong.

    The place that decides which agency settles stays: another place is another dossier.
    """
    declared_form = form(version)
    before = editable(version, stored)
    strange = [path for path in corrections if declared_form.field_at(path) is None]
    place = procedure(version).competent.place
    problems = [Problem(field=path, say="Không có ô này trong tờ khai.") for path in strange]
    if place in corrections and corrections[place] != before.get(place):
        problems.append(
            Problem(field=place, say="Nơi giải quyết không đổi được; hãy rút hồ sơ và nộp lại.")
        )
    if problems:
        raise Invalid(
            code="procedures.correction_unknown",
            what="Có mục sửa không dùng được cho hồ sơ này.",
            mend="Hãy tải lại trang rồi sửa lại.",
            problems=tuple(problems),
        )
    return declared_form.clean({**before, **corrections}, lists.context(channel=channel))
