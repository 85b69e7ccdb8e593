"""A field's values in another kind: which fields turn, and what becomes of each value.

The value is typed again as the new type reads it. One that does not fit is never left out in
silence: it is corrected in the record, or the version says what stands in its place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.columns import Column, Twin
from cuaso.declarations.fields import Computed, Context, Field, FieldType, Wrong, type_of
from cuaso.declarations.shape import Loose
from cuaso.kernel.errors import Conflict

# What a value of it means does not follow from what stands in it.
_FIXED: Final = "file"
# What a formula gives is read as what another one gives, where every value of it is one of those.
_WIDER: Final = frozenset({("integer", "decimal")})
_PLACED: Final = frozenset({"point", "line", "polygon"})
_AS_SHOWN: Final = frozenset({"yes_no", "multi_choice"})
_REMEMBERED: Final = 20_000
Replacements = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A field that a version keeps in another column, and what replaces values that do not fit."""

    before: Column
    after: Column
    replacements: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return self.after.path

    @property
    def fields(self) -> tuple[Field, Field]:
        """The field as it was and as it becomes."""
        if self.before.one is None or self.after.one is None:
            raise ValueError(self.path)
        return self.before.one, self.after.one


def turns(present: Built, wanted: Built, replacements: Replacements) -> tuple[Turn, ...]:
    """Return the fields of which a wanted version keeps another kind of value."""
    before = {one.path: one for one in present.columns if one.one is not None}
    return tuple(
        Turn(before=before[one.path], after=one, replacements=replacements.get(one.path, {}))
        for one in wanted.columns
        if one.one is not None and one.path in before and before[one.path].kind != one.kind
    )


def stuck(present: Built, wanted: Built) -> Iterator[str]:
    """Yield the paths of fields that hold values and cannot turn into what is wanted."""
    yield from (path for path in _stuck(present, wanted) if _holds(present, path))


def _stuck(present: Built, wanted: Built) -> Iterator[str]:
    was, becomes = present.declared, wanted.declared
    pack = present.key.partition("/")[0]
    for name, old in was.fields.items():
        new = becomes.fields.get(name)
        if name in becomes.groups or (new is not None and _apart(old, new, pack)):
            yield name
    yield from (name for name in was.groups if name in becomes.fields)


def _apart(old: Field, new: Field, pack: str) -> bool:
    """Say whether no value of one field can be read as the other's."""
    parts = type_of(old).parts(old).keys()
    if parts != type_of(new).parts(new).keys():
        return True
    if parts:
        return False
    before, after = _held_as(old), _held_as(new)
    if before == after:
        return _whole(old.to, pack) != _whole(new.to, pack)
    if "computed" in (old.type, new.type):
        return (before, after) not in _WIDER
    return _FIXED in (before, after) or {before, after} <= _PLACED


def _held_as(one: Field) -> str:
    return one.as_ if one.type == "computed" else one.type


def _whole(to: str, pack: str) -> str:
    return to if "/" in to or not to else f"{pack}/{to}"


def _holds(present: Built, path: str) -> bool:
    columns = [one for one in present.columns if one.path.partition(".")[0] == path]
    rows = present.live.objects
    return any(rows.exclude(**{f"{one.name}__isnull": True}).exists() for one in columns)


def refuse_stuck(present: Built, wanted: Built) -> None:
    """Raise Conflict for a field whose values no other type can read."""
    for path in stuck(present, wanted):
        raise Conflict(code="registries.kind_changed", what=stuck_say(present, path), mend=OTHER)


OTHER: Final = "Hãy khai báo ô mới với tên khác, chuyển dữ liệu sang rồi bỏ ô cũ."


def stuck_say(present: Built, path: str) -> str:
    """Return the sentence about a field that cannot turn."""
    group = present.declared.groups.get(path)
    title = group.title if group else present.declared.titled(path)
    return f"Ô “{title}” không đổi sang kiểu này được: giá trị đã ghi không đọc được theo kiểu mới."


def cast(value: Loose, before: Field, after: Field, here: Context) -> Loose:
    """Return a value of one field as the other keeps it; raise Wrong, saying why it does not fit.

    None stays None: what was never said is not said in another type either.
    """
    if value is None:
        return None
    texts = _texts(value, before, after, here)
    kind = _reader(after)
    if kind.many:
        return tuple(dict.fromkeys(kind.parse(after, text, here) for text in texts))
    if len(texts) > 1:
        raise Wrong(f"{after.title} chỉ nhận một giá trị, ở đây có {len(texts)}.")
    return read(texts[0], after, here) if texts else None


def read(text: str, after: Field, here: Context) -> Loose:
    """Return what a text means to a field; raise Wrong, also when it says nothing."""
    if not text.strip():
        raise Wrong(f"{after.title} chưa có giá trị.")
    kind = _reader(after)
    value = kind.parse(after, text, here)
    return (value,) if kind.many else value


