"""A registry as a department declares it: what is kept of each thing, who sees it, how it shows.

A record has fields, and groups of rows (`groups`). The folder path is the id: the registry of
`packs/agriculture/registries/fishing_vessel.yaml` is `agriculture/fishing_vessel`.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field as Key
from pydantic import model_validator

from cuaso.declarations.effects import Effect
from cuaso.declarations.feeding import Feeds
from cuaso.declarations.fields import Field
from cuaso.declarations.forms import Form, Repeat, Rule, Section
from cuaso.declarations.noticing import Notice
from cuaso.declarations.record_flows import Workflow
from cuaso.declarations.record_papers import Paper
from cuaso.declarations.registry_views import CalendarOf, Figure, ListOf, MapOf, Print
from cuaso.declarations.sampling import SampleLine
from cuaso.declarations.shape import (
    Cel,
    Day,
    Declaration,
    FieldPath,
    Lasting,
    Line,
    Name,
    Names,
    YesNo,
    mistake,
)
from cuaso.declarations.verifying import Verify

Act = Literal["view", "add", "change", "remove", "import", "export", "design"]
Sharing = Literal["mở", "tỉnh", "cơ quan", "hạn chế"]
# A field, a part of one, a field in the rows of a group, or a part of such a field.
MaskedPath = Annotated[str, Key(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,2}$")]
AgencyKey = Annotated[str, Key(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
RECORD: Final = "record"
PLACEHOLDER: Final = re.compile(r"\{([a-z0-9_.]+)\}")


class Legal(Declaration):
    """A text on which a registry or a field stands, in force from and to a day."""

    source: Line = Key(min_length=5, description="Văn bản, điều, khoản.")
    since: Day | None = Key(default=None, alias="from")
    until: Day | None = Key(default=None, alias="to")
    unverified: YesNo = False


class RegistryField(Field):
    """A field of a registry: what a form's field says, and where it stands in the dictionary."""

    element: Line = Key(default="", description="Phần tử dữ liệu của từ điển, ví dụ person.sex.")
    unique: YesNo = Key(default=False, description="Không hai bản ghi nào trùng giá trị.")
    numbered: YesNo = Key(
        default=False, description="Để trống khi thêm thì hệ thống cấp số kế tiếp theo “pattern”."
    )
    legal: tuple[Legal, ...] = ()

    @model_validator(mode="after")
    def _is_written_as_a_number(self) -> Self:
        if self.numbered and numbered_form(self.pattern) == ("", 0):
            raise mistake(
                "Ô được cấp số cần “pattern” gồm một đầu cố định và một dãy chữ số.",
                r"Hãy viết chẳng hạn NN-\d{6}.",
            )
        return self


_NUMBERED: Final = re.compile(r"([^\\\[\](){}|?*+.]*)\\d\{(\d{1,2})\}")


def numbered_form(pattern: str) -> tuple[str, int]:
    r"""Return head and count of digits of a pattern such as NN-\d{6}; ("", 0) for any other."""
    found = _NUMBERED.fullmatch(pattern)
    return (found[1], int(found[2])) if found else ("", 0)


class Group(Declaration):
    """Rows inside one record, such as the crew of a vessel; `item` in a rule is the row."""

    title: Line = Key(min_length=1)
    title_en: Line = ""
    hint: Line = ""
    when: Cel = ""
    item: Line = "Mục"
    item_en: Line = ""
    min: int = Key(default=0, ge=0, le=50)
    max: int = Key(default=50, ge=1, le=50)
    fields: dict[Name, RegistryField] = Key(min_length=1, max_length=100)
    rules: tuple[Rule, ...] = ()


class Part(Declaration):
    """A part of the form: a heading and the fields under it."""

    title: Line = Key(min_length=1)
    title_en: Line = ""
    hint: Line = ""
    fields: Names = Key(min_length=1)


class Move(Declaration):
    """A step from one status to another, and who may take it."""

    title: Line = Key(min_length=2)
    title_en: Line = ""
    start: Names = Key(alias="from", min_length=1)
    to: Line = Key(default="", description="Bỏ trống: trạng thái giữ nguyên.")
    roles: Names = ()
    of: Literal["", "chủ quản", "nơi giữ", "tỉnh"] = Key(
        default="", description="Người của cơ quan nào; bỏ trống: cơ quan chủ quản hoặc nơi giữ."
    )
    needs_reason: YesNo = False
    asks: Names = Key(
        default=(), description="Các ô phải điền khi chuyển, ghi cùng lúc với trạng thái."
    )
    when: Cel = Key(default="", description="Điều kiện trên bản ghi để được chuyển.")
    does: tuple[Effect, ...] = Key(default=(), description="Điều ghi cùng lúc sang sổ khác.")
    source: Line = ""
    unverified: YesNo = False


class Statuses(Declaration):
    """The status of a record: a field of codes, where it starts, and which moves there are."""

    field: Name
    start: Line = Key(min_length=1)
    moves: dict[Name, Move] = Key(min_length=1)


