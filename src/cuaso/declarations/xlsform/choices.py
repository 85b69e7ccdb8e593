"""Lists of choices of a form, and the cascades between them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cuaso.declarations.codes import PLACES
from cuaso.declarations.xlsform.labels import Words
from cuaso.declarations.xlsform.tables import ChoiceLine, Table, Untaken
from cuaso.kernel.text import fold

_YES_NO: Final = ({"yes", "no"}, {"co", "khong"}, {"1", "0"}, {"true", "false"})
_OWN: Final = frozenset({"list_name", "name"})
_MOST: Final = 900
_CASCADE: Final = 60


@dataclass(frozen=True, kw_only=True)
class Lists:
    """The lists by name. `housed` are those that the province has under a code list's name."""

    lines: Mapping[str, tuple[ChoiceLine, ...]]
    housed: Mapping[str, str] = field(default_factory=dict)

    def says_yes_or_no(self, name: str) -> bool:
        return {fold(one.code) for one in self.lines.get(name, ())} in _YES_NO

    def field_of(self, name: str, *, many: bool) -> dict[str, Any]:
        """Return what declares a field of this list."""
        if not many and self.says_yes_or_no(name):
            return {"type": "yes_no"}
        if not many and name in PLACES:
            return {"type": "place"} | ({"level": name} if name != "commune" else {})
        if name in self.housed:
            return {"type": "multi_choice" if many else "choice", "codes": self.housed[name]}
        return {"type": "text"}

    def among(self, name: str, path: str) -> str:
        """Return the condition that a text is one of the codes, "" where it would be too long."""
        text = f"{path} in {listed(one.code for one in self.lines[name])}"
        return text if len(text) <= _MOST and "\\" not in text else ""


def listed(codes: Iterable[str]) -> str:
    """Return codes as a list of an expression."""
    return "[" + ", ".join(f"'{one}'" for one in codes) + "]"


def read_lists(table: Table | None, words: Words) -> tuple[Lists, list[Untaken]]:
    """Return the lists of the sheet `choices`, and what of it could not be read."""
    lines: dict[str, list[ChoiceLine]] = {}
    untaken = []
    for row in table.rows if table else ():
        name, code = row.get("list_name"), row.get("name")
        if not name or not code:
            what = "Dòng thiếu list_name hoặc name."
            untaken.append(
                Untaken(sheet="choices", row=row.number, what=what, mend="Hãy ghi đủ hai cột.")
            )
            continue
        if any(one.code == code for one in lines.get(name, ())):
            what = f"Danh mục {name} có mã “{code}” hai lần; giữ dòng đầu."
            untaken.append(
                Untaken(sheet="choices", row=row.number, what=what, mend="Hãy bỏ một dòng.")
            )
            continue
        beside = {
            column: text
            for column, text in row.cells.items()
            if column not in _OWN and column.partition("::")[0] not in ("label", "media", "image")
        }
        lines.setdefault(name, []).append(
            ChoiceLine(
                row=row.number,
                code=code,
                label=words.vietnamese(row, "label") or code,
                label_en=words.english(row, "label"),
                beside=beside,
            )
        )
    return Lists(lines={name: tuple(found) for name, found in lines.items()}), untaken


def cascade(
    lines: Iterable[ChoiceLine], column: str, *, child: str, parent: str, title: str
) -> Iterator[dict[str, str]] | None:
    """Return the rules that let a child be chosen only under its parent; None for too many.

    Each says: where the parent is this, the child is one of those.
    """
    under: dict[str, list[str]] = {}
    for one in lines:
        under.setdefault(one.beside.get(column, ""), []).append(one.code)
    under.pop("", None)
    rules = [
        {
            "check": f"{parent} != '{code}' || {child} in {listed(codes)}",
            "say": f"“{title}” không thuộc mục đã chọn ở trên. Hãy chọn lại.",
            "at": child,
        }
        for code, codes in under.items()
    ]
    if not rules or len(rules) > _CASCADE or any(len(one["check"]) > _MOST for one in rules):
        return None
    return iter(rules)