def _reader(one: Field) -> FieldType:
    """Return the type that reads what a field holds; nobody types what is computed."""
    kind = type_of(one)
    return kind.inner if isinstance(kind, Computed) else kind


def _texts(value: Loose, before: Field, after: Field, here: Context) -> list[str]:
    kind = type_of(before)
    if kind.many:
        one = [kind.show(before, value, here)]
        return one if after.type in ("text", "long_text") else [str(code) for code in value]
    if before.type in _AS_SHOWN and after.type in ("text", "long_text"):
        return [kind.show(before, value, here)]
    return [kind.edit(before, value)]


def said(value: Loose, before: Field) -> str:
    """Return a value as its replacement is named by: as a person would type it."""
    kind = type_of(before)
    return ", ".join(str(one) for one in value) if kind.many else kind.edit(before, value)


class Caster:
    """Casts the values of one field, each different one once."""

    def __init__(self, turn: Turn, here: Context) -> None:
        self.turn = turn
        self._here = here
        self._known: dict[str, tuple[Loose, str]] = {}

    def cast(self, value: Loose) -> tuple[Loose, str]:
        """Return a value in the new kind, and "" or why it does not fit."""
        if value is None:
            return None, ""
        before, _ = self.turn.fields
        name = said(value, before)
        if name not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[name] = self._cast(value)
        return self._known[name]

    def _cast(self, value: Loose) -> tuple[Loose, str]:
        try:
            return cast(value, *self.turn.fields, self._here), ""
        except Wrong as wrong:
            return None, wrong.say

    def replaced(self, value: Loose) -> tuple[Loose, str]:
        """Return what the version puts in the place of a value, and "" or why that does not fit."""
        before, after = self.turn.fields
        text = self.turn.replacements.get(said(value, before), "")
        try:
            return read(text, after, self._here), ""
        except Wrong as wrong:
            return None, wrong.say if text else "none"


def in_step(built: Built, columns: Mapping[str, Any], here: Context) -> dict[str, Any]:
    """Return the second columns of a record about to be written, kept in step with its own.

    Raises Wrong with the field's path as `part` where the version in force cannot hold a value.
    An older version reads nothing where its own type has no place for a newer value.
    """
    kept: dict[str, Any] = {}
    for twin in built.standing_twins:
        own = built.by_path[twin.column.path]
        kept |= twin.column.write(_carried(twin, own, columns, here))
    return kept


def _carried(twin: Twin, own: Column, columns: Mapping[str, Any], here: Context) -> Loose:
    if own.one is None or twin.column.one is None:
        return None
    try:
        return cast(own.read(_Written(columns)), own.one, twin.column.one, here)
    except Wrong as wrong:
        if twin.strict:
            raise Wrong(wrong.say, part=own.path) from None
        return None


class _Written:
    """Columns about to be written, read as a row's."""

    def __init__(self, columns: Mapping[str, Any]) -> None:
        self.__dict__.update(columns)


class Turning:
    """Turns rows one after another; `owed` are those that only a replacement can fill."""

    def __init__(self, every: tuple[Turn, ...], here: Context) -> None:
        self.casters = tuple(Caster(one, here) for one in every)
        self.owed: set[Any] = set()
        self.names = tuple(name for one in every for name in one.after.names)

    def __bool__(self) -> bool:
        return bool(self.casters)

    def apply(self, row: Row) -> None:
        """Write the new columns of a row; raise Conflict for a value that nothing replaces."""
        self.owed.discard(row.row_id)
        for caster in self.casters:
            turn = caster.turn
            value = turn.before.read(row)
            made, why = caster.cast(value)
            if why:
                _, unfit = caster.replaced(value)
                if unfit:
                    raise _unfit(turn, value, why)
                self.owed.add(row.row_id)
            for name, kept in turn.after.write(made).items():
                setattr(row, name, kept)

    def replacing(self, row: Row) -> dict[str, Any]:
        """Return the columns of a row that the version fills with what replaces its values."""
        columns: dict[str, Any] = {}
        for caster in self.casters:
            value = caster.turn.before.read(row)
            if caster.cast(value)[1]:
                columns |= caster.turn.after.write(caster.replaced(value)[0])
        return columns


NOTHING: Final = Turning((), Context(today=date.min))


def _unfit(turn: Turn, value: Loose, why: str) -> Conflict:
    before, _ = turn.fields
    return Conflict(
        code="registries.values_unfit",
        what=f"Ô “{before.title}” còn giá trị “{said(value, before)}” không đổi kiểu được.",
        why=why,
        mend="Hãy sửa các bản ghi ấy, hoặc khai giá trị thay thế trong bản sửa đổi.",
        data={"path": turn.path},
    )
