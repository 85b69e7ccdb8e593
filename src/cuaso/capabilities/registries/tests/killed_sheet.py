"""Brings a sheet in in a process of its own that is killed (-9) at its n-th step, again and again.

Run with DATABASE_URL naming a database that may be spoiled; prints what it found as JSON.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection, connections  # noqa: E402 Django is set up first

from cuaso.capabilities.registries import api as registries  # noqa: E402
from cuaso.capabilities.registries.contracts import SheetReport  # noqa: E402
from cuaso.capabilities.registries.logic.exchanging.writing import copying  # noqa: E402
from cuaso.capabilities.registries.tests import conftest as given  # noqa: E402
from cuaso.capabilities.registries.tests.test_sheets import KEY, count, long_sheet  # noqa: E402
from cuaso.declarations import packs  # noqa: E402
from cuaso.foundation.dictionary import api as dictionary  # noqa: E402
from cuaso.foundation.directory import api as directory  # noqa: E402
from cuaso.kernel import clock  # noqa: E402
from cuaso.kernel.actors import Actor  # noqa: E402

DEPARTMENT = "so-nong-nghiep-va-moi-truong-gia-lai"
ROWS = 4_500


def furnish() -> Actor:
    """Install the harbour; return an officer who may bring sheets in."""
    directory.install_folder(given.DATA, demonstration=True)
    dictionary.install_folder(given.HERE / "harbour" / "codes")
    pack = packs.load(given.HERE / "harbour")
    registries.install("harbour", dict(pack.registries), actor=given.INSTALLER)
    return given.official(DEPARTMENT, "handler")


def killed_at(number: int, report: SheetReport, officer: Actor) -> bool:
    """Bring the sheet in in a child that dies at its n-th statement or portion of rows."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        dies = _dies_at(number)
        copying.copy_in = _dying(copying.copy_in, dies)
        with connection.execute_wrapper(lambda run, *rest: _dying(run, dies)(*rest)):
            registries.apply_sheet(batch_id=report.id, actor=officer)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _dies_at(number: int) -> Callable[[], None]:
    step = 0

    def dies() -> None:
        nonlocal step
        step += 1
        if step == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return dies


def _dying(act: Callable[..., Any], dies: Callable[[], None]) -> Callable[..., Any]:
    def run(*given_: Any, **named: Any) -> Any:
        dies()
        return act(*given_, **named)

    return run


def look(report: SheetReport, officer: Actor) -> list[object]:
    """Return what the next start finds: records, changes, and what the sheet says of itself."""
    state = registries.sheet(batch_id=report.id, actor=officer).state
    return [count("r_harbour_vessel"), count("registries_change"), state]


def main(step: int) -> None:
    with clock.at(given.MOMENT):
        officer = furnish()
        file = long_sheet(ROWS, wrong_every=ROWS + 1)
        report = registries.read_sheet(registry=KEY, file=file, file_name="tau.csv", actor=officer)
        met, number = [look(report, officer)], 2
        while killed_at(number, report, officer):
            met.append(look(report, officer))
            number += step
        met.append(look(report, officer))
    print(json.dumps(met))  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]))
