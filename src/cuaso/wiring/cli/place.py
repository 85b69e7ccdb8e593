"""What backup and restore need to know of this house."""

import argparse
import getpass
import os
import sys
from pathlib import Path

import psycopg
from django.conf import settings

from cuaso.kernel.errors import Unavailable
from cuaso.oversight.operations.contracts import Place
from cuaso.wiring.postgres import binaries


def here() -> Place:
    """Return this house's place, with programs not older than its server."""
    url = os.environ["CUASO_DUMP_DATABASE_URL"]
    with psycopg.connect(url) as connection:
        major = connection.info.server_version // 10000
    owned = url != os.environ["DATABASE_URL"]
    return Place(
        url=url,
        owned=owned,
        programs=_programs(major),
        files=Path(settings.CUASO_FILES),
        keys=Path(settings.CUASO_KEYS),
    )


def passphrase_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="TỆP",
        help="tệp chứa cụm mật khẩu (hoặc CUASO_BACKUP_PASSPHRASE)",
    )


def passphrase(given: argparse.Namespace) -> str:
    """Return the passphrase from a file, the environment, or the person at the terminal."""
    if given.passphrase_file:
        return str(given.passphrase_file.read_text()).strip()
    if value := os.environ.get("CUASO_BACKUP_PASSPHRASE"):
        return value
    return getpass.getpass("Cụm mật khẩu của bản sao lưu: ") if sys.stdin.isatty() else ""


def _programs(major: int) -> Path:
    fit = [found for found in binaries.found() if found.major >= major]
    with_dump = [found for found in fit if (found.folder / "pg_dump").exists()]
    if not with_dump:
        raise Unavailable(
            code="backup.no_pg_dump",
            what=f"Không có pg_dump từ phiên bản {major} trở lên.",
            why="pg_dump không được cũ hơn máy chủ cơ sở dữ liệu.",
            mend=f"Hãy cài gói postgresql-client-{major}, hoặc đặt CUASO_POSTGRES_BIN.",
        )
    return min(with_dump, key=lambda found: found.major).folder
