"""Stands for the national business registration database: invented businesses and who represents
them.
"""

import csv
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Business:
    """One business; `representatives` are the personal numbers of its legal representatives."""

    tax_code: str
    name: str
    address: str
    status: str
    representatives: tuple[str, ...]
    invented: bool = True

    def facts(self) -> dict[str, object]:
        return asdict(self)


def businesses(people_csv: Path | None) -> dict[str, Business]:
    """Return the businesses of a pack's people.csv by tax code, with its ties of today."""
    if people_csv is None or not people_csv.exists():
        return {}
    rows = {row["key"]: row for row in _rows(people_csv)}
    ties = [one for one in _rows(people_csv.with_name("ties.csv")) if _stands(one)]
    return {
        row["tax_code"]: Business(
            tax_code=row["tax_code"],
            name=row["name"],
            address=row["address"],
            status="active",
            representatives=tuple(
                rows[one["person_key"]]["personal_number"]
                for one in ties
                if one["other_key"] == key
            ),
        )
        for key, row in rows.items()
        if row["kind"] == "business" and row["tax_code"]
    }


def represented_by(number: str, known: Mapping[str, Business]) -> list[dict[str, object]]:
    return [one.facts() for one in known.values() if number in one.representatives]


def _stands(tie: Mapping[str, str]) -> bool:
    return tie["kind"] == "representative" and not tie.get("to")


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{name: value or "" for name, value in row.items()} for row in csv.DictReader(file)]
