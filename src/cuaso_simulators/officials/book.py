"""What the database knows of officials: kept over restarts, each change in whole or not at all."""

import hashlib
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Refused(Exception):
    """Not taken; `status` as HTTP has it."""

    def __init__(self, status: int, why: str, **told: object) -> None:
        super().__init__(why)
        self.status = status
        self.body = {"error": why, **told}


def sha256_of(fields: Mapping[str, str]) -> str:
    """Return the hash of an official's fields, in the order of their names."""
    told = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


class Book:
    """`folder/officials.json`: officials by their number, with every receipt that was given."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "officials.json"
        self._lock = threading.RLock()
        self._officials: dict[str, dict[str, Any]] = (
            json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {}
        )

    def take(self, code: str, *, key: str, told: Mapping[str, Any]) -> dict[str, Any]:
        """Take an official once per key; refuse a version that is not later than the last, and one
        that would write over what the province has not seen: `based_on` is the hash it knows.
        """
        with self._lock:
            known = self._officials.get(code)
            version, fields = int(told["version"]), _texts(told["fields"])
            if known is not None and key in known["receipts"]:
                return dict(known["receipts"][key])
            if known is not None and version <= known["version"]:
                raise Refused(409, "a later version is here", version=known["version"])
            self._require_seen(known, fields, str(told["based_on"]))
            if not told.get("withdrawn") and not fields.get("person.full_name"):
                raise Refused(422, "person.full_name is wanted")
            receipt = {
                "number": f"BN-{code}-{version}",
                "code": code,
                "version": version,
                "sha256": sha256_of(fields),
            }
            receipts = {**(known["receipts"] if known else {}), key: receipt}
            self._officials[code] = {
                "code": code,
                "version": version,
                "fields": fields,
                "withdrawn": bool(told.get("withdrawn")),
                "receipts": receipts,
            }
            self._save()
            return dict(receipt)

    def official(self, code: str) -> dict[str, Any]:
        with self._lock:
            if code not in self._officials:
                raise Refused(404, "no such official")
            return {name: one for name, one in self._officials[code].items() if name != "receipts"}

    def standing(self) -> list[dict[str, Any]]:
        """Return every official who was not withdrawn, by number."""
        with self._lock:
            codes = [code for code, one in self._officials.items() if not one["withdrawn"]]
            return [self.official(code) for code in sorted(codes)]

    def edit(self, code: str, fields: Mapping[str, str]) -> None:
        """Let the ministry change fields; an official whom it did not know is entered."""
        with self._lock:
            fresh = {"code": code, "version": 0, "fields": {}, "withdrawn": False, "receipts": {}}
            one = self._officials.setdefault(code, fresh)
            one["fields"] = {**one["fields"], **_texts(fields)}
            self._save()

    def forget(self, code: str) -> None:
        """Lose one official, all of them for no number."""
        with self._lock:
            if code:
                self._officials.pop(code, None)
            else:
                self._officials.clear()
            self._save()

    def _require_seen(
        self, known: Mapping[str, Any] | None, fields: Mapping[str, str], based_on: str
    ) -> None:
        here = sha256_of(known["fields"]) if known is not None else ""
        if here not in {based_on, sha256_of(fields)}:
            version = known["version"] if known is not None else 0
            raise Refused(409, "it was changed here", version=version, sha256=here)

    def _save(self) -> None:
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(self._officials, ensure_ascii=False), encoding="utf-8")
        beside.replace(self._path)


def _texts(fields: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(value) for name, value in fields.items()}
