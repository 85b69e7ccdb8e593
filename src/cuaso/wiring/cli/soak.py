"""`./cuaso soak`: the same property tests with far more examples, or far more kills."""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping

from cuaso.wiring import places, trial
from cuaso.wiring.pytest_sessions import FURNISHED, NOT_FURNISHED
from cuaso.wiring.words import say

# Of the tests in tests/faults/test_kill.py, those that kill once a round.
KILLING_TESTS = 3
WITH_EMPTY_TABLES = ("src", "tests/architecture", "tests/outside")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--examples", type=int, default=5000, metavar="SỐ", help="số ví dụ mỗi thuộc tính"
    )
    parser.add_argument(
        "--kills", type=int, default=0, metavar="SỐ", help="thay vào đó: số lần kill -9 khi tải"
    )
    parser.add_argument("paths", nargs="*", metavar="TỆP", help="chỉ những thư mục hoặc tệp này")


def run(given: argparse.Namespace) -> int:
    """Run the tests that hypothesis drives, with the profile `soak` of the root conftest.

    With `--kills N`: kill each of the house's processes again and again under load, N kills in
    all, and count what was accepted.
    """
    if given.kills:
        rounds = max(1, given.kills // KILLING_TESTS)
        say(f"• {rounds * KILLING_TESTS} lần kill -9 khi người dân đang nộp; dừng bằng Ctrl-C …")
        told = {"CUASO_SOAK_KILLS": str(rounds)}
        return _pytest("tests/faults/test_kill.py", told=told)
    say(f"• Thử ngẫu nhiên, {given.examples} ví dụ mỗi thuộc tính; dừng bằng Ctrl-C …")
    told = {"CUASO_SOAK_EXAMPLES": str(given.examples)}
    kinds = [given.paths] if given.paths else [(*WITH_EMPTY_TABLES, *NOT_FURNISHED), FURNISHED]
    return max([_pytest("-m", "hypothesis", *words, told=told) for words in kinds])


def _pytest(*words: str, told: Mapping[str, str]) -> int:
    with trial.house({**os.environ, **told}) as ready:
        command = [sys.executable, "-m", "pytest", "--timeout=0", "--durations=15", *words]
        return subprocess.run(command, cwd=places.ROOT, env=ready, check=False).returncode  # noqa: S603
