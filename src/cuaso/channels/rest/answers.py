"""What answers carry: documents as streams, drafts with the form that they are filled in."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import chain
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from cuaso.declarations.forms import FormView
from cuaso.services.locker.contracts import Content
from cuaso.services.procedures.contracts import DraftView

DOCUMENT: dict[str, Any] = {
    "responses": {
        200: {
            "description": "Tệp, kèm tên trong Content-Disposition.",
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@dataclass(frozen=True, kw_only=True)
class Draft(DraftView):
    """Bản nháp như người viết đang điền; `form` mô tả từng mục."""

    form: FormView


def draft(view: DraftView) -> Draft:
    """Return the draft with its form under its own type."""
    return Draft(**{one.name: getattr(view, one.name) for one in fields(DraftView)})


def document(content: Content) -> StreamingHttpResponse:
    """Answer with a document. A refusal to open it is raised before the answer begins."""
    chunks: Iterator[bytes] = iter(content.chunks)
    first = next(chunks, b"")
    response = StreamingHttpResponse(
        chain((first,), chunks), content_type=content.media_type or "application/octet-stream"
    )
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=content.name
    ) or ("attachment")
    response["Cache-Control"] = "private, no-store"
    return response
