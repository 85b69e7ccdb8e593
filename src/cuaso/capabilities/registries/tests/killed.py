"""Publishes in a process of its own that is killed (-9) at its n-th statement, again and again.

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
from cuaso.capabilities.registries.contracts import Edit  # noqa: E402
from cuaso.capabilities.registries.models import Version  # noqa: E402
from cuaso.capabilities.registries.tests import conftest as given  # noqa: E402
from cuaso.declarations import packs  # noqa: E402
from cuaso.foundation.dictionary import api as dictionary  # noqa: E402
from cuaso.foundation.directory import api as directory  # noqa: E402
from cuaso.kernel import clock  # noqa: E402

KEY = "harbour/vessel"
DEPARTMENT = "so-nong-nghiep-va-moi-truong-gia-lai"


def furnish() -> dict[str, Any]:
    """Install the harbour with two vessels, and approve a version that adds a field and a key, and
    gives another field numbers in the place of words.
    """
    directory.install_folder(given.DATA, demonstration=True)
    dictionary.install_folder(given.HERE / "harbour" / "codes")
    pack = packs.load(given.HERE / "harbour")
    registries.install("harbour", dict(pack.registries), actor=given.INSTALLER)
    officer = given.official(DEPARTMENT, "handler", "admin", "leader")
    made = registries.add(registry=KEY, values=given.VESSEL, actor=officer)
    watched = {**given.VESSEL, "number": "BĐ-00002-TS", "length": "16", "vms": "không rõ"}
    other = registries.add(registry=KEY, values=watched, actor=officer)
    draft = registries.begin_design(registry=KEY, actor=officer)
    for edit in (
        Edit(what="field", given={"name": "engine", "title": "Máy", "required": "no"}),
        Edit(what="field", name="number", given={"unique": "yes"}),
        Edit(what="words", given={"key": "number, gear", "search": "name"}),
        Edit(what="field", name="vms", given={"type": "integer"}),
    ):
        draft = registries.edit_design(id=draft.card.id, edit=edit, seen=draft.seen, actor=officer)
    registries.replace_values(
        id=draft.card.id, path="vms", values={"không rõ": "7"}, seen=draft.seen, actor=officer
    )
    Version.objects.filter(pk=draft.card.id).update(state=Version.State.APPROVED)
    return {"id": made.id, "other": other.id, "actor": officer}


def killed_at(number: int) -> bool:
    """Publish in a child that dies at its n-th statement; say whether it died."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        with connection.execute_wrapper(dies_at(number)):
            registries.publish_due(actor=given.INSTALLER)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def dies_at(number: int) -> Callable[..., Any]:
    count = 0

    def run(execute: Callable[..., Any], *rest: Any) -> Any:
        nonlocal count
        count += 1
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*rest)

    return run


def look(made: dict[str, Any]) -> dict[str, Any]:
    """Return what an officer meets: the version, the vessel, that it can be changed."""
    card = registries.registry(key=KEY, actor=made["actor"])
    seen = registries.record(registry=KEY, id=made["id"], actor=made["actor"])
    changed = registries.amend(
        registry=KEY,
        id=made["id"],
        values={"name": f"Hải Âu {seen.revision}"},
        revision=seen.revision,
        actor=made["actor"],
    )
    other = registries.record(registry=KEY, id=made["other"], actor=made["actor"])
    lines = registries.history(registry=KEY, id=made["other"], actor=made["actor"])
    past = registries.history(registry=KEY, id=made["id"], actor=made["actor"])
    return {
        "version": card.version,
        "record": seen.version,
        "grew": changed.revision - seen.revision,
        "history": len(past) - changed.revision,
        "turned": [other.values["vms"], *(line.act for line in lines)],
    }


def main(step: int) -> None:
    with clock.at(given.MOMENT):
        made = furnish()
        met, number = [], 1
        while killed_at(number):
            met.append(look(made))
            number += step
        met.append(look(made))
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) filter (where not indisvalid), count(*) filter (where indisunique)"
                " from pg_index where indrelid = 'r_harbour_vessel'::regclass"
            )
            broken, unique = cursor.fetchone()
    print(json.dumps({"met": met, "broken": broken, "unique": unique}))  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]))
