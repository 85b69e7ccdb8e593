"""Gives personal numbers to the new-born, once per request key, kept over restarts."""

import json
import os
import secrets
import threading
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from cuaso_simulators.population.people import BINH_DINH, personal_number

FACTS = ("name", "birth_date", "sex")


class Conflict(Exception):
    """The same key came with another child."""


class Registrar:
    """`folder/numbers.jsonl` holds a line a number: a killed process loses none it answered."""

    def __init__(self, *, folder: Path, taken: set[str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "numbers.jsonl"
        self._lock = threading.Lock()
        self._given = {line["key"]: line for line in self._lines()}
        self._taken = taken | {line["personal_number"] for line in self._given.values()}

    def number_for(self, *, key: str, child: Mapping[str, Any]) -> str:
        """Return the child's number; raise ValueError for unfit facts, Conflict for a used key."""
        facts = {name: str(child.get(name, "")) for name in FACTS}
        born = date.fromisoformat(facts["birth_date"])
        if facts["sex"] not in ("male", "female") or not facts["name"]:
            message = "name and sex (male or female) are wanted"
            raise ValueError(message)
        with self._lock:
            if key in self._given:
                return self._again(key, facts)
            place = str(child.get("place_code") or BINH_DINH)[:3].rjust(3, "0")
            number = self._fresh(place=place, born=born, sex=facts["sex"])
            self._keep({"key": key, "personal_number": number, **facts})
            return number

    def children(self) -> tuple[Mapping[str, str], ...]:
        with self._lock:
            return tuple(self._given.values())

    def _again(self, key: str, facts: Mapping[str, str]) -> str:
        line = self._given[key]
        if any(line[name] != facts[name] for name in FACTS):
            raise Conflict
        return line["personal_number"]

    def _fresh(self, *, place: str, born: date, sex: str) -> str:
        while True:
            serial = 500_000 + secrets.randbelow(500_000)
            number = personal_number(place=place, birth_date=born, sex=sex, serial=serial)
            if number not in self._taken:
                return number

    def _keep(self, line: dict[str, str]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._given[line["key"]] = line
        self._taken.add(line["personal_number"])

    def _lines(self) -> Iterator[dict[str, str]]:
        """Yield whole lines; the last may be torn by a kill and was then never answered."""
        if not self._path.exists():
            return
        for text in self._path.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(text)
            except ValueError:
                continue
