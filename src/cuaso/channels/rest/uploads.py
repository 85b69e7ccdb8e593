"""Files on their way in: bounded before they are read, and used only by who sent them."""

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from ninja.files import UploadedFile

from cuaso.channels.rest import problems
from cuaso.foundation.files import api as files
from cuaso.foundation.files.contracts import PAPERS, StoredFile
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound

LIMIT_BYTES = 10 * 1024 * 1024
PDF_LIMIT_BYTES = 20 * 1024 * 1024
AROUND_A_FILE = 64 * 1024
CHUNK = 64 * 1024

Run = Callable[..., HttpResponseBase]


def no_more_than(most_bytes: int) -> Callable[[Run], Run]:
    """Refuse a larger body by its announced length, before any of it is read."""

    def gate(run: Run) -> Run:
        @wraps(run)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if _announced(request) > most_bytes + AROUND_A_FILE:
                return problems.too_big(request)
            return run(request, *args, **kwargs)

        return guarded

    return gate


def _announced(request: HttpRequest) -> int:
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(said) if said.isdecimal() else 0


def store(upload: UploadedFile, *, actor: Actor) -> StoredFile:
    """Store one uploaded file as the actor's."""
    return files.store(
        actor=actor,
        name=upload.name or "tep",
        declared_type=upload.content_type or "application/octet-stream",
        chunks=upload.chunks(),
        limit_bytes=LIMIT_BYTES,
        allowed=PAPERS,
        owner_id=actor.person_id,
    )


def own(file_ids: Sequence[UUID], *, actor: Actor) -> tuple[StoredFile, ...]:
    """Return files that the actor sent; raise NotFound for any other, known or not."""
    known = files.infos(tuple(file_ids))
    found = [known[id] for id in file_ids if id in known]
    if len(found) != len(file_ids) or any(
        one.owner_id is None or one.owner_id != actor.person_id for one in found
    ):
        raise NotFound(
            code="rest.file_not_yours",
            what="Không có tệp này.",
            why="Tệp không tồn tại, hoặc do người khác gửi lên.",
            mend="Hãy tải tệp lên lại rồi dùng mã mới.",
        )
    return tuple(found)


def pieces(request: HttpRequest) -> Iterator[bytes]:
    """Yield the raw body piece by piece."""
    while piece := request.read(CHUNK):
        yield piece
