"""`./cuaso migrate`: migrations as the tables' owner, then each role's rights."""

import argparse
import os
import subprocess
import sys

from cuaso.kernel.errors import Unavailable
from cuaso.wiring import engines
from cuaso.wiring.postgres import roles
from cuaso.wiring.words import done, step

# One process does both: each start of Django costs seconds.
MIGRATE = """
from django.core.management import call_command
from cuaso.wiring.second_doors import guard
call_command("migrate", interactive=False, verbosity=0)
guard()
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""
    del parser


def run(given: argparse.Namespace) -> int:
    del given
    migrate(
        app_url=os.environ["DATABASE_URL"],
        owner_url=os.environ["CUASO_OWNER_DATABASE_URL"],
        dump_url=os.environ["CUASO_DUMP_DATABASE_URL"],
    )
    return 0


def migrate(*, app_url: str, owner_url: str, dump_url: str) -> None:
    """Bring the schema up to date; grant rights when the app is not the owner."""
    step("Cập nhật cấu trúc cơ sở dữ liệu (migrations)")
    run_django("shell", "--no-imports", "-c", MIGRATE, database_url=owner_url)
    if app_url != owner_url:
        roles.grant(
            url=dump_url,
            read_only=engines.READ_ONLY_TABLES,
            append_only=engines.APPEND_ONLY_TABLES,
            reader=engines.READER_TABLES,
            auditor=engines.AUDITOR_TABLES,
        )
    done("Cấu trúc cơ sở dữ liệu đúng phiên bản này")


def run_django(*words: str, database_url: str) -> None:
    """Run one of Django's commands in a process of its own. Raises Unavailable with its words."""
    surroundings = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "cuaso.wiring.settings",
    }
    command = [sys.executable, "-m", "django", *words]
    answer = subprocess.run(  # noqa: S603 our own interpreter, fixed words
        command, env=surroundings, capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise Unavailable(
            code="up.django_failed",
            what=f"Bước “{words[0]}” không xong.",
            why=" · ".join(answer.stderr.strip().splitlines()[-3:])[-700:],
            mend="Hãy sửa nguyên nhân trên rồi chạy lại; phần đã xong không bị làm lại.",
        )
