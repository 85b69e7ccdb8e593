"""The national database's format as this house speaks it: no public text of the real one was read,
so that what is learned of it later goes here alone.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from cuaso.capabilities.exchange.api import peers
from cuaso.kernel.errors import Unavailable
from cuaso.services.personnel.logic.house import NATIONAL


@dataclass(frozen=True, kw_only=True)
class Listed:
    """An official as the other side's list names them."""

    code: str
    version: int
    sha256: str
    name: str


@dataclass(frozen=True, kw_only=True)
class There:
    """An official as the other side knows them."""

    version: int
    sha256: str
    fields: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Receipt:
    number: str
    version: int
    sha256: str
    mark: str


def official_path(code: str) -> str:
    return f"/officials/{quote(code, safe='')}"


def list_path(page: int) -> str:
    return f"/lists/{page}"


def sha256_of(fields: Mapping[str, str]) -> str:
    """Return the hash of an official's fields, in the order of their names."""
    told = json.dumps(dict(fields), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def message(
    *, version: int, based_on: str, fields: Mapping[str, str], withdrawn: bool
) -> dict[str, object]:
    told = {"version": version, "based_on": based_on, "fields": dict(fields)}
    return {**told, "withdrawn": True} if withdrawn else told


def read_list(body: Mapping[str, Any]) -> tuple[list[Listed], bool]:
    """Return a page of the list and whether more follow; raise Unavailable for what is none."""
    try:
        items = [
            Listed(
                code=str(one["code"]),
                version=int(one["version"]),
                sha256=str(one["sha256"]),
                name=str(one["name"]),
            )
            for one in body["items"]
        ]
        return items, body["more"] is True
    except (KeyError, TypeError, ValueError) as error:
        raise senseless() from error


def read_there(body: Mapping[str, Any]) -> There:
    """Return an official of the other side; raise Unavailable for what is none."""
    try:
        fields = {str(name): str(value) for name, value in body["fields"].items()}
        return There(version=int(body["version"]), sha256=sha256_of(fields), fields=fields)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise senseless() from error


def read_receipt(body: Mapping[str, Any]) -> Receipt:
    """Return a receipt; raise Unavailable for what is none."""
    try:
        return Receipt(
            number=str(body["number"]),
            version=int(body["version"]),
            sha256=str(body["sha256"]),
            mark=str(body["mark"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise senseless() from error


def receipt_told(*, number: str, code: str, version: int, sha256: str) -> bytes:
    """Return what the database's mark on a receipt for a version of an official is made over."""
    return "\n".join((number, code, str(version), sha256)).encode()


def senseless() -> Unavailable:
    """Return the error for an answer that means nothing: it is asked for again."""
    return peers.senseless(NATIONAL)
