"""Writes what a version puts in the place of values that a new type cannot hold.

It is a change like any other: the history of each record says what stood there, what stands now,
and by which version.
"""

from typing import Any, Final

from cuaso.capabilities.registries.contracts import Source
from cuaso.capabilities.registries.logic.changing import change as changes
from cuaso.capabilities.registries.logic.storing import values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.turning import Turning
from cuaso.capabilities.registries.models import Version
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict

# All of them are written in the moment in which nobody else may write.
MOST: Final = 2_000
_BATCH: Final = 500


def replace_values(built: Built, turning: Turning, version: Version, *, actor: Actor) -> int:
    """Replace the values that are owed, as one change; return in how many records.

    Raises Conflict for more records than a moment is for.
    """
    if not turning.owed:
        return 0
    if len(turning.owed) > MOST:
        raise too_many(len(turning.owed))
    reason = (
        f"Đổi kiểu ô theo bản sửa đổi số {version.number}, {version.made_by} soạn,"
        f" {version.approved_by} duyệt: giá trị không đọc được theo kiểu mới được thay bằng giá trị"
        " khai trong bản sửa đổi."
    )
    source = Source(kind="design", id=str(version.id))
    names: dict[str, None] = {}
    with changes.changing(built, actor=actor, act="turned", reason=reason, source=source) as change:
        locked = built.live.objects.select_for_update(nowait=True)
        rows: list[Any] = list(locked.filter(row_id__in=turning.owed).order_by("row_id"))
        for row in rows:
            columns = turning.replacing(row)
            names |= dict.fromkeys(columns)
            for name, value in columns.items():
                setattr(row, name, value)
            whole = {name: getattr(row, name) for one in built.columns for name in one.names}
            row.row_words = values.derived(built, whole)["row_words"]
            row.row_revision += 1
            row.row_since = changes.after(row.row_since, change)
            row.row_change = change.id
        kept = [*names, "row_words", "row_revision", "row_since", "row_change"]
        built.live.objects.bulk_update(rows, kept, batch_size=_BATCH)
        change.records = len(rows)
    return change.records


def too_many(count: int) -> Conflict:
    """Return the refusal of replacing values in too many records at once."""
    return Conflict(
        code="registries.too_many_replaced",
        what=f"Có {count} bản ghi cần giá trị thay thế, nhiều hơn {MOST} bản ghi một lần.",
        why="Việc thay thế làm trong một khoảnh khắc, khi không ai ghi vào sổ được.",
        mend="Hãy sửa hàng loạt các bản ghi ấy trên sổ trước, rồi trình lại bản sửa đổi.",
    )
