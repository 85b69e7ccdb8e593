"""Law as dated values: every value has a first day, a source, and says if nobody verified it."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Generic, Self, TypeVar

from pydantic import Field, RootModel, model_validator

from cuaso.declarations.shape import Day, Declaration, Line, YesNo, mistake
from cuaso.kernel.errors import NotFound
from cuaso.kernel.periods import Period

T = TypeVar("T")


class DatedValue(Declaration, Generic[T]):
    """One value of law. `until` is the last day on which it holds, that day included."""

    since: Day = Field(alias="from", description="Ngày đầu tiên có hiệu lực.")
    until: Day | None = Field(default=None, alias="to", description="Ngày cuối cùng có hiệu lực.")
    value: T
    source: Line = Field(min_length=3, description="Văn bản, điều khoản quy định giá trị này.")
    unverified: YesNo = Field(
        default=False, description="yes khi chưa ai đọc được văn bản gốc chính thức."
    )
    note: Line = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until and self.until < self.since:
            raise mistake(
                f"Giá trị từ {self.since} kết thúc trước khi bắt đầu.",
                "Hãy sửa ngày “from” hoặc “to”.",
            )
        return self

    @property
    def period(self) -> Period:
        return Period(self.since, self.until + timedelta(days=1) if self.until else None)

    def holds_on(self, day: date) -> bool:
        return self.period.contains(day)


class Dated(RootModel[tuple[DatedValue[T], ...]], Generic[T]):
    """The values of one rule over time, in order, never overlapping.

    An entry without `to` holds until the day before the next entry begins.
    """

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for before, after in pairwise(self.root):
            if after.since <= before.since:
                raise mistake(
                    f"Giá trị từ {after.since} đứng sau giá trị từ {before.since}.",
                    "Hãy xếp các giá trị theo ngày có hiệu lực, mỗi ngày một giá trị.",
                )
            if before.until and before.until >= after.since:
                raise mistake(
                    f"Hai giá trị cùng có hiệu lực ngày {after.since}.",
                    "Hãy sửa ngày “to” của giá trị trước.",
                )
        return self

    def __iter__(self) -> Iterator[DatedValue[T]]:  # type: ignore[override]
        return iter(self.root)

    def __len__(self) -> int:
        return len(self.root)

    def find(self, day: date) -> DatedValue[T] | None:
        """Return the value in force on a legal day, or None."""
        begun = [entry for entry in self.root if entry.since <= day]
        return begun[-1] if begun and begun[-1].holds_on(day) else None

    def on(self, day: date) -> DatedValue[T]:
        """Return the value in force on a legal day; raise NotFound (`law.nothing_in_force`)."""
        found = self.find(day)
        if found is None:
            raise NotFound(
                code="law.nothing_in_force",
                what=f"Không có quy định nào có hiệu lực ngày {day:%d/%m/%Y}.",
                why="Khai báo không có giá trị cho ngày này.",
                mend="Hãy bổ sung giá trị kèm nguồn vào khai báo.",
            )
        return found

    @property
    def unverified(self) -> int:
        """How many values nobody has read in an official text."""
        return sum(entry.unverified for entry in self.root)


def unverified_in(declared: object) -> int:
    """Count every `unverified: yes` anywhere inside a declared value."""
    if isinstance(declared, Declaration):
        own = int(bool(getattr(declared, "unverified", False)))
        return own + sum(unverified_in(value) for _, value in declared)
    if isinstance(declared, RootModel):
        return unverified_in(declared.root)
    if isinstance(declared, dict):
        return sum(unverified_in(value) for value in declared.values())
    if isinstance(declared, list | tuple):
        return sum(unverified_in(value) for value in declared)
    return 0
