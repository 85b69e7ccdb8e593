"""One record: its parts, its moves, its history; as it is or as it was on a day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import (
    BesideRecord,
    ChangeLine,
    FieldShown,
    Noticed,
    Outline,
    RecordPapers,
    RecordView,
)
from cuaso.capabilities.reports import api as reports
from cuaso.channels.desk import answers
from cuaso.channels.desk.posting import unfit
from cuaso.channels.desk.registries import asking, shelf
from cuaso.channels.desk.registries.opening import Opened, opened
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.foundation.files.contracts import StoredFile
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import NotFound, Refusal
from cuaso.services.locker.contracts import Content

CHANGED_SINCE = "registries.changed_since"
# Records that a process keeps as pages have them, each as one reader sees it.
RECORDS_KEPT = 500
History = tuple[ChangeLine, ...]
Files = tuple[tuple[str, tuple[StoredFile, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A field on the page: its text, where it leads to, what files it holds; `source` is the
    change that gave the value where that came from something else than the record's last one.
    """

    shown: FieldShown
    url: str
    files: tuple[StoredFile, ...]
    source: ChangeLine | None = None


@dataclass(frozen=True, kw_only=True)
class Part:
    """A heading with its fields, or with the rows of a group."""

    name: str
    title: str
    lines: tuple[Line, ...]
    rows: tuple[tuple[FieldShown, ...], ...]
    group: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Body:
    """The parts of a record; only itself is equal to it."""

    parts: tuple[Part, ...]


@require_safe
@official_required
def record(request: HttpRequest, pack: str, name: str, record_id: UUID) -> HttpResponse:
    here = opened(request, pack, name)
    if here.waits_for_purpose:
        return shelf.ask_first(request, here)
    try:
        on = _day(request)
    except Refusal as refusal:
        return show(request, here, record_id, refusal=refusal)
    return show(request, here, record_id, on=on)


def show(
    request: HttpRequest,
    here: Opened,
    record_id: UUID,
    *,
    refusal: Refusal | None = None,
    on: date | None = None,
) -> HttpResponse:
    """Show a record, as it is or as it was on a day, with the refusal of what was just tried."""
    try:
        page = registries.record_page(
            registry=here.key,
            id=record_id,
            actor=here.actor,
            purpose=here.purpose,
            as_of=asking.end_of(on) if on else None,
            language=here.language,
        )
    except Refusal as refused:
        if refused.code == "registries.purpose_missing":
            return shelf.ask_first(request, here)
        if on is None or refused.code != "registries.no_record":
            raise
        return show(request, here, record_id, refusal=_not_then(on))
    found = page.record
    context = {
        "at": "registries",
        "here": here,
        "record": found,
        "body": _body(
            here.outline, found, page.history, on, _files(here, found), get_script_prefix()
        ),
        "history": page.history,
        "papers": _papers(here, record_id) if page.has_papers else None,
        "drawing": page.drawing,
        "keeper": directory.agency(found.agency_id).name,
        "notices": [(one, _others(one)) for one in page.notices],
        "proof": _proof(here, found),
        "trail": shelf.trail(here),
        "base": here.at("registry"),
        "undoes": "change" in found.may and not on,
        "removes": "remove" in found.may and not found.gone_at and not on,
        "rests": found.gone_at and registries.rests_until(registry=here.key, since=found.gone_at),
        "on": on,
        "day": f"{on:%d/%m/%Y}" if on else request.GET.get("luc", ""),
    }
    return answers.page(request, "registries/record.html", context, refusal=refusal)


def _not_then(day: date) -> NotFound:
    """Return what is said of a record on a day on which it was not, or not for this reader."""
    return NotFound(
        code="registries.no_record_then",
        what=_("Sổ không có bản ghi này vào lúc hết ngày %(day)s.") % {"day": f"{day:%d/%m/%Y}"},
        mend=_("Đang hiện bản ghi như hiện nay; lịch sử bên dưới nói bản ghi có từ ngày nào."),
    )


