"""Keeps the file of a sheet between its dry run and its import."""

import codecs
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO, Final
from uuid import UUID

from cuaso.capabilities.registries.logic.exchanging.formats import csv_in
from cuaso.capabilities.registries.logic.exchanging.formats.lines import MOST_BYTES
from cuaso.capabilities.registries.logic.exchanging.formats.opening import Kind, kind_of
from cuaso.foundation.files import api as files
from cuaso.foundation.files.contracts import TEXT, XLS, XLSX
from cuaso.kernel.actors import Actor

_PORTION: Final = 1 << 20
_KEPT_AS: Final[dict[Kind, tuple[str, str]]] = {
    "xlsx": (XLSX, "xlsx"),
    "xls": (XLS, "xls"),
    "csv": (TEXT, "txt"),
}


def keep(file: BinaryIO, *, name: str, actor: Actor) -> UUID:
    """Store the file; CSV in another code page is stored in UTF-8."""
    media_type, ending = _KEPT_AS[kind_of(file)]
    stored = files.store(
        actor=actor,
        name=f"{name.rpartition('.')[0] or name}.{ending}",
        declared_type=media_type,
        chunks=_in_utf8(file) if media_type == TEXT else _whole(file),
        limit_bytes=MOST_BYTES * 2,
        allowed=frozenset({media_type}),
        owner_id=actor.post_id,
    )
    return stored.id


@contextmanager
def kept(id: UUID) -> Iterator[BinaryIO]:
    """Yield a stored file to read and seek in."""
    with TemporaryFile() as file:
        for chunk in files.open_clean(id):
            file.write(chunk)
        yield file


def checksum(file: BinaryIO) -> str:
    """Return SHA-256 of the file in hex."""
    found = hashlib.sha256()
    for chunk in _whole(file):
        found.update(chunk)
    return found.hexdigest()


def _whole(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_PORTION):
        yield chunk


def _in_utf8(file: BinaryIO) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(csv_in.encoding_of(file))()
    for chunk in _whole(file):
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", final=True).encode()
