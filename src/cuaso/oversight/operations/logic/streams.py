"""Streams between programs, archives and encryption, without a whole copy in memory or on disk."""

import hashlib
import os
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class HashingWriter:
    """Passes bytes on to a file and keeps their SHA-256 and number."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        self.size += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def written_by(act: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """Yield what `act` writes in a thread of its own; its error is raised at the end."""
    reading, writing = os.pipe()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with os.fdopen(writing, "wb") as file:
                act(file)
        except BaseException as error:  # noqa: BLE001 carried over to the caller's thread
            failures.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        with os.fdopen(reading, "rb") as file:
            yield file
    finally:
        thread.join()
    if failures:
        raise failures[0]


def pack(folder: Path, target: IO[bytes]) -> None:
    """Write every file of a folder as a tar stream; a missing folder gives an empty archive."""
    with tarfile.open(fileobj=target, mode="w|") as archive:
        if folder.is_dir():
            archive.add(folder, arcname=".")


def unpack(source: IO[bytes], folder: Path) -> None:
    """Unpack a tar stream below a folder; names that lead out of it are refused (PEP 706)."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tarfile.open(fileobj=source, mode="r|") as archive:
        archive.extractall(folder, filter="data")
    while source.read(1 << 16):
        pass  # padding: left unread, it would break the writer's pipe
