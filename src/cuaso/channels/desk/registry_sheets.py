"""Sheets of a registry: template, dry run, mapping, import, the answer file, export."""

from collections.abc import Iterator
from typing import BinaryIO, Literal, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.capabilities.registries import api as registries
from cuaso.channels.desk import answers
from cuaso.channels.desk.posting import unfit
from cuaso.channels.desk.registries import asking, shelf
from cuaso.channels.desk.registries.opening import Opened, opened
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import Refusal

Kind = Literal["xlsx", "csv"]
KINDS = frozenset({"xlsx", "csv"})
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def sheets(request: HttpRequest, pack: str, name: str) -> HttpResponse:
    """Offer the template and take a file for a dry run; tell of earlier sheets."""
    here, refusal = opened(request, pack, name), None
    if request.method == "POST":
        try:
            upload = _upload(request)
            report = registries.read_sheet(
                registry=here.key,
                file=cast("BinaryIO", upload.file),
                file_name=upload.name or "bang",
                actor=here.actor,
            )
        except Refusal as refused:
            refusal = refused
        else:
            return redirect(here.at("registry_sheet", batch_id=report.id))
    context = {
        **_around(here),
        "earlier": registries.sheets(registry=here.key, actor=here.actor),
        "files": list(_with_files(here)),
    }
    return answers.page(request, "registries/sheets_take.html", context, refusal=refusal)


def _with_files(here: Opened) -> Iterator[str]:
    """Yield the columns in which names of files stand: of fields, and of fields in rows."""
    yield from (one.title for one in here.outline.fields if one.files)
    for part in here.outline.parts:
        yield from (f"{part.title} ({title})" for title in part.files)


def _upload(request: HttpRequest) -> "UploadedFile[bytes]":
    upload = request.FILES.get("sheet")
    if not isinstance(upload, UploadedFile):
        raise unfit("sheet", _("Hãy chọn một tệp .xlsx, .xls, .csv hoặc .zip."))
    return upload


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def sheet(request: HttpRequest, pack: str, name: str, batch_id: UUID) -> HttpResponse:
    """Show what a sheet would do or has done; map it otherwise, or bring it in."""
    here, refusal = opened(request, pack, name), None
    if request.method == "POST":
        try:
            _act(request, here, batch_id)
        except Refusal as refused:
            refusal = refused
        else:
            return redirect(here.at("registry_sheet", batch_id=batch_id))
    report = registries.sheet(batch_id=batch_id, actor=here.actor)
    context = {
        **_around(here),
        "report": report,
        "reason": answers.text(request, "reason"),
        "choices": (("-", _("Không lấy cột này")), *report.offered),
    }
    return answers.page(request, "registries/sheets_report.html", context, refusal=refusal)


def _act(request: HttpRequest, here: Opened, batch_id: UUID) -> None:
    act = answers.text(request, "act")
    if act == "map":
        _map(request, here, batch_id)
        return
    if act in ("convert", "unconverted"):
        _read_letters(here, batch_id, convert=act == "convert")
        return
    registries.apply_sheet(
        batch_id=batch_id,
        actor=here.actor,
        partly=act == "partly",
        reason=answers.text(request, "reason"),
    )


def _read_letters(here: Opened, batch_id: UUID, *, convert: bool) -> None:
    """Read the sheet again with texts of old fonts in Unicode, or as they are; all else stays."""
    report = registries.sheet(batch_id=batch_id, actor=here.actor)
    registries.map_sheet(
        batch_id=batch_id,
        columns={one.heading: one.path or "-" for one in report.columns},
        codes={},
        actor=here.actor,
        remember=False,
        convert=convert,
    )


def _map(request: HttpRequest, here: Opened, batch_id: UUID) -> None:
    """Columns come as `column.<place>`, own codes as `code.<path>.<place>`, in the page's order."""
    report = registries.sheet(batch_id=batch_id, actor=here.actor)
    columns = {
        one.heading: request.POST.get(f"column.{place}", "") or "-"
        for place, one in enumerate(report.columns)
    }
    codes = {
        choice.path: {
            text: request.POST.get(f"code.{choice.path}.{place}", "")
            for place, text in enumerate(choice.texts)
        }
        for choice in report.strange
    }
    registries.map_sheet(batch_id=batch_id, columns=columns, codes=codes, actor=here.actor)


@require_safe
@official_required
def answer(request: HttpRequest, pack: str, name: str, batch_id: UUID) -> StreamingHttpResponse:
    """Hand the sheet back with a column that says what is wrong in each row."""
    here = opened(request, pack, name)
    file_name, content = registries.sheet_answer(batch_id=batch_id, actor=here.actor)
    return _handed(file_name, WORKBOOK, content)


@require_safe
@official_required
def template(request: HttpRequest, pack: str, name: str, kind: str) -> StreamingHttpResponse:
    here = opened(request, pack, name)
    file_name, media_type, content = registries.template(
        registry=here.key, kind=_kind(kind), actor=here.actor
    )
    return _handed(file_name, media_type, iter([content]))


@require_safe
@official_required
def survey_form(request: HttpRequest, pack: str, name: str) -> StreamingHttpResponse:
    """Hand out the registry as a survey form (XLSForm)."""
    here = opened(request, pack, name)
    file_name, content = registries.survey_form(registry=here.key, actor=here.actor)
    return _handed(file_name, WORKBOOK, iter([content]))


@require_safe
@official_required
def export(request: HttpRequest, pack: str, name: str) -> HttpResponseBase:
    """Hand over the list of the address as a workbook, or with `tep=csv` as CSV: every column, or
    with `chi=1` those of the list.
    """
    here = opened(request, pack, name)
    if here.waits_for_purpose:
        return shelf.ask_first(request, here)
    file_name, media_type, content = registries.export(
        registry=here.key,
        query=asking.asked(request).query(),
        kind=_kind(request.GET.get("tep", "")),
        actor=here.actor,
        only_list=request.GET.get("chi") == "1",
        purpose=here.purpose,
    )
    return _handed(file_name, media_type, content)


def _kind(kind: str) -> Kind:
    return cast("Kind", kind if kind in KINDS else "xlsx")


def _handed(name: str, media_type: str, content: Iterator[bytes]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type=media_type)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _around(here: Opened) -> dict[str, object]:
    return {
        "at": "registries",
        "here": here,
        "trail": shelf.trail(here),
        "base": here.at("registry"),
    }
