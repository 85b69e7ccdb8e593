"""Leaves out rows of sums (“Tổng cộng”): they tell of the rows above and are no records."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from cuaso.capabilities.registries.logic.exchanging.formats.lines import Line
from cuaso.capabilities.registries.logic.exchanging.formats.old_letters import readings
from cuaso.kernel.text import fold, one_line

_SHOWN: Final = 10
_LONGEST: Final = 60
_BEGINS: Final = frozenset("TtCcGgSs")
# A word of its own, or with how many there are behind it: “Tổng cộng: 25 tàu”.
_CALLED: Final = re.compile(
    r"(?P<name>tong cong|tong so|tong|cong tong|cong|(?:grand |sub)?total|sum)"
    r"\s*:?\s*(?:\(?\d[\d.,]*(?: \w+)?\)?)?\s*[.:]?"
)
_FIGURE: Final = re.compile(r"[-–xX]|[-(]?\d[\d.,\s]*(?:%|đ|đồng|m2|m²|ha|km|kg|tấn)?\)?")
_SINGLE: Final = frozenset({"tong", "cong", "sum"})


class Sums:
    """Tells rows of sums from records; `keys` are the places of the columns of the key, None where
    not all of them are known: then nothing is left out.
    """

    def __init__(self, keys: Sequence[int] | None) -> None:
        self._keys = keys
        self.found: list[tuple[int, str]] = []

    def left_out(self, lines: Iterator[Line]) -> Iterator[Line]:
        """Yield the lines that are no sums, and keep the others in `found`."""
        self.found = []
        for line in lines:
            called = self._called(line)
            if called:
                self.found.append((line.number, called))
            else:
                yield line

    def said(self) -> str:
        """Say which rows were left out, "" for none."""
        if not self.found:
            return ""
        shown = ", ".join(f"dòng {number} (“{called}”)" for number, called in self.found[:_SHOWN])
        rest = len(self.found) - _SHOWN
        more = f" và {rest} dòng khác" if rest > 0 else ""
        return f"Không đọc như bản ghi vì là dòng cộng: {shown}{more}."

    def _called(self, line: Line) -> str:
        """Return what a row of sums calls itself, "" for any other row.

        Its key is empty, or lies in the merged cells of that name; the rest is figures.
        """
        if self._keys is None or not all(self._is_open(line, at) for at in self._keys):
            return ""
        called = ""
        for text in filter(None, map(str.strip, line.cells)):
            if _sum_name(text):
                called = called or text
            elif not _FIGURE.fullmatch(text):
                return ""
        return one_line(called)

    def _is_open(self, line: Line, at: int) -> bool:
        text = line.cells[at].strip() if at < len(line.cells) else ""
        if not text:
            return True
        # A village may be called “Cộng”: one short word in a key is a name.
        return text[0] in _BEGINS and _sum_name(text) not in {"", *_SINGLE}


def _sum_name(text: str) -> str:
    if len(text) > _LONGEST or text[0] not in _BEGINS:
        return ""
    for reading in readings(text):
        found = _CALLED.fullmatch(fold(reading))
        if found:
            return found["name"]
    return ""
