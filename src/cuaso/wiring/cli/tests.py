"""`./cuaso test`: every check in order, pytest last, so that its closing line ends the output."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

from cuaso.wiring import places, system_packages, trial
from cuaso.wiring.words import done, say, step

SLOWEST = "15"
# tests/support/house.py furnishes the database for these; the others begin with empty tables.
FURNISHED = (
    *("src/cuaso/services", "src/cuaso/channels"),
    *("tests/house", "tests/rest", "tests/browser", "tests/faults", "packs"),
)
ENGINES = (
    *("src", "tests/architecture", "tests/outside"),
    *("--ignore=src/cuaso/services", "--ignore=src/cuaso/channels"),
)
MYPY = tuple(
    word for name in ("cuaso", "cuaso_simulators", "tools", "bench") for word in ("-p", name)
)
DEVELOPER = {
    "DJANGO_SETTINGS_MODULE": "cuaso.wiring.settings",
    "NO_MKDOCS_2_WARNING": "1",
}


@dataclass(frozen=True, kw_only=True)
class Check:
    """One step of the test run: a name that people understand and what is run."""

    name: str
    words: tuple[str, ...]


CHECKS = (
    Check(name="khóa phiên bản (locks)", words=("-m", "tools.check_locks")),
    Check(name="quy tắc viết mã (ruff check)", words=("-m", "ruff", "check")),
    Check(name="định dạng mã (ruff format)", words=("-m", "ruff", "format", "--check", "--quiet")),
    Check(
        name="kiểu (mypy)",
        words=("-m", "mypy", *MYPY),
    ),
    Check(
        name="ranh giới giữa các tầng (import-linter)",
        words=("-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"),
    ),
    Check(
        name="migrations đầy đủ",
        words=("-m", "django", "makemigrations", "--check", "--dry-run", "--verbosity", "1"),
    ),
    Check(name="gói khai báo (packs check)", words=("-m", "cuaso.wiring.cli", "packs", "check")),
    Check(name="tài liệu (mkdocs)", words=("-m", "mkdocs", "build", "--strict", "--quiet")),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only-pytest", action="store_true", help="chỉ chạy pytest")
    parser.add_argument("words", nargs="*", help="thêm cho pytest, sau dấu --")


def run(given: argparse.Namespace) -> int:
    """Stop at the first failing step; the exit code is that step's."""
    system_packages.provide(system_packages.for_tests())
    with trial.house(os.environ) as ready:
        surroundings = {**ready, **DEVELOPER}
        if not given.only_pytest:
            for check in CHECKS:
                if code := _run(check, surroundings=surroundings):
                    return code
        return _pytest(given.words, surroundings=surroundings)


def _pytest(words: list[str], *, surroundings: Mapping[str, str]) -> int:
    """Run the engines' tests on empty tables, then those of the furnished house."""
    pytest = ("-m", "pytest", f"--durations={SLOWEST}")
    if words:
        return _python((*pytest, *words), surroundings=surroundings)
    step("pytest: từng bộ máy, trên bảng trống")
    code = _python((*pytest, *ENGINES), surroundings=surroundings)
    if code:
        say(f"✗ Dừng ở pytest của các bộ máy (mã {code}).")
        return code
    step("pytest: cả ngôi nhà, với dữ liệu trình diễn")
    house = tuple(path for path in FURNISHED if (places.ROOT / path).exists())
    return _python((*pytest, *house), surroundings=surroundings)


def _run(check: Check, *, surroundings: Mapping[str, str]) -> int:
    step(check.name)
    began = time.monotonic()
    code = _python(check.words, surroundings=surroundings)
    if code:
        say(f"✗ Dừng ở bước “{check.name}” (mã {code}). Sửa rồi chạy lại ./cuaso test.")
        return code
    done(f"{check.name}: {time.monotonic() - began:.1f} giây")
    return 0


def _python(words: tuple[str, ...], *, surroundings: Mapping[str, str]) -> int:
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=places.ROOT, env=surroundings, check=False).returncode  # noqa: S603
