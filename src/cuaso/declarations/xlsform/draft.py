"""A whole form as the draft of a registry."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cuaso.declarations.codes import PLACES
from cuaso.declarations.xlsform.choices import Lists, read_lists
from cuaso.declarations.xlsform.labels import Words
from cuaso.declarations.xlsform.proving import Place, proven, without
from cuaso.declarations.xlsform.questions import Plain
from cuaso.declarations.xlsform.survey import SURVEY, Survey
from cuaso.declarations.xlsform.tables import LEFT, ChoiceLine, Row, Table, Untaken, plain_name
from cuaso.kernel.errors import Invalid

KEY: Final = "form_number"
MOST_QUESTIONS: Final = 400
_KEY: Final[Mapping[str, Any]] = {
    "title": "Số phiếu",
    "title_en": "Form number",
    "type": "code",
    "pattern": r"PH-\d{6}",
    "pattern_say": "Hãy viết số phiếu theo mẫu PH-000001.",
    "numbered": "yes",
}
_SIMPLE: Final = frozenset({"text", "code", "integer", "decimal", "date", "choice", "yes_no"})
_COLUMNS: Final = 5
_NAMED: Final = re.compile(r"\$\{\s*([^{}\s]+)\s*\}|(['\"])(.*?)\2")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A registry as a form has it, without owner and legal basis: `declared` is proven with them.

    `lists` are the code lists that it needs and the province does not have, by their ids.
    """

    name: str
    title: str
    declared: Plain
    lists: Mapping[str, tuple[ChoiceLine, ...]]
    untaken: tuple[Untaken, ...]


def drafted(
    sheets: Mapping[str, Table],
    *,
    around: Mapping[str, Any],
    codes: Mapping[str, frozenset[str]],
    registries: frozenset[str] = frozenset(),
    title: str = "",
    new_lists: bool = False,
) -> Draft:
    """Return the draft of a form's sheets (`survey`, `choices`, `settings`).

    `around` is what only the office says: owner and legal basis; `codes` are the code lists of the
    province with their codes. With `new_lists`, lists that it does not have become lists of the
    draft's own pack. Raises Invalid for what is no such form.
    """
    survey = _survey(sheets)
    settings = next(iter(sheets["settings"].rows), None) if "settings" in sheets else None
    said = settings or Row(number=0, cells={})
    tables = [table for name, table in sheets.items() if name not in ("settings", LEFT)]
    words = Words(tables, said.get("default_language"))
    lists, untaken = read_lists(sheets.get("choices"), words)
    named = title or said.get("form_title") or said.get("form_id") or "Sổ từ biểu mẫu"
    name = plain_name(said.get("form_id") or named)[:36].rstrip("_")
    housed = _housed(lists, codes, name if new_lists else "")
    taking = Survey(lists=Lists(lines=lists.lines, housed=housed), words=words)
    taking.take(survey)
    if not taking.fields and not taking.groups:
        raise _no_form("Không câu hỏi nào của biểu mẫu thành ô được.")
    top = {**around, "title": named, "item": "Phiếu"}
    called = _called(said.get("instance_name"), taking)
    plain, left = proven(
        lambda: _assembled(taking, top, called),
        lambda place: _dropped(taking, place),
        codes=frozenset({*codes, *housed.values(), *PLACES}),
        registries=registries,
    )
    told = sorted(
        (*untaken, *taking.untaken, *left, *_unread(sheets)),
        key=lambda one: (one.sheet != SURVEY, one.sheet, one.row),
    )
    made = {
        id: lists.lines[own]
        for own, id in housed.items()
        if new_lists and id not in codes and _uses(plain, id)
    }
    return Draft(name=name, title=named, declared=plain, lists=made, untaken=tuple(told))


def _survey(sheets: Mapping[str, Table]) -> Table:
    found = sheets.get(SURVEY)
    if found is None or "type" not in found.columns or "name" not in found.columns:
        raise _no_form("Không có trang “survey” với cột type và name.")
    if len(found.rows) > MOST_QUESTIONS:
        raise _no_form(f"Trang survey có {len(found.rows)} dòng, nhiều nhất {MOST_QUESTIONS}.")
    return found


def _no_form(why: str) -> Invalid:
    return Invalid(
        code="declarations.no_xlsform",
        what="Tệp này không phải biểu mẫu XLSForm đọc được.",
        why=why,
        mend="Hãy chọn tệp .xlsx có trang survey, choices, settings theo chuẩn XLSForm.",
    )


