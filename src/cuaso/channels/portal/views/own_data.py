"""What the province's registers keep of the person who is signed in, and how it is corrected."""

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import FieldShown, Outline, RecordView
from cuaso.capabilities.reports import api as reports
from cuaso.channels.portal import answers
from cuaso.channels.portal.views.proving import language_of, link_of
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import citizen_required

Part = tuple[str, tuple[FieldShown, ...], tuple[tuple[FieldShown, ...], ...]]


@require_safe
@citizen_required
def shelf(request: HttpRequest) -> HttpResponse:
    actor = identity.actor_of(request)
    found = registries.own_records(actor=actor, language=language_of())
    return answers.page(request, "own_data.html", {"at": "own_data", "shelf": found})


@require_safe
@citizen_required
def record(request: HttpRequest, pack: str, name: str, record_id: UUID) -> HttpResponse:
    """Show one record of one's own in plain words, with who looked at it."""
    key, actor, language = f"{pack}/{name}", identity.actor_of(request), language_of()
    found = registries.record(registry=key, id=record_id, actor=actor, language=language)
    outline = registries.outline(registry=key, actor=actor, language=language)
    link = link_of(found)
    context = {
        "at": "own_data",
        "record": found,
        "outline": outline,
        "parts": list(_parts(outline, found)),
        "keeper": directory.agency(found.agency_id).name,
        "looks": registries.own_looks(registry=key, id=record_id, actor=actor),
        "link": link,
        "qr": reports.qr_svg(link) if link else "",
    }
    return answers.page(request, "own_record.html", context)


def _parts(outline: Outline, found: RecordView) -> Iterator[Part]:
    """Yield the parts that hold something: title, fields, and the rows of a group."""
    for part in outline.parts:
        fields = tuple(
            one
            for field in part.fields
            for one in found.fields
            if one.text and (one.path == field or one.path.startswith(f"{field}."))
        )
        rows = tuple(found.groups.get(part.name, ())) if part.group else ()
        if fields or rows:
            yield part.title, fields, rows
