"""Why somebody may, or on a past day might, see a dossier or a record."""

import re
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cuaso.capabilities.registries import api as registries
from cuaso.channels.desk import answers
from cuaso.channels.desk.posting import day_of, unfit
from cuaso.foundation.access import api as access
from cuaso.foundation.access.contracts import Explanation, Thing
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Person
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Refusal
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures import api as procedures

_UUID = r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
_RECORD = re.compile(rf"/so/([a-z0-9_-]+)/([a-z0-9_-]+)/{_UUID}")
_DOSSIER = re.compile(rf"(?:/ho-so/)?{_UUID}")
MOST = 20


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def why(request: HttpRequest) -> HttpResponse:
    """Ask by POST, since the answer is written down and the question names a person."""
    actor = identity.actor_of(request)
    context: dict[str, object] = {"at": "why", "typed": request.POST, "people": ()}
    refused: Refusal | None = None
    try:
        access.require_asker(actor)
        if request.method == "POST":
            context |= _asked(request, actor)
    except Refusal as refusal:
        refused = refusal
    return answers.page(request, "why.html", context, refusal=refused)


def _asked(request: HttpRequest, actor: Actor) -> dict[str, object]:
    people = _people(answers.text(request, "who"))
    chosen = answers.text(request, "person")
    found = [one for one in people if str(one.id) == chosen] or people
    if not found:
        raise unfit("who", _("Không có cán bộ nào có tên này. Hãy ghi họ tên."))
    if len(found) > 1:
        shown = tuple((str(one.id), f"{one.name}, {one.personal_number}") for one in found)
        return {"people": shown}
    on = day_of(request, "day")
    thing = answers.text(request, "thing")
    said = _explain(found[0], thing, actor, on)
    return {"said": said, "person": found[0], "proofs": _proofs(thing, actor)}


def _proofs(thing: str, actor: Actor) -> list[access.AuthorityProof]:
    """Return by what authority the thing, or the papers of the record, were signed or revoked."""
    if record := _RECORD.search(thing):
        try:
            papers = registries.papers_of(
                registry=f"{record[1]}/{record[2]}", id=UUID(record[3]), actor=actor
            )
        except Refusal:  # who asks sees rights, not the record itself
            return []
        about = [Subject(kind="registries.paper", id=one.id) for one in papers.lines]
    else:
        dossier = _DOSSIER.search(thing)
        about = [
            Subject(
                kind="procedures.dossier",
                id=UUID(dossier[1] if dossier else _by_code(thing, actor)),
            )
        ]
    return [proof for one in about for proof in access.authority_proofs(subject=one, actor=actor)]


def _people(text: str) -> list[Person]:
    return [one for one in directory.find_people(text, limit=MOST) if one.kind == "person"]


def _explain(person: Person, thing: str, actor: Actor, on: date | None) -> Explanation:
    if record := _RECORD.search(thing):
        return registries.why_seen(
            registry=f"{record[1]}/{record[2]}",
            id=UUID(record[3]),
            person_id=person.id,
            actor=actor,
            on=on,
        )
    dossier = _DOSSIER.search(thing)
    key = dossier[1] if dossier else _by_code(thing, actor)
    return access.explain_thing(
        person_id=person.id,
        thing=Thing(kind="procedures.dossiers", key=key),
        actor=actor,
        on=on,
    )


def _by_code(code: str, actor: Actor) -> str:
    rows = procedures.queue(actor=actor, view="all", text=code, limit=2).rows if code else ()
    if len(rows) != 1:
        raise unfit("thing", _("Hãy dán địa chỉ của trang hồ sơ hoặc bản ghi, hoặc mã hồ sơ."))
    return str(rows[0].id)
