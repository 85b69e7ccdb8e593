"""`./cuaso restore FOLDER`: into an empty database and an empty var, with proof."""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from cuaso.kernel.errors import NotFound, Unavailable
from cuaso.oversight.operations.api import opener, prove, restore
from cuaso.oversight.operations.contracts import Manifest
from cuaso.wiring import engines
from cuaso.wiring.cli import place
from cuaso.wiring.postgres import roles
from cuaso.wiring.words import done, step


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="THƯ_MỤC", help="thư mục của bản sao lưu")
    parser.add_argument(
        "--identity", type=Path, metavar="TỆP", help="tệp khóa riêng age thay cho cụm mật khẩu"
    )
    parser.add_argument("--prove", nargs=2, metavar=("SIZE", "ROOT"), help=argparse.SUPPRESS)
    place.passphrase_argument(parser)


def run(given: argparse.Namespace) -> int:
    if given.prove:
        size, root = given.prove
        prove(size=int(size), root=root)
        return 0
    if not given.folder.is_dir():
        raise NotFound(
            code="restore.no_folder",
            what=f"Không có thư mục {given.folder}.",
            mend="Hãy chỉ tới thư mục mà ./cuaso backup đã ghi.",
        )
    began = time.monotonic()
    words = "" if given.identity else place.passphrase(given)
    key = opener(folder=given.folder, passphrase=words, identity_file=given.identity)
    here = place.here()
    step(f"Khôi phục từ {given.folder}")
    restored = restore(place=here, folder=given.folder, opener=key)
    if here.owned:
        _grant(here.url)
    done(f"Đã khôi phục cơ sở dữ liệu, tệp và khóa sau {restored.seconds:.1f} giây")
    step("Kiểm chứng sổ cái")
    _prove_apart(manifest=restored.manifest, folder=given.folder)
    seconds = time.monotonic() - began
    done(
        f"Sổ cái nguyên vẹn: {restored.manifest.ledger_size} mục, gốc trùng với bản sao lưu."
        f" Thời gian khôi phục (RTO) {seconds:.1f} giây, dữ liệu đến {restored.manifest.made_at}."
    )
    return 0


def _grant(url: str) -> None:
    roles.grant(
        url=url,
        read_only=engines.READ_ONLY_TABLES,
        append_only=engines.APPEND_ONLY_TABLES,
        reader=engines.READER_TABLES,
        auditor=engines.AUDITOR_TABLES,
    )


def _prove_apart(*, manifest: Manifest, folder: Path) -> None:
    """Verify in a fresh process: this one began before the keys were restored."""
    proof = ("--prove", str(manifest.ledger_size), manifest.ledger_root)
    command = [sys.executable, "-m", "cuaso.wiring.cli", "restore", str(folder), *proof]
    if subprocess.run(command, env=os.environ, check=False).returncode:  # noqa: S603
        raise Unavailable(
            code="restore.unproven",
            what="Khôi phục xong nhưng chưa chứng minh được sổ cái.",
            mend="Đừng mở hệ thống này cho người dùng trước khi tìm ra nguyên nhân in ở trên.",
        )
