"""`./cuaso backup --to FOLDER`."""

import argparse
from pathlib import Path

from cuaso.kernel import clock
from cuaso.oversight.operations.api import back_up, seal
from cuaso.wiring import places
from cuaso.wiring.cli import place
from cuaso.wiring.words import done, say, step


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", type=Path, metavar="THƯ_MỤC", help="thư mục mới cho bản sao lưu")
    parser.add_argument(
        "--recipient", default="", metavar="KHÓA", help="khóa công khai age1… thay cụm mật khẩu"
    )
    place.passphrase_argument(parser)


def run(given: argparse.Namespace) -> int:
    moment = clock.now().astimezone(clock.VIETNAM).strftime("%Y%m%d-%H%M%S")
    target = (given.to or places.var() / "backups" / moment).absolute()
    words = "" if given.recipient else place.passphrase(given)
    step(f"Sao lưu vào {target}")
    manifest = back_up(
        place=place.here(),
        target=target,
        seal=seal(passphrase=words, recipient=given.recipient),
    )
    for part in manifest.parts:
        say(f"  {part.name:<22} {part.size / 1e6:>10.1f} MB  sha256 {part.sha256[:16]}…")
    done(f"Đã sao lưu; sổ cái có {manifest.ledger_size} mục, gốc {manifest.ledger_root[:16]}…")
    return 0
