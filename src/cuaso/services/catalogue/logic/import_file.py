"""Bring a whole export of the national portal into the catalogue, or nothing of it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from django.contrib.postgres.search import SearchVector
from django.db import connection, transaction
from pydantic import TypeAdapter

from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock, text
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed
from cuaso.kernel.subjects import Subject
from cuaso.services.catalogue.contracts import Content, Imported, Reading, Share, Unread
from cuaso.services.catalogue.logic import saying
from cuaso.services.catalogue.logic.cleaning import TITLE, Clean
from cuaso.services.catalogue.logic.gathering import Gathered, gather
from cuaso.services.catalogue.logic.opening import Opened, opened
from cuaso.services.catalogue.logic.reading import record as reader
from cuaso.services.catalogue.models import Import, PublishedProcedure, PublishedVersion

CONTENT = TypeAdapter(Content)
UNREAD = TypeAdapter(tuple[Unread, ...])
LOCK = "catalogue.import"
BATCH = 500


Fate = Literal["new", "changed", "again", "same"]


@dataclass(frozen=True, kw_only=True)
class _Item:
    """One record with what becomes of it."""

    record: Clean
    reading: Reading
    standing: PublishedVersion | None
    fate: Fate


def import_file(*, path: Path, actor: Actor, dry_run: bool = False) -> Imported:
    """Import an export in one transaction: JSON lines or array, CSV, gzip of these, or a workbook.

    A damaged file raises Invalid (`catalogue.file_damaged`) and changes nothing. A record that is
    known to the letter stays; another content makes the next version; a record that was read by
    an earlier reader is read again. With `dry_run` everything is done and nothing is kept.
    """
    if actor.kind != "system":
        raise NotAllowed(
            code="catalogue.import_not_allowed",
            what="Chỉ người quản trị hệ thống mới nhập được danh mục thủ tục.",
            mend="Hãy nhờ người quản trị chạy lệnh ./cuaso procedures import.",
        )
    file = opened(path)
    gathered = gather(file)
    with transaction.atomic():
        _one_at_a_time()
        standing = _standing()
        items = [_item(one, standing.get(code)) for code, one in gathered.records.items()]
        _write(items, file=file, actor=actor)
        transaction.set_rollback(dry_run)
    return _told(items, standing, gathered=gathered, file=file, dry_run=dry_run)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])


def _standing() -> dict[str, PublishedVersion]:
    rows = PublishedVersion.objects.filter(superseded_at=None).select_related("procedure")
    return {row.procedure.code: row for row in rows.defer("record", "content", "unread")}


def _item(record: Clean, standing: PublishedVersion | None) -> _Item:
    reading = reader.read(record.values)
    return _Item(record=record, reading=reading, standing=standing, fate=_fate(record, standing))


def _fate(record: Clean, standing: PublishedVersion | None) -> Fate:
    if standing is None:
        return "new"
    if standing.sha256 != record.sha256:
        return "changed"
    return "again" if standing.reader < reader.VERSION else "same"


def _write(items: Iterable[_Item], *, file: Opened, actor: Actor) -> None:
    new = [item for item in items if item.fate == "new"]
    changed = [item for item in items if item.fate == "changed"]
    again = [item for item in items if item.fate == "again"]
    if not (new or changed or again):
        return
    now = clock.now()
    source = Import.objects.create(
        file=file.name,
        sha256=file.sha256,
        records=sum(1 for _item in items),
        new=len(new),
        changed=len(changed),
        read_again=len(again),
        imported_at=now,
        imported_by=actor.name,
    )
    _write_new(new, source, now)
    _write_changed(changed, source, now)
    _write_again(again)
    _index([item.record.code for item in (*new, *changed, *again)])
    _tell(source, [*new, *changed], actor)


def _write_new(items: list[_Item], source: Import, now: datetime) -> None:
    procedures = [PublishedProcedure(code=item.record.code, **_shown(item)) for item in items]
    PublishedProcedure.objects.bulk_create(procedures, batch_size=BATCH)
    PublishedVersion.objects.bulk_create(
        (
            _version(item, procedure, number=1, source=source, now=now)
            for item, procedure in zip(items, procedures, strict=True)
        ),
        batch_size=BATCH,
    )


def _write_changed(items: list[_Item], source: Import, now: datetime) -> None:
    earlier = [item.standing for item in items if item.standing]
    PublishedVersion.objects.filter(id__in=[row.id for row in earlier]).update(superseded_at=now)
    _show(items)
    PublishedVersion.objects.bulk_create(
        (
            _version(item, row.procedure, number=row.number + 1, source=source, now=now)
            for item, row in zip(items, earlier, strict=True)
        ),
        batch_size=BATCH,
    )


def _write_again(items: list[_Item]) -> None:
    rows = []
    for item in items:
        if item.standing:
            for name, value in _read(item).items():
                setattr(item.standing, name, value)
            rows.append(item.standing)
    PublishedVersion.objects.bulk_update(
        rows, ["content", "unread", "unread_count", "reader"], batch_size=BATCH
    )
    _show(items)


def _show(items: Iterable[_Item]) -> None:
    rows = []
    for item in items:
        if item.standing:
            for name, value in _shown(item).items():
                setattr(item.standing.procedure, name, value)
            rows.append(item.standing.procedure)
    PublishedProcedure.objects.bulk_update(rows, list(SHOWN), batch_size=BATCH)


SHOWN = (
    "title",
    "field",
    "levels",
    "agency_say",
    "limit_say",
    "fee_say",
    "sort_key",
    "folded",
    "around",
)


def _shown(item: _Item) -> dict[str, object]:
    values, content = item.record.values, item.reading.content
    title, field = text.one_line(values[TITLE]), text.one_line(values.get("linh_vuc", ""))
    agency = text.one_line(saying.agency_say(content))
    return {
        "title": title,
        "field": field,
        "levels": list(content.levels),
        "agency_say": agency,
        "limit_say": saying.limit_say(content),
        "fee_say": saying.fee_say(content),
        "sort_key": text.sort_key(title)[:200],
        "folded": f"{item.record.code} {text.fold(title)}",
        "around": text.fold(f"{field} {agency}"),
    }


def _read(item: _Item) -> dict[str, object]:
    return {
        "content": CONTENT.dump_json(item.reading.content).decode(),
        "unread": UNREAD.dump_json(item.reading.unread).decode(),
        "unread_count": len(item.reading.unread),
        "reader": reader.VERSION,
    }


def _version(
    item: _Item, procedure: PublishedProcedure, *, number: int, source: Import, now: datetime
) -> PublishedVersion:
    values = item.record.values
    return PublishedVersion(
        procedure=procedure,
        number=number,
        decision=values.get("so_quyet_dinh", ""),
        address=values.get("detail_url", ""),
        record=json.dumps(values, ensure_ascii=False),
        sha256=item.record.sha256,
        source=source,
        imported_at=now,
        **_read(item),
    )


def _index(codes: list[str]) -> None:
    PublishedProcedure.objects.filter(code__in=codes).update(
        words=SearchVector("folded", weight="A", config="simple")
        + SearchVector("around", weight="C", config="simple")
    )


def _tell(source: Import, items: Iterable[_Item], actor: Actor) -> None:
    lines = sorted(f"{item.record.code} {item.record.sha256}" for item in items)
    subject = Subject(kind="catalogue.import", id=source.id)
    content = {
        "file": source.file,
        "sha256": source.sha256,
        "records": source.records,
        "new": source.new,
        "changed": source.changed,
        "read_again": source.read_again,
        "versions_sha256": hashlib.sha256("\n".join(lines).encode()).hexdigest(),
    }
    audit.record(actor=actor, act="catalogue.imported", subject=subject, content=content)
    audit.publish(
        topic="catalogue.imported",
        subject=subject,
        payload={"new": source.new, "changed": source.changed},
    )


def _told(
    items: list[_Item],
    standing: Mapping[str, PublishedVersion],
    *,
    gathered: Gathered,
    file: Opened,
    dry_run: bool,
) -> Imported:
    shares: dict[str, Share] = {}
    for item in items:
        for name, share in item.reading.shares.items():
            shares[name] = shares.get(name, Share()) + share
    new = sum(1 for item in items if item.fate == "new")
    changed = sum(1 for item in items if item.fate == "changed")
    return Imported(
        file=file.name,
        sha256=file.sha256,
        records=len(items),
        new=new,
        changed=changed,
        same=len(items) - new - changed,
        read_again=sum(1 for item in items if item.fate == "again"),
        repeated=gathered.repeated,
        absent=tuple(sorted(set(standing) - set(gathered.records))),
        unused_columns=gathered.unused_columns,
        with_unread=sum(1 for item in items if item.reading.unread),
        shares=shares,
        dry_run=dry_run,
    )
