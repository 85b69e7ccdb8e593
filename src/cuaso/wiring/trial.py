"""The throw-away cluster of tests and measurements: fast, in a folder of its own."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cuaso.wiring import places
from cuaso.wiring.postgres import cluster, roles


@contextmanager
def house(surroundings: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield an environment with DATABASE_URL of an empty database and a var of its own.

    With DATABASE_URL set, that server is used; else a cluster is made below var/trial with
    fsync off, and removed at the end.
    """
    var = places.var() / "trial" / str(os.getpid())
    inside = {**_quick(surroundings, var=var), "CUASO_MODE": "test", "CUASO_VAR": str(var)}
    var.mkdir(parents=True)
    try:
        if surroundings.get("DATABASE_URL"):
            yield inside
            return
        private = cluster.locate(var=var, durable=False)
        cluster.start(private)
        try:
            server = private.url(role=cluster.SUPERUSER, database="postgres")
            roles.prepare(server_url=server, database=cluster.DATABASE)
            yield {**inside, "DATABASE_URL": private.url(role=cluster.SUPERUSER)}
        finally:
            cluster.stop(private)
            away = private.folder if private.folder.parent == var else private.folder.parent
            shutil.rmtree(away, ignore_errors=True)
    finally:
        shutil.rmtree(var, ignore_errors=True)


def _quick(surroundings: Mapping[str, str], *, var: Path) -> dict[str, str]:
    """Let the run's many processes compile the code once, for all of them.

    Where Python may write no bytecode beside the code, each of them would compile it anew, about
    four seconds of one core; so it is kept in the run's own folder.
    """
    quick = dict(surroundings)
    if quick.pop("PYTHONDONTWRITEBYTECODE", ""):
        quick["PYTHONPYCACHEPREFIX"] = str(var / "bytecode")
    return quick
