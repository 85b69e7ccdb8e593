"""One question of a form as a field of a registry: its type, its limits, its conditions."""

import re
from collections.abc import Mapping
from typing import Any, Final

from cuaso.declarations.xlsform.tables import Row
from cuaso.kernel.text import one_line

Plain = dict[str, Any]

TYPES: Final[Mapping[str, Plain]] = {
    "text": {"type": "text"},
    "string": {"type": "text"},
    "integer": {"type": "integer"},
    "int": {"type": "integer"},
    "decimal": {"type": "decimal"},
    "range": {"type": "integer"},
    "date": {"type": "date"},
    "datetime": {"type": "moment"},
    "geopoint": {"type": "point"},
    "geotrace": {"type": "line"},
    "geoshape": {"type": "polygon"},
    "image": {"type": "file", "accept": ["jpg", "png"]},
    "photo": {"type": "file", "accept": ["jpg", "png"]},
    "file": {"type": "file"},
    "barcode": {"type": "code"},
    "acknowledge": {"type": "yes_no"},
    "trigger": {"type": "yes_no"},
    "time": {
        "type": "text",
        "pattern": r"([01]\d|2[0-3]):[0-5]\d",
        "pattern_say": "Hãy viết giờ theo mẫu 15:00.",
    },
    "calculate": {"type": "computed"},
}
# What a registry knows by itself: who, when and from what stand in its history.
OF_THE_DEVICE: Final = frozenset(
    {
        "start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber",
        "username", "email", "audit", "start-geopoint", "background-geopoint", "background-audio",
    }
)  # fmt: skip
OTHERS: Final[Mapping[str, str]] = {
    "audio": "Hãy xin tệp PDF hoặc ảnh thay cho ghi âm.",
    "video": "Hãy xin ảnh thay cho phim.",
    "rank": "Hãy tách thành nhiều ô chọn: thứ nhất, thứ hai.",
    "hidden": "Nếu cần giữ giá trị này, hãy thêm một ô và giá trị sẵn có.",
    "xml-external": "Hãy đưa dữ liệu ngoài vào một sổ rồi thêm ô “Bản ghi của sổ khác”.",
    "csv-external": "Hãy đưa dữ liệu ngoài vào một sổ rồi thêm ô “Bản ghi của sổ khác”.",
}
_BOUND: Final = re.compile(r"\.\s*(<=|>=|<|>)\s*(-?\d+(?:\.\d+)?)")
_LENGTH: Final = re.compile(r"string-length\(\s*\.\s*\)\s*(<=|>=|=)\s*(\d{1,4})")
_REGEX: Final = re.compile(r"regex\(\s*\.\s*,\s*(['\"])(.{1,200})\1\s*\)")
_DAY: Final = re.compile(r"\.\s*(<=|>=)\s*(?:(today\(\))|date\(['\"](\d{4}-\d\d-\d\d)['\"]\))")
DONG: Final = "đồng"
_COUNTED: Final = frozenset({"integer", "decimal", "computed"})
_TEXTS: Final = frozenset({"text", "long_text", "code"})
_PIECES: Final = re.compile(r"\"[^\"]*\"|'[^']*'|\w+|\W")
_UNIT: Final = re.compile(r"\s*Đơn vị tính: (.{1,40})\.")
# The shortest sentence of a rule.
_SHORTEST: Final = 10
_RANGE: Final = re.compile(r"(start|end|step)\s*=\s*(-?\d+(?:\.\d+)?)")


def base(kind: str, row: Row) -> Plain | None:
    """Return the type and options of a question, None for a type that no field has."""
    known = TYPES.get(kind)
    if known is None:
        return None
    one = dict(known)
    if kind in ("text", "string") and "multiline" in row.get("appearance"):
        one["type"] = "long_text"
    if kind == "range":
        one |= _of_range(row.get("parameters"))
    return one


def _of_range(parameters: str) -> Plain:
    said = dict(_RANGE.findall(parameters))
    whole = all(float(text).is_integer() for text in said.values())
    bounds = {"min": said.get("start", ""), "max": said.get("end", "")}
    kept = {key: text for key, text in bounds.items() if text}
    return {"type": "integer" if whole else "decimal", **kept}


def limits(one: Plain, constraint: str, message: str) -> tuple[Plain, list[str]]:
    """Return what of a constraint a field itself keeps, and what is left for a rule."""
    kept: Plain = {}
    left = []
    for part in _parts(constraint):
        found = _limit(one["type"], part, message)
        if found and not found.keys() & kept.keys():
            kept |= found
        else:
            left.append(part)
    return kept, left


def _parts(constraint: str) -> list[str]:
    """Return what a constraint joins with `and` outside brackets; the whole where `or` joins it."""
    parts, depth = [""], 0
    for piece in _PIECES.findall(constraint):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if depth == 0 and piece == "or":
            return [constraint.strip()]
        if depth == 0 and piece == "and":
            parts.append("")
        else:
            parts[-1] += piece
    return [part for one in parts if (part := one.strip())]


def _limit(kind: str, part: str, message: str) -> Plain:
    if kind in ("integer", "decimal") and (found := _BOUND.fullmatch(part)):
        return _bound(kind, found[1], found[2])
    if kind in _TEXTS and (found := _LENGTH.fullmatch(part)):
        edges = {"<=": ("max_length",), ">=": ("min_length",), "=": ("min_length", "max_length")}
        return dict.fromkeys(edges[found[1]], found[2])
    if kind in ("text", "code") and (found := _REGEX.fullmatch(part)):
        pattern = found[2].removeprefix("^").removesuffix("$")
        return {"pattern": pattern, "pattern_say": message or "Hãy viết đúng mẫu của biểu mẫu."}
    if kind in ("date", "moment") and (found := _DAY.fullmatch(part)):
        edge = "not_after" if found[1] == "<=" else "not_before"
        return {edge: "today" if found[2] else found[3]}
    return {}


def _bound(kind: str, sign: str, number: str) -> Plain:
    if sign in ("<", ">"):
        if kind != "integer" or "." in number:
            return {}
        return {"max": str(int(number) - 1)} if sign == "<" else {"min": str(int(number) + 1)}
    return {"max" if sign == "<=" else "min": number}


def measured(one: Plain, hint: str) -> Plain:
    """Return hint and unit of a question whose hint ends with one."""
    found = _UNIT.search(hint)
    if not found or found.end() < len(hint) or one["type"] not in _COUNTED:
        return {"hint": hint} if hint else {}
    rest = hint[: found.start()]
    money = found[1] == DONG and one["type"] == "integer"
    return {
        **({"type": "vnd"} if money else {"unit": found[1]}),
        **({"hint": rest} if rest else {}),
    }


def sentence(title: str, message: str) -> str:
    """Return what a rule says where it does not hold."""
    said = one_line(message)
    if len(said) >= _SHORTEST:
        return said
    return f"“{title}” chưa đúng điều kiện của biểu mẫu. {said}".strip()
