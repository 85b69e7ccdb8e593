"""Exports for tests: a small real excerpt of the national portal, whole, changed and damaged."""

import gzip
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

from cuaso.services.catalogue.models import Import, PublishedProcedure, PublishedVersion

EXCERPT = Path(__file__).parent / "data" / "excerpt.jsonl"
Records = list[dict[str, str]]


def real_records() -> Records:
    """Return 26 real records of 20 fields and more, as the portal exported them."""
    return [json.loads(line) for line in EXCERPT.read_text(encoding="utf-8").splitlines()]


def one_record(**columns: str) -> dict[str, str]:
    """Return the smallest record, with other columns as given."""
    return {"ma_thu_tuc": "1.999001", "ten_thu_tuc": "Thủ tục thử", **columns}


def rows() -> tuple[int, int, int]:
    """Return how many procedures, versions and imports there are."""
    return (
        PublishedProcedure.objects.count(),
        PublishedVersion.objects.count(),
        Import.objects.count(),
    )


def lines(records: Sequence[object]) -> bytes:
    """Return records as JSON lines."""
    return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records).encode()


def bomb(megabytes: int) -> bytes:
    """Return a small gzip file that unpacks to many megabytes."""
    return gzip.compress(b"\n" * (megabytes * 1024 * 1024), compresslevel=9)


def workbook(rows: Sequence[Sequence[object]], *, merged: Sequence[str] = ()) -> bytes:
    """Return a spreadsheet of these rows, with ranges merged as a person merges them."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for place in merged:
        book.active.merge_cells(place)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, changed: Mapping[str, bytes]) -> bytes:
    """Return a spreadsheet with parts replaced or added, as no program would write it."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        parts = {name: before.read(name) for name in before.namelist()} | dict(changed)
        for name, part in parts.items():
            after.writestr(name, part)
    return out.getvalue()
