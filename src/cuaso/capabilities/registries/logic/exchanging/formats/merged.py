"""Gives every cell of a merged range the value that people see over the whole of it."""

from collections.abc import Iterable, Iterator, Sequence

from cuaso.capabilities.registries.logic.exchanging.formats.lines import (
    MOST_COLUMNS,
    Line,
    refused,
)

# Left, top, right, bottom: columns from 0, rows from 1, both ends within.
Range = tuple[int, int, int, int]


def told(merged: Sequence[Range]) -> tuple[str, ...]:
    """Return the remark on how merged ranges are read, none where there are none."""
    if not merged:
        return ()
    return (f"{len(merged)} vùng ô gộp được đọc như ghi cùng một giá trị ở mọi ô trong vùng.",)


def filled(lines: Iterable[Line], merged: Sequence[Range]) -> Iterator[Line]:
    """Yield lines with merged cells filled; `merged` is in the order of its top rows."""
    waiting = list(reversed(merged))
    open_: list[tuple[Range, str]] = []
    for line in lines:
        if waiting or open_:
            open_ = _fill(line, waiting, open_)
        yield line


def _fill(
    line: Line, waiting: list[Range], open_: list[tuple[Range, str]]
) -> list[tuple[Range, str]]:
    still = [one for one in open_ if one[0][3] >= line.number]
    while waiting and waiting[-1][1] <= line.number:
        range_ = waiting.pop()
        if range_[1] == line.number and range_[0] < len(line.cells):
            still.append((range_, line.cells[range_[0]]))
    if sum(min(right, MOST_COLUMNS - 1) + 1 - left for (left, _, right, _), _ in still) > (
        MOST_COLUMNS
    ):
        raise refused("Bảng tính có ô gộp chồng lên nhau.", "Hãy bỏ gộp ô rồi nhập lại.")
    if any(line.cells):
        for (left, _, right, _), text in still:
            last = min(right, MOST_COLUMNS - 1)
            line.cells.extend([""] * (last + 1 - len(line.cells)))
            for at in range(left, last + 1):
                line.cells[at] = line.cells[at] or text
    return still
