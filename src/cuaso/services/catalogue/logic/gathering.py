"""Gather the records of a whole file, or refuse it with all its faults."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cuaso.services.catalogue.logic import cleaning, damage, records
from cuaso.services.catalogue.logic.cleaning import Clean
from cuaso.services.catalogue.logic.damage import Fault
from cuaso.services.catalogue.logic.opening import Opened

MOST_FAULTS: Final = 1_000


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """The records by code, codes that stand twice with the same content, columns without use."""

    records: Mapping[str, Clean]
    repeated: tuple[str, ...]
    unused_columns: tuple[str, ...]


def gather(file: Opened) -> Gathered:
    """Return every record of the file; raise Invalid with every fault when there is one."""
    kept: dict[str, Clean] = {}
    repeated: list[str] = []
    columns: set[str] = set()
    faults: list[Fault] = []
    for raw in records.found(file):
        record = raw if isinstance(raw, Fault) else cleaning.clean(raw)
        if not isinstance(raw, Fault):
            columns.update(raw.values)
        if not isinstance(record, Fault):
            record = _kept_once(record, kept, repeated)
        if isinstance(record, Fault):
            faults.append(record)
            if len(faults) >= MOST_FAULTS:
                break
    if not kept and not faults:
        faults.append(Fault(line=0, say="không có bản ghi nào.", mend="Hãy xuất lại tệp."))
    if faults:
        raise damage.refusal(file=file.name, faults=faults)
    unused = columns - set(cleaning.COLUMNS) - cleaning.PASSED_OVER
    return Gathered(
        records=kept, repeated=tuple(repeated), unused_columns=tuple(sorted(map(str, unused)))
    )


def _kept_once(record: Clean, kept: dict[str, Clean], repeated: list[str]) -> Clean | Fault:
    earlier = kept.setdefault(record.code, record)
    if earlier is record:
        return record
    if earlier.sha256 != record.sha256:
        return Fault(
            line=record.line,
            say=f"thủ tục {record.code} đã có ở dòng {earlier.line} với nội dung khác.",
            mend="Hãy giữ lại một bản ghi cho mỗi mã thủ tục.",
        )
    repeated.append(record.code)
    return record
