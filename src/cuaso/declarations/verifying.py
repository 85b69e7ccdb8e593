"""What a registry says of verifying its records by number and code, without signing in."""

from typing import Literal

from pydantic import Field as Key

from cuaso.declarations.shape import Declaration, FieldPath, Line, Name, Names, YesNo


class Verify(Declaration):
    """How anybody verifies a record without signing in. `by` are two fields: the number, and what
    only the holder of the paper knows. `stands`: field → codes with which the record is in force.
    """

    by: Names = Key(min_length=2, max_length=2, description="Hai ô người xác minh phải gõ đúng.")
    shows: tuple[FieldPath, ...] = Key(min_length=1, description="Các ô người xác minh được đọc.")
    stands: dict[FieldPath, Names] = {}
    until: Name | Literal[""] = Key(default="", description="Ô ngày hết hạn, nếu có.")
    say: Line = Key(min_length=10, description="Một câu: tìm hai giá trị này ở đâu trên giấy.")
    say_en: Line = ""
    source: Line = ""
    unverified: YesNo = False
