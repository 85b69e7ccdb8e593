"""Import of a sheet: a dry run that tells every fault, then the import itself, as one change."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from cuaso.capabilities.registries.contracts import SheetReport, Source
from cuaso.capabilities.registries.logic.changing import change as changes
from cuaso.capabilities.registries.logic.changing import rows
from cuaso.capabilities.registries.logic.exchanging import (
    accompanying,
    headers,
    keeping_files,
    passing,
)
from cuaso.capabilities.registries.logic.exchanging.accompanying import Accompanying
from cuaso.capabilities.registries.logic.exchanging.formats import (
    recognising,
    unpacking,
    xlsx_out,
)
from cuaso.capabilities.registries.logic.exchanging.passing import Pass
from cuaso.capabilities.registries.logic.exchanging.reporting import report
from cuaso.capabilities.registries.logic.exchanging.writing import alone
from cuaso.capabilities.registries.logic.exchanging.writing.bringing import Bringing
from cuaso.capabilities.registries.logic.exchanging.writing.portions import Tally
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.models import Batch, Change, SheetMapping
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.kernel.remembering import one_moment
from cuaso.kernel.text import fold

_NAME: Final = 200


class _NothingNew(Exception):
    """Every good row is in the registry already: no change is made."""


@one_moment()
def read_sheet(
    *, registry: str, file: BinaryIO, file_name: str, actor: Actor, convert: bool = False
) -> SheetReport:
    """Read a sheet without writing a record: what each row would do, and what is wrong with it.

    It may come in an archive (ZIP) with the files that its rows name. With `convert` texts of old
    fonts (TCVN3, VNI) are written in Unicode; without it their rows are refused. The file is kept
    for `apply_sheet`. Raises NotAllowed, and Invalid for a file that is not read, of which nothing
    is kept.
    """
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "import")
    recognising.refuse_strange(file, file_name)
    if not unpacking.is_archive(file):
        return _read(built, file, file_name, actor, convert=convert)
    with unpacking.opened(file) as (archive, inside), transaction.atomic():
        sheet_ = archive.sheet.path
        recognising.refuse_strange(inside, sheet_)
        came = accompanying.stored(built, archive, actor=actor)
        return _read(built, inside, file_name, actor, convert=convert, came=came, sheet=sheet_)


def _read(
    built: Built,
    file: BinaryIO,
    file_name: str,
    actor: Actor,
    *,
    convert: bool,
    came: Accompanying | None = None,
    sheet: str = "",
) -> SheetReport:
    columns, codes = _saved(built, actor)
    one = passing.begin(built, file, columns, codes, actor=actor, came=came, convert=convert)
    tally = _try(one, actor)
    batch = Batch(
        registry_id=built.id,
        post_id=actor.post_id,
        agency_id=actor.agency_id,
        file_name=file_name[-_NAME:],
        sha256=keeping_files.checksum(file),
        made_at=clock.now(),
    )
    with transaction.atomic():
        kept_file = keeping_files.keep(file, name=(sheet or file_name)[-_NAME:], actor=actor)
        beside = {} if came is None else {"files": came.dump()}
        said = [say] if (say := recognising.otherwise(file, sheet or file_name)) else []
        answer = {"file": str(kept_file), "said": said, **beside}
        _write_down(batch, one, tally, codes, answer)
        batch.save()
    return report(batch, built)


@one_moment()
def map_sheet(
    *,
    batch_id: UUID,
    columns: Mapping[str, str],
    codes: Mapping[str, Mapping[str, str]],
    actor: Actor,
    remember: bool = True,
    convert: bool | None = None,
) -> SheetReport:
    """Read the kept sheet again by another mapping: headings to paths ("-" for none), and an
    agency's own codes to those of the house. `remember` keeps it for the agency's next sheets.
    `convert` says whether texts of old fonts are written in Unicode, None as it was said before.
    """
    batch = _found(batch_id, actor)
    _require_state(batch, Batch.State.READ)
    built = sets.built_by_id(batch.registry_id)
    saved, own = _saved(built, actor)
    wanted = {headers.named(heading): path for heading, path in columns.items()}
    named = {
        path: {fold(theirs): ours for theirs, ours in given.items() if ours}
        for path, given in codes.items()
    }
    whole = {path: {**own.get(path, {}), **named.get(path, {})} for path in {*own, *named}}
    again = passing.converts(batch) if convert is None else convert
    with keeping_files.kept(UUID(batch.answer["file"])) as file:
        one = passing.begin(
            built, file, saved | wanted, whole, actor=actor, came=passing.came(batch), convert=again
        )
        tally = _try(one, actor)
    with transaction.atomic():
        _write_down(batch, one, tally, whole, batch.answer)
        batch.save()
        if remember and actor.agency_id is not None:
            SheetMapping.objects.update_or_create(
                registry_id=built.id,
                agency_id=actor.agency_id,
                defaults={
                    "columns": saved | wanted,
                    "codes": whole,
                    "saved_by": actor.name,
                    "saved_at": clock.now(),
                },
            )
    return report(batch, built)


def forget_mapping(*, registry: str, actor: Actor) -> None:
    """Drop what the actor's agency had said of its own sheets."""
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "import")
    _mappings(built, actor).delete()


