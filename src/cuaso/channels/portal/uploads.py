"""Store what a form brought: papers as they are, photos of one paper as one PDF."""

from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cuaso.foundation.files import api as files
from cuaso.foundation.files.contracts import PAPERS, PHOTOS, StoredFile
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, Problem, Unavailable

LIMIT_BYTES = 10 * 1024 * 1024
MOST = 20


def store(request: HttpRequest, *, name: str, field: str, actor: Actor) -> tuple[StoredFile, ...]:
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
    papers = [one for one in stored if one.media_type not in PHOTOS]
    return (*papers, *_bound(photos, actor=actor))


def _store(upload: "UploadedFile[bytes]", *, actor: Actor) -> StoredFile:
    return files.store(
        actor=actor,
        name=upload.name or "tep",
        declared_type=upload.content_type or "application/octet-stream",
        chunks=upload.chunks(),
        limit_bytes=LIMIT_BYTES,
        allowed=PAPERS,
        owner_id=actor.person_id,
    )


def _bound(photos: list[StoredFile], *, actor: Actor) -> tuple[StoredFile, ...]:
    """Return one PDF of the photos; while they cannot be opened they stay photos."""
    if not photos:
        return ()
    try:
        seen = [files.scan(one.id) if one.state == "pending" else one for one in photos]
        name = f"{PurePath(seen[0].name).stem}.pdf"
        return (files.photos_to_pdf([one.id for one in seen], actor, name=name),)
    except (Conflict, Unavailable):
        return tuple(photos)


def _unfit(field: str, say: str) -> Invalid:
    return Invalid(
        code="portal.nothing_uploaded",
        what=_("Chưa tải lên được."),
        problems=(Problem(field=field, say=say),),
    )
