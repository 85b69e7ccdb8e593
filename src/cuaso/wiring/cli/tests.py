"""`./cuaso test`: every check, and pytest in parts, side by side; pytest's sum ends the output."""

import argparse
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from cuaso.wiring import places, pytest_sessions, system_packages, trial
from cuaso.wiring.side_by_side import Outcome, Part, Row
from cuaso.wiring.words import say, step

# A part may run a whole house and Chromium: two at once fill two cores.
MOST_AT_ONCE = 2
MYPY = tuple(
    word for name in ("cuaso", "cuaso_simulators", "tools", "bench") for word in ("-p", name)
)
DEVELOPER = {
    "DJANGO_SETTINGS_MODULE": "cuaso.wiring.settings",
    "NO_MKDOCS_2_WARNING": "1",
}
CHECKS = {
    "khóa phiên bản (locks)": ("-m", "tools.check_locks"),
    "quy tắc viết mã (ruff check)": ("-m", "ruff", "check"),
    "định dạng mã (ruff format)": ("-m", "ruff", "format", "--check", "--quiet"),
    "kiểu (mypy)": ("-m", "mypy", *MYPY),
    "ranh giới giữa các tầng (import-linter)": (
        *("-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"),
    ),
    "migrations đầy đủ": (
        *("-m", "django", "makemigrations", "--check", "--dry-run", "--verbosity", "1"),
    ),
    "gói khai báo (packs check)": ("-m", "cuaso.wiring.cli", "packs", "check"),
    "tài liệu (mkdocs)": ("-m", "mkdocs", "build", "--strict", "--quiet"),
}
LAST_LINE = re.compile(r"^=+ .*\d+ \w+.* in [\d.]+s.*=+$", re.MULTILINE)
COUNTED = re.compile(r"(\d+) (failed|passed|skipped|errors?|warnings?)\b")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only-pytest", action="store_true", help="chỉ chạy pytest")
    parser.add_argument(
        "--at-once",
        type=int,
        metavar="SỐ",
        default=min(MOST_AT_ONCE, os.cpu_count() or 1),
        help="số phần chạy cạnh nhau",
    )
    parser.add_argument("words", nargs="*", metavar="TỪ", help="thêm cho pytest, sau dấu --")


def run(given: argparse.Namespace) -> int:
    """Begin nothing after a check that fails; the exit code is that of the first failure."""
    system_packages.provide(system_packages.for_tests())
    with trial.house(os.environ) as ready:
        surroundings = {**ready, **DEVELOPER}
        checks = [] if given.only_pytest else list(_checks(surroundings))
        if not given.words:
            return _run_whole(checks, at_once=given.at_once, surroundings=surroundings)
        outcomes = _row(given.at_once, surroundings).run(checks)
        return _worst(outcomes) or _pytest(given.words, surroundings=surroundings)


def _run_whole(checks: Sequence[Part], *, at_once: int, surroundings: Mapping[str, str]) -> int:
    began = time.monotonic()
    try:
        sessions = pytest_sessions.parts(surroundings)
        outcomes = _row(at_once, surroundings).run([*checks, *sessions])
    finally:
        pytest_sessions.drop_databases(surroundings)
    if code := _worst(outcomes):
        failed = ", ".join(f"“{one.name}”" for one in outcomes if one.failed)
        say(f"✗ Hỏng ở {failed} (mã {code}). Sửa rồi chạy lại ./cuaso test.")
    say(closing_line(outcomes, seconds=time.monotonic() - began))
    return code


def _row(at_once: int, surroundings: Mapping[str, str]) -> Row:
    return Row(folder=Path(surroundings["CUASO_VAR"]), at_once=at_once)


def _worst(outcomes: Sequence[Outcome]) -> int:
    """Return the exit code of the first part that failed, 0 when none did."""
    return next((one.code for one in outcomes if one.failed), 0)


def _checks(surroundings: Mapping[str, str]) -> Iterator[Part]:
    for name, words in CHECKS.items():
        yield Part(name=name, command=(sys.executable, *words), surroundings=surroundings)


def closing_line(outcomes: Sequence[Outcome], *, seconds: float) -> str:
    """Return the sum of what the sessions of pytest counted, as pytest writes it."""
    counts: Counter[str] = Counter()
    for one in outcomes:
        for line in LAST_LINE.findall(one.said)[-1:]:
            for number, word in COUNTED.findall(line):
                counts[word] += int(number)
    said = ", ".join(f"{number} {word}" for word, number in sorted(counts.items()))
    return (
        f" {said or 'no tests ran'} in {seconds:.2f}s ({timedelta(seconds=int(seconds))}) ".center(
            80, "="
        )
    )


def _pytest(words: Sequence[str], *, surroundings: Mapping[str, str]) -> int:
    """Run one session of pytest with these words; what it says is seen at once."""
    step("pytest")
    command = [sys.executable, "-m", "pytest", pytest_sessions.SLOWEST, *words]
    return subprocess.run(command, cwd=places.ROOT, env=surroundings, check=False).returncode  # noqa: S603
