"""Exports for tests: a small real excerpt of the national portal, whole, changed and damaged."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

EXCERPT = Path(__file__).parent / "data" / "excerpt.jsonl"
Records = list[dict[str, str]]


def real_records() -> Records:
    """Return 26 real records of 20 fields and more, as the portal exported them."""
    return [json.loads(line) for line in EXCERPT.read_text(encoding="utf-8").splitlines()]


def one_record(**columns: str) -> dict[str, str]:
    """Return the smallest record, with other columns as given."""
    return {"ma_thu_tuc": "1.999001", "ten_thu_tuc": "Thủ tục thử", **columns}


def lines(records: Sequence[object]) -> bytes:
    """Return records as JSON lines."""
    return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records).encode()


def bomb(megabytes: int) -> bytes:
    """Return a small gzip file that unpacks to many megabytes."""
    return gzip.compress(b"\n" * (megabytes * 1024 * 1024), compresslevel=9)
