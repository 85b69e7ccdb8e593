"""Tell an administrator what is wrong with this house, and what to do."""

import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from cuaso.kernel import clock
from cuaso.oversight.operations.contracts import Check
from cuaso.oversight.operations.logic.beat import heartbeats
from cuaso.oversight.operations.logic.diagnose_engines import OF_ENGINES, OF_PACKS

LOW_DISK_BYTES = 5_000_000_000
DANGEROUS_DISK_BYTES = 1_000_000_000
LATE_HEARTBEAT = timedelta(minutes=1)
OLDEST_SERVER = 150000


def diagnose(*, with_packs: bool = True) -> tuple[Check, ...]:
    """Run every check; a broken database ends the list early.

    With packs, every pack is read and its stories are played again: some seconds of work.
    """
    first = _database()
    if first.state == "fail":
        return (first, *_disk(), *_keys())
    every = (*EXAMINATIONS, *OF_ENGINES, *(OF_PACKS if with_packs else ()))
    return (first, *(check for examine in every for check in examine()))


def _database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("show server_version_num")
            row = cursor.fetchone()
    except DatabaseError as error:
        return Check(
            name="database",
            state="fail",
            say=f"Không nối được cơ sở dữ liệu: {str(error).strip()}",
            mend="Kiểm tra máy chủ PostgreSQL và DATABASE_URL, hoặc chạy ./cuaso up.",
        )
    number = int(row[0]) if row else 0
    shown = f"{number // 10000}.{number % 10000}"
    if number < OLDEST_SERVER:
        return Check(
            name="database",
            state="fail",
            say=f"PostgreSQL {shown} quá cũ.",
            mend="Cần PostgreSQL 15 trở lên.",
        )
    return Check(name="database", state="ok", say=f"PostgreSQL {shown} trả lời.")


def _migrations() -> Iterator[Check]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield Check(
            name="migrations",
            state="fail",
            say=f"Còn {len(waiting)} migration chưa chạy.",
            mend="Chạy ./cuaso migrate.",
        )
        return
    yield Check(name="migrations", state="ok", say="Cấu trúc cơ sở dữ liệu đúng phiên bản này.")


def _rights() -> Iterator[Check]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_user, rolsuper, exists (select 1 from pg_class c"
            " join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public'"
            " and c.relowner = r.oid) from pg_roles r where rolname = current_user"
        )
        row = cursor.fetchone()
    if row and not row[1] and not row[2]:
        yield Check(
            name="rights", state="ok", say=f"Tiến trình nối bằng vai {row[0]}, không sở hữu bảng."
        )
        return
    name = row[0] if row else "?"
    yield Check(
        name="rights",
        state="warn",
        say=f"Tiến trình nối bằng vai {name}, vai này sở hữu bảng hoặc là siêu quản trị.",
        mend="Tạo vai riêng cho ứng dụng và đặt CUASO_OWNER_DATABASE_URL cho vai sở hữu.",
    )


def _postgis() -> Iterator[Check]:
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_available_extensions where name = 'postgis'")
        has = cursor.fetchone() is not None
    if has:
        yield Check(name="postgis", state="ok", say="Có PostGIS.")
        return
    yield Check(
        name="postgis",
        state="warn",
        say="Máy chủ cơ sở dữ liệu chưa có PostGIS: bản đồ không dùng được.",
        mend="Cài gói postgresql-<phiên bản>-postgis-3 trên máy chủ cơ sở dữ liệu.",
    )


def _disk() -> Iterator[Check]:
    folder = _existing(Path(settings.VAR))
    free = shutil.disk_usage(folder).free
    size = f"{free / 1e9:.1f}".replace(".", ",")
    shown = f"Ổ đĩa của {folder} còn {size} GB."
    if free < DANGEROUS_DISK_BYTES:
        yield Check(name="disk", state="fail", say=shown, mend="Dọn ổ đĩa ngay.")
    elif free < LOW_DISK_BYTES:
        yield Check(name="disk", state="warn", say=shown, mend="Nên dọn hoặc mở rộng ổ đĩa.")
    else:
        yield Check(name="disk", state="ok", say=shown)


def _keys() -> Iterator[Check]:
    folder = Path(settings.CUASO_KEYS)
    if not folder.is_dir():
        yield Check(name="keys", state="warn", say="Chưa có thư mục khóa.", mend="Chạy ./cuaso up.")
        return
    # A closed folder closes what is in it; public keys and certificates may be open.
    if _open_to_others(folder):
        yield Check(
            name="keys",
            state="fail",
            say=f"Thư mục khóa {folder} mở cho tài khoản khác.",
            mend=f"Chạy: chmod 0700 {folder}",
        )
        return
    yield Check(name="keys", state="ok", say="Thư mục khóa chỉ chủ của nó đọc được.")


def _workers() -> Iterator[Check]:
    late = clock.now() - LATE_HEARTBEAT
    beats = heartbeats()
    if not beats:
        yield Check(
            name="worker",
            state="warn",
            say="Chưa có tiến trình nền nào báo còn sống.",
            mend="Chạy ./cuaso up, hoặc khởi động dịch vụ cuaso-worker.",
        )
    for beat in beats:
        alive = beat.beaten_at >= late
        seconds = (clock.now() - beat.beaten_at).total_seconds()
        yield Check(
            name=beat.process,
            state="ok" if alive else "warn",
            say=f"Tiến trình {beat.process} báo còn sống cách đây {seconds:.0f} giây.",
            mend="" if alive else "Khởi động lại tiến trình ấy và xem nhật ký của nó.",
        )


def _jobs() -> Iterator[Check]:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where status = 'failed'")
        row = cursor.fetchone()
    failed = int(row[0]) if row else 0
    if failed:
        yield Check(
            name="jobs",
            state="fail",
            say=f"{failed} công việc nền đã hỏng hẳn.",
            mend="Xem var/log/worker.jsonl, sửa nguyên nhân rồi chạy lại ở trang Quản trị.",
        )
        return
    yield Check(name="jobs", state="ok", say="Không có công việc nền nào hỏng hẳn.")


def _mode() -> Iterator[Check]:
    if settings.MODE == "production":
        yield Check(name="mode", state="ok", say="Chế độ production.")
        return
    yield Check(
        name="mode",
        state="warn",
        say=f"Đang ở chế độ {settings.MODE}: có chương trình giả lập, không dùng cho hồ sơ thật.",
        mend="Trước khi phục vụ người dân, đặt CUASO_MODE=production.",
    )


def _existing(path: Path) -> Path:
    return next(each for each in (path, *path.parents) if each.exists())


def _open_to_others(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


EXAMINATIONS: tuple[Callable[[], Iterator[Check]], ...] = (
    _migrations,
    _rights,
    _postgis,
    _disk,
    _keys,
    _workers,
    _jobs,
    _mode,
)
