"""A province's data plan as packs declare it: duties, what is held, and applications.

`planning/obligations.csv`: data that the law obliges to hold. `planning/holdings.csv`: which
registry or system holds what. `planning/applications.csv`: the register of applications.
Lists inside a cell stand with spaces between.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from cuaso.declarations.trouble import BadDeclaration, DeclarationError, suggestion
from cuaso.kernel import tables
from cuaso.kernel.errors import Invalid

FOLDER: Final = "planning"
HOLDS_AS: Final = ("source", "copy")
STATES: Final = ("proposed", "approved", "building", "running", "retired")
LEVELS: Final = range(1, 6)


@dataclass(frozen=True)
class ObligationLine:
    """Data that the law obliges a sector to hold, by when (`year`), and who answers for it."""

    key: str
    sector: str
    title: str
    elements: frozenset[str]
    steward: str
    year: int
    source: str
    from_: date | None
    to: date | None
    unverified: bool


@dataclass(frozen=True)
class HoldingLine:
    """What one system holds: as the source, or as a copy of another's."""

    system: str
    title: str
    sector: str
    elements: frozenset[str]
    role: str
    steward: str
    shared: bool
    published: bool
    from_: date | None
    to: date | None
    unverified: bool


@dataclass(frozen=True)
class ApplicationLine:
    """An application of an agency: what for, with which data, at what cost, until when."""

    key: str
    title: str
    purpose: str
    agency: str
    state: str
    elements: frozenset[str]
    interfaces: frozenset[str]
    level: int
    cost_vnd: int
    contract: str
    from_: date | None
    to: date | None
    unverified: bool


PlanLine = ObligationLine | HoldingLine | ApplicationLine


@dataclass(frozen=True, kw_only=True)
class PlanFile:
    """What the folder `planning` of a pack declares."""

    folder: Path
    obligations: tuple[ObligationLine, ...] = ()
    holdings: tuple[HoldingLine, ...] = ()
    applications: tuple[ApplicationLine, ...] = ()

    @property
    def unverified(self) -> int:
        rows: tuple[PlanLine, ...] = (*self.obligations, *self.holdings, *self.applications)
        return sum(row.unverified for row in rows)


def read_plan(folder: Path) -> PlanFile:
    """Read the folder `planning`; raise BadDeclaration with each bad line."""
    errors: list[DeclarationError] = []
    plan = PlanFile(
        folder=folder,
        obligations=_read(folder / "obligations.csv", ObligationLine, errors),
        holdings=_read(folder / "holdings.csv", HoldingLine, errors),
        applications=_read(folder / "applications.csv", ApplicationLine, errors),
    )
    errors += _misshapen(plan)
    if errors:
        raise BadDeclaration(errors)
    return plan


def _read(
    path: Path, row: type[tables.RowT], errors: list[DeclarationError]
) -> tuple[tables.RowT, ...]:
    if not path.is_file():
        return ()
    try:
        return tables.read(path, row)
    except Invalid as refusal:
        for problem in refusal.problems:
            number = int(problem.field.rpartition(":")[2])
            errors.append(DeclarationError(file=path, line=number, what=problem.say))
    return ()


def _misshapen(plan: PlanFile) -> Iterator[DeclarationError]:
    yield from _twice(plan.folder / "obligations.csv", [row.key for row in plan.obligations])
    yield from _twice(plan.folder / "applications.csv", [row.key for row in plan.applications])
    for number, held in enumerate(plan.holdings, start=2):
        if held.role not in HOLDS_AS:
            remedy = suggestion(held.role, HOLDS_AS)
            what = f"Không có vai “{held.role}”."
            yield _error(plan, "holdings", number, what, remedy=remedy)
    for number, one in enumerate(plan.applications, start=2):
        if one.state not in STATES:
            what = f"Không có trạng thái “{one.state}”."
            remedy = suggestion(one.state, STATES)
            yield _error(plan, "applications", number, what, remedy=remedy)
        if one.level not in LEVELS:
            what = f"Cấp độ an toàn {one.level} không có; cấp độ từ 1 đến 5."
            yield _error(plan, "applications", number, what)


def plan_faults(plan: PlanFile, elements: Iterable[str]) -> Iterator[DeclarationError]:
    """Yield elements that no dictionary of the packs has."""
    known = frozenset(elements)
    tables_of: dict[str, tuple[PlanLine, ...]] = {
        "obligations": plan.obligations,
        "holdings": plan.holdings,
        "applications": plan.applications,
    }
    for name, rows in tables_of.items():
        for number, row in enumerate(rows, start=2):
            for key in sorted(row.elements - known):
                what = f"Từ điển không có phần tử “{key}”."
                yield _error(plan, name, number, what, remedy=suggestion(key, known))


def _twice(path: Path, keys: Iterable[str]) -> Iterator[DeclarationError]:
    seen: set[str] = set()
    for number, key in enumerate(keys, start=2):
        if key in seen:
            what = f"Khóa “{key}” bị viết hai lần."
            yield DeclarationError(file=path, line=number, what=what, remedy="Hãy đổi một khóa.")
        seen.add(key)


def _error(
    plan: PlanFile, table: str, line: int, what: str, *, remedy: str = ""
) -> DeclarationError:
    return DeclarationError(file=plan.folder / f"{table}.csv", line=line, what=what, remedy=remedy)
