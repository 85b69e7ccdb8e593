"""The questions of a form, one after the other, as the fields and groups of a registry."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from cuaso.declarations.xlsform import questions, xpath
from cuaso.declarations.xlsform.choices import Lists, cascade
from cuaso.declarations.xlsform.labels import Words
from cuaso.declarations.xlsform.questions import Plain
from cuaso.declarations.xlsform.tables import Row, Table, Untaken, decided, plain_name
from cuaso.declarations.xlsform.xpath import Known, Untranslated

SURVEY: Final = "survey"
_FILTER: Final = re.compile(r"\s*(\w+)\s*=\s*\$\{\s*([^{}\s]+)\s*\}\s*")
_YES_OR_NO: Final = re.compile(r"^\s*if\(((?:(?!if\()[^,])*),\s*'yes',\s*'no'\)\s*$")
_READ: Final = frozenset(
    {
        "type", "name", "label", "hint", "required", "constraint", "constraint_message", "relevant",
        "calculation", "default", "appearance", "choice_filter", "parameters", "repeat_count",
        "required_message", "guidance_hint",
    }
)  # fmt: skip
_IN_FIELD: Final = "Hãy thêm điều kiện này ở trang sửa ô của bản nháp, viết bằng tên các ô của sổ."
_MOST_ROWS: Final = 50


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where the walk is: inside which repeat, under which heading, under which condition."""

    repeat: str = ""
    part: str = ""
    when: str = ""


