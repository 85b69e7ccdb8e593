"""Which law keeps what; dated data beside this engine, read once a day."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from pydantic import Field

from cuaso.declarations.reading import read
from cuaso.declarations.shape import Declaration
from cuaso.kernel import clock
from cuaso.services.accounts.contracts import Kept

FILE: Final = Path(__file__).resolve().parents[1] / "retention.yaml"


class Rule(Declaration):
    """One kind of data that law keeps, from a day on."""

    id: str
    what: str
    where: str
    reason: str
    term: str
    source: str
    begins: date = Field(alias="from")
    unverified: bool = False


def kept(id: str, *, count: int) -> Kept:
    """Return what stays of one kind, by the rule that holds today; KeyError for an unknown one."""
    rule = _rules(clock.today())[id]
    return Kept(
        what=rule.what,
        count=count,
        where=rule.where,
        reason=rule.reason,
        source=rule.source,
        term=rule.term,
        unverified=rule.unverified,
    )


@lru_cache(maxsize=4)
def _rules(day: date) -> dict[str, Rule]:
    """Return the rules of a day by id: of several the one that began last."""
    rules = sorted(read(FILE, list[Rule]), key=lambda rule: rule.begins)
    return {rule.id: rule for rule in rules if rule.begins <= day}
