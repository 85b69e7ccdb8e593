"""Splits a CEL text into tokens, enough to know which names it reads and how decimals stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

Kind = Literal["text", "float", "integer", "name", "sign"]
MACROS: Final = frozenset({"all", "exists", "exists_one", "filter", "map"})
_WORDS_OF_CEL: Final = frozenset({"true", "false", "null", "in"})
_TOKEN = re.compile(
    r"""(?P<text>[rRbB]{0,2}(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))
      |(?P<float>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)
      |(?P<integer>0x[0-9a-fA-F]+u?|\d+u?)
      |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
      |(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]{}])
      |(?P<space>\s+)
      |(?P<strange>.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, kw_only=True)
class Token:
    kind: Kind
    text: str
    start: int


@dataclass(frozen=True, kw_only=True)
class Path:
    """A dotted name as read: `child.birth_date`. `first` and `last` are token positions."""

    parts: tuple[str, ...]
    first: int
    last: int


def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens; raise ValueError at a character that CEL does not know."""
    return tuple(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        if kind == "strange":
            raise ValueError(found[0])
        if kind != "space":
            yield Token(kind=kind, text=found[0], start=found.start())  # type: ignore[arg-type]


def depth(stream: Sequence[Token]) -> int:
    """Return how deep brackets and prefix signs nest."""
    level = deepest = run = 0
    for token in stream:
        run = run + 1 if token.text in "!-" else 0
        level += (token.text in "([{") - (token.text in ")]}") if token.kind == "sign" else 0
        deepest = max(deepest, level, run)
    return deepest


def paths(stream: Sequence[Token]) -> Iterator[Path]:
    """Yield every dotted name that is read as a value; calls, methods and map keys are not."""
    position = 0
    while position < len(stream):
        if not _begins_path(stream, position):
            position += 1
            continue
        parts, last = _follow(stream, position)
        if parts:
            yield Path(parts=tuple(parts), first=position, last=last)
        position = last + 1


def called(stream: Sequence[Token]) -> frozenset[str]:
    """Return the names called as functions or methods."""
    return frozenset(
        token.text
        for token, after in pairwise(stream)
        if token.kind == "name" and after.text == "("
    )


def _begins_path(stream: Sequence[Token], position: int) -> bool:
    token = stream[position]
    before = stream[position - 1].text if position else ""
    return token.kind == "name" and token.text not in _WORDS_OF_CEL and before != "."


def _follow(stream: Sequence[Token], position: int) -> tuple[list[str], int]:
    parts: list[str] = []
    last = position
    while True:
        if _text(stream, last + 1) == "(":
            return parts, last
        parts.append(stream[last].text)
        following = stream[last + 2 : last + 3]
        if _text(stream, last + 1) != "." or not following or following[0].kind != "name":
            return parts, last
        last += 2


def _text(stream: Sequence[Token], position: int) -> str:
    return stream[position].text if position < len(stream) else ""
