"""What is worth knowing about a record: that a day is near, that something is late or doubled.

A notice holds while the record meets `where` and, when `beside` is declared, while other records
do what it asks. It is shown to whoever reads the record, makes a list of its own, refuses what is
written when it `refuses`, and is sent to people when it is to `remind` them.
"""

from typing import Literal, Self

from pydantic import Field as Key
from pydantic import model_validator

from cuaso.declarations.shape import (
    Declaration,
    FieldPath,
    Lasting,
    Line,
    Name,
    Names,
    YesNo,
    mistake,
)


class Beside(Declaration):
    """Other records of a registry that have something in common with this one.

    `same` reads: a field of theirs → a field of ours (`members.personal_number` is any row of a
    group; `record` is the record itself, which their reference names). `days` are our first and
    last day, `their_days` theirs: periods that share a day.
    """

    registry: Line = Key(alias="in", min_length=1)
    same: dict[FieldPath, FieldPath] = Key(min_length=1)
    days: tuple[Name, Name] | None = None
    their_days: tuple[Name, Name] | None = None
    where: dict[FieldPath, Names] = {}
    least: int = Key(default=1, ge=1, le=100, description="Đúng khi có ít nhất chừng này.")
    fewer: int = Key(default=0, ge=0, le=100, description="Đúng khi có ít hơn chừng này.")
    shows: int = Key(default=5, ge=1, le=50, description="Trang bản ghi nêu nhiều nhất chừng này.")

    @model_validator(mode="after")
    def _counts_one_way(self) -> Self:
        if self.fewer and self.least > 1:
            raise mistake(
                "Một lời nhắc đếm theo một cách.", "Hãy giữ “least” hoặc “fewer”, bỏ cái còn lại."
            )
        if self.their_days and not self.days:
            raise mistake("“their_days” đi cùng “days”.", "Hãy ghi “days”: ngày đầu, ngày cuối.")
        return self


class Remind(Declaration):
    """To whom a notice is sent, and how often. `day` and `times` are the fields of the record that
    keep the last reminder and how many there were; `person` is who the record is about.
    """

    day: Name
    times: Name | Literal[""] = ""
    every: Lasting
    person: FieldPath | Literal[""] = Key(
        default="", description="Ô số định danh; “passport.personal_number” là ô của sổ kia."
    )
    roles: Names = Key(default=(), description="Vai trò ở cơ quan giữ bản ghi cùng được nhắc.")

    @model_validator(mode="after")
    def _reaches_somebody(self) -> Self:
        if not self.person and not self.roles:
            raise mistake("Lời nhắc chưa gửi cho ai.", "Hãy ghi “person” hoặc “roles”.")
        if self.every.unit != "day":
            raise mistake("Khoảng cách giữa hai lần nhắc tính bằng ngày.", "Hãy viết “7 ngày”.")
        return self


class Notice(Declaration):
    """A sentence about a record while it holds; `{field}` in `say` is the record's own text."""

    title: Line = Key(min_length=3)
    title_en: Line = ""
    say: Line = Key(min_length=10)
    say_en: Line = ""
    late: YesNo = Key(default=False, description="yes: đã quá hạn hoặc sai; no: cần chú ý.")
    where: dict[FieldPath, Names] = {}
    beside: Beside | None = None
    page: YesNo = Key(
        default=False, description="yes: chỉ hiện ở trang bản ghi, không ở danh sách."
    )
    refuses: YesNo = Key(default=False, description="yes: không ghi được điều làm nó thành đúng.")
    at: Name | Literal[""] = ""
    remind: Remind | None = None
    source: Line = ""
    unverified: YesNo = False

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.where and self.beside is None:
            raise mistake("Lời nhắc chưa nêu khi nào.", "Hãy ghi “where” hoặc “beside”.")
        if not self.say.endswith("."):
            raise mistake("“say” chưa phải một câu trọn vẹn.", "Hãy kết thúc bằng dấu chấm.")
        return self
