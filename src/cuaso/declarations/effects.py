"""What one act on a record writes into other registries of the same owner, at the same moment."""

from typing import Literal, Self

from pydantic import Field as Key
from pydantic import model_validator

from cuaso.declarations.shape import Cel, Declaration, FieldPath, Line, Name, Names, YesNo, mistake


class Effect(Declaration):
    """Which records are written, and with what.

    One of: `add` a record, the `record` that a reference of ours names, or every record that has
    the `same` values (a field of theirs → one of ours, `record` being the record itself). With
    `each` it is done for every row of a group, the row is `item`. `values` says for each field of
    theirs where it is read: a field of ours (`effective`), of the row (`item.new_name`), of a
    record that one of these names (`item.like.kind`), `today`, or a text in single quotes.
    """

    registry: Line = Key(alias="in", min_length=1)
    each: Name | Literal[""] = ""
    when: Cel = ""
    add: YesNo = False
    record: FieldPath | Literal[""] = ""
    same: dict[FieldPath, FieldPath] = {}
    where: dict[FieldPath, Names] = {}
    values: dict[FieldPath, Line] = Key(min_length=1)

    @model_validator(mode="after")
    def _finds_one_way(self) -> Self:
        if sum((self.add, bool(self.record), bool(self.same))) != 1:
            raise mistake(
                "Một việc ghi sang sổ khác cần đúng một cách tìm bản ghi.",
                "Hãy ghi “add: yes”, hoặc “record”, hoặc “same”.",
            )
        return self
