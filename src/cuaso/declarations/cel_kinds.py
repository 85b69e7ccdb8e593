"""What kind of value an expression gives, found by reading it: a decimal is scaled, an integer not.

Follows CEL's precedence. What cannot be told is `any`; unlike numbers are refused where they are
added or compared, and products that would lose the scale or have it twice.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from cuaso.declarations import cel_tokens
from cuaso.declarations.cel_tokens import Token

if TYPE_CHECKING:
    from cuaso.declarations.expressions import Kind, Shape

_LEVELS: Final = (
    frozenset({"||"}), frozenset({"&&"}), frozenset({"==", "!=", "<", "<=", ">", ">=", "in"}),
    frozenset({"+", "-"}), frozenset({"*", "/", "%"}),
)  # fmt: skip
_TRUTH: Final = 3
_CALLS: Final[Mapping[str, "Kind"]] = {
    "blank": "yes_no", "day": "day", "days_between": "integer", "years_between": "integer",
    "size": "integer", "contains": "yes_no", "startsWith": "yes_no", "endsWith": "yes_no",
    "matches": "yes_no", "has": "yes_no", "string": "text", "int": "integer", "timestamp": "day",
    "getFullYear": "integer", "getMonth": "integer", "getDate": "integer",
    "getDayOfWeek": "integer", "all": "yes_no", "exists": "yes_no", "exists_one": "yes_no",
    "filter": "list", "map": "list", "percent": "decimal",
}  # fmt: skip
_SAME: Final = frozenset({"least", "greatest", "percent"})
NUMBERS: Final = frozenset({"integer", "decimal"})
_TURNS: Final = frozenset({"int", "string"})
_SUMS: Final = frozenset({"+", "-", "%"})
_COMPARING: Final = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", *_SUMS})
_WORDS: Final[Mapping[str, "Kind"]] = {"true": "yes_no", "false": "yes_no", "null": "any"}


class Mixed(ValueError):
    """Values of unlike kinds on both sides of a sign, which is its text."""

    def __init__(self, sign: str, left: "Kind", right: "Kind") -> None:
        self.left, self.right = left, right
        super().__init__(sign)


def kind_of(text: str, names: Mapping[str, "Shape"]) -> "Kind":
    """Return the kind of a sound expression; raise Mixed when its numbers do not fit together."""
    return _Reading(cel_tokens.tokens(text), names).whole()


def unlike(text: str, sign: str, pair: frozenset[str]) -> tuple[str, str]:
    """Return what is wrong with a pair of numbers around a sign, and how to mend it."""
    if sign in _TURNS:
        return (
            f"Không đổi số thập phân bằng {sign}(…).",
            "Hãy so sánh thẳng với số có dấu chấm, ví dụ 15.0.",
        )
    if pair == {"decimal"}:
        return "Không nhân hay chia hai số thập phân.", "Hãy dùng số nguyên."
    if sign == "/":
        return (
            "Không chia số nguyên cho số thập phân.",
            "Hãy viết thành phép nhân: thay cho a / b >= 2 là b * 2 <= a * 1.0.",
        )
    if sign in _COMPARING:
        verb = "tính" if sign in _SUMS else "so"
        return (
            f"Biểu thức {verb} một số thập phân với một số nguyên quanh dấu “{sign}”.",
            "Hãy viết số có dấu chấm, ví dụ 15.0.",
        )
    mend = "Hãy viết số có dấu chấm, ví dụ 15.0."
    if sign == "percent":
        mend = "Hãy tính tỷ lệ của hai số cùng loại."
    return f"Biểu thức “{text}” trộn số nguyên với số thập phân quanh “{sign}”.", mend


class _Reading:
    def __init__(self, stream: Sequence[Token], names: Mapping[str, "Shape"]) -> None:
        self.stream = stream
        self.names = names
        self.at = 0
        # Of what kind the values of the list are that was written last.
        self.listed: Kind = "any"

    def whole(self) -> "Kind":
        asked = self.binary(0)
        if self.now() != "?":
            return asked
        self.at += 1
        yes = self.whole()
        self.skip(":")
        no = self.whole()
        return _joined(yes, no, "?")

    def binary(self, level: int) -> "Kind":
        if level == len(_LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.now() in _LEVELS[level]:
            sign = self.now()
            self.at += 1
            self.listed = "any"
            right = self.binary(level + 1)
            if level >= _TRUTH:
                left = _combined(left, right, sign)
                continue
            _compare(left, self.listed if sign == "in" else right, sign)
            left = "yes_no"
        return left

    def unary(self) -> "Kind":
        if self.now() == "!":
            self.at += 1
            self.unary()
            return "yes_no"
        if self.now() == "-":
            self.at += 1
            return self.unary()
        return self.member(self.primary())

    def primary(self) -> "Kind | Shape":
        token = self.stream[self.at]
        self.at += 1
        if token.kind in ("text", "float", "integer"):
            literal: Kind = {"text": "text", "float": "decimal"}.get(token.kind, "integer")  # type: ignore[assignment]
            return literal
        if token.text == "(":
            inside = self.whole()
            self.skip(")")
            return inside
        if token.text == "[":
            self.listed = self.several("]")
            return "list"
        if token.text == "{":
            self.several("}")
            return "map"
        if token.text in _WORDS:
            return _WORDS[token.text]
        return self.call(token.text) if self.now() == "(" else self.names.get(token.text, "any")

    def member(self, here: "Kind | Shape") -> "Kind":
        while self.now() in (".", "["):
            self.listed = "any"
            if self.now() == "[":
                self.at += 1
                self.several("]")
                here = "any"
                continue
            name = self.stream[self.at + 1].text
            self.at += 2
            if self.now() == "(":
                here = self.call(name)
            else:
                here = "any" if isinstance(here, str) else here.members.get(name, "any")
        return here if isinstance(here, str) else here.kind

    def call(self, name: str) -> "Kind":
        self.at += 1
        if name not in _SAME:
            given = self.several(")")
            # A decimal is scaled: what it would be turned into is a million times too large.
            if name in _TURNS and given == "decimal":
                raise Mixed(name, given, given)
            return _CALLS.get(name, "any")
        first = self.whole()
        self.skip(",")
        second = self.whole()
        self.skip(")")
        return _CALLS.get(name, _joined(first, second, name))

    def several(self, end: str) -> "Kind":
        """Read values up to the bracket that closes them; return of what kind all of them are."""
        kind: Kind | None = None
        while self.at < len(self.stream) and self.now() != end:
            one = self.whole()
            kind = one if kind in (None, one) else "any"
            self.skip(",")
            self.skip(":")
        self.skip(end)
        return kind or "any"

    def skip(self, sign: str) -> None:
        self.at += self.now() == sign

    def now(self) -> str:
        return self.stream[self.at].text if self.at < len(self.stream) else ""


def _joined(left: "Kind", right: "Kind", sign: str) -> "Kind":
    if "any" in (left, right):
        return right if left == "any" else left
    if left != right:
        raise Mixed(sign, left, right)
    return left


def _compare(left: "Kind", right: "Kind", sign: str) -> None:
    if left != right and {left, right} <= NUMBERS:
        raise Mixed(sign, left, right)


def _combined(left: "Kind", right: "Kind", sign: str) -> "Kind":
    if sign in _SUMS:
        return _joined(left, right, sign)
    if left == right == "decimal":
        raise Mixed(sign, left, right)
    # An integer divided by a decimal would lose the scale; written the other way round it keeps it.
    if right == "decimal" and sign != "*":
        raise Mixed(sign, left, right)
    return "decimal" if "decimal" in (left, right) else _joined(left, right, sign)
