"""A person at the counter with paper: choose, fill, receive, print the receipt."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.channels.desk import answers, looking, sheets, uploads
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Refusal
from cuaso.kernel.identifiers import new_id
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import WalkIn

APPLICANT = ("applicant_personal_number", "applicant_name", "applicant_phone")
NOT_VALUES = frozenset({"csrfmiddlewaretoken", "key", "act", "scans", "drop_scan", *APPLICANT})
# What packs call the person who asks; left empty, it is the applicant at the counter.
SAME_AS_APPLICANT = {
    "requester.full_name": "applicant_name",
    "requester.personal_number": "applicant_personal_number",
    "requester.phone": "applicant_phone",
}
OFFICE = "request.office"


@require_safe
@official_required(role="reception")
def choose(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    context = {
        "at": "counter",
        "text": text,
        "cards": procedures.search(text=text, limit=50),
    }
    return answers.page(request, "choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@official_required(role="reception")
def walk_in(request: HttpRequest, code: str) -> HttpResponse:
    if request.method != "POST":
        return _sheet_page(request, code, typed=_first(identity.actor_of(request)), scans=())
    actor, typed = identity.actor_of(request), _typed(request)
    scans = uploads.taken(request, actor=actor)
    act, _sep, which = request.POST.get("act", "receive").partition(":")
    if act == "remove":
        group, _sep, number = which.partition(":")
        place = int(number) if number.isascii() and number.isdecimal() else -1
        typed = sheets.without_row(typed, group=group, number=place)
    places = procedures.resolve_old_places(request.POST.dict(), typed)
    if places or act != "receive":
        added = which if act == "add" else ""
        return _sheet_page(request, code, typed=typed, scans=scans, added=added, places=places)
    fresh, problems = uploads.store(request, actor=actor)
    try:
        uploads.refuse(problems)
        walk_in = _walk_in(request, code, typed=typed, scans=(*scans, *fresh))
        done = procedures.receive_walk_in(walk_in=walk_in, actor=actor, key=_key(request))
    except Refusal as refusal:
        kept = (*scans, *fresh)
        return _sheet_page(request, code, typed=typed, scans=kept, refusal=refusal)
    return redirect("desk:receipt", dossier_id=done.id)


def _key(request: HttpRequest) -> str:
    """Return the key of this form, by which a second post is known; raise Invalid without one."""
    try:
        return UUID(answers.text(request, "key")).hex
    except ValueError as error:
        raise Invalid(
            code="desk.key_missing",
            what=_("Biểu mẫu này không đầy đủ nên chưa được nhận."),
            mend=_("Hãy bấm tiếp nhận lần nữa. Những gì đã điền vẫn còn."),
        ) from error


def _kept_key(request: HttpRequest) -> str:
    try:
        return _key(request)
    except Invalid:
        return new_id().hex


def _first(actor: Actor) -> dict[str, str | list[str]]:
    agency = directory.agency(actor.agency_id) if actor.agency_id else None
    return {OFFICE: agency.place_code} if agency else {}


def _typed(request: HttpRequest) -> dict[str, str | list[str]]:
    """Return what was typed by path; a path with several answers keeps them all."""
    return {
        name: values if len(values) > 1 else values[0]
        for name, given in request.POST.lists()
        if name not in NOT_VALUES
        and not name.startswith(procedures.OLD_PLACE)
        and (values := [str(value) for value in given])
    }


def _walk_in(
    request: HttpRequest,
    code: str,
    *,
    typed: dict[str, str | list[str]],
    scans: tuple[uploads.Scan, ...],
) -> WalkIn:
    applicant = {name: answers.text(request, name) for name in APPLICANT}
    same = {
        path: applicant[name]
        for path, name in SAME_AS_APPLICANT.items()
        if path in typed and not typed[path]
    }
    return WalkIn(
        procedure_code=code,
        applicant_personal_number=applicant["applicant_personal_number"],
        applicant_name=applicant["applicant_name"],
        applicant_phone=applicant["applicant_phone"],
        values={**typed, **same},
        files=tuple((scan.component, scan.file_id) for scan in scans),
    )


def _sheet_page(
    request: HttpRequest,
    code: str,
    *,
    typed: dict[str, str | list[str]],
    scans: tuple[uploads.Scan, ...],
    added: str = "",
    refusal: Refusal | None = None,
    places: Mapping[str, procedures.LookedPlace] | None = None,
) -> HttpResponse:
    actor = identity.actor_of(request)
    procedure, form = procedures.walk_in_form(code=code)
    sections = sheets.lay_out(form, typed, answers.wrong(refusal), added=added)
    context = {
        "at": "counter",
        "procedure": procedure,
        "sections": sections,
        "places": places or {},
        "same": OFFICE.split(".", maxsplit=1)[0],
        "applicant": request.POST,
        "key": _kept_key(request),
        "shelves": [
            (one, [scan for scan in scans if scan.component == one.id])
            for one in procedure.components
        ],
        "scans": uploads.sealed(scans, actor=actor),
    }
    return answers.page(request, "walk_in.html", context, refusal=refusal)


@require_safe
@official_required(role="reception")
def receipt(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Show what the person takes home: code, day, and the form to print."""
    found = looking.opened(request, dossier_id)
    fees = procedures.fees(
        id=dossier_id,
        actor=identity.actor_of(request),
        purpose=looking.purpose_for(request, dossier_id),
    )
    owes = any(one.state == "open" for one in fees)
    return answers.page(request, "receipt.html", {"at": "counter", "dossier": found, "owes": owes})