@one_moment()
def apply_sheet(
    *, batch_id: UUID, actor: Actor, partly: bool = False, reason: str = ""
) -> SheetReport:
    """Bring a read sheet in as one change: all of it, or with `partly` its good rows.

    A record of the same key takes the sheet's values; what the actor does not read in full, the
    status, and what the sheet does not hold stay. Raises Conflict when rows are bad and not
    `partly`, or the sheet was brought in already; then nothing has changed.
    """
    with transaction.atomic():
        _found(batch_id, actor)
        batch = Batch.objects.select_for_update().get(pk=batch_id)
        _require_state(batch, Batch.State.READ)
        built = sets.built_by_id(batch.registry_id)
        rights.require_on_whole(built, actor, "import")
        if batch.bad and not partly:
            raise _bad_rows(batch.bad)
        codes = batch.mapping["codes"]
        wanted = {headers.named(heading): path for heading, path in batch.mapping["columns"]}
        with keeping_files.kept(UUID(batch.answer["file"])) as file:
            one = passing.again(batch, built, file, wanted, actor=actor)
            _require_key(one)
            tally, change = _bring(one, actor, batch, partly=partly, reason=reason)
        _write_down(batch, one, tally, codes, batch.answer)
        batch.change, batch.state = change, Batch.State.DONE
        batch.save()
    return report(batch, built)


def _bring(
    one: Pass, actor: Actor, batch: Batch, *, partly: bool, reason: str
) -> tuple[Tally, Change | None]:
    source = Source(kind="import", id=str(batch.id))
    tally = Tally()
    try:
        with (
            changes.changing(
                one.built, actor=actor, act="imported", reason=reason, source=source
            ) as change,
            rows.unique(one.built),
        ):
            tally = _run(Bringing(one.built, one.reading, actor=actor, change=change), one)
            if tally.bad and not partly:
                raise _bad_rows(tally.bad)
            if not change.records:
                raise _NothingNew  # noqa: TRY301 rolls the change back
    except _NothingNew:
        return tally, None
    return tally, change


def sheet(*, batch_id: UUID, actor: Actor) -> SheetReport:
    """Return what is known of a sheet that the actor's agency has brought; raise NotFound."""
    batch = _found(batch_id, actor)
    return report(batch, sets.built_by_id(batch.registry_id))


def sheets(*, registry: str, actor: Actor, most: int = 20) -> tuple[SheetReport, ...]:
    """Return the newest sheets of the actor's agency in a registry."""
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "import")
    found = Batch.objects.filter(registry_id=built.id, agency_id=actor.agency_id)
    return tuple(report(batch, built) for batch in found.order_by("-made_at", "-id")[:most])


def sheet_answer(*, batch_id: UUID, actor: Actor) -> tuple[str, Iterator[bytes]]:
    """Return name and content of a workbook: the sheet as it came, each row with its faults."""
    batch = _found(batch_id, actor)
    name = f"{batch.file_name.rpartition('.')[0] or batch.file_name} - lỗi.xlsx"
    return name, _answer(batch, actor)


def _answer(batch: Batch, actor: Actor) -> Iterator[bytes]:
    built = sets.built_by_id(batch.registry_id)
    wanted = {headers.named(heading): path for heading, path in batch.mapping["columns"]}
    with keeping_files.kept(UUID(batch.answer["file"])) as file:
        one = passing.again(batch, built, file, wanted, actor=actor)
        yield from xlsx_out.workbook(_told(one, actor), name="Lỗi", heading=1)


