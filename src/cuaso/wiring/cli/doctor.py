"""`./cuaso doctor`: what is wrong and what to do."""

import argparse
import json
from collections import Counter
from dataclasses import asdict

from cuaso.oversight.operations.api import diagnose
from cuaso.oversight.operations.contracts import Check
from cuaso.wiring.words import say

SIGNS = {"ok": "✓", "warn": "!", "fail": "✗"}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")


def run(given: argparse.Namespace) -> int:
    """Print every check; the exit code is 1 when one failed."""
    checks = diagnose()
    if given.json:
        say(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=2))
    else:
        _print(checks)
    return int(any(check.state == "fail" for check in checks))


def _print(checks: tuple[Check, ...]) -> None:
    for check in checks:
        say(f"{SIGNS[check.state]} {check.name:<14} {check.say}")
        if check.mend:
            say(f"  {'':<14} → {check.mend}")
    count = Counter(check.state for check in checks)
    say(f"{count['ok']} tốt, {count['warn']} cần chú ý, {count['fail']} hỏng.")