def _papers(here: Opened, record_id: UUID) -> RecordPapers:
    return registries.papers_of(
        registry=here.key, id=record_id, actor=here.actor, language=here.language
    )


def _others(one: Noticed) -> list[tuple[BesideRecord, str]]:
    """Return the records that a notice is about, with their addresses."""
    return [(other, _target(other.registry, {"id": other.id})) for other in one.beside]


def _proof(here: Opened, found: RecordView) -> str:
    """Return the QR that opens the public verification of a record, "" where there is none."""
    given = registries.proof_of(record=found)
    if given is None:
        return ""
    asked = urlencode({"n": given[0], "m": given[1]})
    address = reverse("portal:verify_registry", kwargs=here.address)
    return reports.qr_svg(f"{settings.PUBLIC_URL}{address}?{asked}")


def read(here: Opened, record_id: UUID, *, on: date | None = None) -> RecordView:
    """Return the record; the look is logged with the purpose given for this registry."""
    return registries.record(
        registry=here.key,
        id=record_id,
        actor=here.actor,
        purpose=here.purpose,
        as_of=asking.end_of(on) if on else None,
        language=here.language,
    )


def _day(request: HttpRequest) -> date | None:
    return asking.asked(request).on


@lru_cache(maxsize=RECORDS_KEPT)
def _body(
    outline: Outline,
    found: RecordView,
    history: History,
    on: date | None,
    held: Files,
    _prefix: str,
) -> Body:
    sources = _sources(history, on=on)
    return Body(parts=tuple(_parts(outline, found, sources, dict(held))))


def _sources(history: History, *, on: date | None) -> Mapping[str, ChangeLine]:
    """Return the changes that gave values from something else than the last one did."""
    at = asking.end_of(on) if on else None
    last = next((one.origin for one in history if at is None or one.at <= at), "")
    given = registries.given_by(history, at=at)
    return {path: one for path, one in given.items() if one.origin != last}


def _parts(
    outline: Outline,
    found: RecordView,
    sources: Mapping[str, ChangeLine],
    held: Mapping[str, tuple[StoredFile, ...]],
) -> Iterator[Part]:
    offered = {one.path: one for one in outline.fields}
    for part in outline.parts:
        lines = [
            Line(
                shown=one,
                url=_target(offered[one.path].to, one.value) if one.path in offered else "",
                files=held.get(one.path, ()),
                source=sources.get(one.path) if one.text else None,
            )
            for field in part.fields
            for one in found.fields
            if one.path == field or one.path.startswith(f"{field}.")
        ]
        rows = tuple(found.groups.get(part.name, ())) if part.group else ()
        yield Part(
            name=part.name, title=part.title, lines=tuple(lines), rows=rows, group=part.group
        )


def _target(registry: str, value: object) -> str:
    """Return the address of the record that a reference names, "" for none."""
    if not registry or not isinstance(value, dict) or not value.get("id"):
        return ""
    pack, _sep, name = registry.partition("/")
    kept = {"pack": pack, "name": name, "record_id": value["id"]}
    return reverse("desk:registry_record", kwargs=kept)


def _files(here: Opened, found: RecordView) -> Files:
    """Return the files of a record by its fields, as they are now."""
    places = _places_of_files(here.outline)
    if not places:
        return ()
    held = {
        one.path: [UUID(str(id)) for id in one.value]
        for one in found.fields
        if one.value and one.path in places
    }
    known = files.infos(tuple(id for ids in held.values() for id in ids))
    return tuple(
        (path, tuple(known[id] for id in ids if id in known)) for path, ids in held.items()
    )


@lru_cache(maxsize=RECORDS_KEPT)
def _places_of_files(outline: Outline) -> frozenset[str]:
    return frozenset(one.path for one in outline.fields if one.files)


