"""Says what is wrong in an edited declaration at the inputs of the form that edited it."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from cuaso.capabilities.registries.logic.designing.edits import Edit
from cuaso.declarations.trouble import DeclarationError
from cuaso.kernel.errors import Invalid, Problem

Place = tuple[str | int, ...]
_SECTIONS: Final[Mapping[str, str]] = {"field": "fields", "list": "lists", "rule": "rules"}
_CALLED: Final[Mapping[str, str]] = {
    "fields": "Ô “{}”: ",
    "lists": "Danh sách “{}”: ",
    "rules": "Luật thứ {}: ",
}
_QUOTED: Final = re.compile(r"“([a-z_]+)[:”]")


def refused(faults: Sequence[DeclarationError], *, edit: Edit) -> Invalid:
    """Return the refusal of an edit; no problem speaks of lines, which a form does not have."""
    return Invalid(
        code="registries.declaration_wrong",
        what="Chưa ghi được vào bản nháp.",
        mend="Hãy sửa từng chỗ được nêu rồi ghi lại. Bản nháp trước đó vẫn còn nguyên.",
        problems=tuple(_problem(one, edit) for one in faults),
    )


def _problem(fault: DeclarationError, edit: Edit) -> Problem:
    own = _own(edit)
    say = f"{fault.what} {fault.remedy}".rstrip()
    if fault.place[: len(own)] != own:
        return Problem(field="", say=_where(fault.place) + say)
    at = _input(fault.place[len(own) :], fault.what, edit)
    if at and edit.given.get(at) in ("", []) and fault.what.startswith("Thiếu mục"):
        say = "Chưa ghi mục này."
    return Problem(field=at, say=say.replace(f"“{at}: ", "“"))


def _own(edit: Edit) -> Place:
    """Return the place of the piece that is edited; () for the whole registry."""
    section = _SECTIONS.get(edit.what)
    if section is None:
        return ()
    name = edit.name or str(edit.given.get("name", ""))
    return (section, int(name) if section == "rules" else name)


def _input(inner: Place, what: str, edit: Edit) -> str:
    """Return the input at a place, or the one that the sentence quotes, "" for none."""
    quoted = _QUOTED.search(what)
    for one in (*inner[:1], quoted.group(1) if quoted else ""):
        if isinstance(one, str) and one in edit.given:
            return one
    return "name" if edit.what in ("field", "list") and not edit.name else ""


def _where(place: Place) -> str:
    called = _CALLED.get(str(place[0])) if place else None
    if called is None or len(place) == 1:
        return ""
    second = place[1] + 1 if isinstance(place[1], int) else place[1]
    return called.format(second)
