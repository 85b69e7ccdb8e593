"""Back up database, files and keys as of one moment."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import IO

from django.db import connection, transaction

from cuaso import __version__
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, NotFound, Unavailable
from cuaso.oversight.operations.contracts import Manifest, Part, Place
from cuaso.oversight.operations.logic.sealing import KEY_FILE, Seal
from cuaso.oversight.operations.logic.streams import HashingWriter, pack, written_by

DATABASE = "database.pgdump.age"
FILES = "files.tar.age"
KEYS = "keys.tar.age"
MANIFEST = "manifest.json.age"


def back_up(*, place: Place, target: Path, seal: Seal) -> Manifest:
    """Write a backup into a new folder and return its manifest.

    The dump and the ledger's root come from one snapshot. Files are content-addressed and only
    added to, so those copied after the dump are a superset of what it names.
    """
    _new_folder(target)
    (target / KEY_FILE).write_bytes(seal.key_file)
    with transaction.atomic():
        snapshot = _snapshot()
        size, root = ledger_head()
        dump = _database(place=place, target=target, seal=seal, snapshot=snapshot)
    parts = (
        dump,
        _folder(place.files, target=target / FILES, seal=seal),
        _folder(place.keys, target=target / KEYS, seal=seal),
    )
    manifest = Manifest(
        made_at=clock.now().isoformat(),
        product=__version__,
        server=str(connection.cursor().connection.info.server_version),
        ledger_size=size,
        ledger_root=root,
        parts=parts,
    )
    content = json.dumps(asdict(manifest), ensure_ascii=False, indent=2).encode()
    with (target / MANIFEST).open("wb") as file:
        seal.encrypt(BytesIO(content), file)
    return manifest


def ledger_head() -> tuple[int, str]:
    """Return size and root of the newest signed tree; 0 and "" while the ledger is empty."""
    try:
        head = audit.tree_head()
    except NotFound:
        return 0, ""
    return head.size, head.root


def _new_folder(target: Path) -> None:
    try:
        target.mkdir(parents=True, mode=0o700)
    except FileExistsError as error:
        raise Conflict(
            code="backup.exists",
            what=f"Đã có {target}.",
            why="Bản sao lưu không bao giờ ghi đè bản trước.",
            mend="Hãy chọn thư mục khác.",
        ) from error


def _snapshot() -> str:
    """Fix this transaction's view and return the name by which pg_dump shares it."""
    with connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read")
        cursor.execute("select pg_export_snapshot()")
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _database(*, place: Place, target: Path, seal: Seal, snapshot: str) -> Part:
    keep = () if place.owned else ("--no-owner", "--no-privileges")
    command = [
        *(str(place.programs / "pg_dump"), "--format=custom", f"--snapshot={snapshot}"),
        *(*keep, f"--dbname={place.url}"),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as dump:  # noqa: S603
        if dump.stdout is None or dump.stderr is None:
            raise AssertionError
        part = _sealed(dump.stdout, target=target / DATABASE, seal=seal)
        said = dump.stderr.read().decode(errors="replace")
    if dump.returncode:
        raise Unavailable(
            code="backup.dump_failed",
            what="Không sao lưu được cơ sở dữ liệu.",
            why=said.strip()[-500:],
            mend="Hãy kiểm tra pg_dump cùng phiên bản với máy chủ và quyền đọc mọi bảng.",
        )
    return part


def _folder(folder: Path, *, target: Path, seal: Seal) -> Part:
    act: Callable[[IO[bytes]], None] = lambda stream: pack(folder, stream)  # noqa: E731 one use, typed
    with written_by(act) as stream:
        return _sealed(stream, target=target, seal=seal)


def _sealed(source: IO[bytes], *, target: Path, seal: Seal) -> Part:
    with target.open("wb") as file:
        writer = HashingWriter(file)
        seal.encrypt(source, writer)  # type: ignore[arg-type]
    return Part(name=target.name, sha256=writer.sha256, size=writer.size)
