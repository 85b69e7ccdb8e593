"""The ways in which a registry is seen: lists, maps, calendars, figures, printed registers."""

from typing import Literal, Self

from pydantic import Field as Key
from pydantic import model_validator

from cuaso.declarations.shape import Declaration, FieldPath, Line, Name, Names, YesNo, mistake


class ListOf(Declaration):
    """A list: which columns, in which order (`-` before a field is newest or largest first)."""

    title: Line = ""
    title_en: Line = ""
    columns: Names = Key(min_length=1)
    sort: Names = ()
    filters: Names = Key(default=(), description="Các ô lọc nhanh; nên là ô chọn hoặc địa bàn.")
    where: dict[FieldPath, Names] = Key(
        default={}, description="Chỉ những bản ghi có ô mang một trong các mã này."
    )
    notice: Name | Literal[""] = Key(
        default="", description="Chỉ những bản ghi mà lời nhắc này đang đúng."
    )


class Along(Declaration):
    """A place by its chainage: the record that is referred to (`of`) has the drawn `line`, which
    runs from its chainage `starts` to `ends`; `km` is our one chainage, or our first and last.
    """

    of: Name
    line: Name
    starts: Name
    ends: Name
    km: Names = Key(min_length=1, max_length=2)


class MapOf(Declaration):
    """A map of the records: the field with the place, and the choice that gives the colour.

    A record whose place is not drawn stands on its road where its chainage says (`along`).
    """

    title: Line = ""
    title_en: Line = ""
    at: Name | Literal[""] = ""
    along: Along | None = None
    colour: Name | Literal[""] = ""

    @model_validator(mode="after")
    def _knows_a_place(self) -> Self:
        if not self.at and self.along is None:
            raise mistake("Bản đồ chưa biết vị trí lấy ở đâu.", "Hãy ghi “at” hoặc “along”.")
        return self


class CalendarOf(Declaration):
    """A calendar of the records by a day."""

    title: Line = ""
    title_en: Line = ""
    day: Name
    colour: Name | Literal[""] = ""


class Figure(Declaration):
    """A figure: how many records, or the sum or average of a number, by one or two choices."""

    title: Line = Key(min_length=3)
    title_en: Line = ""
    count: YesNo = False
    sum: Name | Literal[""] = ""
    average: Name | Literal[""] = ""
    by: Names = ()
    where: dict[FieldPath, Names] = {}
    unit: Line = ""

    @model_validator(mode="after")
    def _measures_one(self) -> Self:
        if sum((self.count, bool(self.sum), bool(self.average))) != 1:
            raise mistake(
                "Một con số cần đúng một cách tính.",
                "Hãy viết “count: yes”, hoặc “sum: tên_ô”, hoặc “average: tên_ô”.",
            )
        if len(self.by) > 2:  # noqa: PLR2004 a table on paper has rows and columns
            raise mistake("Một con số chia nhiều nhất theo hai ô.", "Hãy bớt “by”.")
        return self


class Print(Declaration):
    """A printed register in the layout of decree 30/2020: which list, on which form."""

    title: Line = Key(min_length=3)
    list: Name = "default"
    form_number: Line = Key(default="", description="Số mẫu, ví dụ Mẫu số 03.")
    columns: Names = ()
    signer: Line = Key(default="", description="Chức danh người ký sổ.")
    landscape: YesNo = True
    source: Line = ""
    unverified: YesNo = False
