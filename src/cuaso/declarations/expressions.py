"""The CEL profile of packs: declared names only, bounded, decimals exact, failures in words.

Dates are aware timestamps (midnight in Vietnam). A decimal is its value times 10**6 as an
integer; decimal literals are scaled alike, so `length >= 15.0` is exact. A declared name
without a value is null; an expression that cannot be decided because of it is `unknown`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final, Literal

import cel

from cuaso.declarations import cel_kinds, cel_tokens
from cuaso.declarations.cel_tokens import Path, Token
from cuaso.declarations.shape import Loose
from cuaso.declarations.trouble import suggestion
from cuaso.kernel.errors import Invalid

Kind = Literal["any", "text", "integer", "decimal", "yes_no", "day", "list", "map"]
LIMIT_LENGTH: Final = 1000
LIMIT_TOKENS: Final = 250
LIMIT_DEPTH: Final = 12
LIMIT_MACROS: Final = 3
SCALE: Final = 10**6
# CEL takes fixed offsets only; days are compared with days, so history of the zone is no matter.
HANOI: Final = timezone(timedelta(hours=7))
# The library counts the bytes of a text; CEL counts its characters. Its own `size` stands behind no
# other, so that calls are written by a name of as many letters which no declaration can take.
_SIZE, _LENGTH = "size", "_len"
_METHODS: Final = frozenset(
    {
        *cel_tokens.MACROS,
        *("contains", "startsWith", "endsWith", "matches", "size", "has", "string", "int"),
        *("timestamp", "duration", "getFullYear", "getMonth", "getDate", "getDayOfWeek"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a declared name holds. `members` are the parts of a map or of each row of a list."""

    kind: Kind = "any"
    members: Mapping[str, "Shape"] = field(default_factory=dict)


class BadExpression(Invalid):
    """A text that is not an expression of this profile (`expressions.bad`)."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(code="expressions.bad", what=what, mend=mend)


class UnlikeNumbers(BadExpression):
    """An expression whose numbers do not fit together around a sign."""

    def __init__(self, what: str, mend: str, *, sign: str) -> None:
        self.sign = sign
        super().__init__(what, mend)


class Undecided(Invalid):
    """A sound expression that failed on these values (`expressions.undecided`)."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(code="expressions.undecided", what=what, mend=mend)


@dataclass(frozen=True, kw_only=True)
class Expression:
    """A compiled expression; `paths` are the dotted names that it reads."""

    text: str
    paths: tuple[tuple[str, ...], ...]
    names: Mapping[str, Shape]
    program: Loose = field(repr=False, compare=False)

    def evaluate(self, values: Mapping[str, object]) -> object:
        """Return the value; raise Undecided in words when these values do not allow one."""
        bound = {name: bind(values.get(name), shape=shape) for name, shape in self.names.items()}
        try:
            return self.program.execute({**_GIVEN, **bound})
        except (TypeError, ValueError, RuntimeError, ArithmeticError, LookupError) as error:
            raise Undecided(*_why(self.text, error)) from None

    def holds(self, values: Mapping[str, object], *, unknown: bool) -> bool:
        """Say yes or no; `unknown` answers when a name that is read has no value."""
        try:
            answer = self.evaluate(values)
        except Undecided:
            if any(blank(_reach(values, path)) for path in self.paths):
                return unknown
            raise
        if answer is None:
            return unknown
        if not isinstance(answer, bool):
            raise Undecided(
                f"Biểu thức “{self.text}” không trả lời có hay không.",
                "Hãy so sánh hai giá trị, ví dụ a == b.",
            )
        return answer


def compile(text: str, names: Iterable[str] | Mapping[str, Shape] = ()) -> Expression:
    """Compile a text that may read only `names`; raise BadExpression with a remedy."""
    shapes = names if isinstance(names, Mapping) else {name: Shape() for name in names}
    stream = _bounded(text)
    program = _program(_put(text, stream), text)
    known = _known(stream, shapes)
    reads = tuple(path for path in cel_tokens.paths(stream) if path.parts[0] not in known.bound)
    for path in cel_tokens.paths(stream):
        _check_path(path, known.shapes)
    _check_calls(stream)
    _check_numbers(text, known.shapes)
    top = {path.parts[0] for path in reads}
    distinct = tuple(dict.fromkeys(path.parts for path in reads))
    used = {name: _read_of(name, shape, distinct) for name, shape in shapes.items() if name in top}
    return Expression(text=text, paths=distinct, names=used, program=program)


def _read_of(name: str, shape: Shape, reads: Sequence[tuple[str, ...]]) -> Shape:
    """Return the part of a map that is read, so that binding touches nothing else of it."""
    mine = [parts for parts in reads if parts[0] == name]
    if not shape.members or shape.kind != "map" or any(len(parts) == 1 for parts in mine):
        return shape
    return Shape(kind="map", members={parts[1]: shape.members[parts[1]] for parts in mine})


