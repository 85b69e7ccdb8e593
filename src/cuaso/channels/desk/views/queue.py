"""The officer's work by due time."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cuaso.channels.desk import answers
from cuaso.channels.desk.views import saved_views
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Refusal
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierPage
from cuaso.services.worklists import api as worklists
from cuaso.services.worklists.contracts import Filter

VIEWS = frozenset({"mine", "late", "soon", "waiting", "done", "all"})
# Where rows are steps that one may take.
TAKES = frozenset({"mine", "late", "soon"})
MANY = 500


@require_safe
@official_required
def home(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("xem", "mine")
    view = view if view in VIEWS else "mine"
    text, procedure = request.GET.get("q", "").strip(), request.GET.get("tt", "")
    cursor = request.GET.get("sau", "")
    actor = identity.actor_of(request)
    found = procedures.queue(
        actor=actor,
        view=view,
        text=text,
        procedure=procedure,
        cursor=cursor,
    )
    context = {
        "at": "all" if view == "all" else "mine",
        "view": view,
        "takes": view in TAKES,
        "text": text,
        "procedure": procedure,
        "page": found,
        "some": bool(found.rows),
        "counts": {name: count for name, _title, count in found.views},
        "cards": procedures.search(text="", limit=MANY),
        "next": _address(view, text, procedure, found.next) if found.next else "",
        "first": _address(view, text, procedure, "") if cursor else "",
        "said": _said(found),
        **_own(found, actor, Filter(view=view, text=text, procedure=procedure)),
    }
    return answers.page(request, "queue.html", context)


def _own(found: DossierPage, actor: Actor, asked: Filter) -> dict[str, object]:
    """Return what changed since the officer looked, and their own filters with their addresses
    and which one is open.
    """
    versions = {row.id: row.version for row in found.rows}
    beside = worklists.at_list(versions=versions, actor=actor)
    return {
        "changed": beside.changed,
        "saved": [(one, saved_views.address(one.filter)) for one in beside.saved],
        "open_one": next((one.id for one in beside.saved if one.filter == asked), None),
    }


def _address(view: str, text: str, procedure: str, cursor: str) -> str:
    asked = {"xem": view, "q": text, "tt": procedure, "sau": cursor}
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"


def _said(found: DossierPage) -> str:
    if found.capped:
        return _("Hơn %(count)s hồ sơ") % {"count": found.count}
    return ngettext("%(count)s hồ sơ", "%(count)s hồ sơ", found.count) % {"count": found.count}


@require_POST
@official_required
def claim_many(request: HttpRequest) -> HttpResponse:
    """Take several steps as one's own: each by itself, each with its own answer."""
    actor = identity.actor_of(request)
    taken, refused = 0, []
    for told in dict.fromkeys(answers.texts(request, "ids")):
        try:
            held = procedures.claim.briefly(id=UUID(told), actor=actor)
            worklists.note_seen(dossier_id=held.id, version=held.version, actor=actor)
        except ValueError:
            continue
        except Refusal as refusal:
            refused.append(str(refusal))
        else:
            taken += 1
    if taken:
        notes.success(request, _("Đã nhận %(count)s việc.") % {"count": taken})
    for sentence in dict.fromkeys(refused):
        notes.error(request, sentence)
    if not taken and not refused:
        notes.warning(request, _("Hãy chọn ít nhất một hồ sơ trong danh sách."))
    return redirect(reverse("desk:home"))
