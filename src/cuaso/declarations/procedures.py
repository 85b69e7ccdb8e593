"""A procedure as the law and the province declare it; a dossier keeps the version it began with."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal, NotRequired, Self

from pydantic import Field as Key
from pydantic import model_validator
from typing_extensions import TypedDict

from cuaso.declarations.fields import ACCEPTED
from cuaso.declarations.forms import Form
from cuaso.declarations.law import Dated, DatedValue
from cuaso.declarations.shape import (
    Cel,
    Day,
    Declaration,
    FieldPath,
    Hour,
    Lasting,
    Line,
    Name,
    Names,
    YesNo,
    YesNoOrCel,
    mistake,
)
from cuaso.kernel.durations import Duration

Channel = Literal["online", "counter", "post"]
Role = Literal["reception", "handler", "leader", "clerk", "applicant", "machine"]
PlaceName = Literal["number", "date", "initials", "signature", "seal"]

LANES: Final[Mapping[str, Role]] = {
    "tiep_nhan": "reception",
    "tu_phap": "handler",
    "xu_ly": "handler",
    "lanh_dao": "leader",
    "van_thu": "clerk",
    "lanh_dao_ky": "leader",
    "van_thu_ky": "clerk",
    "nguoi_nop": "applicant",
    "may": "machine",
}
# Lanes at the agency that signs what the competent one proposes.
SIGNING_LANES: Final = frozenset({"lanh_dao_ky", "van_thu_ky"})
PROOFS: Final[Mapping[str, str]] = {
    "population": "CSDL quốc gia về dân cư",
    "civil_status": "CSDL hộ tịch điện tử",
    "birth_notice": "Giấy chứng sinh điện tử của cơ sở y tế",
    "locker": "Kho giấy tờ của người dân",
    "vneid": "Giấy tờ tích hợp trên VNeID",
}


class Component(Declaration):
    """One paper of the dossier, handed in (`submit`) or shown and given back (`show`)."""

    title: Line = Key(min_length=3)
    title_en: Line = ""
    note: Line = ""
    how: Literal["submit", "show"] = "submit"
    original: int = Key(default=0, ge=0, le=20)
    copy_count: int = Key(default=0, alias="copy", ge=0, le=20)
    kind: Name | Literal[""] = Key(default="", description="Loại giấy tờ, để dùng lại từ kho.")
    required: YesNoOrCel = True
    when: Cel = Key(default="", description="Giấy tờ chỉ được nhắc tới khi điều kiện này đúng.")
    channels: tuple[Channel, ...] = ()
    replaceable_by: Names = ()
    accept: Names = ACCEPTED
    many: YesNo = True
    source: Line = ""
    unverified: YesNo = False
    since: Day | None = Key(default=None, alias="from")
    until: Day | None = Key(default=None, alias="to")

    def stands_on(self, day: date) -> bool:
        return (not self.since or self.since <= day) and (not self.until or day <= self.until)


class Lasts(Declaration):
    """How long settling may take: on `all` channels, or one by one."""

    every: Lasting | None = Key(default=None, alias="all")
    online: Lasting | None = None
    counter: Lasting | None = None
    post: Lasting | None = None

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if not any((self.every, self.online, self.counter, self.post)):
            raise mistake("Thời hạn để trống.", "Hãy viết “all: 5 ngày làm việc”.")
        return self

    def of(self, channel: str) -> Duration | None:
        """Return the limit of a channel (online, counter, post)."""
        own = {"online": self.online, "counter": self.counter, "post": self.post}.get(channel)
        return own or self.every


class LimitCase(Lasts):
    """Another limit for dossiers whose answers meet `when`; `say` tells the applicant why."""

    when: Cel = Key(min_length=1)
    say: Line = Key(min_length=5)
    say_en: Line = ""


class TimeLimit(Lasts):
    """The limit of a procedure; the first of its `cases` that holds goes before it. `cut_off`
    moves what comes later in the day to the next working day.
    """

    cut_off: Hour | None = None
    cases: tuple[LimitCase, ...] = ()


class Exemption(Declaration):
    """Who does not pay. Without `when` an official decides from the papers."""

    title: Line = Key(min_length=5)
    when: Cel = ""
    source: Line = ""
    unverified: YesNo = False


class Fee(Declaration):
    """A fee. `amount` is đồng (`8.000 đồng`) or a CEL formula in đồng; `per` names the repeated
    section whose every row (`item`) is charged.
    """

    title: Line = Key(min_length=3)
    title_en: Line = ""
    kind: Literal["phí", "lệ phí"]
    say: Line = ""
    say_en: Line = ""
    per: Name | Literal[""] = ""
    amount: Dated[str]
    exempt: tuple[Exemption, ...] = ()
    collect: Literal["", "submission", "receipt"] = Key(
        default="", description="Thu lúc nộp hay lúc tiếp nhận; bỏ trống: quầy thu lúc tiếp nhận."
    )
    decided_by: Line = ""


class LegalBasis(Declaration):
    """A text that the procedure stands on."""

    number: Line = Key(min_length=3)
    title: Line = ""
    unverified: YesNo = False


class Competence(Declaration):
    """Which agency settles: the one of the commune (or province) that `place` in the form names,
    or `agency` by its name in the province's data, as it or its successor stands on the day.
    """

    level: Literal["tỉnh", "xã"]
    place: Line = Key(
        default="", description="Đường dẫn ô chọn nơi giải quyết, ví dụ request.office."
    )
    agency: Annotated[str, Key(pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$")] = Key(
        default="", description="Khóa của cơ quan, ví dụ so-xay-dung-gia-lai."
    )
    anywhere: YesNo = Key(default=False, description="Nộp ở xã nào cũng được.")
    say: Line
    say_en: Line = ""
    source: Line = ""
    unverified: YesNo = False

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if bool(self.place) == bool(self.agency):
            raise mistake(
                "Thẩm quyền phải nêu đúng một trong hai: “place” hoặc “agency”.",
                "Hãy viết “place: request.office”, hoặc “agency: so-xay-dung-gia-lai”.",
            )
        return self


class Signing(Declaration):
    """Which other agency signs, numbers and seals what the competent one proposes, by its name in
    the province's data, as it or its successor stands on the day.
    """

    agency: Annotated[str, Key(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")] = Key(
        description="Khóa của cơ quan ký, ví dụ ubnd-tinh-gia-lai."
    )
    say: Line
    say_en: Line = ""
    source: Line = ""
    unverified: YesNo = False


class Step(Declaration):
    """A user task of the flow: who does it and how long the province lets it take."""

    title: Line = Key(min_length=3)
    role: Role
    within: Lasting | None = None


class Box(TypedDict):
    """A place on page 1 in points from the bottom-left corner of A4."""

    __pydantic_config__ = {"extra": "forbid"}  # type: ignore[misc]

    x: float
    y: float
    width: float
    height: float
    align: NotRequired[Literal["left", "center"]]
    size: NotRequired[float]
    italic: NotRequired[YesNo]


class Result(Declaration):
    """What the applicant gets: the paper, who signs it, and where number and marks stand."""

    title: Line = Key(min_length=3)
    title_en: Line = ""
    template: Name
    document_kind: Name
    book: Line = Key(min_length=3, description="Tên sổ cấp số.")
    number: Line = Key(default="{number}/{year}", description="Cách viết số: {number}, {year}.")
    validity: Dated[Lasting] | None = None
    signer: Role = "leader"
    authority: Line = Key(default="", description="Dòng trên chức vụ, ví dụ TM. ỦY BAN NHÂN DÂN.")
    seal: YesNo = True
    copies: Cel = Key(default="", description="Số bản cấp, biểu thức CEL trên tờ khai.")
    places: dict[PlaceName, Box]
    source: Line = ""
    unverified: YesNo = False


class RecordOf(Declaration):
    """A record that an issued result writes into a registry. `values` says, for each field of the
    registry, where it is read: a field of the form (`child.full_name`), `result.number`,
    `result.date`, `result.signer`, `result.agency`, `result.valid_until`, `result.personal_number`,
    `dossier.code`, `dossier.received`, or a text in quotes (`'dang_ky'`). A group takes a repeated
    section whose fields have its names.

    `of` is the field of the form whose answer is the key of a record that stands already; without
    it the result adds one. `step` is a step of status that the signed result takes.
    """

    registry: Annotated[str, Key(pattern=r"^[a-z][a-z0-9-]*/[a-z][a-z0-9_]*$")]
    when: Cel = Key(default="", description="Chỉ ghi khi điều kiện trên tờ khai này đúng.")
    of: Line = Key(default="", description="Ô của tờ khai ghi khóa của bản ghi đã có.")
    step: Name | Literal[""] = Key(
        default="", description="Bước chuyển trạng thái mà kết quả đã ký thực hiện."
    )
    values: dict[FieldPath, Line] = {}

    @model_validator(mode="after")
    def _writes_something(self) -> Self:
        if not self.values and not self.step:
            raise mistake(
                "Mục ghi sổ không ghi gì.", "Hãy thêm “values: …”, hoặc “step: tên_bước”."
            )
        return self

    @property
    def at_sealing(self) -> bool:
        """Say whether it is written with the seal, since a registry may refuse the step."""
        return bool(self.of or self.step)


class Guidance(Declaration):
    """One piece of advice in plain words."""

    title: Line = Key(min_length=3)
    text: Line = Key(min_length=10)
    title_en: Line = ""
    text_en: Line = ""


class Procedure(Declaration):
    """One administrative procedure of the national catalogue."""

    code: Annotated[str, Key(pattern=r"^\d\.\d{6}$", description="Mã trên Cổng DVC quốc gia.")]
    title: Line = Key(min_length=5)
    title_en: Line = ""
    short_title: Line = ""
    field: Line = Key(min_length=2, description="Lĩnh vực.")
    field_en: Line = ""
    level: Literal["tỉnh", "xã"]
    audiences: Names = Key(min_length=1)
    life_events: Names = ()
    also_called: Names = Key(default=(), description="Cách người dân gọi, để tìm thấy.")
    versions: Dated[Line]
    online: Dated[Literal["toàn trình", "một phần", "không"]]
    time_limit: Dated[TimeLimit]
    fees: dict[Name, Fee] = {}
    components: dict[Name, Component] = Key(min_length=1)
    form: Form
    applicant: Line = Key(description="Ô họ tên người yêu cầu, ví dụ requester.full_name.")
    concerns: Line = Key(default="", description="Ô họ tên người mà hồ sơ nói tới.")
    co_applicants: Names = Key(
        default=(),
        description="Các ô số định danh của người cùng nộp, ví dụ bride.personal_number.",
    )
    competent: Competence
    signing: Signing | None = None
    flow: Name
    steps: dict[Name, Step] = Key(min_length=1)
    result: Result
    records: dict[Name, RecordOf] = Key(
        default={}, description="Bản ghi mà kết quả ghi vào các sổ khi được phát hành."
    )
    messages: Names = ()
    guide: tuple[Guidance, ...] = ()
    legal: tuple[LegalBasis, ...] = Key(min_length=1)

    def version_on(self, day: date) -> DatedValue[str]:
        """Return the decision in force on a legal day; raise NotFound."""
        return self.versions.on(day)

    def components_on(self, day: date) -> dict[str, Component]:
        """Return the papers that the law asks for on a legal day."""
        return {name: one for name, one in self.components.items() if one.stands_on(day)}

    def dump(self) -> dict[str, Any]:
        """Return the procedure as plain JSON, defaults left out; `load` gives it back."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> Self:
        """Return the procedure that `dump` gave."""
        return cls.model_validate(kept)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the declared content: the same text, the same version."""
        plain = json.dumps(self.dump(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(plain.encode()).hexdigest()