def blank(value: object) -> bool:
    """Say whether a value is missing: null, empty text, empty list or empty map."""
    # What is true is none of these, and most values are.
    return value is None or (not value and value in ("", [], {}, ()))


_THEMSELVES: Final = frozenset({str, int, bool})


def bind(value: object, *, shape: Shape | None = None) -> object:
    """Return the value as CEL takes it: of a map the declared members, null where there is none."""
    # Most values are these: to ask what is a Mapping takes ten times as long.
    if type(value) in _THEMSELVES:
        return value
    members = shape.members if shape else {}
    if isinstance(value, Mapping):
        if members:
            return {name: bind(value.get(name), shape=inner) for name, inner in members.items()}
        return {name: bind(item) for name, item in value.items()}
    if value is None and shape and shape.kind == "map":
        return {name: bind(None, shape=inner) for name, inner in members.items()}
    if isinstance(value, list | tuple | frozenset | set):
        rows = Shape(kind="map", members=members) if members else None
        return [bind(item, shape=rows) for item in value]
    return _scalar(value)


def _scalar(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(HANOI)
    if isinstance(value, date):
        return datetime.combine(value, time(), tzinfo=HANOI)
    if isinstance(value, Decimal):
        return int((value * SCALE).to_integral_value())
    if value is None or isinstance(value, bool | int | str):
        return value
    reader = getattr(value, "for_cel", None)
    return bind(reader()) if reader else str(value)


def _bounded(text: str) -> tuple[Token, ...]:
    if not text.strip():
        raise BadExpression("Biểu thức để trống.", "Hãy viết điều kiện hoặc xoá mục này.")
    if len(text) > LIMIT_LENGTH:
        raise BadExpression(
            f"Biểu thức dài quá {LIMIT_LENGTH} ký tự.", "Hãy tách thành nhiều luật."
        )
    try:
        stream = cel_tokens.tokens(text)
    except ValueError as error:
        raise BadExpression(
            f"Biểu thức có ký tự “{error}” không đọc được.", "Tên viết không dấu: birth_date."
        ) from None
    macros = sum(token.text in cel_tokens.MACROS for token in stream)
    if (
        len(stream) > LIMIT_TOKENS
        or cel_tokens.depth(stream) > LIMIT_DEPTH
        or macros > LIMIT_MACROS
    ):
        raise BadExpression("Biểu thức lồng quá sâu.", "Hãy tách thành nhiều luật ngắn.")
    return stream


@lru_cache(maxsize=4096)
def _program(text: str, said: str) -> Loose:
    """Compile a text for the library; `said` is what its writer wrote."""
    try:
        return cel.compile(text)
    except ValueError as error:
        column = re.search(r"<input>:1:(\d+)", str(error)) if len(text) == len(said) else None
        where = f" ở ký tự thứ {column[1]}" if column else ""
        raise BadExpression(
            f"Biểu thức “{said}” viết sai{where}.",
            "Hãy xem lại ngoặc, dấu nháy và phép so sánh (==, &&, ||, !).",
        ) from None


def _put(text: str, stream: Sequence[Token]) -> str:
    """Return the text for the library: decimals scaled, lengths counted as CEL says."""
    out = text
    for token, after in zip(reversed(stream), (None, *reversed(stream)), strict=False):
        fresh = token.text
        if token.kind == "float":
            fresh = _scaled(token.text)
        elif token.text == _SIZE and after is not None and after.text == "(":
            fresh = _LENGTH
        out = out[: token.start] + fresh + out[token.start + len(token.text) :]
    return out


def _scaled(number: str) -> str:
    scaled = Decimal(number) * SCALE
    if scaled != scaled.to_integral_value():
        raise BadExpression(f"Số {number} có quá 6 chữ số thập phân.", "Hãy làm tròn.")
    return str(int(scaled))


@dataclass(frozen=True, kw_only=True)
class _Known:
    shapes: Mapping[str, Shape]
    bound: frozenset[str]


def _known(stream: Sequence[Token], shapes: Mapping[str, Shape]) -> _Known:
    """Add to the declared names those that a macro binds: `rows.exists(row, …)`."""
    known = dict(shapes)
    for position, token in enumerate(stream[:-2]):
        if token.text in cel_tokens.MACROS and stream[position + 1].text == "(":
            listed = _shape(_path_before(stream, position), known)
            members = listed.members if listed else {}
            kind: Kind = "map" if members else "any"
            known[stream[position + 2].text] = Shape(kind=kind, members=members)
    return _Known(shapes=known, bound=frozenset(known) - frozenset(shapes))


def _path_before(stream: Sequence[Token], position: int) -> tuple[str, ...]:
    parts: list[str] = []
    while position >= 2 and stream[position - 1].text == ".":  # noqa: PLR2004 a name and a dot
        parts.insert(0, stream[position - 2].text)
        position -= 2
    return tuple(parts)


def _shape(parts: Sequence[str], shapes: Mapping[str, Shape]) -> Shape | None:
    here: Shape | None = Shape(kind="map", members=shapes)
    for part in parts:
        here = here.members.get(part) if here else None
    return here


def _check_path(path: Path, shapes: Mapping[str, Shape]) -> None:
    level: Mapping[str, Shape] = shapes
    for index, part in enumerate(path.parts):
        if part not in level:
            written = ".".join(path.parts[: index + 1])
            raise BadExpression(f"Không có tên nào là “{written}”.", suggestion(part, level))
        shape = level[part]
        if not shape.members and shape.kind == "any":
            return
        level = shape.members


def _check_calls(stream: Sequence[Token]) -> None:
    allowed = _METHODS | frozenset(FUNCTIONS)
    for name in sorted(cel_tokens.called(stream) - allowed):
        raise BadExpression(f"Không có hàm nào tên “{name}”.", suggestion(name, allowed))


def _check_numbers(text: str, shapes: Mapping[str, Shape]) -> None:
    """Refuse numbers of unlike kinds: a decimal is scaled, and beside an integer, or multiplied by
    another, it would be a million times too large or too small.
    """
    try:
        cel_kinds.kind_of(text, shapes)
    except cel_kinds.Mixed as mixed:
        sign, pair = str(mixed), frozenset({mixed.left, mixed.right})
        if pair <= cel_kinds.NUMBERS:
            raise UnlikeNumbers(*cel_kinds.unlike(text, sign, pair), sign=sign) from None
        raise BadExpression(
            f"Biểu thức “{text}” ghép hai giá trị không cùng kiểu quanh “{sign}”.",
            "Hãy để hai bên cùng là số, cùng là chữ hoặc cùng là ngày.",
        ) from None


def _reach(values: Mapping[str, object], path: Sequence[str]) -> object:
    here: object = values
    for part in path:
        here = here.get(part) if isinstance(here, Mapping) else None
    return here


def _why(text: str, error: Exception) -> tuple[str, str]:
    if isinstance(error, ZeroDivisionError):
        return f"Biểu thức “{text}” chia cho 0.", "Hãy kiểm tra mẫu số trước khi chia."
    if isinstance(error, OverflowError):
        return f"Biểu thức “{text}” cho số quá lớn.", "Hãy kiểm tra lại các số đã nhập."
    if isinstance(error, LookupError):
        return f"Biểu thức “{text}” đọc một mục không có.", "Hãy dùng blank(…) trước khi đọc."
    return (
        f"Biểu thức “{text}” so sánh hai giá trị không cùng kiểu hoặc còn trống.",
        "Hãy dùng blank(…) để hỏi giá trị đã có chưa.",
    )


def _day(text: object) -> object:
    try:
        return _scalar(date.fromisoformat(text)) if isinstance(text, str) else None
    except ValueError:
        return None


def _days_between(start: object, end: object) -> object:
    if isinstance(start, datetime) and isinstance(end, datetime):
        return (end.astimezone(HANOI).date() - start.astimezone(HANOI).date()).days
    return None


def _years_between(start: object, end: object) -> object:
    """Whole years, as an age is counted: the birthday itself completes a year."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        first, last = start.astimezone(HANOI).date(), end.astimezone(HANOI).date()
        return last.year - first.year - ((last.month, last.day) < (first.month, first.day))
    return None


def _least(first: object, second: object) -> object:
    return min(first, second) if isinstance(first, int) and isinstance(second, int) else None


def _greatest(first: object, second: object) -> object:
    return max(first, second) if isinstance(first, int) and isinstance(second, int) else None


def _percent(part: object, whole: object) -> object:
    """How many per cent of the whole a part is, as a decimal; null of nothing."""
    if not isinstance(part, int) or not isinstance(whole, int) or whole == 0:
        return None
    return int((Decimal(part) * 100 * SCALE / whole).to_integral_value(ROUND_HALF_UP))


def _blank(value: object) -> bool:
    """As `blank`; what has parts is missing when every part is."""
    return blank(value) or (isinstance(value, Mapping) and all(map(_blank, value.values())))


def _length(value: object) -> object:
    """How many characters a text has, or values a list or map; what has none leaves the expression
    undecided, also where it is compared by `==`.
    """
    return len(value) if isinstance(value, str | list | dict) else _NO_LENGTH


_NO_LENGTH: Final = object()
# A function never raises: a null result makes the expression undecided, in words.
FUNCTIONS: Final[Mapping[str, Callable[..., object]]] = {
    "blank": _blank,
    "day": _day,
    "days_between": _days_between,
    "years_between": _years_between,
    "least": _least,
    "greatest": _greatest,
    "percent": _percent,
}
_GIVEN: Final = {**FUNCTIONS, _LENGTH: _length}
