"""Foresees fields that change their type: which values the new one reads, and which not."""

import time
from collections.abc import Iterator
from typing import Final

from cuaso.capabilities.registries.logic.designing.shapes import Break, FailingValue, TypeChange
from cuaso.capabilities.registries.logic.storing import replacing, terms, turning, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.turning import Caster, Turn

SECONDS: Final = 4.0
EXAMPLES: Final = 5
MOST: Final = 200
_HIDDEN: Final = "Giá trị được che với vị trí công tác hiện tại."


def changes(
    present: Built, wanted: Built, turns: tuple[Turn, ...], *, hidden: frozenset[str]
) -> tuple[TypeChange, ...]:
    """Return what becomes of the values of each field whose type changes, the bin among them."""
    if not turns:
        return ()
    here = values.context(wanted)
    seen = [_Seen(present, Caster(one, here), hidden) for one in turns]
    until, whole = time.monotonic() + SECONDS, True
    for row in present.live.objects.order_by("-row_id").iterator(chunk_size=1_000):
        for one in seen:
            one.look(row)
        if time.monotonic() > until:
            whole = False
            break
    return tuple(one.told(whole=whole) for one in seen)


class _Seen:
    """What has been seen of the values of one field."""

    def __init__(self, present: Built, caster: Caster, hidden: frozenset[str]) -> None:
        self._present, self._caster = present, caster
        turn = caster.turn
        self._hidden = bool({turn.path, turn.path.partition(".")[0]} & hidden)
        self._tried = self._fitting = 0
        self._failing: dict[str, tuple[object, str, int, list[Row]]] = {}

    def look(self, row: Row) -> None:
        turn = self._caster.turn
        value = turn.before.read(row)
        _, why = self._caster.cast(value)
        self._tried += 1
        if not why:
            self._fitting += 1
            return
        name = turning.said(value, turn.fields[0])
        if name not in self._failing and len(self._failing) >= MOST:
            name = next(reversed(self._failing))
        first, said, count, rows = self._failing.get(name, (value, why, 0, []))
        self._failing[name] = (first, said, count + 1, [*rows, row][:EXAMPLES])

    def told(self, *, whole: bool) -> TypeChange:
        turn = self._caster.turn
        before, after = turn.fields
        return TypeChange(
            path=turn.path,
            title=after.title,
            before=before.type,
            after=after.type,
            tried=self._tried,
            fitting=self._fitting,
            whole=whole,
            hidden=self._hidden,
            failing=tuple(self._lines()),
        )

    def _lines(self) -> Iterator[FailingValue]:
        turn = self._caster.turn
        for name, (value, why, count, rows) in self._failing.items():
            replaced = turn.replacements.get(name, "")
            unfit = self._caster.replaced(value)[1] if replaced else ""
            yield FailingValue(
                value="" if self._hidden else name,
                say=_HIDDEN if self._hidden else why,
                count=count,
                examples=tuple((one.row_id, values.name_of(self._present, one)) for one in rows),
                replaced="" if self._hidden and not replaced else replaced,
                unfit=unfit,
            )


def breaks(present: Built, wanted: Built, turned: tuple[TypeChange, ...]) -> Iterator[Break]:
    """Yield what follows from changed types; what is not settled blocks the version."""
    for path in turning.stuck(present, wanted):
        say = f"{turning.stuck_say(present, path)} {turning.OTHER}"
        yield Break(kind="kind", name=path, say=say, blocks=True)
    for one in turned:
        title = present.declared.titled(one.path)
        if one.unsettled:
            say = (
                f"Ô “{title}” còn {one.unsettled} bản ghi có giá trị không đọc được theo kiểu mới."
                " Hãy sửa các bản ghi ấy, hoặc khai giá trị thay thế ở dưới."
            )
            yield Break(kind="kind", name=one.path, say=say, blocks=True)
        elif one.replaced > replacing.MOST:
            refused = replacing.too_many(one.replaced)
            say = f"Ô “{title}”: {refused.what} {refused.mend}"
            yield Break(kind="kind", name=one.path, say=say, blocks=True)
        else:
            yield Break(kind="type", name=one.path, say=_turned_say(present, wanted, title, one))


def _turned_say(present: Built, wanted: Built, title: str, one: TypeChange) -> str:
    term = terms.bin_term(wanted.declared)
    rest = "" if one.whole else " Hệ thống thử nốt mọi bản ghi trước khi ban hành."
    return (
        f"Ô “{title}” đổi kiểu: {one.fitting} bản ghi giữ nguyên giá trị, {one.replaced} bản ghi"
        f" nhận giá trị thay thế.{rest} Giao diện lập trình phiên bản {present.version} vẫn trả"
        f" kiểu cũ trong {term}."
    )
