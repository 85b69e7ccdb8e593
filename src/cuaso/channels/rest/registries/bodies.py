"""What is sent to a registry and what it answers, whatever its fields are."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from cuaso.channels.rest.asking import Words
from cuaso.channels.rest.problems import FieldProblem
from cuaso.channels.rest.registries.asking import Given
from cuaso.channels.rest.sent import Sent

FIRST = "0192f0c1-2d7e-7c4a-9b1e-0a5f3a9d7c11"
PARTLY = "Không: chỉ cần một bản ghi bị từ chối thì không ghi bản ghi nào."
VESSEL = {"number": "BĐ-00001-TS", "owner": {"full_name": "Võ Thị Hạ Lam"}, "length": "14.5"}


def example(**values: object) -> ConfigDict:
    """Return the shape of a body: no other names, and one example for its readers."""
    extra: dict[str, Any] = {"examples": [values]}
    return ConfigDict(extra="forbid", json_schema_extra=extra)


class Written(Sent):
    """Giá trị của một bản ghi, và lý do ghi vào lịch sử."""

    model_config = example(values=VESSEL, reason="Đăng ký mới theo hồ sơ giấy.")
    values: Given
    reason: Words = ""


class WrittenMany(Sent):
    """Nhiều bản ghi; mỗi bản ghi một kết quả, tất cả là một lần ghi."""

    model_config = example(records=[VESSEL], reason="Chuyển từ phần mềm cũ.", partly=True)
    records: list[Given] = Field(min_length=1, max_length=500)
    reason: Words = ""
    partly: bool = Field(default=True, description=PARTLY)


class ChangedMany(Sent):
    """Các bản ghi nhận cùng giá trị."""

    model_config = example(ids=[FIRST], values={"gear": "vay"}, reason="Đổi nghề theo đề án.")
    ids: list[UUID] = Field(min_length=1, max_length=500)
    values: Given
    reason: Words
    partly: bool = Field(default=True, description=PARTLY)


class Why(Sent):
    model_config = example(reason="Đủ hồ sơ theo quy định.")
    reason: Words = ""


class Moving(Sent):
    """`values`: các ô mà bước hỏi, xem `asks` trong `moves` của bản ghi."""

    model_config = example(reason="Đủ hồ sơ theo quy định.", values={})
    values: Given = {}
    reason: Words = ""


class Undoing(Sent):
    """`partly`: giữ những ô đã được sửa tiếp, hoàn tác phần còn lại."""

    model_config = example(reason="Ghi nhầm.", partly=False)
    reason: Words = ""
    partly: bool = False


class Card(Schema):
    """Một sổ; `may` là những việc bạn được làm với sổ."""

    key: str
    title: str
    title_en: str
    about: str
    owner_name: str
    systems: list[str]
    version: int
    may: list[str]


class Move(Schema):
    name: str
    title: str
    to: str
    needs_reason: bool
    asks: list[str]


class Record(Schema):
    """Một bản ghi như người gọi được xem; `masked` là các ô bị che."""

    id: UUID
    registry: str
    version: int
    revision: int
    name: str
    agency_id: UUID
    since: datetime
    change_id: UUID
    gone_at: datetime | None
    values: dict[str, Any]
    masked: list[str]
    may: list[str]
    moves: list[Move]


class ListedRecord(Schema):
    id: UUID
    revision: int
    name: str
    values: dict[str, Any]
    masked: list[str]


class Page(Schema):
    """Một trang; `count` là null khi không hỏi, khi quá 1.000 bản ghi hoặc không đếm kịp. `cut`:
    trang dừng vì hết thời gian tìm, `next` tìm tiếp từ chỗ đã dừng.
    """

    registry: str
    version: int
    count: int | None
    next: str = Field(description="`cursor` của trang sau, rỗng ở trang cuối.")
    cut: bool
    records: list[ListedRecord]


class Counted(Schema):
    """`exact` là không khi số thật lớn hơn `count`, hoặc không đếm kịp."""

    count: int
    exact: bool


class AddedOne(Schema):
    """`held`: bản ghi đúng nhưng chưa ghi, vì bản ghi khác bị từ chối và `partly` là không."""

    id: UUID | None
    outcome: Literal["added", "refused", "held"]
    say: str
    code: str
    problems: list[FieldProblem]


class Added(Schema):
    """`change_id` hoàn tác tất cả; null khi không có gì được ghi."""

    change_id: UUID | None
    added: int
    records: list[AddedOne]


class ChangedOne(Schema):
    """`held`: sửa được nhưng chưa sửa, vì bản ghi khác bị từ chối và `partly` là không."""

    id: UUID
    name: str
    outcome: Literal["changed", "same", "refused", "held"]
    say: str


class Changed(Schema):
    change_id: UUID | None
    changed: int
    records: list[ChangedOne]


class Undone(Schema):
    """`back` bản ghi đã về như trước, `kept` bản ghi giữ nguyên vì đã sửa tiếp."""

    change_id: UUID
    back: int
    kept: int


class ValueSource(Schema):
    """`origin`: form, api, import, dossier, national, record, pack, undo; `origin_id` là bảng tính,
    hồ sơ hoặc bản ghi ấy.
    """

    field: str
    origin: str
    origin_id: str
    who: str
    at: datetime
    change_id: UUID
    reason: str