def _housed(lists: Lists, codes: Mapping[str, frozenset[str]], own: str) -> dict[str, str]:
    """Return which lists the province has: under the same name, with every code; `own` is the
    prefix of those that the draft's pack is to bring, "" where it brings none.
    """
    found = {}
    for name, lines in lists.lines.items():
        id = plain_name(name)
        if codes.get(id) and {one.code for one in lines} <= codes[id]:
            found[name] = id
        elif own and not lists.says_yes_or_no(name):
            found[name] = f"{own}_{id}"[:60]
    return found


def _uses(plain: Plain, id: str) -> bool:
    groups = plain.get("groups", {}).values()
    every = [*plain["fields"].values(), *(f for one in groups for f in one["fields"].values())]
    return any(one.get("codes") == id for one in every)


def _called(instance: str, taking: Survey) -> str:
    """Return how a record is called, where the form says it by its answers."""
    if not instance:
        return ""
    found = _NAMED.findall(instance)
    text = "".join(
        "{" + taking.names[name][1].path + "}" if name else plain
        for name, _, plain in found
        if not name or (name in taking.names and not taking.names[name][0])
    )
    return text if "{" in text else ""


def _assembled(taking: Survey, top: Plain, called: str) -> Plain:
    fields = {KEY: dict(_KEY), **taking.fields}
    shown = [name for name, one in taking.fields.items() if one["type"] in _SIMPLE]
    filters = [name for name in shown if taking.fields[name]["type"] in ("choice", "yes_no")]
    parts = {
        name: {**one, "fields": kept}
        for name, one in taking.parts.items()
        if (kept := [path for path in one["fields"] if path in taking.fields])
    }
    points = [name for name, one in taking.fields.items() if one["type"] == "point"]
    plain: Plain = {
        **top,
        "key": [KEY],
        "fields": fields,
        "lists": {
            "default": {
                "columns": [KEY, *shown[:_COLUMNS]],
                "sort": [KEY],
                **({"filters": filters[:3]} if filters else {}),
            }
        },
    }
    named = all(path in fields for path in re.findall(r"\{(\w+)\}", called))
    groups = {name: _group(one) for name, one in taking.groups.items() if one["fields"]}
    more = {
        "name": called if named else "",
        "groups": groups,
        "parts": parts,
        "rules": [_bare(rule) for rule in taking.rules],
        "maps": {"places": {"title": "Trên bản đồ", "at": points[0]}} if points else {},
    }
    return plain | {key: value for key, value in more.items() if value}


def _group(one: Plain) -> Plain:
    return {**one, "rules": [_bare(rule) for rule in one.get("rules", ())]}


def _bare(rule: Plain) -> Plain:
    return {key: value for key, value in rule.items() if key != "row"}


def _dropped(taking: Survey, place: Place) -> int:
    """Take the piece at a place out of what was taken; return the row that it came from."""
    match place:
        case ("fields", str(name), *rest):
            return _dropped_field(taking, taking.fields, ("fields", name), name, tuple(rest))
        case ("groups", str(home), *rest):
            return _dropped_in_group(taking, home, tuple(rest))
        case ("rules", int(at), *_):
            return int(taking.rules.pop(at)["row"])
        case ("parts", str(name), *_):
            taking.parts.pop(name, None)
            return 0
    raise _no_form(f"Chỗ {'.'.join(map(str, place))} của biểu mẫu không dùng được.")


def _dropped_in_group(taking: Survey, home: str, inside: Place) -> int:
    group = taking.groups.get(home)
    row = taking.origins.get(("groups", home), 0)
    if group is None:
        return row  # It went with a fault before.
    match inside:
        case ("fields", str(name), *rest):
            where = ("groups", home, "fields", name)
            return _dropped_field(taking, group["fields"], where, name, tuple(rest))
        case ("rules", int(at), *_):
            return int(group["rules"].pop(at)["row"])
    if not (inside and group.pop(str(inside[0]), None)):
        del taking.groups[home]
    return row


def _dropped_field(
    taking: Survey, fields: dict[str, Plain], where: tuple[str, ...], name: str, rest: Place
) -> int:
    if name in fields and not without(fields[name], rest):
        del fields[name]
    return taking.origins.get(where, 0)


def _unread(sheets: Mapping[str, Table]) -> list[Untaken]:
    """Tell of the sheets that a form may have and a registry has no place for."""
    known = {SURVEY, "choices", "settings", LEFT}
    return [
        Untaken(
            sheet=name,
            row=0,
            what=f"Trang “{name}” không được đọc.",
            mend="Nếu trang này có câu hỏi, hãy chuyển sang trang survey.",
        )
        for name, table in sheets.items()
        if name not in known and table.rows
    ]
