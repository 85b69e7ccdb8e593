"""Store what a form brought: files as they are, several photos of one paper as one PDF."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cuaso.foundation.files import api as files
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem

LIMIT_BYTES = 10 * 1024 * 1024
PHOTOS = frozenset({"image/jpeg", "image/png", "image/heic"})
ALLOWED = PHOTOS | {"application/pdf"}
MOST = 20


def store(request: HttpRequest, *, name: str, field: str, actor: Actor) -> tuple[Any, ...]:
    """Store the files of one input; photos become one PDF in the order in which they were chosen.

    Problems are said of the path `field`.
    """
    uploads = [one for one in request.FILES.getlist(name) if isinstance(one, UploadedFile)]
    if not uploads:
        raise _unfit(field, _("Hãy chọn tệp hoặc chụp ảnh trước khi bấm tải lên."))
    if len(uploads) > MOST:
        raise _unfit(field, _("Mỗi lần chỉ nhận %(most)s tệp.") % {"most": MOST})
    stored = [_store(one, actor=actor) for one in uploads]
    photos = [one for one in stored if one.media_type in PHOTOS]
    if len(photos) < 2:
        return tuple(stored)
    whole = files.photos_to_pdf(ids=[one.id for one in photos], actor=actor)
    return (*(one for one in stored if one.media_type not in PHOTOS), whole)


def _store(upload: UploadedFile, *, actor: Actor) -> Any:
    return files.store(
        actor=actor,
        name=upload.name or "tep",
        declared_type=upload.content_type or "application/octet-stream",
        chunks=upload.chunks(),
        limit_bytes=LIMIT_BYTES,
        allowed=ALLOWED,
    )


def _unfit(field: str, say: str) -> Invalid:
    return Invalid(
        code="portal.nothing_uploaded",
        what=_("Chưa tải lên được."),
        problems=(Problem(field=field, say=say),),
    )