@require_safe
@official_required
def record_file(
    request: HttpRequest, pack: str, name: str, record_id: UUID, file_id: UUID
) -> HttpResponseBase:
    """Hand over a file that the record holds where its reader may see it."""
    here = opened(request, pack, name)
    found = read(here, record_id)
    for one in (one for _path, listed in _files(here, found) for one in listed):
        if one.id == file_id:
            return _document(one)
    raise NotFound(
        code="desk.no_such_file",
        what=_("Bản ghi này không giữ tệp đó."),
        mend=_("Hãy mở lại trang của bản ghi."),
    )


def _document(one: StoredFile) -> StreamingHttpResponse:
    content = Content(name=one.name, media_type=one.media_type, chunks=files.open_clean(one.id))
    return answers.document(content)


def revision(request: HttpRequest) -> int:
    """Return the revision that the poster saw; raise Invalid without one."""
    typed = answers.text(request, "revision")
    if not (typed.isascii() and typed.isdecimal()):
        raise unfit("revision", _("Biểu mẫu thiếu số lần ghi; hãy tải lại trang rồi làm lại."))
    return int(typed)


@require_POST
@official_required
def remove(request: HttpRequest, pack: str, name: str, record_id: UUID) -> HttpResponse:
    here = opened(request, pack, name)
    try:
        registries.remove(
            registry=here.key,
            id=record_id,
            reason=answers.text(request, "reason"),
            revision=revision(request),
            actor=here.actor,
        )
    except Refusal as refusal:
        return show(request, here, record_id, refusal=refusal)
    notes.success(request, _("Đã đưa bản ghi vào thùng rác; lấy lại được trong thời hạn giữ."))
    return redirect(here.at("registry"))


@require_POST
@official_required
def bring_back(request: HttpRequest, pack: str, name: str, record_id: UUID) -> HttpResponse:
    here = opened(request, pack, name)
    reason = answers.text(request, "reason")
    try:
        registries.bring_back(registry=here.key, id=record_id, reason=reason, actor=here.actor)
    except Refusal as refusal:
        return show(request, here, record_id, refusal=refusal)
    notes.success(request, _("Đã lấy bản ghi ra khỏi thùng rác."))
    return redirect(here.at("registry_record", record_id=record_id))


@require_POST
@official_required
def undo(request: HttpRequest, pack: str, name: str, change_id: UUID) -> HttpResponse:
    """Undo one change; where some records were changed since, the rest only when asked."""
    here = opened(request, pack, name)
    record, reason = _record_of(request), answers.text(request, "reason")
    query = asking.sent_back(answers.text(request, "query"), page=True)
    back = f"{here.at('registry')}?{query}".removesuffix("?")
    if record is not None:
        back = here.at("registry_record", record_id=record)
    try:
        done = registries.undo(
            registry=here.key,
            change_id=change_id,
            reason=reason,
            partly=answers.text(request, "partly") == "yes",
            actor=here.actor,
        )
    except Refusal as refusal:
        if refusal.code == CHANGED_SINCE and refusal.data["back"]:
            context = {
                "at": "registries",
                "here": here,
                "record": record,
                "reason": reason,
                "query": query,
                "back": back,
                "trail": shelf.trail(here),
            }
            return answers.page(request, "registries/undo.html", context, refusal=refusal)
        if record is None:
            raise
        return show(request, here, record, refusal=refusal)
    notes.success(request, _undone(done.back, done.kept))
    return redirect(back)


def _undone(back: int, kept: int) -> str:
    said = _("Đã hoàn tác trên %(count)s bản ghi.") % {"count": back}
    left = _(" %(count)s bản ghi được giữ vì đã sửa tiếp sau đó.") % {"count": kept}
    return said + (left if kept else "")


def _record_of(request: HttpRequest) -> UUID | None:
    try:
        return UUID(answers.text(request, "record"))
    except ValueError:
        return None
