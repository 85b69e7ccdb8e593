"""Databases and folders of their own for backup and restore: a dump sees only what is committed."""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql
from pytest_django import DjangoDbBlocker

PASSPHRASE = "một cụm mật khẩu để diễn tập"

# What happens in the house before the backup: acts in the ledger, and one file.
LIFE = """
import django; django.setup()
from django.db import transaction
from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import api as files
from cuaso.kernel.actors import system
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject
actor = system("Diễn tập")
with transaction.atomic():
    for number in range(25):
        audit.record(actor=actor, act="drill.act", subject=Subject(kind="drill.thing", id=new_id()),
                     content={"number": number})
stored = files.store_bytes(actor=actor, name="ket-qua.txt", media_type="text/plain",
                           content="kết quả".encode())
while audit.sequence():
    pass
head = audit.tree_head()
print(head.size, head.root, stored.id, stored.sha256)
"""

READ = """
import sys, django; django.setup()
from uuid import UUID
from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import api as files
head = audit.tree_head()
print(head.size, head.root, files.read_clean(UUID(sys.argv[1])).decode(), audit.verify().ok)
"""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One database and one var in which commands run."""

    url: str
    var: Path

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        surroundings = {
            **os.environ,
            "DATABASE_URL": self.url,
            "CUASO_OWNER_DATABASE_URL": self.url,
            "CUASO_DUMP_DATABASE_URL": self.url,
            "CUASO_VAR": str(self.var),
            "CUASO_BACKUP_PASSPHRASE": PASSPHRASE,
            "DJANGO_SETTINGS_MODULE": "cuaso.wiring.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
            **more,
        }
        return subprocess.run(
            [sys.executable, *words], env=surroundings, capture_output=True, text=True, check=False
        )

    def cuaso(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "cuaso.wiring.cli", *words, **more)

    def tables(self) -> int:
        with psycopg.connect(self.url) as direct:
            row = direct.execute(
                "select count(*) from pg_tables where schemaname = 'public'"
            ).fetchone()
        return int(row[0]) if row else -1


@pytest.fixture(scope="session")
def new_ground(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., object]:
    """Return a context that makes a database (a copy of a template) and an empty var."""
    with django_db_blocker.unblock():
        template = str(connection.settings_dict["NAME"])
        connection.close()
    server = os.environ["DATABASE_URL"]

    @contextmanager
    def make(*, migrated: bool) -> Iterator[Ground]:
        name = f"drill_{secrets.token_hex(6)}"
        source = template if migrated else "template0"
        with psycopg.connect(server, autocommit=True) as direct:
            words = sql.SQL("create database {} template {}")
            direct.execute(words.format(sql.Identifier(name), sql.Identifier(source)))
        try:
            url = server.replace(f"/{server.split('?')[0].rsplit('/', 1)[1]}", f"/{name}", 1)
            yield Ground(url=url, var=tmp_path_factory.mktemp(name))
        finally:
            with psycopg.connect(server, autocommit=True) as direct:
                direct.execute(
                    sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
                )

    return make
