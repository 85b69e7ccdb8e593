"""Which database this house uses: the one that DATABASE_URL names, else its own cluster."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from cuaso.kernel.errors import Unavailable
from cuaso.wiring import places
from cuaso.wiring.postgres import cluster, roles
from cuaso.wiring.postgres.cluster import Cluster


@dataclass(frozen=True, kw_only=True)
class Database:
    """Addresses of one database: for processes, for migrations, and for backup and restore.

    With DATABASE_URL all three are that address, unless CUASO_OWNER_DATABASE_URL names the
    owner's. `started` says that we started the private cluster and must stop it, `recovered` that
    it had been cut off and read its log before it answered.
    """

    app_url: str
    owner_url: str
    dump_url: str
    cluster: Cluster | None = None
    started: bool = False
    recovered: bool = False
    postgis: bool = True

    @property
    def private(self) -> bool:
        return self.cluster is not None

    def close(self) -> None:
        if self.cluster is not None and self.started:
            cluster.stop(self.cluster)


def open_database() -> Database:
    """Return the database, started and with its roles. Raises Unavailable with the remedy."""
    if url := os.environ.get("DATABASE_URL"):
        owner = os.environ.get("CUASO_OWNER_DATABASE_URL", url)
        _knock(url)
        dump = os.environ.get("CUASO_DUMP_DATABASE_URL", owner)
        return Database(app_url=url, owner_url=owner, dump_url=dump)
    private = cluster.locate(var=places.var())
    cut = cluster.was_cut(private)
    started = cluster.start(private)
    superuser = private.url(role=cluster.SUPERUSER)
    roles.prepare(
        server_url=private.url(role=cluster.SUPERUSER, database="postgres"),
        database=cluster.DATABASE,
    )
    have = roles.add_extensions(url=superuser)
    return Database(
        app_url=private.url(role=roles.APP),
        owner_url=private.url(role=roles.OWNER),
        dump_url=superuser,
        cluster=private,
        started=started,
        recovered=cut and started,
        postgis="postgis" in have,
    )


@contextmanager
def opened() -> Iterator[Database]:
    """Open the database for one command and leave the cluster as it was found."""
    database = open_database()
    try:
        yield database
    finally:
        database.close()


def _knock(url: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        raise Unavailable(
            code="database.dead",
            what="Không nối được tới cơ sở dữ liệu mà DATABASE_URL chỉ tới.",
            why=str(error).strip().splitlines()[-1],
            mend="Hãy kiểm tra máy chủ PostgreSQL và địa chỉ, tên, mật khẩu trong DATABASE_URL.",
        ) from error
