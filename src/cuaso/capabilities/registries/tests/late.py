"""Writes from several connections at once while a program follows the feed.

Run with DATABASE_URL naming a database that may be spoiled; prints what the program met as JSON.
"""

import json
import threading
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 Django is set up first

from cuaso.capabilities.registries import api as registries  # noqa: E402
from cuaso.capabilities.registries.contracts import FeedPage  # noqa: E402
from cuaso.capabilities.registries.tests import conftest as given  # noqa: E402
from cuaso.capabilities.registries.tests.beside import uncommitted  # noqa: E402
from cuaso.declarations import packs  # noqa: E402
from cuaso.foundation.dictionary import api as dictionary  # noqa: E402
from cuaso.foundation.directory import api as directory  # noqa: E402
from cuaso.kernel import clock  # noqa: E402
from cuaso.kernel.actors import Actor  # noqa: E402

KEY = "harbour/vessel"
names: dict[str, str] = {}


def furnish() -> None:
    directory.install_folder(given.DATA, demonstration=True)
    dictionary.install_folder(given.HERE / "harbour" / "codes")
    pack = packs.load(given.HERE / "harbour")
    registries.install("harbour", dict(pack.registries), actor=given.INSTALLER)


def vessel(number: int, **more: str) -> dict[str, Any]:
    return {**given.VESSEL, "number": f"BĐ-{number:05}-TS", **more}


def add(actor: Actor, number: int) -> None:
    made = registries.add(registry=KEY, values=vessel(number), actor=actor)
    names[str(made.id)] = str(number)


def told(page: FeedPage) -> list[list[str]]:
    return [
        [one.act, *(f"{names[str(each.id)]} {each.state}" for each in one.records)]
        for one in page.changes
    ]


def follow(actor: Actor) -> dict[str, Any]:
    """Meet a late commit: nothing behind it is told before it is."""
    add(actor, 1)
    with uncommitted(lambda: add(actor, 2)):
        add(actor, 3)
        first = registries.feed(registry=KEY, actor=actor)
    second = registries.feed(registry=KEY, actor=actor, since=first.next)
    third = registries.feed(registry=KEY, actor=actor, since=second.next)
    return {"first": told(first), "second": told(second), "third": told(third), "at": third.next}


def portions(actor: Actor, since: str) -> list[list[list[str]]]:
    """Read one change of five records by pages of two."""
    done = registries.add_many(
        registry=KEY, records=[vessel(number) for number in range(11, 16)], actor=actor
    )
    for number, line in enumerate(done.lines, 11):
        names[str(line.id)] = str(number)
    pages = []
    page = registries.feed(registry=KEY, actor=actor, since=since, size=2)
    while page.changes:
        pages.append(told(page))
        page = registries.feed(registry=KEY, actor=actor, since=page.next, size=2)
    return pages


def leaving(department: Actor, commune: Actor) -> list[list[str]]:
    """Let a vessel move to another commune, whose committee keeps it from then on."""
    before = registries.feed(registry=KEY, actor=commune, size=500).next
    id = next(id for id, number in names.items() if number == "1")
    registries.amend(registry=KEY, id=id, values={"commune": "21952"}, actor=department)  # type: ignore[arg-type]
    return told(registries.feed(registry=KEY, actor=commune, since=before))


def repeated(actor: Actor) -> list[object]:
    """Send one request twice at the same time under one key."""
    answers: list[tuple[dict[str, Any], bool]] = []

    def make() -> dict[str, Any]:
        view = registries.add(registry=KEY, values=vessel(21), actor=actor)
        return {"id": view.id}

    def send() -> None:
        with clock.at(given.MOMENT):
            answers.append(
                registries.once(registry=KEY, key="k", sent={"a": 1}, actor=actor, make=make)
            )
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [len({one["id"] for one, _ in answers}), sorted(again for _, again in answers)]


def main() -> None:
    with clock.at(given.MOMENT):
        furnish()
        department = given.official("so-nong-nghiep-va-moi-truong-gia-lai", "handler")
        commune = given.official("ubnd-21583", "handler")
        found = follow(department)
        found["portions"] = portions(department, found.pop("at"))
        found["left"] = leaving(department, commune)
        found["repeated"] = repeated(department)
    print(json.dumps(found))  # noqa: T201 what the caller reads


if __name__ == "__main__":
    main()
