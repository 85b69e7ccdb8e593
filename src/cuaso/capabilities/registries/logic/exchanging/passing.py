"""One reading of a sheet's file, from its header to its lines, and what is to be said of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Final

from cuaso.capabilities.registries.logic.exchanging import headers, kept
from cuaso.capabilities.registries.logic.exchanging.accompanying import Accompanying, Naming
from cuaso.capabilities.registries.logic.exchanging.formats.lettering import Lettering
from cuaso.capabilities.registries.logic.exchanging.formats.lines import Line, Sheet
from cuaso.capabilities.registries.logic.exchanging.formats.opening import opened
from cuaso.capabilities.registries.logic.exchanging.formats.sums import Sums
from cuaso.capabilities.registries.logic.exchanging.headers import Header
from cuaso.capabilities.registries.logic.exchanging.values.cells import fields_of
from cuaso.capabilities.registries.logic.exchanging.values.reading import Reading
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.models import Batch
from cuaso.kernel.actors import Actor

_OFFERED: Final = 50
_CHOSEN: Final = frozenset({"choice", "multi_choice", "place"})


@dataclass(frozen=True, kw_only=True)
class Pass:
    """One reading of a file: the sheet found, its header, and what is taken from it."""

    built: Built
    sheet: Sheet
    header: Header
    reading: Reading
    sums: Sums
    lettering: Lettering
    naming: Naming | None = None

    def lines(self) -> Iterator[Line]:
        every = (line for line in self.sheet.read() if line.number > self.header.line)
        found = self.lettering.read(self.sums.left_out(every))
        return self.naming.read(found) if self.naming is not None else found


def begin(
    built: Built,
    file: BinaryIO,
    columns: Mapping[str, str],
    codes: Mapping[str, Mapping[str, str]],
    *,
    actor: Actor,
    came: Accompanying | None,
    convert: bool,
) -> Pass:
    """Find the sheet and its header in a file: nothing but the first lines is read yet."""
    fields = {one.path: one for one in fields_of(built, files=came is not None)}
    sheet_, header = headers.find(opened(file), fields, columns)
    naming = Naming(built, came, header.paths, fields, actor) if came is not None else None
    find = naming.file if naming is not None else None
    reading = Reading(built, kept.context(built), header.paths, codes, find=find)
    return Pass(
        built=built,
        sheet=sheet_,
        header=header,
        reading=reading,
        sums=Sums(headers.key_places(header, built)),
        lettering=Lettering(headers.worded(header, fields), convert=convert),
        naming=naming,
    )


def again(
    batch: Batch, built: Built, file: BinaryIO, columns: Mapping[str, str], *, actor: Actor
) -> Pass:
    """Return another reading of a kept sheet, by what was said of its codes and fonts."""
    return begin(
        built,
        file,
        columns,
        batch.mapping["codes"],
        actor=actor,
        came=came(batch),
        convert=converts(batch),
    )


def converts(batch: Batch) -> bool:
    """Say whether texts of old fonts are written in Unicode."""
    return bool(batch.mapping.get("convert", False))


def came(batch: Batch) -> Accompanying | None:
    """Return the files that came with a sheet, None for a sheet alone."""
    return Accompanying.load(batch.answer["files"]) if "files" in batch.answer else None


def strange(reading: Reading) -> dict[str, list[str]]:
    """Return texts of choice columns that are in no list: they may be an agency's own codes."""
    return {
        path: list(islice(reader.wrong, _OFFERED))
        for path, reader in reading.readers.items()
        if reader.one.type in _CHOSEN and reader.wrong and path in reading.given
    }


def key_unknown(one: Pass) -> str:
    """Say which parts of the key no column holds."""
    missing = headers.key_missing(one.header, one.built)
    titles = ", ".join(f"“{one.built.declared.titled(path)}”" for path in missing)
    return f"Không cột nào mang tên {titles}, là khóa của sổ."


def remarks(one: Pass) -> tuple[str, ...]:
    """Return what was guessed, left out or done, once the lines were read."""
    read = (*one.sheet.remarks, *one.lettering.said(), *filter(None, [one.sums.said()]))
    if not headers.key_missing(one.header, one.built):
        beside = (
            one.naming.uncalled()
            if one.naming is not None
            else headers.unsent(one.header, one.built)
        )
        return (*read, *((beside,) if beside else ()))
    say = f"{key_unknown(one)} Hãy chọn cột ở mục “Cột nào là ô nào” rồi đọc lại; khai một lần."
    return (*read, say)
