"""Brings records to a formula in a process that is killed (-9) at its n-th statement, again and
again; then beside an officer who edits one of them.

Run with DATABASE_URL naming a database that may be spoiled; prints what it found as JSON.
"""

import json
import os
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import connection, connections  # noqa: E402 Django is set up first

from cuaso.capabilities.registries import api as registries  # noqa: E402
from cuaso.capabilities.registries.models import Change  # noqa: E402
from cuaso.capabilities.registries.tests import conftest as given  # noqa: E402
from cuaso.capabilities.registries.tests.beside import uncommitted  # noqa: E402
from cuaso.capabilities.registries.tests.killed import DEPARTMENT, KEY, dies_at  # noqa: E402
from cuaso.declarations import packs  # noqa: E402
from cuaso.declarations.registries import Registry  # noqa: E402
from cuaso.foundation.dictionary import api as dictionary  # noqa: E402
from cuaso.foundation.directory import api as directory  # noqa: E402
from cuaso.kernel import clock  # noqa: E402
from cuaso.kernel.actors import Actor  # noqa: E402

VESSELS, PORTION = 5, 2


def furnish() -> tuple[Registry, Actor, list[UUID]]:
    directory.install_folder(given.DATA, demonstration=True)
    dictionary.install_folder(given.HERE / "harbour" / "codes")
    vessel = packs.load(given.HERE / "harbour").registries["vessel"]
    registries.install("harbour", {"vessel": vessel}, actor=given.INSTALLER)
    officer = given.official(DEPARTMENT, "handler", "admin", "leader")
    every = [
        {**given.VESSEL, "number": f"BĐ-{number:05}-TS", "name": "A" * number}
        for number in range(1, VESSELS + 1)
    ]
    ids = [registries.add(registry=KEY, values=one, actor=officer).id for one in every]
    return vessel, officer, ids


def publish(vessel: Registry, formula: str) -> None:
    declared = vessel.dump()
    declared["fields"]["letters"] = {
        "title": "Số chữ", "type": "computed", "as": "integer", "is": formula,
    }  # fmt: skip
    registries.install("harbour", {"vessel": Registry.load(declared)}, actor=given.INSTALLER)


def killed_at(number: int) -> bool:
    """Let a worker go on in a child that dies at its n-th statement; say whether it died."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        with connection.execute_wrapper(dies_at(number)):
            finish()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def finish() -> None:
    while registries.recompute_due(actor=given.INSTALLER, size=PORTION):
        pass


def look(actor: Actor, ids: list[UUID]) -> list[list[object]]:
    """Return of each record its value, and how many changes of what kind its history tells."""
    found: list[list[object]] = []
    for id in ids:
        told = registries.history(registry=KEY, id=id, actor=actor)
        made = [line.act for line in told].count("recomputed")
        seen = registries.record(registry=KEY, id=id, actor=actor)
        found.append([seen.values["letters"], made, seen.revision])
    return found


def edit(actor: Actor, id: UUID, name: str) -> None:
    registries.amend(registry=KEY, id=id, values={"name": name}, actor=actor)


def kills(vessel: Registry, actor: Actor, ids: list[UUID]) -> dict[str, Any]:
    publish(vessel, "size(name)")
    met, number = [], 1
    while killed_at(number):
        met.append(look(actor, ids))
        number += 1
    told = Change.objects.filter(act="recomputed").order_by("tx").values_list("records", flat=True)
    return {"met": met, "after": look(actor, ids), "told": list(told)}


def edits(vessel: Registry, actor: Actor, ids: list[UUID]) -> dict[str, Any]:
    publish(vessel, "size(name) * 10")
    with uncommitted(lambda: edit(actor, ids[1], "Bien")):
        waited = registries.recompute_due(actor=given.INSTALLER, size=PORTION)
        during = look(actor, ids)
    finish()
    return {"waited": waited, "during": during, "edited": look(actor, ids)}


def main() -> None:
    with clock.at(given.MOMENT):
        made = furnish()
        found = kills(*made) | edits(*made)
    print(json.dumps(found))  # noqa: T201 what the caller reads


if __name__ == "__main__":
    main()