@dataclass
class Survey:
    """What was taken so far. `origins` are the rows from which pieces of the declaration come."""

    lists: Lists
    words: Words
    fields: dict[str, Plain] = field(default_factory=dict)
    groups: dict[str, Plain] = field(default_factory=dict)
    parts: dict[str, Plain] = field(default_factory=dict)
    rules: list[Plain] = field(default_factory=list)
    origins: dict[tuple[str, ...], int] = field(default_factory=dict)
    untaken: list[Untaken] = field(default_factory=list)
    names: dict[str, tuple[str, Known]] = field(default_factory=dict)
    _open: list[tuple[str, _Place]] = field(default_factory=lambda: [("", _Place())])

    def take(self, table: Table) -> None:
        """Go through the sheet `survey`."""
        for row in table.rows:
            if row.get("type"):
                self._row(row)
            elif row.get("name") or row.get("label"):
                self._tell(row, "Dòng không có kiểu (type).", "Hãy ghi kiểu câu hỏi.")
        if len(self._open) > 1:
            what = f"{len(self._open) - 1} nhóm mở mà không đóng."
            self.untaken.append(
                Untaken(sheet=SURVEY, row=0, what=what, mend="Hãy thêm end group, end repeat.")
            )
        self._columns(table)

    @property
    def here(self) -> _Place:
        return self._open[-1][1]

    def _tell(self, row: Row, what: str, mend: str) -> None:
        self.untaken.append(Untaken(sheet=SURVEY, row=row.number, what=what, mend=mend))

    def _row(self, row: Row) -> None:
        said = " ".join(row.get("type").split())
        head = said.lower().replace("_", " ")
        if head in ("begin group", "begin repeat"):
            self._begin(row, head.removeprefix("begin "))
        elif head in ("end group", "end repeat"):
            self._end(row, head.removeprefix("end "))
        elif head == "note":
            what = f"Ghi chú “{self._title(row)[:80]}” không thành ô."
            self._tell(row, what, "Nếu cần, hãy chép vào lời gợi ý của ô bên cạnh.")
        elif said.lower() in questions.OF_THE_DEVICE:
            what = f"“{said}” không thành ô: lịch sử của sổ đã giữ ai ghi, lúc nào, từ đâu."
            self._tell(row, what, "Không cần làm gì.")
        else:
            self._question(row, said)

    def _begin(self, row: Row, kind: str) -> None:
        place, title = self.here, self._title(row)
        when = self._both(place.when, self._condition(row, "relevant"))
        if kind == "group":
            part = place.part
            if not place.repeat and not part and row.get("label") + title:
                part = plain_name(row.get("name") or title, self.parts)
                self.parts[part] = {"title": title, "fields": []} | self._english(row)
            self._open.append(("group", replace(place, part=part, when=when)))
            return
        if place.repeat:
            self._tell(
                row,
                f"Nhóm lặp “{title}” nằm trong một nhóm lặp khác.",
                "Các câu hỏi của nó được đưa thẳng vào nhóm ngoài; nếu cần, hãy lập một sổ riêng.",
            )
            self._open.append(("repeat", replace(place, when=when)))
            return
        name = plain_name(row.get("name") or title, (*self.fields, *self.groups))
        one: Plain = {"title": title, "item": "Dòng", "fields": {}} | self._english(row)
        count = row.get("repeat_count")
        if count.isdecimal() and 1 <= int(count) <= _MOST_ROWS:
            one |= {"min": count, "max": count}
        elif count:
            self._tell(row, f"Số dòng “{count}” không cố định.", "Hãy đặt min, max của nhóm.")
        if when:
            one["when"] = when
        self.groups[name] = one
        self.origins["groups", name] = row.number
        self._open.append(("repeat", _Place(repeat=name)))

    def _end(self, row: Row, kind: str) -> None:
        if len(self._open) < 2 or self._open[-1][0] != kind:  # noqa: PLR2004 the record itself is open
            self._tell(row, f"“end {kind}” không khớp nhóm nào.", "Hãy sửa chỗ mở, đóng nhóm.")
            return
        self._open.pop()

    def _question(self, row: Row, said: str) -> None:
        if not row.get("name"):
            self._tell(row, "Câu hỏi không có tên (name).", "Hãy đặt tên ngắn cho câu hỏi.")
            return
        one = self._typed(row, said)
        if one is None:
            return
        place = self.here
        group = self.groups[place.repeat]["fields"] if place.repeat else self.fields
        taken = group if place.repeat else (*self.fields, *self.groups)
        name = plain_name(row.get("name"), taken)
        path = f"item.{name}" if place.repeat else name
        own = Known(path, str(one.get("as", one["type"])))
        self._hold(row, one, own)
        group[name] = {"title": self._title(row), **one}
        where = ("groups", place.repeat, "fields", name) if place.repeat else ("fields", name)
        self.origins[where] = row.number
        if place.part and not place.repeat:
            self.parts[place.part]["fields"].append(name)
        kept = replace(own, kind=str(one.get("as", one["type"])))
        self.names[row.get("name")] = (place.repeat, kept)

    def _typed(self, row: Row, said: str) -> Plain | None:
        kind, _, rest = said.partition(" ")
        head = said.lower().replace("_", " ")
        if head.startswith(("select one ", "select multiple ")) and "from file" not in head:
            return self._chosen(row, said)
        one = questions.base(kind.lower(), row) if not rest else None
        if one is not None:
            return one
        mend = questions.OTHERS.get(kind.lower(), "Hãy thêm ô có kiểu gần nhất ở bản nháp.")
        if "from file" in head or head.startswith("select one external"):
            mend = "Hãy đưa tệp ấy vào một sổ rồi thêm ô “Bản ghi của sổ khác”."
        self._tell(row, f"Kiểu “{said}” của câu hỏi “{row.get('name')}” không có ở sổ.", mend)
        return None

    def _chosen(self, row: Row, said: str) -> Plain | None:
        many = said.lower().startswith(("select_multiple", "select multiple"))
        words = said.replace("select one", "select_one").replace("select multiple", "select_many")
        name, *more = words.split()[1:]
        if name not in self.lists.lines:
            self._tell(row, f"Không có danh mục “{name}” ở trang choices.", "Hãy thêm danh mục.")
            return None
        if more:
            self._tell(
                row,
                f"Lựa chọn “khác” ({' '.join(more)}) của “{row.get('name')}” không thành mã.",
                "Hãy thêm mã “khác” vào danh mục và một ô chữ hiện khi chọn mã ấy.",
            )
        return self.lists.field_of(name, many=many)

    def _hold(self, row: Row, one: Plain, own: Known) -> None:
        """Put the limits, conditions and words of a question on its field."""
        title = self._title(row)
        message = self.words.vietnamese(row, "constraint_message")
        kept, left = questions.limits(one, row.get("constraint"), message)
        one |= kept
        for part in left:
            self._rule(row, part, own, title, message)
        one |= self._needed(row, computed=one["type"] == "computed")
        when = self._both(self.here.when, self._condition(row, "relevant"))
        if when:
            one["when"] = when
        one |= questions.measured(one, self.words.vietnamese(row, "hint"))
        one |= self._english(row)
        if one["type"] == "computed":
            self._formula(row, one)
        elif row.get("default"):
            self._default(row, one)
        self._listed(row, one, own, title)

    def _needed(self, row: Row, *, computed: bool) -> Plain:
        if computed:
            return {}
        said = row.get("required")
        plain = decided(said)
        if plain is not None:
            return {} if plain else {"required": "no"}
        condition = self._condition(row, "required")
        return {"required": condition or "no"}

    def _formula(self, row: Row, one: Plain) -> None:
        text = _YES_OR_NO.sub(r"\1", row.get("calculation"))
        try:
            made = xpath.translated(text, self._names())
        except Untranslated as why:
            self._tell(row, f"Công thức của “{row.get('name')}”: {why}.", _IN_FIELD)
            one |= {"type": "text", "required": "no"}
            return
        one |= {"is": made.text, "as": made.kind if made.kind in _RESULTS else "text"}
        if made.kind == "integer" and one.get("unit") == questions.DONG:
            one["as"] = "vnd"
            del one["unit"]

    def _default(self, row: Row, one: Plain) -> None:
        text = row.get("default")
        if "${" in text or "(" in text:
            self._tell(row, f"Giá trị sẵn có “{text[:60]}” phải tính.", _IN_FIELD)
        else:
            one["default"] = text

    def _rule(self, row: Row, part: str, own: Known, title: str, message: str) -> None:
        try:
            made = xpath.translated(part, self._names(), own=own)
        except Untranslated as why:
            self._tell(row, f"Ràng buộc của “{row.get('name')}”: {why}.", _IN_FIELD)
            return
        name = own.path.removeprefix("item.")
        say = questions.sentence(title, message)
        self._put_rule(row, {"check": made.text, "say": say, "at": name})

    def _put_rule(self, row: Row, rule: Plain) -> None:
        rule["row"] = row.number
        if self.here.repeat:
            self.groups[self.here.repeat].setdefault("rules", []).append(rule)
        else:
            self.rules.append(rule)

    def _listed(self, row: Row, one: Plain, own: Known, title: str) -> None:
        """Keep a text to the codes of a list that the province does not have; take its cascade."""
        words = row.get("type").split()
        name = words[1] if len(words) > 1 else ""
        if name not in self.lists.lines or one["type"] == "yes_no":
            return
        if one["type"] == "text":
            self._unhoused(row, name, own, title)
        if row.get("choice_filter"):
            self._cascade(row, name, own, title)

    def _unhoused(self, row: Row, name: str, own: Known, title: str) -> None:
        lines = self.lists.lines[name]
        many = row.get("type").lower().startswith(("select_multiple", "select multiple"))
        among = "" if many else self.lists.among(name, own.path)
        if among:
            say = f"“{title}” chỉ nhận các mã của danh mục {name}."
            at = own.path.removeprefix("item.")
            self._put_rule(row, {"check": among, "say": say, "at": at})
        shown = "; ".join(f"{one.code}: {one.label}" for one in lines[:8])
        self.untaken.append(
            Untaken(
                sheet="choices",
                row=lines[0].row,
                what=f"Tỉnh chưa có danh mục “{name}” ({shown}); “{title}” tạm là ô chữ.",
                mend="Hãy nhờ quản trị đưa danh mục vào gói dữ liệu, rồi đổi kiểu ô ở bản nháp.",
            )
        )

    def _cascade(self, row: Row, name: str, own: Known, title: str) -> None:
        found = _FILTER.fullmatch(row.get("choice_filter"))
        parent = self._names().get(found[2]) if found else None
        made = (
            cascade(
                self.lists.lines[name],
                found[1],
                child=own.path,
                parent=parent.path,
                title=title,
            )
            if found and parent
            else None
        )
        if made is None:
            text = row.get("choice_filter")[:80]
            mend = "Hãy đặt luật giữa hai ô ở bản nháp, hoặc lập danh mục cha thành một sổ."
            self._tell(row, f"Bộ lọc lựa chọn “{text}” của “{row.get('name')}”.", mend)
            return
        for rule in made:
            self._put_rule(row, {**rule, "at": own.path.removeprefix("item.")})

    def _names(self) -> Mapping[str, Known]:
        """Return what may be read here: the record's questions, and those of the same repeat."""
        repeat = self.here.repeat
        return {
            name: known
            if home == repeat or not repeat
            else replace(known, path=f"record.{known.path}")
            for name, (home, known) in self.names.items()
            if home in ("", repeat)
        }

    def _condition(self, row: Row, what: str) -> str:
        text = row.get(what)
        if not text or (what == "relevant" and decided(text) is True):
            return ""
        try:
            return xpath.translated(text, self._names()).text
        except Untranslated as why:
            named = {"relevant": "Điều kiện hiện", "required": "Điều kiện bắt buộc"}[what]
            self._tell(row, f"{named} của “{row.get('name')}”: {why}.", _IN_FIELD)
            return ""

    def _both(self, one: str, other: str) -> str:
        return f"{one} && {other}" if one and other else one or other

    def _title(self, row: Row) -> str:
        return self.words.vietnamese(row, "label") or row.get("name") or row.get("type")

    def _english(self, row: Row) -> dict[str, Any]:
        said = self.words.english(row, "label")
        return {"title_en": said} if said else {}

    def _columns(self, table: Table) -> None:
        """Tell once of each column that nothing was read from."""
        for what in ("label", "hint"):
            for column in self.words.languages(what):
                self.untaken.append(
                    Untaken(
                        sheet=SURVEY,
                        row=0,
                        what=f"Cột “{column}”: sổ chỉ giữ tiếng Việt và tiếng Anh.",
                        mend="Không cần làm gì.",
                    )
                )
        for column in table.columns:
            if column.partition("::")[0] not in _READ:
                what = f"Cột “{column}” không có ở sổ."
                mend = "Hãy xem cột này có nói điều gì cần giữ không."
                self.untaken.append(Untaken(sheet=SURVEY, row=0, what=what, mend=mend))


_RESULTS: Final = frozenset({"integer", "decimal", "text", "date", "yes_no", "vnd"})
