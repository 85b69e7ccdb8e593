"""`./cuaso install`: packs and demonstration data, each step only when its content changed."""

import argparse
import os
import time
from collections.abc import Iterator

from django.utils.module_loading import import_string

from cuaso.wiring import engines, environment, fingerprints, stamps
from cuaso.wiring.declared import InstallStep
from cuaso.wiring.words import done, step


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--again", action="store_true", help="cài lại cả những gì không đổi")


def run(given: argparse.Namespace) -> int:
    url = os.environ["DATABASE_URL"]
    for each, mark in outstanding(url=url, again=given.again):
        step(each.caption)
        began = time.monotonic()
        import_string(each.call)()
        stamps.mark(url=url, name=each.name, fingerprint=mark)
        done(f"{each.caption}: xong sau {time.monotonic() - began:.1f} giây")
    return 0


def outstanding(*, url: str, again: bool = False) -> Iterator[tuple[InstallStep, str]]:
    """Yield each step whose watched content, or a step before it, changed, with its new mark."""
    known = stamps.marks(url=url)
    production = environment.mode() == "production"
    changed = again
    for each in engines.INSTALL_STEPS:
        if production and each.demo_only:
            continue
        mark = fingerprints.watched(each.watches)
        changed = changed or known.get(each.name) != mark
        if changed:
            yield each, mark
