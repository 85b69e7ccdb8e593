"""Takes rows and shared texts out of the XML of a workbook as office programs write it.

That one plain form is told by patterns, many times quicker than by a parser of all XML. Whatever
is not of that form is left to the parser: a row or text by itself, or all that follows.
"""

import codecs
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import IO, Final

_PORTION: Final = 1 << 19
_LONGEST: Final = 1 << 23
_NAMES: Final = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"',
    'xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"',
)
_SPACE: Final = " \t\r\n"
# What no XML of version 1.0 holds, in UTF-8.
_FORBIDDEN: Final = bytes({*range(32)} - {9, 10, 13})
_NO_LETTERS: Final = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_ATTRIBUTES: Final = re.compile(r'(?:\s+[\w:]+="[^"<>&]*")*\s*')
_NUMBER: Final = re.compile(r'\sr="(\d+)"')
_ENTITY: Final = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));|&")
_CONTROLS: Final = frozenset({9, 10, 13, 160})
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_TEXT: Final = r'<t(?: xml:space="preserve")?(?:/>|>([^<]*)</t>)'
_CELL: Final = re.compile(
    r'<c(?: r="([A-Z]{1,3})\d{1,7}")?(?: s="(\d{1,6})")?(?: t="([a-zA-Z]+)")?\s*(?:/>|>'
    r"(<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?"
    r"(?:<v/>|<v>([^<]*)</v>|(<is>)" + _TEXT + r"</is>)?</c>)\s*|([\s\S])"
)
_SHARED: Final = re.compile(_TEXT)
_ENCODING: Final = re.compile(r"""\sencoding\s*=\s*["']([^"']*)["']""")
# Letters of its column ("" for the next one), number of its format, kind ("" for a number), its
# formula, its value, whether it has a text of its own, that text; and a sign that is strange.
Cell = tuple[str, str, str, str, str, str, str, str]


class Strange(Exception):
    """XML of another form than the plain one."""


class Pieces:
    """The elements of one tag inside another, in order, each as its attributes and what it holds.

    `whole` says that the last was reached; otherwise something strange stands behind those that
    were given.
    """

    def __init__(self, stream: IO[bytes], *, outer: str, tag: str) -> None:
        self.whole = False
        self._stream, self._outer, self._tag = stream, outer, tag
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._text, self._ended = "", False

    def __iter__(self) -> Iterator[tuple[str, str]]:
        try:
            at = self._begin()
            while at >= 0:
                at, piece = self._next(at)
                if at >= 0:
                    yield piece
        except Strange:
            return
        self.whole = True

    def _more(self) -> None:
        """Read on; raise Strange at the end, and at what only a parser understands."""
        content = self._stream.read(_PORTION)
        more = self._decoder.decode(content, final=not content)
        begun = bool(self._text)
        if not content or "<!" in more or more.find("<?", 0 if begun else 5) >= 0:
            raise Strange
        if len(content.translate(None, _FORBIDDEN)) != len(content):
            raise Strange
        if any(one in content for one in _NO_LETTERS):
            raise Strange
        self._text += more

    def _find(self, sign: str, start: int) -> int:
        """Return where a sign stands next, reading on until it does."""
        while (at := self._text.find(sign, start)) < 0:
            if len(self._text) - start > _LONGEST:
                raise Strange
            self._more()
        return at

    def _begin(self) -> int:
        """Return where the first element may stand, -1 where there is none."""
        at = self._find(f"<{self._outer}", 0)
        end = self._find(">", at)
        head = self._text[: end + 1]
        declared = _ENCODING.search(head)
        if (declared and declared[1].lower() != "utf-8") or not any(one in head for one in _NAMES):
            raise Strange
        if head[at + len(self._outer) + 1] not in (">", "/", *_SPACE):
            raise Strange
        return -1 if head.endswith("/>") else end + 1

    def _next(self, at: int) -> tuple[int, tuple[str, str]]:
        """Return the element that stands here and where it ends, -1 when there is none."""
        if at > _PORTION:
            self._text, at = self._text[at:], 0
        end = self._find(">", at)
        here = at + len(self._text[at:end]) - len(self._text[at:end].lstrip(_SPACE))
        if self._text.startswith(f"</{self._outer}", here):
            return -1, ("", "")
        held = self._text[here:end].removesuffix("/")
        attributes = held.removeprefix(f"<{self._tag}")
        if attributes is held or not _ATTRIBUTES.fullmatch(attributes):
            raise Strange
        if self._text[end - 1] == "/":
            return end + 1, (attributes, "")
        closing = f"</{self._tag}>"
        closed = self._find(closing, end)
        return closed + len(closing), (attributes, _lines(self._text[end + 1 : closed]))


def number_of(attributes: str) -> int:
    """Return the number of a row, 0 where it says none."""
    found = _NUMBER.search(attributes)
    return int(found[1]) if found else 0


def cells(inside: str) -> list[Cell]:
    """Return the cells of a row, and one with a sign at its end for each that is strange."""
    return _CELL.findall(inside.lstrip())


def shared(inside: str) -> str:
    """Return a shared text; raise Strange."""
    found = _SHARED.fullmatch(inside)
    if found is None:
        raise Strange
    return said(found[1] or "")


def _lines(text: str) -> str:
    """Return a text with the line ends that XML has."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def said(text: str) -> str:
    """Return a text of XML as it is meant; raise Strange."""
    return _known(text) if "&" in text else text


@lru_cache(maxsize=4096)
def _known(text: str) -> str:
    return _ENTITY.sub(_letter, text)


def _letter(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    if name:
        return _NAMED[name]
    if not hexadecimal and not decimal:
        raise Strange
    number = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if number > sys.maxunicode or not (number in _CONTROLS or chr(number).isprintable()):
        raise Strange
    return chr(number)
