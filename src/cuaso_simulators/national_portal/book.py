"""What the portal knows of dossiers: kept over restarts, each change in whole or not at all."""

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


class Book:
    """Below `folder`: `dossiers.json`, `fees.json`, `refunds.json` and `files/<sha256>`."""

    def __init__(self, folder: Path) -> None:
        (folder / "files").mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lock = threading.RLock()
        path = folder / "dossiers.json"
        self._dossiers: dict[str, dict[str, Any]] = (
            json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        )
        fees = folder / "fees.json"
        self._fees: dict[str, dict[str, Any]] = (
            json.loads(fees.read_text(encoding="utf-8")) if fees.exists() else {}
        )
        refunds = folder / "refunds.json"
        self._refunds: dict[str, dict[str, Any]] = (
            json.loads(refunds.read_text(encoding="utf-8")) if refunds.exists() else {}
        )
        self.by_hand = False

    def open(
        self,
        code: str,
        *,
        at: str,
        title: str,
        origin: str = "portal",
        submission: Mapping[str, Any] | None = None,
    ) -> None:
        """Enter a dossier as it was submitted; one that is there already stays as it is."""
        with self._lock:
            fresh = {
                "code": code, "title": title, "origin": origin, "status": 1, "version": 0,
                "updated_at": at, "statuses": [], "results": {}, "keys": {},
                "submission": submission,
            }  # fmt: skip
            self._dossiers.setdefault(code, fresh)
            self._save()

    def take_status(self, code: str, *, key: str, told: Mapping[str, Any]) -> dict[str, Any]:
        """Take a status once per key; refuse one that is not later than the last."""
        with self._lock:
            if code not in self._dossiers and told.get("tracking_code") == code:
                self.open(code, at=str(told["at"]), title="", origin="province")
            dossier = self._known(code)
            if key in dossier["keys"]:
                return {"version": dossier["keys"][key]}
            version = int(told["version"])
            if version <= dossier["version"]:
                raise Refused(409, "a later version is here", version=dossier["version"])
            self._require_file(dossier, told)
            dossier["keys"][key] = version
            dossier["statuses"].append(dict(told))
            dossier |= {"status": told["status"], "version": version, "updated_at": told["at"]}
            self._save()
            return {"version": version}

    def take_result(self, code: str, *, name: str, sha256: str, content: bytes) -> None:
        with self._lock:
            dossier = self._known(code)
            if hashlib.sha256(content).hexdigest() != sha256:
                raise Refused(422, "the file does not have the stated hash")
            self.put_file(content)
            dossier["results"][sha256] = name
            self._save()

    def take_fee(self, code: str, *, transaction: str, amount_vnd: int, at: str) -> dict[str, Any]:
        """Take a fee for a dossier, whether or not it is here yet."""
        with self._lock:
            paid = {"code": code, "transaction": transaction, "amount_vnd": amount_vnd}
            self._fees[transaction] = {**paid, "currency": "VND", "paid_at": at}
            self._write(self._folder / "fees.json", json.dumps(self._fees).encode())
            return dict(self._fees[transaction])

    def fees(self, day: str) -> list[dict[str, Any]]:
        with self._lock:
            return [one for one in self._fees.values() if str(one["paid_at"]).startswith(day)]

    def take_refund(self, transaction: str, told: Mapping[str, Any], *, at: str) -> dict[str, Any]:
        """Give some of a fee back, once a number; while `by_hand` it waits for a person."""
        with self._lock:
            number, amount_vnd = str(told["refund"]), int(told["amount_vnd"])
            if number in self._refunds:
                return dict(self._refunds[number])
            if transaction not in self._fees:
                raise Refused(404, "no such payment")
            paid = self._fees[transaction]
            gone = [one for one in self._refunds.values() if one["transaction"] == transaction]
            back = sum(one["amount_vnd"] for one in gone if one["state"] != "refused")
            if paid["code"] != told["code"] or not 0 < amount_vnd <= paid["amount_vnd"] - back:
                raise Refused(422, "more than is left of this payment")
            self._refunds[number] = {
                "refund": number, "transaction": transaction, "code": paid["code"],
                "amount_vnd": amount_vnd, "state": "taken" if self.by_hand else "done",
                "reason": "", "at": at,
            }  # fmt: skip
            self._save_refunds()
            return dict(self._refunds[number])

    def settle_refund(self, number: str, *, state: str, reason: str, at: str) -> dict[str, Any]:
        """Write what a person at the portal decided of a refund that waits."""
        with self._lock:
            known = self.refund(number)
            self._refunds[number] = {**known, "state": state, "reason": reason, "at": at}
            self._save_refunds()
            return dict(self._refunds[number])

    def refund(self, number: str) -> dict[str, Any]:
        with self._lock:
            if number not in self._refunds:
                raise Refused(404, "no such refund")
            return dict(self._refunds[number])

    def refunds(self, day: str) -> list[dict[str, Any]]:
        with self._lock:
            return [one for one in self._refunds.values() if str(one["at"]).startswith(day)]

    def lose_refunds(self) -> None:
        with self._lock:
            self._refunds.clear()
            self._save_refunds()

    def put_file(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        with self._lock:
            self._write(self._folder / "files" / sha256, content)
        return sha256

    def file(self, sha256: str) -> bytes | None:
        path = self._folder / "files" / sha256
        return path.read_bytes() if sha256.isalnum() and path.exists() else None

    def dossier(self, code: str) -> dict[str, Any]:
        with self._lock:
            return dict(self._known(code))

    def submission(self, code: str) -> Mapping[str, Any]:
        """Return the dossier as it was submitted here; refused for one of the province."""
        submitted: Mapping[str, Any] | None = self.dossier(code).get("submission")
        if submitted is None:
            raise Refused(404, "not submitted here")
        return submitted

    def all(self) -> list[dict[str, Any]]:
        with self._lock:
            return sorted(self._dossiers.values(), key=lambda one: str(one["updated_at"]))

    def forget(self, code: str, *, after: int) -> None:
        """Lose what came after a version, all of the dossier when it is below zero."""
        with self._lock:
            dossier = self._known(code)
            if after < 0:
                del self._dossiers[code]
            else:
                kept = [one for one in dossier["statuses"] if one["version"] <= after]
                last = kept[-1] if kept else {"status": 1, "version": 0}
                dossier |= {
                    "statuses": kept,
                    "status": last["status"],
                    "version": last["version"],
                    "keys": {k: v for k, v in dossier["keys"].items() if v <= after},
                }
            self._save()

    def forget_all(self) -> None:
        with self._lock:
            self._dossiers.clear()
            self._fees.clear()
            self._refunds.clear()
            self.by_hand = False
            self._save()

    def _require_file(self, dossier: dict[str, Any], told: Mapping[str, Any]) -> None:
        sha256 = (told.get("result") or {}).get("sha256", "")
        if sha256 and sha256 not in dossier["results"]:
            raise Refused(422, "the result's file is not here")

    def _known(self, code: str) -> dict[str, Any]:
        if code not in self._dossiers:
            raise Refused(404, "no such dossier")
        return self._dossiers[code]

    def _save_refunds(self) -> None:
        told = json.dumps(self._refunds, ensure_ascii=False).encode()
        self._write(self._folder / "refunds.json", told)

    def _save(self) -> None:
        told = json.dumps(self._dossiers, ensure_ascii=False).encode()
        self._write(self._folder / "dossiers.json", told)

    def _write(self, path: Path, content: bytes) -> None:
        beside = path.with_suffix(".new")
        beside.write_bytes(content)
        beside.replace(path)
