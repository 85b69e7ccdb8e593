"""A CEL condition in Vietnamese words, when it is one of the plain kinds that packs write."""

import re
from collections.abc import Mapping
from typing import Final

from cuaso.declarations.documenting.library import Library
from cuaso.declarations.documenting.sentences import quoted, together
from cuaso.declarations.fields import Field

_CLAUSE: Final = re.compile(
    r'(?P<field>[a-z][a-z0-9_.]*) (?P<how>==|!=|<=|>=|<|>) (?P<value>"[^"]*"|[\w.-]+)'
)
_AMONG: Final = re.compile(r'(?P<field>[a-z][a-z0-9_.]*) in \[(?P<codes>"[^"]*"(?:, ?"[^"]*")*)\]')
_PLAIN: Final = re.compile(r"(?P<not>!?)(?P<blank>blank\()?(?P<field>[a-z][a-z0-9_.]*)\)?")
_HOW: Final = {
    "==": "là",
    "!=": "không phải",
    "<=": "không quá",
    ">=": "từ",
    "<": "dưới",
    ">": "trên",
}


_UNKNOWN: Final = ("", "")


def condition(cel: str, fields: Mapping[str, Field], library: Library) -> str:
    """Return the condition in words; one that is not plain stands as it was written."""
    cel = cel.replace("item.", "")
    if "(" in cel.replace("blank(", "") or ("&&" in cel and "||" in cel):
        return f"biểu thức `{cel}` đúng"
    joint, last = ("&&", "và") if "&&" in cel else ("||", "hoặc")
    clauses = [_clause(one.strip(), fields, library) for one in cel.split(joint)]
    if _UNKNOWN in clauses:
        return f"biểu thức `{cel}` đúng"
    grouped: dict[str, list[str]] = {}
    for subject, said in clauses:
        grouped.setdefault(subject, []).append(said)
    inside = "hoặc" if joint == "||" else "và"
    return together((f"{who} {together(said, inside)}" for who, said in grouped.items()), last)


def _clause(text: str, fields: Mapping[str, Field], library: Library) -> tuple[str, str]:
    """Return (“Tình trạng” là, “Đã cấp thẻ”), or two empty texts."""
    found = _CLAUSE.fullmatch(text)
    if found and (one := fields.get(found["field"])):
        said = _value(found["value"], one, library)
        return f"{quoted(one.title)} {_HOW[found['how']]}", said
    among = _AMONG.fullmatch(text)
    if among and (one := fields.get(among["field"])):
        codes = (_value(code.strip(), one, library) for code in among["codes"].split(","))
        return f"{quoted(one.title)} là", together(codes, "hoặc")
    plain = _PLAIN.fullmatch(text)
    if plain and (one := fields.get(plain["field"])):
        if plain["blank"]:
            return quoted(one.title), "đã điền" if plain["not"] else "để trống"
        return quoted(one.title), "là không" if plain["not"] else "là có"
    return _UNKNOWN


def _value(text: str, one: Field, library: Library) -> str:
    if not text.startswith('"'):
        return {"true": "có", "false": "không"}.get(text, text)
    code = text.strip('"')
    lines = library.codes[one.codes].lines if one.codes in library.codes else ()
    labels = [line.label_vi for line in lines if line.code == code]
    return quoted(labels[-1]) if labels else quoted(code)