def _told(one: Pass, actor: Actor) -> Iterator[Sequence[str]]:
    width = len(one.header.headings)
    yield [*one.header.headings, "Lỗi"]
    with _trying(one.built, actor) as change:
        bringing = Bringing(one.built, one.reading, actor=actor, change=change)
        for line, faults in bringing.run(one.lines()):
            named = one.naming.named(line) if one.naming is not None else line
            cells = named.cells[:width] + [""] * (width - len(named.cells))
            yield [*cells, " ".join(fault.say for fault in faults)]


def _try(one: Pass, actor: Actor) -> Tally:
    if headers.key_missing(one.header, one.built):
        rows_ = sum(1 for _ in one.lines())
        return Tally(rows=rows_, bad=rows_)
    with _trying(one.built, actor) as change:
        return _run(Bringing(one.built, one.reading, actor=actor, change=change), one)


@contextmanager
def _trying(built: Built, actor: Actor) -> Iterator[Change | None]:
    """Give the change of a trial, all of which is taken back: it tells what only writing can tell.
    None where reading tells all.
    """
    if not alone.is_asked(built):
        yield None
        return
    with transaction.atomic():
        with changes.changing(built, actor=actor, act="imported") as change:
            yield change
        transaction.set_rollback(True)


def _run(bringing: Bringing, one: Pass) -> Tally:
    for _ in bringing.run(one.lines()):
        pass
    return bringing.tally


def _write_down(
    batch: Batch, one: Pass, tally: Tally, codes: Mapping[str, Any], answer: Mapping[str, Any]
) -> None:
    pairs = zip(one.header.headings, one.header.paths, strict=False)
    batch.mapping = {
        "columns": [[heading, path or headers.PASSED_OVER] for heading, path in pairs if heading],
        "codes": codes,
        "convert": one.lettering.converts,
    }
    batch.rows, batch.added, batch.changed = tally.rows, tally.added, tally.changed
    batch.same, batch.bad = tally.same, tally.bad
    beside = {"files": answer["files"]} if "files" in answer else {}
    batch.answer = {
        "file": answer["file"],
        **beside,
        "remarks": list(dict.fromkeys([*answer.get("said", []), *passing.remarks(one)])),
        # What was said of the file as it came: it is kept in one encoding from then on.
        "said": list(dict.fromkeys([*answer.get("said", []), *one.sheet.remarks])),
        "faults": [[fault.line, fault.path, fault.text, fault.say] for fault in tally.faults],
        "strange": passing.strange(one.reading),
        "letters": one.lettering.state(),
    }


def _mappings(built: Built, actor: Actor) -> QuerySet[SheetMapping]:
    found = SheetMapping.objects.filter(registry_id=built.id)
    return found.filter(agency_id=actor.agency_id) if actor.agency_id else found.none()


def _saved(built: Built, actor: Actor) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    found = _mappings(built, actor).first()
    return (found.columns, found.codes) if found is not None else ({}, {})


def _found(batch_id: UUID, actor: Actor) -> Batch:
    batch = Batch.objects.filter(pk=batch_id).first()
    if batch is None or (actor.kind != "system" and batch.agency_id != actor.agency_id):
        raise NotFound(
            code="registries.no_sheet",
            what="Không có bảng tính này.",
            mend="Hãy mở lại trang nhập của sổ.",
        )
    rights.require_on_whole(sets.built_by_id(batch.registry_id), actor, "import")
    return batch


def _require_state(batch: Batch, state: str) -> None:
    if batch.state != state:
        raise Conflict(
            code="registries.sheet_done",
            what="Bảng tính này đã được nhập.",
            why="Mỗi lần đọc chỉ nhập một lần, để không ai ghi hai lần.",
            mend="Nếu cần nhập lại, hãy chọn tệp một lần nữa.",
        )


def _require_key(one: Pass) -> None:
    if headers.key_missing(one.header, one.built):
        raise Conflict(
            code="registries.sheet_without_key",
            what="Chưa biết cột nào của bảng là khóa của sổ nên chưa nhập dòng nào.",
            why=passing.key_unknown(one),
            mend="Hãy mở mục “Cột nào là ô nào”, chọn ô cho từng cột rồi đọc lại.",
        )


def _bad_rows(count: int) -> Conflict:
    return Conflict(
        code="registries.sheet_has_bad_rows",
        what=f"Bảng còn {count} dòng lỗi nên chưa nhập dòng nào.",
        why="Cách nhập đã chọn là tất cả hoặc không.",
        mend="Hãy sửa các dòng lỗi rồi chọn lại tệp, hoặc chọn chỉ nhập các dòng đúng.",
        data={"bad": count},
    )