class Right(Declaration):
    """Who may do what with which records. `of` says whose officials: the owning agency's
    (`chủ quản`), those of the agency that keeps the record (`nơi giữ`), or any agency's (`tỉnh`);
    `bản thân` is the person whom a record is about, by the field `person`.
    """

    may: tuple[Act, ...] = Key(min_length=1)
    of: Literal["chủ quản", "nơi giữ", "tỉnh", "bản thân"] = "chủ quản"
    roles: Names = ()
    person: Name | Literal[""] = ""
    where: dict[FieldPath, Names] = {}
    sets: dict[Name, Line] = Key(
        default={}, description="Khi tự thêm về mình: ô do hệ thống điền; “today” là hôm nay."
    )
    purpose: YesNo = Key(default=False, description="yes: mỗi lần xem phải nêu mục đích.")
    say: Line = Key(min_length=10, description="Một câu đầy đủ: vì sao được làm việc này.")
    source: Line = ""
    unverified: YesNo = False

    @model_validator(mode="after")
    def _ends_as_a_sentence(self) -> Self:
        if not self.say.endswith("."):
            raise mistake("“say” chưa phải một câu trọn vẹn.", "Hãy kết thúc bằng dấu chấm.")
        if self.sets and (self.of != "bản thân" or "add" not in self.may):
            raise mistake(
                "“sets” chỉ dùng cho quyền tự thêm bản ghi về mình.",
                "Hãy ghi “of: bản thân” và “may: [add]”, hoặc bỏ “sets”.",
            )
        if (self.of == "bản thân") != bool(self.person):
            raise mistake(
                "Quyền “bản thân” cần nêu ô chỉ người, các quyền khác thì không.",
                "Hãy viết “person: tên_ô” cùng với “of: bản thân”.",
            )
        return self


class Mask(Declaration):
    """A field whose value only some roles read in full; others read a part of it, or nothing."""

    show: Literal["nothing", "last_4", "year", "first_letter"] = "nothing"
    roles: Names = Key(min_length=1, description="Vai trò được đọc đầy đủ.")
    source: Line = ""
    unverified: YesNo = False


class SharingOf(Declaration):
    """How far the registry is shared, and which columns are open data."""

    default: Sharing = "cơ quan"
    open: Names = ()
    period: Line = Key(default="", description="Kỳ công bố dữ liệu mở, ví dụ hằng quý.")


class Retention(Declaration):
    """How long a removed record rests in the bin, and how long records are kept."""

    keep: Line = "vĩnh viễn"
    bin: Lasting | None = None
    source: Line = ""
    unverified: YesNo = False


