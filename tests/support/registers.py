"""Registers of the departments: who works on them, and records entered as a form enters them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Filter, ListQuery, RecordView
from cuaso.capabilities.registries.logic.exchanging.kept import KeptLists
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.declarations.fields import InventedRecords
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.api import HouseLists
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid

Rows = tuple[Mapping[str, str], ...]
# Answers whose names Python keeps for itself, or that are left empty.
_PROVINCIAL: dict[str, Any] = {"class": "provincial"}
_NOTHING: dict[str, Any] = dict.fromkeys(("parent", "commune", "position", "autonomy"), "")


@cache
def invented(key: str, seed: int) -> Mapping[str, str | list[str]]:
    """Return answers that the register's form accepts; references are left out."""
    built = sets.built(key)
    here = values.context(built)
    trying = replace(here, lists=_lists(), records=InventedRecords())
    form = built.declared.form
    return {
        path: text
        for path, text in form.sample(trying, seed=seed).items()
        if (one := form.field_at(".".join(p for p in path.split(".") if not p.isdecimal()))) is None
        or one.type not in ("reference", "file")
    }


@cache
def _lists() -> KeptLists:
    """Return the house's lists, each read once for all tests."""
    return KeptLists(HouseLists())


def holder(agency: str, role: str) -> Actor:
    """Return who holds a role in an agency of the province."""
    found = directory.agency_by_key(agency)
    return directory.actor_for_post(directory.holders(found.id, role)[0].post.id)


def entered(
    key: str,
    actor: Actor,
    *,
    seed: int = 1,
    rows: Mapping[str, Rows] | None = None,
    **said: str | list[str],
) -> RecordView:
    """Enter a record: invented answers, those of `said` in their place, groups as in `rows`.

    An empty text leaves a field out; a part is written `residence__commune`.
    """
    given = rows or {}
    texts: dict[str, str | list[str]] = {
        path: text
        for path, text in invented(key, seed).items()
        if path.partition(".")[0] not in given
    }
    texts |= {f"record.{name.replace('__', '.')}": text for name, text in said.items()}
    for group, lines in given.items():
        for number, line in enumerate(lines):
            texts |= {f"{group}.{number}.{name}": text for name, text in line.items()}
    try:
        return registries.add(registry=key, values=texts, actor=actor)
    except Invalid as refusal:
        refusal.add_note(str(refusal.problems))
        raise


def moved(
    record: RecordView, to: str, actor: Actor, *, reason: str = "", **said: str
) -> RecordView:
    """Take a step of status."""
    return registries.move(
        registry=record.registry, id=record.id, to=to, actor=actor, values=said, reason=reason
    )


def listed(key: str, actor: Actor, name: str = "default", **asked: str) -> list[tuple[str, ...]]:
    """Return the texts of a declared list, narrowed to the values asked for."""
    narrowed = tuple(Filter(path=path, how="is", values=(value,)) for path, value in asked.items())
    query = ListQuery(list=name, filters=narrowed)
    page = registries.list_records(registry=key, query=query, actor=actor)
    return [tuple(cell.text for cell in row.cells) for row in page.rows]


def told(record: RecordView, actor: Actor) -> list[str]:
    """Return the names of the notices that hold for a record."""
    found = registries.notices_of(registry=record.registry, ids=[record.id], actor=actor)
    return [one.name for one in found.get(record.id, ())]


def counted(key: str, actor: Actor, name: str) -> dict[str, tuple[str, ...]]:
    """Return a declared figure: the cells of each line by its label."""
    found = registries.figure(registry=key, name=name, actor=actor)
    return {label: tuple(cell.text for cell in cells) for label, cells in found.lines}


def home_affairs_on_record(officer: Actor) -> str:
    """Enter the department of home affairs in the register of organisations; return its code."""
    code = directory.agency_by_key("so-noi-vu-gia-lai").code
    entered(
        "home-affairs/organisation",
        officer,
        code=code,
        name="Sở Nội vụ tỉnh Gia Lai",
        kind="department",
        rows={"functions": (), "old_names": ()},
        **_NOTHING,
        founded_on="01/07/2025",
        own_seal="no",
        own_account="no",
        deputies="2",
        sector="general",
        address__commune="21583",
        address__street="12 Trần Phú",
    )
    return code


def road_of_twenty_kilometres(officer: Actor) -> RecordView:
    """Enter a provincial road, drawn as 0.2 degrees of longitude on one parallel."""
    return entered(
        "transport/road",
        officer,
        code="DB-00638",
        number="ĐT.638",
        name="Đường tỉnh minh hoạ",
        **_PROVINCIAL,
        manager="department",
        start_km="Km5+000",
        end_km="Km25+000",
        in_province="20",
        opened="2004",
        track="13,8; 108,9\n13,8; 109,1",
        rows={"passes": ({"commune": "21583", "from_km": "Km5+000", "to_km": "Km9+400"},)},
    )


def bridge_on_a_road(
    officer: Actor, *, last_checked: str, next_check: str
) -> tuple[RecordView, RecordView]:
    """Enter a road of twenty kilometres and a bridge in its middle; return both."""
    road = road_of_twenty_kilometres(officer)
    bridge = entered(
        "transport/bridge",
        officer,
        code="CA-00001",
        name="Cầu Minh Hoạ",
        road="DB-00638",
        km="Km15+000",
        commune="21583",
        width="12,0",
        roadway="11,0",
        built="2010",
        load_limit="30",
        clearance="4",
        last_checked=last_checked,
        next_check=next_check,
        waterway="no",
        grade="good",
        at="",
    )
    return road, bridge
