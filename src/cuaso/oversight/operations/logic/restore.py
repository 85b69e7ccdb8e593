"""Restore a backup into an empty place, and prove that the ledger came back whole."""

import json
import subprocess
import time
from io import BytesIO
from pathlib import Path
from typing import IO

import psycopg
import pyrage

from cuaso.foundation.audit import api as audit
from cuaso.kernel.errors import Conflict, Invalid, Unavailable
from cuaso.oversight.operations.contracts import Manifest, Part, Place, Restored
from cuaso.oversight.operations.logic.back_up import DATABASE, FILES, KEYS, MANIFEST, ledger_head
from cuaso.oversight.operations.logic.sealing import Opener
from cuaso.oversight.operations.logic.streams import sha256_of, unpack, written_by

# The session key that a first look generates: not yet anything of value.
GENERATED = {"django.key"}


def read_manifest(*, folder: Path, opener: Opener) -> Manifest:
    """Return the manifest after checking every part against it. Raises Invalid; changes nothing."""
    content = BytesIO()
    try:
        with (folder / MANIFEST).open("rb") as file:
            opener.decrypt(file, content)
    except (OSError, pyrage.DecryptError) as error:
        raise _damaged(name=MANIFEST) from error
    given = json.loads(content.getvalue())
    manifest = Manifest(**{**given, "parts": tuple(Part(**part) for part in given["parts"])})
    for part in manifest.parts:
        path = folder / part.name
        if not path.exists() or sha256_of(path) != part.sha256:
            raise _damaged(name=part.name)
    return manifest


def restore(*, place: Place, folder: Path, opener: Opener) -> Restored:
    """Bring back database, files and keys. Raises Conflict unless the place is empty."""
    began = time.monotonic()
    manifest = read_manifest(folder=folder, opener=opener)
    _check_empty(place)
    with written_by(lambda out: _decrypt(folder / DATABASE, opener=opener, out=out)) as stream:
        _restore_database(place=place, stream=stream)
    _unpack(folder / FILES, opener=opener, target=place.files)
    _unpack(folder / KEYS, opener=opener, target=place.keys)
    return Restored(manifest=manifest, seconds=time.monotonic() - began)


def prove(*, size: int, root: str) -> None:
    """Recompute the ledger; raise Conflict unless it ends in this size and root."""
    verification = audit.verify()
    found = ledger_head()
    if not verification.ok:
        raise Conflict(
            code="restore.ledger_broken",
            what="Sổ cái khôi phục không còn nguyên vẹn.",
            why=verification.say,
            mend="Đừng mở hệ thống này cho người dùng; hãy khôi phục từ bản sao lưu khác.",
        )
    if found != (size, root):
        raise Conflict(
            code="restore.other_ledger",
            what="Sổ cái khôi phục không trùng với gốc ghi trong bản sao lưu.",
            why=f"Bản sao lưu: {size} mục, {root}; khôi phục: {found[0]} mục, {found[1]}.",
            mend="Đừng mở hệ thống này cho người dùng; hãy khôi phục từ bản sao lưu khác.",
        )


def _check_empty(place: Place) -> None:
    with psycopg.connect(place.url) as connection:
        row = connection.execute(
            "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = 'public' and c.relkind in ('r', 'p')"
            " and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')"
        ).fetchone()
    if row is None or row[0]:
        raise _not_empty("Cơ sở dữ liệu đích đã có bảng.")
    for folder in (place.files, place.keys):
        if folder.is_dir() and {path.name for path in folder.iterdir()} - GENERATED:
            raise _not_empty(f"Thư mục {folder} đã có tệp.")


def _restore_database(*, place: Place, stream: IO[bytes]) -> None:
    keep = () if place.owned else ("--no-owner", "--no-privileges")
    command = [
        *(str(place.programs / "pg_restore"), "--exit-on-error", "--single-transaction"),
        *("--no-comments", *keep, f"--dbname={place.url}"),
    ]
    answer = subprocess.run(command, stdin=stream, capture_output=True, check=False)  # noqa: S603
    if answer.returncode:
        raise Unavailable(
            code="restore.database_failed",
            what="Không khôi phục được cơ sở dữ liệu.",
            why=answer.stderr.decode(errors="replace").strip()[-500:],
            mend="Chưa có gì được giữ lại; hãy sửa nguyên nhân rồi chạy lại.",
        )


def _unpack(path: Path, *, opener: Opener, target: Path) -> None:
    with written_by(lambda out: _decrypt(path, opener=opener, out=out)) as stream:
        unpack(stream, target)


def _decrypt(path: Path, *, opener: Opener, out: IO[bytes]) -> None:
    try:
        with path.open("rb") as file:
            opener.decrypt(file, out)
    except pyrage.DecryptError as error:
        raise _damaged(name=path.name) from error


def _damaged(*, name: str) -> Invalid:
    return Invalid(
        code="restore.damaged",
        what=f"Bản sao lưu hỏng hoặc thiếu: {name}.",
        why="Nội dung không khớp với SHA-256 trong bản kê, hoặc không giải mã được.",
        mend="Chưa có gì bị thay đổi. Hãy dùng bản sao lưu khác.",
    )


def _not_empty(why: str) -> Conflict:
    return Conflict(
        code="restore.not_empty",
        what="Chỉ khôi phục vào nơi trống.",
        why=why,
        mend="Hãy đặt CUASO_VAR (và DATABASE_URL nếu có) tới nơi trống; dữ liệu cũ còn nguyên.",
    )