class Registry(Declaration):
    """One database of a department."""

    title: Line = Key(min_length=3)
    title_en: Line = ""
    item: Line = Key(default="", description="Tên một bản ghi, ví dụ Tàu cá.")
    item_en: Line = ""
    about: Line = Key(default="", description="Một, hai câu: sổ này giữ gì, để làm gì.")
    about_en: Line = ""
    systems: tuple[Line, ...] = ()
    owner: AgencyKey = Key(description="Khóa của cơ quan chủ quản trong dữ liệu của tỉnh.")
    sharing: SharingOf = SharingOf()
    legal: tuple[Legal, ...] = Key(min_length=1)
    retention: Retention = Retention()
    key: Names = Key(min_length=1, description="Các ô cùng nhau nhận ra một bản ghi.")
    unique: tuple[Names, ...] = Key(
        default=(), description="Các nhóm ô: không hai bản ghi nào trùng cả nhóm."
    )
    name: Line = Key(default="", description="Cách gọi một bản ghi, ví dụ {number} – {owner}.")
    place: Name | Literal[""] = Key(
        default="", description="Ô xã, phường: bản ghi do Ủy ban nhân dân nơi đó giữ."
    )
    fields: dict[Name, RegistryField] = Key(min_length=1, max_length=400)
    groups: dict[Name, Group] = Key(default={}, max_length=50)
    parts: dict[Name, Part] = {}
    rules: tuple[Rule, ...] = ()
    statuses: Statuses | None = None
    search: Names = Key(default=(), description="Các ô được tìm bằng chữ; mặc định là key và name.")
    lists: dict[Name, ListOf] = Key(min_length=1)
    maps: dict[Name, MapOf] = {}
    calendars: dict[Name, CalendarOf] = {}
    figures: dict[Name, Figure] = {}
    prints: dict[Name, Print] = {}
    papers: dict[Name, Paper] = Key(default={}, max_length=20)
    workflow: Workflow | None = None
    verify: Verify | None = None
    does: tuple[Effect, ...] = Key(default=(), description="Điều ghi sang sổ khác khi thêm.")
    feeds: Feeds | None = Key(default=None, description="Phần danh bạ lấy từ sổ này.")
    notices: dict[Name, Notice] = Key(default={}, max_length=20)
    rights: tuple[Right, ...] = ()
    masks: dict[MaskedPath, Mask] = {}
    samples: dict[Name, tuple[SampleLine, ...]] = Key(
        default={}, description="Câu trả lời mẫu đi cùng nhau: mỗi dòng được lấy trọn."
    )

    @model_validator(mode="after")
    def _keeps_free_names(self) -> Self:
        for name in (*self.fields, *self.groups):
            if name.startswith("row_") or name == RECORD:
                raise mistake(
                    f"Tên “{name}” dành cho hệ thống.",
                    "Hãy chọn tên khác, không bắt đầu bằng row_.",
                )
        both = sorted(self.fields.keys() & self.groups.keys())
        if both:
            raise mistake(f"“{both[0]}” vừa là ô vừa là nhóm.", "Hãy đổi tên một bên.")
        return self

    @model_validator(mode="after")
    def _shows_a_default_list(self) -> Self:
        if "default" not in self.lists:
            raise mistake("Thiếu danh sách “default”.", "Hãy khai báo lists: default: ….")
        return self

    @cached_property
    def form(self) -> Form:
        """The record as a form: its fields in one section, each group a repeated section."""
        rules = tuple(_under_record(rule, self.fields) for rule in self.rules)
        sections: dict[str, Section] = {
            RECORD: Section.model_construct(
                title=self.item or self.title,
                title_en=self.item_en or self.title_en,
                fields={name: _under(one, self.fields) for name, one in self.fields.items()},
            )
        }
        for name, group in self.groups.items():
            sections[name] = Section.model_construct(
                title=group.title,
                title_en=group.title_en,
                hint=group.hint,
                when=_rewritten(group.when, self.fields),
                repeat=Repeat(min=group.min, max=group.max, item=group.item, item_en=group.item_en),
                fields=dict(group.fields),
                rules=group.rules,
            )
        return Form.model_construct(sections=sections, rules=rules)

    def placed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values by field and group as the form has them: fields under `record`."""
        inner = {name: value for name, value in values.items() if name not in self.groups}
        return {RECORD: inner} | {name: values[name] for name in self.groups if name in values}

    def rewritten(self, expression: str) -> str:
        """Return an expression of the registry as its form reads it."""
        return _rewritten(expression, self.fields)

    def plain(self, path: str) -> str:
        """Return a path of the form as people of this registry know it: without `record.`."""
        return path.removeprefix(f"{RECORD}.")

    @property
    def searched(self) -> tuple[str, ...]:
        """The fields whose words are searched."""
        named = tuple(path.partition(".")[0] for path in PLACEHOLDER.findall(self.name))
        return self.search or tuple(dict.fromkeys((*self.key, *named)))

    def titled(self, path: str) -> str:
        """Return the title of a field or of a part of one (`owner.full_name`)."""
        found = self.held_at(path)
        return found.title if found else path

    def field_at(self, path: str) -> Field | None:
        """Return the field of a path such as `owner` or `owner.full_name`."""
        return self.form.field_at(f"{RECORD}.{path}")

    def held_at(self, path: str) -> Field | None:
        """Return the field of a path in the record or in the rows of a group (`crew.job`)."""
        if path.partition(".")[0] in self.groups:
            return self.form.field_at(path)
        return self.field_at(path) if path.count(".") <= 1 else None

    @property
    def alone(self) -> tuple[tuple[str, ...], ...]:
        """The fields that no two records share, beside the key: one field, or several together."""
        single = ((name,) for name, one in self.fields.items() if one.unique)
        return tuple(dict.fromkeys((*single, *self.unique)))

    def dump(self) -> dict[str, Any]:
        """Return the registry as plain JSON, defaults left out; `load` gives it back."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> Self:
        """Return the registry that `dump` gave."""
        return cls.model_validate(kept)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the declared content in its order: the same text, the same version."""
        plain = json.dumps(self.dump(), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(plain.encode()).hexdigest()


def _under_record(rule: Rule, fields: Mapping[str, object]) -> Rule:
    at = f"{RECORD}.{rule.at}" if rule.at and rule.at.partition(".")[0] in fields else rule.at
    return rule.replace(check=_rewritten(rule.check, fields), at=at)


def _under(one: Field, fields: Mapping[str, object]) -> Field:
    changes: dict[str, object] = {}
    if isinstance(one.required, str):
        changes["required"] = _rewritten(one.required, fields)
    if one.when:
        changes["when"] = _rewritten(one.when, fields)
    if one.is_:
        changes["is_"] = _rewritten(one.is_, fields)
    return one.replace(**changes) if changes else one


_PIECE: Final = re.compile(
    r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|(?<![\w.])[a-z_][a-z0-9_]*(?!\w*\()'
)


def _rewritten(expression: str, fields: Mapping[str, object]) -> str:
    """Return the expression with every field of the record read as `record.field`."""

    def one(found: re.Match[str]) -> str:
        word = found.group(0)
        return f"{RECORD}.{word}" if word in fields else word

    return _PIECE.sub(one, expression)
