"""The data plan of a day, computed from duties, holdings and what registries say they hold."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.dictionary.contracts import Code
from cuaso.kernel import clock
from cuaso.services.planning.contracts import (
    Duplicate,
    Holder,
    Plan,
    PlanLine,
    SectorPlan,
    Totals,
)
from cuaso.services.planning.models import Holding, Obligation, valid_on

SECTORS = "sector"
REGISTRY = "registry"


def plan(*, sector: str = "", on: date | None = None) -> Plan:
    """Return the plan of the province, or of one sector, as of a day (today).

    A registry holds an element when one of its fields says so to the dictionary; it counts as
    the source only if the plan names it so. Duplicates are those that touch the sector asked.
    """
    day = on or clock.today()
    holders = _holders(day)
    titles = {one.key: one.title for one in dictionary.elements()}
    lines = _lines(day, holders, titles)
    sectors = tuple(
        _sector(code, [line for line in lines if line.sector == code.code])
        for code in dictionary.codes(SECTORS, day)
        if not sector or code.code == sector
    )
    shown = [line for one in sectors for line in one.lines]
    return Plan(
        on=day,
        sectors=sectors,
        duplicates=_duplicates(holders, titles, sector=sector),
        totals=sum((one.totals for one in sectors), Totals()),
        by_year=tuple(
            (year, _totals(line for line in shown if line.year == year))
            for year in sorted({line.year for line in shown})
        ),
    )


def _sector(code: Code, lines: list[PlanLine]) -> SectorPlan:
    return SectorPlan(
        sector=code.code,
        title=code.label,
        title_en=code.label_en,
        lines=tuple(lines),
        totals=_totals(lines),
    )


def _holders(day: date) -> dict[str, list[Holder]]:
    found: dict[str, list[Holder]] = defaultdict(list)
    for row in Holding.objects.filter(valid_on(day)).order_by("system", "role"):
        holder = Holder(
            system=row.system,
            title=row.title,
            sector=row.sector,
            role=row.role,
            shared=row.shared,
            published=row.published,
            known_by="plan",
        )
        for key in row.elements:
            found[key].append(holder)
    for use in dictionary.uses():
        known = {one.system for one in found[use.element_key]}
        if use.kind == REGISTRY and use.element_key and use.system not in known:
            found[use.element_key].append(_registry(use.system, use.system_title))
    return found


def _registry(system: str, title: str) -> Holder:
    return Holder(
        system=system,
        title=title,
        sector="",
        role="copy",
        shared=False,
        published=False,
        known_by="registry",
    )


def _lines(
    day: date, holders: Mapping[str, list[Holder]], titles: Mapping[str, str]
) -> list[PlanLine]:
    return [
        PlanLine(
            obligation_id=row.id,
            obligation=row.title,
            sector=row.sector,
            element_key=key,
            element=titles.get(key, key),
            steward=row.steward,
            year=row.year,
            source=row.source,
            unverified=row.unverified,
            holders=tuple(holders.get(key, ())),
            late=not holders.get(key) and row.year < day.year,
        )
        for row in Obligation.objects.filter(valid_on(day)).order_by("year", "title")
        for key in row.elements
    ]


def _totals(lines: Iterable[PlanLine]) -> Totals:
    return sum((_one(line) for line in lines), Totals())


def _one(line: PlanLine) -> Totals:
    return Totals(
        must=1,
        held=int(line.state == "held"),
        copied=int(line.state == "copied"),
        missing=int(line.state == "missing"),
        late=int(line.late),
        shared=int(line.shared),
        published=int(line.published),
    )


def _duplicates(
    holders: Mapping[str, list[Holder]], titles: Mapping[str, str], *, sector: str
) -> tuple[Duplicate, ...]:
    found = []
    for key, everybody in sorted(holders.items()):
        sources = tuple(one for one in everybody if one.role == "source")
        touched = not sector or any(one.sector == sector for one in sources)
        if len(sources) > 1 and touched:
            named = ", ".join(f"“{one.title}”" for one in sources)
            title = titles.get(key, key)
            say = (
                f"“{title}” có {len(sources)} nơi cùng nhận là nguồn gốc: {named}. "
                "Cần chọn một nguồn, các nơi khác dùng lại."
            )
            found.append(Duplicate(element_key=key, element=title, sources=sources, say=say))
    return tuple(found)
