"""`./cuaso soak`: the same property tests with far more examples."""

import argparse
import os
import subprocess
import sys

from cuaso.wiring import places, trial
from cuaso.wiring.words import say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--examples", type=int, default=5000, help="số ví dụ mỗi thuộc tính")
    parser.add_argument("paths", nargs="*", help="chỉ những thư mục hoặc tệp này")


def run(given: argparse.Namespace) -> int:
    """Run the tests that hypothesis drives, with the profile `soak` of the root conftest."""
    surroundings = {**os.environ, "CUASO_SOAK_EXAMPLES": str(given.examples)}
    say(f"• Thử ngẫu nhiên, {given.examples} ví dụ mỗi thuộc tính; dừng bằng Ctrl-C …")
    with trial.house(surroundings) as ready:
        words = ["-m", "pytest", "-m", "hypothesis", "--timeout=0", "--durations=15", *given.paths]
        command = [sys.executable, *words]
        return subprocess.run(command, cwd=places.ROOT, env=ready, check=False).returncode  # noqa: S603
