"""`./cuaso packs check [FOLDER…]`: parse, shape, references, examples."""

import argparse
from pathlib import Path

from cuaso.declarations.packs import check_command
from cuaso.wiring import places
from cuaso.wiring.words import say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=["check"])
    parser.add_argument("paths", nargs="*", type=Path, help="thư mục gói; mặc định: mọi gói")


def run(given: argparse.Namespace) -> int:
    code, text = check_command(given.paths or [places.packs()])
    say(text)
    return code
