"""Between clean answers and rows: typed values into columns, and back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from cuaso.capabilities.registries.logic.storing import sets, turning
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.capabilities.registries.logic.storing.words import lexemes
from cuaso.declarations.fields import Context, Record, Wrong, type_of
from cuaso.declarations.forms import Cleaned
from cuaso.declarations.registries import PLACEHOLDER, RECORD
from cuaso.declarations.shape import Loose
from cuaso.foundation.directory.api import HouseLists
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, Problem
from cuaso.kernel.text import words


def context(built: Built, *, on: date | None = None, language: str = "vi") -> Context:
    """Return what cleaning and showing a record of this registry needs."""
    return Context(
        today=on or clock.today(),
        lists=HouseLists(),
        records=HouseRecords(built.key.partition("/")[0]),
        names={"channel": "registry", "capacity": "official"},
        language=language,
    )


def stored(built: Built, cleaned: Cleaned) -> dict[str, Any]:
    """Return every column of clean answers, and the words to search."""
    columns: dict[str, Any] = {}
    for one in built.columns:
        columns |= one.write(_typed(cleaned, one))
    if built.standing_twins:
        columns |= _in_step(built, columns)
    return columns | derived(built, columns)


def _in_step(built: Built, columns: Mapping[str, Loose]) -> dict[str, Any]:
    """Return the second columns; raise Invalid for what the version in force cannot hold."""
    try:
        return turning.in_step(built, columns, context(built))
    except Wrong as wrong:
        raise Invalid(
            code="registries.invalid",
            what="Bản ghi còn 1 chỗ cần sửa.",
            why="Phiên bản đang hiệu lực giữ ô này theo kiểu khác.",
            mend="Hãy sửa ô được chỉ ra rồi ghi lại. Chưa có gì được ghi.",
            problems=(Problem(field=wrong.part, say=wrong.say),),
        ) from None


def _typed(cleaned: Cleaned, column: Column) -> Loose:
    if column.one is None:
        return cleaned.stored.get(column.path) or []
    value = cleaned.get(f"{RECORD}.{column.path}")
    return None if value in ("", ()) else value


def derived(built: Built, columns: Mapping[str, Loose]) -> dict[str, Any]:
    """Return what follows from other columns: the words to search."""
    return {"row_words": lexemes(words(_searched(built, columns)))}


def _searched(built: Built, columns: Mapping[str, Loose]) -> str:
    """Return the text of the searched fields; what is masked for anybody is never among it."""
    hidden = set(built.declared.masks)
    return " ".join(
        str(columns[one.name])
        for path in built.declared.searched
        for one in under(built, path)
        if one.kind in ("text", "integer", "reference")
        and columns[one.name] is not None
        and not {one.path, one.path.partition(".")[0]} & hidden
    )


def under(built: Built, path: str) -> Iterator[Column]:
    """Yield the columns of a field: its own, or those of its parts."""
    yield from built.under(path)


def cleaned(built: Built, row: Row) -> Cleaned:
    """Return a row as clean answers, to be shown or edited again."""
    record: dict[str, Any] = {}
    kept: dict[str, Any] = {RECORD: record}
    for column in built.columns:
        typed = column.read(row)
        if column.one is None:
            kept[column.path] = typed or []
            continue
        plain = None if typed is None else type_of(column.one).store(typed)
        head, _, part = column.path.partition(".")
        if part:
            record.setdefault(head, {})[part] = plain
        else:
            record[head] = plain
    return built.declared.form.load(kept)


def name_of(built: Built, row: Row, *, hidden: frozenset[str] = frozenset()) -> str:
    """Return how people call a record; what a reader may not read is left out."""
    here = context(built)

    def say(path: str) -> str:
        texts = [
            type_of(one.one).show(one.one, value, here)
            for one in under(built, path)
            if one.one is not None
            and one.path not in hidden
            and (value := one.read(row)) is not None
        ]
        return ", ".join(texts)

    return PLACEHOLDER.sub(lambda found: say(found.group(1)), built.name_pattern).strip(" –") or "…"


class HouseRecords:
    """The records of the house, as references find them. `pack` is where short names belong."""

    def __init__(self, pack: str) -> None:
        self._pack = pack

    def find(self, registry: str, key_or_id: str) -> Record | None:
        """Return the record of a key or an id, also one in the bin when asked by id."""
        built = self._built(registry)
        key = one_key(built)
        try:
            row = built.live.objects.filter(pk=UUID(key_or_id)).first()
        except ValueError:
            row = built.live.objects.filter(**{key.name: key_or_id, "row_gone": None}).first()
        return _record(built, row) if row is not None else None

    def options(self, registry: str, words_: str, limit: int) -> Sequence[Record]:
        """Return records whose words begin with the given ones, by their key."""
        built = self._built(registry)
        rows = built.live.objects.filter(row_gone=None)
        if said := words(words_):
            rows = rows.filter(row_words__begin=said)
        key = one_key(built)
        return [_record(built, row) for row in rows.order_by(key.name, "row_id")[:limit]]

    def facts(self, registry: str, id: str, names: Sequence[str]) -> Mapping[str, object]:
        """Return the values of some fields of a record, None where there is none."""
        built = self._built(registry)
        row = built.live.objects.filter(pk=UUID(id)).first()
        return {
            name: built.column(name).read(row)
            if row is not None and name in built.by_path
            else None
            for name in names
        }

    def _built(self, registry: str) -> Built:
        return sets.built(registry if "/" in registry else f"{self._pack}/{registry}")


def one_key(built: Built) -> Column:
    """Return the column by which references name a record: the first of its key."""
    return next(under(built, built.declared.key[0]))


def _record(built: Built, row: Row) -> Record:
    hidden = frozenset(built.declared.masks)
    return Record(
        id=str(row.row_id),
        key=str(getattr(row, one_key(built).name)),
        label=name_of(built, row, hidden=hidden),
    )
