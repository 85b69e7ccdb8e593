"""Expressions of a form (XPath) as those of a registry (CEL), where both say the same.

The subset that forms are made of: comparisons, `and`, `or`, `not()`, `selected()`, sums, `if()`,
`today()`. Whatever else stands there is said, not guessed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<answer>\$\{\s*[^{}\s]{1,120}\s*\})"
    r"|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<sign><=|>=|!=|=|<|>|\+|-|\*|\(|\)|,)"
    r"|(?P<name>[A-Za-z_][\w:-]*)"
    r"|(?P<own>\.)(?![.\w]))"
)
_DEEPEST: Final = 12
_LONGEST: Final = 2_000
_COMPARED: Final = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_NUMBERS: Final = frozenset({"integer", "decimal", "vnd"})
_CODES: Final = frozenset({"choice", "text", "code", "long_text"})


class Untranslated(Exception):
    """An expression that a registry cannot say; the sentence says what of it."""


@dataclass(frozen=True)
class Known:
    """A question that may be read: its name in the registry, and the type of its field."""

    path: str
    kind: str


@dataclass(frozen=True)
class Piece:
    """A translated part; `literal` is what was written where it is one text or number."""

    text: str
    kind: str
    literal: str | None = None


def translated(text: str, names: Mapping[str, Known], *, own: Known | None = None) -> Piece:
    """Return an expression in CEL; raise Untranslated. `own` is what a full stop means."""
    if len(text) > _LONGEST:
        raise Untranslated("biểu thức quá dài")
    return _Reader(_tokens(text), names, own).whole()


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        one = _TOKEN.match(text, at)
        if one is None:
            raise Untranslated(f"không đọc được “{text[at : at + 20].strip()}”")
        kind = str(one.lastgroup)
        found.append((kind, one[kind]))
        at = one.end()
    return found


class _Reader:
    def __init__(
        self, tokens: list[tuple[str, str]], names: Mapping[str, Known], own: Known | None
    ) -> None:
        self.tokens, self.names, self.own = tokens, names, own
        self.at = self.depth = 0

    def whole(self) -> Piece:
        found = self._or()
        if self.at < len(self.tokens):
            raise Untranslated(f"không hiểu “{self.tokens[self.at][1]}”")
        return found

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("", "")

    def _takes(self, *texts: str) -> str:
        kind, text = self._peek()
        if kind in ("sign", "name") and text in texts:
            self.at += 1
            return text
        return ""

    def _needs(self, text: str) -> None:
        if not self._takes(text):
            raise Untranslated(f"thiếu “{text}”")

    def _or(self) -> Piece:
        return self._joined("or", "||", self._and)

    def _and(self) -> Piece:
        return self._joined("and", "&&", self._compared)

    def _joined(self, word: str, sign: str, inner: Callable[[], Piece]) -> Piece:
        self.depth += 1
        if self.depth > _DEEPEST * 3:
            raise Untranslated("lồng quá sâu")
        parts = [inner()]
        while self._takes(word):
            parts.append(inner())
        self.depth -= 1
        if len(parts) == 1:
            return parts[0]
        return Piece(f"({f' {sign} '.join(one.text for one in parts)})", "yes_no")

    def _compared(self) -> Piece:
        left = self._sum()
        sign = self._takes(*_COMPARED)
        return _compare(left, _COMPARED[sign], self._sum()) if sign else left

    def _sum(self) -> Piece:
        found = self._product()
        while sign := self._takes("+", "-"):
            found = _counted(found, sign, self._product())
        return found

    def _product(self) -> Piece:
        found = self._one()
        while word := self._takes("*", "div", "mod"):
            sign = {"*": "*", "div": "/", "mod": "%"}[word]
            found = _counted(found, sign, self._one())
        return found

    def _one(self) -> Piece:
        kind, text = self._peek()
        self.at += 1
        made = _ONE.get(kind)
        if made is not None:
            return made(self, text)
        raise Untranslated("biểu thức bỏ dở")

    def _itself(self, text: str) -> Piece:
        if self.own is None:
            raise Untranslated(f"không hiểu “{text}”")
        return Piece(self.own.path, self.own.kind)

    def _said(self, text: str) -> Piece:
        return Piece(_quoted(text[1:-1]), "literal", text[1:-1])

    def _number(self, text: str) -> Piece:
        return Piece(text, "decimal" if "." in text else "integer", text)

    def _signed(self, text: str) -> Piece:
        if text == "-":
            inner = self._one()
            literal = None if inner.literal is None else f"-{inner.literal}"
            return Piece(f"-{inner.text}", inner.kind, literal)
        if text != "(":
            raise Untranslated(f"không hiểu “{text}”")
        inner = self._or()
        self._needs(")")
        return Piece(_grouped(inner.text), inner.kind)

    def _answer(self, text: str) -> Piece:
        name = text[2:-1].strip()
        known = self.names.get(name)
        if known is None:
            raise Untranslated(f"không có câu hỏi “{name}” ở chỗ đọc được")
        return Piece(known.path, known.kind)

    def _call(self, name: str) -> Piece:
        self._needs("(")
        given = []
        while not self._takes(")"):
            given.append(self._or())
            if not self._takes(",") and self._peek() != ("sign", ")"):
                raise Untranslated(f"hàm {name}() viết chưa xong")
        made = _CALLS.get((name, len(given)))
        if made is None:
            raise Untranslated(f"hàm {name}()")
        return made(given)


_ONE: Final[Mapping[str, Callable[[_Reader, str], Piece]]] = {
    "answer": _Reader._answer,  # noqa: SLF001 the class's own table
    "own": _Reader._itself,  # noqa: SLF001
    "text": _Reader._said,  # noqa: SLF001
    "number": _Reader._number,  # noqa: SLF001
    "name": _Reader._call,  # noqa: SLF001
    "sign": _Reader._signed,  # noqa: SLF001
}


def _compare(left: Piece, sign: str, right: Piece) -> Piece:
    if left.literal is not None and right.literal is None:
        turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
        return _compare(right, turned.get(sign, sign), left)
    if right.literal == "" and sign in ("==", "!="):
        return Piece(f"{'!' if sign == '!=' else ''}blank({left.text})", "yes_no")
    if right.literal is not None:
        right = _as_kind(right, left.kind)
    elif left.kind != right.kind and not {left.kind, right.kind} <= _CODES:
        raise Untranslated("so hai giá trị khác loại")
    return Piece(f"{left.text} {sign} {right.text}", "yes_no")


def _as_kind(literal: Piece, kind: str) -> Piece:
    """Return a literal as the field that it is compared with has it."""
    said = literal.literal or ""
    if kind in _CODES or kind == "place":
        return Piece(_quoted(said), kind)
    if kind == "yes_no":
        return Piece("true" if said.lower() in ("yes", "1", "true", "ok", "co") else "false", kind)
    if kind in _NUMBERS and re.fullmatch(r"-?\d+(\.\d+)?", said):
        return _number(said, kind)
    if kind == "date" and re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
        return Piece(f"day('{said}')", kind)
    if kind in _NUMBERS | {"multi_choice", "date"}:
        raise Untranslated(f"so ô kiểu {kind} với “{said}”")
    return literal


def _number(said: str, kind: str) -> Piece:
    if kind == "decimal":
        return Piece(said if "." in said else f"{said}.0", kind)
    if "." in said:
        raise Untranslated("so số nguyên với số thập phân")
    return Piece(said, kind)


def _counted(left: Piece, sign: str, right: Piece) -> Piece:
    for one in (left, right):
        if one.kind not in _NUMBERS:
            raise Untranslated("tính với giá trị không phải số")
    kinds = {one.kind for one in (left, right) if one.literal is None} or {left.kind}
    if len(kinds) > 1:
        raise Untranslated("tính số nguyên với số thập phân")
    (kind,) = kinds
    sides = [
        _number(one.literal, kind) if one.literal is not None else one for one in (left, right)
    ]
    return Piece(f"({sides[0].text} {sign} {sides[1].text})", kind)


def _grouped(text: str) -> str:
    """Return a text in brackets, as it is where its own enclose the whole."""
    depth = 0
    for at, sign in enumerate(re.sub(r"'[^']*'", lambda one: "_" * len(one[0]), text)):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0 and at < len(text) - 1:
            return f"({text})"
    return text if text[:1] == "(" else f"({text})"


def _quoted(text: str) -> str:
    if "\\" in text or "\n" in text or "'" in text:
        raise Untranslated("chữ có dấu nháy hoặc gạch chéo")
    return f"'{text}'"


def _selected(given: list[Piece]) -> Piece:
    one, code = given
    if code.literal is None:
        raise Untranslated("selected() với mã không cố định")
    if one.kind == "multi_choice":
        return Piece(f"{one.text}.exists(c, c == {_quoted(code.literal)})", "yes_no")
    return _compare(one, "==", code)


def _chosen(given: list[Piece]) -> Piece:
    asked, yes, no = given
    kinds = {one.kind for one in (yes, no) if one.literal is None}
    kind = kinds.pop() if kinds else ("text" if "literal" in (yes.kind, no.kind) else yes.kind)
    sides = [one if one.literal is None else _as_kind(one, kind) for one in (yes, no)]
    return Piece(f"({asked.text} ? {sides[0].text} : {sides[1].text})", kind)


def _day(given: list[Piece]) -> Piece:
    return _as_kind(given[0], "date")


_CALLS: Final[Mapping[tuple[str, int], Callable[[list[Piece]], Piece]]] = {
    ("not", 1): lambda given: Piece(f"!({given[0].text})", "yes_no"),
    ("selected", 2): _selected,
    ("count-selected", 1): lambda given: Piece(f"size({given[0].text})", "integer"),
    ("string-length", 1): lambda given: Piece(f"size({given[0].text})", "integer"),
    ("today", 0): lambda _given: Piece("today", "date"),
    ("true", 0): lambda _given: Piece("true", "yes_no"),
    ("false", 0): lambda _given: Piece("false", "yes_no"),
    ("boolean", 1): lambda given: Piece(f"!blank({given[0].text})", "yes_no"),
    ("if", 3): _chosen,
    ("date", 1): _day,
}
