"""A registry as a survey form (XLSForm), and what of it such a form has no place for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cuaso.declarations.fields import Field, Option, type_of
from cuaso.declarations.registries import PLACEHOLDER, Group, Registry, RegistryField
from cuaso.declarations.xlsform import asking
from cuaso.declarations.xlsform.constraints import Constraints, Held
from cuaso.declarations.xlsform.from_cel import translated
from cuaso.declarations.xlsform.naming import Names
from cuaso.declarations.xlsform.tables import LEFT, Untaken
from cuaso.declarations.xlsform.xpath import Known, Untranslated

VIETNAMESE: Final = "Tiếng Việt (vi)"
ENGLISH: Final = "English (en)"
_LABELS: Final = (f"label::{VIETNAMESE}", f"label::{ENGLISH}")
_HINTS: Final = (f"hint::{VIETNAMESE}", f"hint::{ENGLISH}")
_MESSAGES: Final = (f"constraint_message::{VIETNAMESE}", f"constraint_message::{ENGLISH}")
_COLUMNS: Final = (
    "type", "name", *_LABELS, *_HINTS, "required", "relevant", "constraint", *_MESSAGES,
    "calculation", "default", "appearance", "repeat_count",
)  # fmt: skip
_STAYS: Final = "Sổ vẫn giữ điều này; biểu mẫu không có chỗ ghi."
_CHECKED: Final = "Sổ vẫn kiểm tra điều này khi phiếu được nhập vào."
_YES_NO: Final = (
    Option(code="yes", label="Có", label_en="Yes"),
    Option(code="no", label="Không", label_en="No"),
)
_MOST_ROWS: Final = 50
Line = dict[str, str]
Sheet = list[list[str]]


@dataclass(frozen=True, kw_only=True)
class Written:
    """The sheets of a form by name, each with its headings; what was left out, by row."""

    sheets: Mapping[str, Sheet]
    unsaid: tuple[Untaken, ...]


def written(registry: Registry, *, name: str, lists: Mapping[str, Sequence[Option]]) -> Written:
    """Return the form of a registry; `lists` are the choices by code list and level of place."""
    return _Writing(registry, lists).form(name)


@dataclass
class _Writing:
    registry: Registry
    lists: Mapping[str, Sequence[Option]]
    lines: list[Line] = field(default_factory=list)
    unsaid: list[Untaken] = field(default_factory=list)
    used: dict[str, Sequence[Option]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = Names.of(self.registry)
        self.record = self.names.on_record(self.registry)

    def form(self, name: str) -> Written:
        self._record()
        for key, group in self.registry.groups.items():
            self._group(key, group)
        for what in self._nowhere():
            self._tell(0, what, _STAYS)
        choices = [
            [list_, one.code, one.label, one.label_en or one.label]
            for list_, options in self.used.items()
            for one in options
        ]
        sheets = {
            "survey": _table(self.lines),
            "choices": [["list_name", "name", *_LABELS], *choices],
            "settings": [
                ["form_title", "form_id", "default_language", "instance_name"],
                [self.registry.title, name, VIETNAMESE, self._called()],
            ],
        }
        told = [[one.sheet, str(one.row or ""), one.what, one.mend] for one in self.unsaid]
        if told:
            sheets[LEFT] = [["Trang", "Dòng", "Điều chưa mang theo", "Ghi chú"], *told]
        return Written(sheets=sheets, unsaid=tuple(self.unsaid))

    def _record(self) -> None:
        placed = {name for part in self.registry.parts.values() for name in part.fields}
        rest = [name for name in self.registry.fields if name not in placed]
        order = [name for part in self.registry.parts.values() for name in part.fields] + rest
        held = Constraints(self.registry.rules, self.record, order, self.registry.fields, prefix="")
        for key, part in self.registry.parts.items():
            title = part.title, part.title_en
            self._open("begin_group", self.names.parts[key], title, part.hint)
            for name in part.fields:
                self._field(name, self.registry.fields[name], self.record, held)
            self._close("end_group")
        for name in rest:
            self._field(name, self.registry.fields[name], self.record, held)
        self._left(held)

    def _group(self, key: str, group: Group) -> None:
        names = self.names.in_rows(self.registry, key)
        held = Constraints(group.rules, names, [*group.fields], group.fields, prefix="item.")
        self._open(
            "begin_repeat", self.names.groups[key], (group.title, group.title_en), group.hint
        )
        line = self.lines[-1]
        if group.when:
            self._expression(line, "relevant", group.when, self.record, group.title)
        if group.min == group.max:
            line["repeat_count"] = str(group.min)
        elif group.min or group.max != _MOST_ROWS:
            self._tell(
                len(self.lines) + 1,
                f"“{group.title}”: từ {group.min} đến {group.max} dòng.",
                _CHECKED,
            )
        for name, one in group.fields.items():
            self._field(name, one, names, held, home=key)
        self._close("end_repeat")
        self._left(held)

    def _left(self, held: Constraints) -> None:
        for say, why in held.left:
            self._tell(0, f"Luật “{say}”: {why}.", _CHECKED)

    def _field(
        self,
        name: str,
        one: RegistryField,
        names: Mapping[str, Known],
        held: Constraints,
        *,
        home: str = "",
    ) -> None:
        path = f"{home}.{name}" if home else name
        parts = type_of(one).parts(one)
        if not parts:
            self._question(self.names.called(path), one, one, names, held.of(name))
            return
        self._open("begin_group", self.names.called(path), (one.title, one.title_en), one.hint)
        if one.when:
            self._expression(self.lines[-1], "relevant", one.when, names, one.title)
        row = len(self.lines) + 1
        extra = "; ".join(asking.lost(one, self.lists))
        self._tell(row, f"“{one.title}” thành một nhóm câu hỏi{extra and f'; {extra}'}.", _STAYS)
        for part, inner in parts.items():
            bare = one.replace(when="")
            self._question(
                self.names.called(f"{path}.{part}"), inner, bare, names, held.of(f"{name}.{part}")
            )
        self._close("end_group")

    def _question(
        self,
        name: str,
        one: Field,
        whole: Field,
        names: Mapping[str, Known],
        held: Held,
    ) -> None:
        line = self._open(asking.kind_of(one, self.lists), name, (one.title, one.title_en), "")
        line |= dict(
            zip(
                _HINTS,
                (
                    asking.hint(one, one.hint, asking.UNIT),
                    asking.hint(one, one.hint_en or one.hint, "Unit: "),
                ),
                strict=True,
            )
        )
        checks, rules = held
        line["constraint"] = " and ".join([*asking.limits(one), *checks])
        first = [one.pattern_say] if one.pattern else []
        line[_MESSAGES[0]] = " ".join([*first, *(rule.say for rule in rules)])
        line[_MESSAGES[1]] = " ".join([*first, *(rule.say_en or rule.say for rule in rules)])
        line["default"] = "today()" if one.default == "today" else one.default
        if one.type == "long_text":
            line["appearance"] = "multiline"
        if whole.when:
            self._expression(line, "relevant", whole.when, names, one.title)
        if one.type == "computed":
            self._expression(line, "calculation", one.is_, names, one.title)
            if not line.get("calculation"):
                self.lines.pop()
                return
            if one.as_ == "yes_no":
                line["calculation"] = f"if({line['calculation']}, 'yes', 'no')"
        else:
            self._required(line, one, whole, names)
        self._choices(one)
        extra = "; ".join(asking.lost(one, self.lists))
        if extra:
            self._tell(len(self.lines) + 1, f"“{one.title}”: {extra}.", _STAYS)

    def _required(self, line: Line, one: Field, whole: Field, names: Mapping[str, Known]) -> None:
        needed = whole.required if one.required is True or one is whole else one.required
        if needed is True:
            line["required"] = "yes"
        elif isinstance(needed, str):
            self._expression(line, "required", needed, names, one.title)

    def _choices(self, one: Field) -> None:
        kind = asking.kind_of(one, self.lists)
        name = kind.partition(" ")[2]
        if name:
            self.used[name] = _YES_NO if name == asking.YES_NO else self.lists[name]

    def _expression(
        self, line: Line, column: str, cel: str, names: Mapping[str, Known], title: str
    ) -> None:
        try:
            line[column] = translated(cel, names)
        except (Untranslated, ValueError) as why:
            what = {"relevant": "điều kiện hiện", "required": "điều kiện bắt buộc"}
            said = what.get(column, "công thức")
            self._tell(len(self.lines) + 1, f"“{title}”: {said} `{cel}` ({why}).", _CHECKED)

    def _open(self, kind: str, name: str, titles: tuple[str, str], hint: str) -> Line:
        vietnamese, english = titles
        line = {"type": kind, "name": name, _LABELS[0]: vietnamese}
        line |= {_LABELS[1]: english or vietnamese, _HINTS[0]: hint, _HINTS[1]: hint}
        self.lines.append(line)
        return line

    def _close(self, kind: str) -> None:
        self.lines.append({"type": kind})

    def _tell(self, row: int, what: str, mend: str) -> None:
        self.unsaid.append(Untaken(sheet="survey", row=row, what=what, mend=mend))

    def _called(self) -> str:
        """Return how a record is called as XPath, "" where that reads what is no question."""
        pieces = PLACEHOLDER.split(self.registry.name)
        if len(pieces) < 2 or any(path not in self.record for path in pieces[1::2]):  # noqa: PLR2004 one place
            return ""
        said = [
            f"${{{self.record[text].path}}}" if at % 2 else f"'{text}'"
            for at, text in enumerate(pieces)
            if text
        ]
        return f"concat({', '.join(said)})" if len(said) > 1 else said[0]

    def _nowhere(self) -> Iterator[str]:
        one = self.registry
        key = ", ".join(f"“{one.titled(name)}”" for name in one.key)
        yield f"Khóa của sổ ({key}): phiếu không biết bản ghi nào đã có."
        held: dict[str, object] = {
            "chủ quản, căn cứ, chia sẻ, lưu giữ": True,
            "quyền": one.rights,
            "che bớt": one.masks,
            "danh sách": one.lists,
            "bản đồ": one.maps,
            "lịch": one.calendars,
            "con số": one.figures,
            "sổ in": one.prints,
            "giấy in": one.papers,
            "bước chuyển trạng thái": one.statuses,
            "quy trình": one.workflow,
            "xác minh": one.verify,
            "điều ghi sang sổ khác": one.does or one.feeds,
            "lời nhắc": one.notices,
            "nhóm ô không được trùng": one.unique,
            "câu trả lời mẫu": any(field.examples for field in one.fields.values()),
        }
        yield f"Ngoài câu hỏi, sổ còn có: {', '.join(word for word, has in held.items() if has)}."


def _table(lines: Sequence[Line]) -> Sheet:
    used = [one for one in _COLUMNS if any(line.get(one) for line in lines)]
    return [used, *([line.get(column, "") for column in used] for line in lines)]
