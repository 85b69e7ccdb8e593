"""How views answer: a refusal beside its form, a document as a download."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from cuaso.kernel.errors import Refusal
from cuaso.services.locker.contracts import Content

SECOND_FACT = 4


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """Render a page; a refusal shows beside what was typed, under its own status code."""
    shown = {**context, "refusal": refusal, "wrong": wrong(refusal)}
    response = render(
        request, f"portal/{template}", shown, status=refusal.status if refusal else 200
    )
    response["Cache-Control"] = "no-store"
    return response


def wrong(refusal: Refusal | None) -> dict[str, str]:
    """Return what is wrong by field, for the sentences beside the inputs."""
    return {problem.field: problem.say for problem in refusal.problems} if refusal else {}


def document(content: Content, *, inline: bool = False) -> StreamingHttpResponse:
    """Answer with a document. A refusal to open it is raised before the answer begins."""
    chunks = iter(content.chunks)
    first = next(chunks, b"")
    response = StreamingHttpResponse(
        _after(first, chunks), content_type=content.media_type or "application/octet-stream"
    )
    disposition = content_disposition_header(not inline, content.name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def _after(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    return chain((first,), rest)


def text(request: HttpRequest, name: str) -> str:
    """Return one typed value without the blanks around it."""
    return str(request.POST.get(name, "")).strip()


def digits(typed: str) -> str:
    """Return only the digits 0–9 of what was typed: people write blanks and dots between them."""
    return re.sub(r"[^0-9]", "", typed)


def are_four(typed: str) -> bool:
    """Say whether a second fact has the four digits that it must have."""
    return len(typed) == SECOND_FACT
