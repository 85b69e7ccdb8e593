"""Expressions of a registry (CEL) as those of a form (XPath), where both say the same."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from cuaso.declarations.cel_tokens import Token, tokens
from cuaso.declarations.xlsform.xpath import Known, Piece, Untranslated

_COMPARED: Final = {"==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_CODES: Final = frozenset({"choice", "text", "code", "long_text", "place"})
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_BOTH: Final = "biểu mẫu không có phép này"


def translated(text: str, names: Mapping[str, Known], *, own: str = "") -> str:
    """Return an expression in XPath; raise Untranslated. `own` is the name that a full stop means;
    `names` are the questions by the paths of the registry (`owner.full_name`, `item.job`).
    """
    return _Reader(tokens(text), names, own).whole()


def read_of(text: str, names: Mapping[str, Known]) -> tuple[str, ...]:
    """Return the paths that an expression reads, each once."""
    reader = _Reader(tokens(text), names, "")
    reader.whole()
    return tuple(dict.fromkeys(reader.read))


class _Reader:
    def __init__(self, stream: Sequence[Token], names: Mapping[str, Known], own: str) -> None:
        self.stream, self.names, self.own = stream, names, own
        self.at = 0
        self.read: list[str] = []

    def whole(self) -> str:
        found = self._chosen()
        if self.at < len(self.stream):
            raise Untranslated(f"không hiểu “{self.stream[self.at].text}”")
        return _asked(found)

    def _peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.stream[at].text if at < len(self.stream) else ""

    def _takes(self, *texts: str) -> str:
        if self._peek() in texts:
            self.at += 1
            return self.stream[self.at - 1].text
        return ""

    def _needs(self, text: str) -> None:
        if not self._takes(text):
            raise Untranslated(f"thiếu “{text}”")

    def _chosen(self) -> Piece:
        asked = self._joined("||", "or", self._and)
        if not self._takes("?"):
            return asked
        yes = self._chosen()
        self._needs(":")
        no = self._chosen()
        kind = no.kind if yes.kind == "literal" else yes.kind
        return Piece(f"if({_asked(asked)}, {yes.text}, {no.text})", kind)

    def _and(self) -> Piece:
        return self._joined("&&", "and", self._compared)

    def _joined(self, sign: str, word: str, inner: Callable[[], Piece]) -> Piece:
        parts = [inner()]
        while self._takes(sign):
            parts.append(inner())
        if len(parts) == 1:
            return parts[0]
        return Piece(f"({f' {word} '.join(map(_asked, parts))})", "condition")

    def _compared(self) -> Piece:
        left = self._sum()
        if self._takes("in"):
            return self._among(left)
        sign = self._takes(*_COMPARED)
        return _compare(left, _COMPARED[sign], self._sum()) if sign else left

    def _among(self, left: Piece) -> Piece:
        if self._peek() != "[":
            many = self._sum()
            if many.kind != "multi_choice" or left.literal is None:
                raise Untranslated(_BOTH)
            return Piece(f"selected({many.text}, {left.text})", "condition")
        codes = self._listed()
        if not codes:
            raise Untranslated(_BOTH)
        return Piece(f"({' or '.join(f'{left.text} = {one}' for one in codes)})", "condition")

    def _listed(self) -> list[str]:
        self._needs("[")
        found = []
        while not self._takes("]"):
            found.append(self._one().text)
            if not self._takes(",") and self._peek() != "]":
                raise Untranslated("thiếu “]”")
        return found

    def _sum(self) -> Piece:
        found = self._product()
        while sign := self._takes("+", "-"):
            found = _counted(found, sign, self._product())
        return found

    def _product(self) -> Piece:
        found = self._one()
        while sign := self._takes("*", "/", "%"):
            if sign == "/":
                raise Untranslated("phép chia lấy phần nguyên")
            found = _counted(found, {"%": "mod"}.get(sign, sign), self._one())
        return found

    def _one(self) -> Piece:
        if self.at >= len(self.stream):
            raise Untranslated("biểu thức bỏ dở")
        token = self.stream[self.at]
        self.at += 1
        match token.kind:
            case "text":
                return _said(token.text)
            case "integer" | "float":
                return Piece(token.text, "number", token.text)
            case "name":
                return self._named(token.text)
        return self._signed(token.text)

    def _signed(self, text: str) -> Piece:
        if text == "!":
            return _not(self._one())
        if text == "-":
            inner = self._one()
            return Piece(f"-{inner.text}", inner.kind, inner.literal and f"-{inner.literal}")
        if text != "(":
            raise Untranslated(f"không hiểu “{text}”")
        inner = self._chosen()
        self._needs(")")
        grouped = inner.text.startswith("(") and inner.kind == "condition"
        return inner if grouped else Piece(f"({inner.text})", inner.kind)

    def _named(self, name: str) -> Piece:
        if name in ("true", "false"):
            return Piece(f"{name}()", "truth", name)
        if name == "today":
            return Piece("today()", "date")
        if self._peek() == "(":
            return self._call(name)
        path = [name]
        while self._peek() == "." and self._peek(2) != "(":
            self.at += 1
            path.append(self._peek())
            self.at += 1
        return self._answer(".".join(path))

    def _answer(self, path: str) -> Piece:
        known = self.names.get(path)
        if known is None:
            raise Untranslated(f"“{path}” không phải một câu hỏi")
        if self._peek() == ".":
            return self._exists(known)
        self.read.append(path)
        return Piece("." if path == self.own else f"${{{known.path}}}", known.kind)

    def _exists(self, known: Known) -> Piece:
        """Read `list.exists(c, c == 'code')` of a field of several choices."""
        stream = [one.text for one in self.stream[self.at : self.at + 9]]
        fits = stream[:3] == [".", "exists", "("] and stream[4:5] == [","] and stream[8:9] == [")"]
        if known.kind != "multi_choice" or not fits or stream[6] != "==" or stream[3] != stream[5]:
            raise Untranslated(_BOTH)
        self.at += 9
        return Piece(f"selected(${{{known.path}}}, {_said(stream[7]).text})", "condition")

    def _call(self, name: str) -> Piece:
        self._needs("(")
        given = []
        while not self._takes(")"):
            given.append(self._chosen())
            if not self._takes(",") and self._peek() != ")":
                raise Untranslated(f"hàm {name}() viết chưa xong")
        made = _CALLS.get((name, len(given)))
        if made is None:
            raise Untranslated(f"hàm {name}()")
        return made(given)


def _asked(one: Piece) -> str:
    """Return a piece as a condition: a yes or no stands as its code."""
    return f"{one.text} = 'yes'" if one.kind == "yes_no" else one.text


def _not(one: Piece) -> Piece:
    if one.kind == "yes_no":
        return Piece(f"{one.text} = 'no'", "condition")
    if one.kind == "blank":
        return Piece(one.text.replace(" = ''", " != ''"), "condition")
    bare = one.text[1:-1] if one.text.startswith("(") and one.text.endswith(")") else one.text
    return Piece(f"not({bare})", "condition")


def _compare(left: Piece, sign: str, right: Piece) -> Piece:
    if right.kind == "truth" and left.kind == "yes_no":
        return Piece(f"{left.text} {sign} {_YES[right.literal == 'true']}", "condition")
    if "multi_choice" in (left.kind, right.kind) or "yes_no" in (left.kind, right.kind):
        raise Untranslated(_BOTH)
    return Piece(f"{left.text} {sign} {right.text}", "condition")


def _counted(left: Piece, sign: str, right: Piece) -> Piece:
    kinds = {left.kind, right.kind} - {"number"}
    if kinds & (_CODES | {"date", "yes_no", "multi_choice", "literal"}):
        raise Untranslated("tính với giá trị không phải số")
    return Piece(f"({left.text} {sign} {right.text})", next(iter(kinds), "number"))


def _said(token: str) -> Piece:
    plain = token[1:-1]
    if token[0] not in "\"'" or "\\" in plain or "'" in plain:
        raise Untranslated("chữ có dấu nháy hoặc gạch chéo")
    return Piece(f"'{plain}'", "literal", plain)


def _blank(given: list[Piece]) -> Piece:
    return Piece(f"{given[0].text} = ''", "blank")


def _day(given: list[Piece]) -> Piece:
    if not _DAY.fullmatch(given[0].literal or ""):
        raise Untranslated("ngày không cố định")
    return Piece(f"date({given[0].text})", "date")


def _size(given: list[Piece]) -> Piece:
    kind = given[0].kind
    if kind not in _CODES | {"multi_choice"}:
        raise Untranslated("hàm size()")
    name = "count-selected" if kind == "multi_choice" else "string-length"
    return Piece(f"{name}({given[0].text})", "number")


_YES: Final = {True: "'yes'", False: "'no'"}
_CALLS: Final[Mapping[tuple[str, int], Callable[[list[Piece]], Piece]]] = {
    ("blank", 1): _blank,
    ("day", 1): _day,
    ("size", 1): _size,
}
