"""`./cuaso audit verify`: recompute the whole ledger from its rows."""

import argparse

from cuaso.foundation.audit.api import verify
from cuaso.wiring.words import say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=["verify"], metavar="VIỆC", help="verify")


def run(given: argparse.Namespace) -> int:
    """Print the outcome; the exit code is 1 when anything does not fit."""
    del given
    outcome = verify()
    for fault in outcome.faults:
        say(f"✗ [{fault.kind}] {fault.say}")
    say(outcome.say)
    say(f"{outcome.size} mục trong cây, {outcome.waiting} mục đang chờ, gốc {outcome.root}")
    return int(not outcome.ok)
