"""Edits of a declaration by forms: each takes plain values and returns new ones, unproven."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from cuaso.kernel.errors import Invalid, Problem
from cuaso.kernel.text import fold

Plain = dict[str, Any]
What = Literal[
    "words", "field", "drop_field", "move_field", "rule", "drop_rule", "list", "drop_list"
]
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
_SAID: Final = ("title", "title_en", "item", "item_en", "about", "about_en", "name", "place")


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One edit. `name` is the field's, the list's or the number of the rule ("" for a new one);
    `given` what its form says, "" for what is left out.
    """

    what: What
    name: str = ""
    given: Mapping[str, str | list[str]] = field(default_factory=dict)


def short_name(title: str) -> str:
    """Return the short name that a title gives: without diacritics, in small letters."""
    return re.sub(r"[^a-z0-9]+", "_", fold(title)).strip("_")[:36].rstrip("_")


def with_name(declared: Mapping[str, Any], edit: Edit) -> Edit:
    """Return the edit with the name of its piece in what is given: a new field or list is named by
    its title where no short name is typed, a new rule by its place. Raises Invalid for what cannot
    be a name.
    """
    if edit.name or edit.what not in ("field", "list", "rule"):
        return edit
    if edit.what == "rule":
        return _named(edit, str(len(declared.get("rules", []))))
    typed = str(edit.given.get("name", "")).strip()
    name = typed or short_name(str(edit.given.get("title", "")))
    if not name:
        raise _wrong("title", "Chưa ghi tên.")
    if not _NAME.fullmatch(name):
        say = "Chỉ dùng chữ thường không dấu, chữ số và gạch dưới; bắt đầu bằng chữ."
        raise _wrong("name", say)
    return _named(edit, name)


def _named(edit: Edit, name: str) -> Edit:
    return replace(edit, given={**edit.given, "name": name})


def edited(declared: Mapping[str, Any], edit: Edit) -> Plain:
    """Return the declaration with one edit done; raise Invalid for what is not there."""
    plain = dict(declared)
    return _EDITS[edit.what](plain, edit) or plain


def _words(plain: Plain, edit: Edit) -> None:
    for name in _SAID:
        if name in edit.given:
            _put(plain, name, edit.given[name])
    for name in ("key", "search"):
        if name in edit.given:
            _put(plain, name, _listed(edit.given[name]))


def _field(plain: Plain, edit: Edit) -> None:
    name = edit.name or str(edit.given.get("name", ""))
    fields = dict(plain["fields"])
    if not edit.name and name in fields:
        raise _wrong("name", f"Đã có ô tên “{name}”.")
    if edit.name and edit.name not in fields:
        raise _wrong("name", f"Không có ô tên “{edit.name}”.")
    one = dict(fields.get(name, {}))
    for key, typed in edit.given.items():
        if key != "name":
            _put(one, key, typed)
    fields[name] = one
    plain["fields"] = fields
    if not edit.name:
        shown = dict(plain["lists"]["default"])
        shown["columns"] = [*shown["columns"], name]
        plain["lists"] = {**plain["lists"], "default": shown}


def _drop_field(plain: Plain, edit: Edit) -> None:
    """Take a field out, and its name out of everything that merely lists it."""
    fields = dict(plain["fields"])
    if fields.pop(edit.name, None) is None:
        raise _wrong("name", f"Không có ô tên “{edit.name}”.")
    plain["fields"] = fields
    plain["lists"] = {
        name: _without(one, edit.name, ("columns", "sort", "filters"))
        for name, one in plain["lists"].items()
    }
    for kind, keys in (("parts", ("fields",)), ("prints", ("columns",))):
        if kind in plain:
            kept = {n: _without(one, edit.name, keys) for n, one in plain[kind].items()}
            plain[kind] = {n: one for n, one in kept.items() if kind != "parts" or one["fields"]}
    if "search" in plain:
        plain |= _without(plain, edit.name, ("search",))
    if "sharing" in plain:
        plain["sharing"] = _without(plain["sharing"], edit.name, ("open",))
    masks = plain.get("masks", {})
    plain["masks"] = {p: one for p, one in masks.items() if p.partition(".")[0] != edit.name}


def _without(one: Mapping[str, Any], name: str, keys: tuple[str, ...]) -> Plain:
    return {
        key: [path for path in value if path.removeprefix("-").partition(".")[0] != name]
        if key in keys
        else value
        for key, value in one.items()
    }


def _move_field(plain: Plain, edit: Edit) -> None:
    names = list(plain["fields"])
    if edit.name not in names:
        raise _wrong("name", f"Không có ô tên “{edit.name}”.")
    place = names.index(edit.name)
    names.remove(edit.name)
    names.insert(max(0, place + (-1 if edit.given.get("way") == "up" else 1)), edit.name)
    plain["fields"] = {name: plain["fields"][name] for name in names}


def _rule(plain: Plain, edit: Edit) -> None:
    rules = list(plain.get("rules", []))
    place = _place(edit.name, rules) if edit.name else len(rules)
    one = dict(rules[place]) if edit.name else {}
    for key in ("check", "say", "at"):
        if key in edit.given:
            _put(one, key, edit.given[key])
    rules[place : place + 1] = [one]
    plain["rules"] = rules


def _drop_rule(plain: Plain, edit: Edit) -> None:
    rules = list(plain.get("rules", []))
    del rules[_place(edit.name, rules)]
    plain["rules"] = rules


def _place(typed: str, rules: list[Any]) -> int:
    if not typed.isdecimal() or int(typed) >= len(rules):
        raise _wrong("name", "Không có luật này.")
    return int(typed)


def _list(plain: Plain, edit: Edit) -> None:
    name = edit.name or str(edit.given.get("name", ""))
    lists = dict(plain["lists"])
    if not edit.name and name in lists:
        raise _wrong("name", f"Đã có danh sách tên “{name}”.")
    one = dict(lists.get(name, {}))
    for key in ("columns", "sort", "filters"):
        if key in edit.given:
            _put(one, key, _listed(edit.given[key]))
    _put(one, "title", edit.given.get("title", one.get("title", "")))
    lists[name] = one
    plain["lists"] = lists


def _drop_list(plain: Plain, edit: Edit) -> None:
    if edit.name not in plain["lists"]:
        raise _wrong("name", f"Không có danh sách “{edit.name}”.")
    plain["lists"] = {name: one for name, one in plain["lists"].items() if name != edit.name}


def _put(one: Plain, key: str, typed: str | list[str]) -> None:
    """Write a value; an empty one is left out, so that the default holds."""
    if typed in ("", []):
        one.pop(key, None)
    else:
        one[key] = typed


def _listed(typed: str | list[str]) -> list[str]:
    pieces = typed.replace("\n", ",").split(",") if isinstance(typed, str) else typed
    return [piece.strip() for piece in pieces if piece.strip()]


def _wrong(field_: str, say: str) -> Invalid:
    return Invalid(
        code="registries.edit_unfit",
        what="Chưa sửa được bản nháp.",
        mend="Hãy sửa chỗ được nêu, hoặc tải lại trang để xem bản đang có.",
        problems=(Problem(field=field_, say=say),),
    )


_EDITS: Final[Mapping[str, Callable[[Plain, Edit], None]]] = {
    "words": _words,
    "field": _field,
    "drop_field": _drop_field,
    "move_field": _move_field,
    "rule": _rule,
    "drop_rule": _drop_rule,
    "list": _list,
    "drop_list": _drop_list,
}
