"""A machine without any PostgreSQL: the wheel's, run by an ordinary user, carries the journey."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cuaso.wiring import places
from cuaso.wiring.postgres import binaries, cluster, roles
from cuaso.wiring.postgres.cluster import Cluster

JOURNEY = "tests/house/test_birth_registration.py"


@pytest.fixture
def wheel_cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """Yield a cluster of the wheel's programs; as root it runs under another account."""
    monkeypatch.setenv("CUASO_POSTGRES_BIN", str(binaries.wheel_folder()))
    var = Path(tempfile.mkdtemp(prefix="cs"))
    var.chmod(0o755)
    private = cluster.locate(var=var, durable=False)
    cluster.start(private)
    yield private
    cluster.stop(private)
    shutil.rmtree(var)


@pytest.mark.slow
def test_the_journey_goes_through_on_the_wheels_postgresql(wheel_cluster, tmp_path):
    server = wheel_cluster.url(role=cluster.SUPERUSER, database="postgres")
    roles.prepare(server_url=server, database=cluster.DATABASE)
    pid = int((wheel_cluster.folder / "postmaster.pid").read_text().splitlines()[0])
    assert Path("/proc", str(pid)).stat().st_uid != 0
    with psycopg.connect(server) as connection:
        assert connection.info.server_version // 10000 == 18
    surroundings = {
        **{name: value for name, value in os.environ.items() if name != "CUASO_TEST_COPIES"},
        "DATABASE_URL": wheel_cluster.url(role=cluster.SUPERUSER),
        "CUASO_TEST_DB": "journey",
        "CUASO_VAR": str(tmp_path / "var"),
    }
    walked = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", JOURNEY],
        cwd=places.ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert walked.returncode == 0, walked.stdout[-3000:] + walked.stderr[-1000:]
    assert " passed" in walked.stdout.splitlines()[-1]
