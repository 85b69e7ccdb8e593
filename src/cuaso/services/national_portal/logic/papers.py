"""Bring the papers of a message in: looked at outside any transaction, kept inside the act's."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID

from cuaso.capabilities.exchange.api import peers
from cuaso.foundation.files import api as files
from cuaso.foundation.files.contracts import PAPERS
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem
from cuaso.services.national_portal.contracts import Attachment
from cuaso.services.national_portal.logic import surroundings

# As our own portal takes a paper.
LIMIT_BYTES: Final = 10 * 1024 * 1024
MOST_TOGETHER: Final = 60 * 1024 * 1024
CHUNK: Final = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Brought:
    """An attachment whose content is at hand and has the stated hash."""

    stated: Attachment
    content: Path


@contextmanager
def brought(attachments: Sequence[Attachment]) -> Iterator[tuple[Brought, ...]]:
    """Yield the attachments with their content, outside a transaction; nothing is kept of it.

    Raises Invalid for a wrong hash, size or address, Unavailable when the portal does not give
    a file.
    """
    with TemporaryDirectory(prefix="cuaso-national-") as folder:
        yield tuple(_bring_all(attachments, Path(folder)))


def _bring_all(attachments: Sequence[Attachment], folder: Path) -> Iterator[Brought]:
    together = 0
    for index, stated in enumerate(attachments):
        content = folder / str(index)
        together += _bring(stated, into=content, index=index)
        if together > MOST_TOGETHER:
            raise _unfit(index, "Các tệp của một hồ sơ cộng lại quá lớn.")
        yield Brought(stated=stated, content=content)


def _bring(stated: Attachment, *, into: Path, index: int) -> int:
    size = _write(stated, into=into, index=index)
    if size > LIMIT_BYTES:
        raise _unfit(index, "Tệp quá lớn.")
    with into.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    if sha256 != stated.sha256:
        raise _unfit(index, "Nội dung tệp không khớp với mã băm đã ghi.")
    return size


def _write(stated: Attachment, *, into: Path, index: int) -> int:
    if not stated.url:
        return into.write_bytes(stated.content)
    try:
        with into.open("wb") as file:
            return peers.fetch(surroundings.PEER, stated.url, into=file, limit_bytes=LIMIT_BYTES)
    except ValueError as error:
        say = "Chỉ nhận tệp ở địa chỉ của Cổng Dịch vụ công quốc gia."
        raise _unfit(index, say) from error


def keep(papers: Sequence[Brought], *, actor: Actor) -> tuple[tuple[str, UUID], ...]:
    """Store the papers as the applicant's, inside the act's transaction: (component, file id).

    Raises Invalid with `attachments.N` for a file that our own portal would not take either.
    """
    return tuple(_keep(one, actor=actor, index=index) for index, one in enumerate(papers))


def _keep(one: Brought, *, actor: Actor, index: int) -> tuple[str, UUID]:
    try:
        stored = files.store(
            actor=actor,
            name=one.stated.name,
            declared_type=one.stated.media_type,
            chunks=_chunks(one.content),
            limit_bytes=LIMIT_BYTES,
            allowed=PAPERS,
        )
    except Invalid as refusal:
        raise _unfit(index, str(refusal)) from refusal
    return one.stated.component, stored.id


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _unfit(index: int, say: str) -> Invalid:
    return Invalid(
        code="national_portal.paper_unfit",
        what="Chưa nhận được giấy tờ gửi kèm.",
        why=say,
        mend="Hãy gửi lại hồ sơ với tệp đúng.",
        problems=(Problem(field=f"attachments.{index}", say=say),),
    )
