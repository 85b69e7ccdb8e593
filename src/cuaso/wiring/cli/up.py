"""`./cuaso up`: everything from nothing to a running house, in words."""

import argparse
import asyncio
import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cuaso.kernel.errors import Conflict, Unavailable
from cuaso.wiring import (
    environment,
    fingerprints,
    greeting,
    interrupted,
    places,
    presence,
    production,
    stamps,
    supervisor,
    system_packages,
)
from cuaso.wiring.cli.install import outstanding
from cuaso.wiring.cli.migrate import migrate, run_django
from cuaso.wiring.database import Database, open_database
from cuaso.wiring.declared import Process
from cuaso.wiring.postgres import cluster, troubles
from cuaso.wiring.processes import of_mode
from cuaso.wiring.supervisor import Supervisor
from cuaso.wiring.words import done, say, step

# Files, logs and keys are for our account alone.
PRIVATE = 0o077
PASS_THROUGH = 0o711
# Where Debian's and Ubuntu's package has its scanner listen.
CLAMAV_SOCKET = Path("/run/clamav/clamd.ctl")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--prepare-only",
        action="store_true",
        help="chỉ chuẩn bị (cơ sở dữ liệu, gói khai báo), không chạy tiến trình nào",
    )


def run(given: argparse.Namespace) -> int:
    began = time.monotonic()
    os.umask(PRIVATE)
    processes = of_mode(environment.mode())
    forced: tuple[str, ...] = ()
    with troubles.told(folder=places.var()), _only_one():
        supervisor.check_ports(processes=processes, host=places.host(), first_port=places.port())
        system_packages.provide(system_packages.postgresql())
        since = presence.unfinished()
        step("Mở cơ sở dữ liệu")
        database = open_database()
        try:
            interrupted.tell(database, since=since)
            _prepare(database)
            if not given.prepare_only:
                forced = _serve(database, processes=processes, began=began)
        finally:
            _close(database)
    _take_leave(forced)
    return 0


def _take_leave(forced: Sequence[str]) -> None:
    """Say how the house stopped; `forced` names what had to be killed."""
    kept = f"dữ liệu còn nguyên trong {places.var()}"
    if forced:
        names = ", ".join(forced)
        say(f"! Đã dừng, nhưng phải buộc dừng: {names}. Việc đang làm dở không được ghi; {kept}")
    else:
        done(f"Đã dừng sạch; {kept}")


def _have_var() -> None:
    """Make var on first use: others may pass through it (the cluster's account), not look in."""
    var = places.var()
    if not var.exists():
        var.mkdir(parents=True)
        var.chmod(PASS_THROUGH)


def _prepare(database: Database) -> None:
    _tell_database(database)
    os.environ["DATABASE_URL"] = database.app_url
    os.environ["CUASO_OWNER_DATABASE_URL"] = database.owner_url
    os.environ["CUASO_DUMP_DATABASE_URL"] = database.dump_url
    os.environ.setdefault("CUASO_PUBLIC_URL", f"http://localhost:{places.port()}")
    if CLAMAV_SOCKET.is_socket():
        os.environ.setdefault("CUASO_CLAMAV", f"unix:{CLAMAV_SOCKET}")
    _migrate(database)
    _collect_static()
    if any(True for _ in outstanding(url=database.app_url)):
        _install()
    if environment.mode() == "production":
        production.check_apart()


def _close(database: Database) -> None:
    """Stop the private cluster last, also one that a killed `up` had left running."""
    if database.cluster is not None:
        cluster.stop(database.cluster)


def _tell_database(database: Database) -> None:
    if database.cluster is None:
        done("Dùng cơ sở dữ liệu mà DATABASE_URL chỉ tới")
        return
    made = database.cluster.binaries
    done(f"Cơ sở dữ liệu riêng chạy bằng PostgreSQL {made.version} của {made.origin}")
    if not database.postgis:
        say("  Chưa có PostGIS: bản đồ chưa dùng được; hãy cài gói PostGIS của hệ thống.")


def _migrate(database: Database) -> None:
    mark = fingerprints.of_migrations()
    if stamps.marks(url=database.owner_url).get("migrations") == mark:
        done("Cấu trúc cơ sở dữ liệu không đổi")
        return
    migrate(app_url=database.app_url, owner_url=database.owner_url, dump_url=database.dump_url)
    stamps.mark(url=database.owner_url, name="migrations", fingerprint=mark)


def _collect_static() -> None:
    mark = fingerprints.of_static()
    path = places.var() / "static.fingerprint"
    if path.exists() and path.read_text() == mark:
        return
    step("Gom tệp tĩnh")
    url = os.environ["DATABASE_URL"]
    run_django("collectstatic", "--no-input", "--clear", "--verbosity", "0", database_url=url)
    path.write_text(mark)


def _install() -> None:
    command = [sys.executable, "-m", "cuaso.wiring.cli", "install"]
    if subprocess.run(command, check=False).returncode:  # noqa: S603 our own interpreter
        raise Unavailable(
            code="up.install_failed",
            what="Chưa cài xong gói khai báo và dữ liệu trình diễn.",
            mend="Hãy sửa nguyên nhân in ở trên rồi chạy lại ./cuaso up; phần đã xong được giữ.",
        )


def _serve(database: Database, *, processes: Sequence[Process], began: float) -> tuple[str, ...]:
    """Run the house until it is told to stop; return what had to be killed then."""
    step("Khởi động các tiến trình")
    # What processes of an earlier start counted.
    shutil.rmtree(places.var() / "figures", ignore_errors=True)
    house = Supervisor(
        processes=processes,
        host=places.host(),
        first_port=places.port(),
        environment=supervisor.surroundings(),
        logs=places.logs(),
        watch=lambda: _mend_cluster(database),
    )
    with presence.announced(house.told):
        asyncio.run(house.run(ready=lambda: greeting.greet(seconds=time.monotonic() - began)))
    return house.forced


def _mend_cluster(database: Database) -> None:
    private = database.cluster
    if private is None or cluster.running(private):
        return
    say("! Cơ sở dữ liệu riêng đã dừng bất ngờ; đang khởi động lại …")
    try:
        cluster.start(private)
        done(f"Cơ sở dữ liệu đã chạy lại, các tiến trình tự nối lại: {interrupted.KEPT}")
    except Unavailable as refusal:
        say(f"! {refusal}")


@contextmanager
def _only_one() -> Iterator[None]:
    """Refuse a second `up` over the same var."""
    _have_var()
    with (places.var() / "up.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(
                code="up.already_running",
                what="Ngôi nhà này đang chạy rồi.",
                why=f"Một lệnh ./cuaso up khác đang giữ {places.var()}.",
                mend="Hãy dừng lệnh ấy bằng Ctrl-C, hoặc đặt CUASO_VAR và CUASO_PORT khác.",
            ) from error
        yield
