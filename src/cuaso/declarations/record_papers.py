"""Single papers of a record: a certificate, a badge, a handover minute; drawn, signed, sealed.

The template is a Typst file of the pack; its text travels with the version of the registry, so
that a record printed of an old version is printed again the same.
"""

import re
from collections.abc import Iterator
from typing import Final, Literal, Self

from pydantic import Field as Key
from pydantic import model_validator

from cuaso.declarations.procedures import Box, PlaceName
from cuaso.declarations.record_flows import Office
from cuaso.declarations.shape import Cel, Declaration, Line, Name, Names, YesNo, mistake

LONGEST_TEXT: Final = 200_000
# What a template reads of a record: `data.record.…` typed, `data.texts.…` as people read it,
# `data.rows.…` the rows of a group; a name may also be asked for as `.at("name"`.
READ: Final = re.compile(
    r'\bdata\.(record|texts|rows)\.(?:at\(\s*"([a-z][a-z0-9_]*)"|([a-z][a-z0-9_]*)(?!\())'
)


class Signer(Declaration):
    """The post that signs: a role at the owning agency, at the agency that keeps the record, or at
    one `agency` by its key.
    """

    role: Name = "leader"
    of: Literal["chủ quản", "nơi giữ"] = "chủ quản"
    agency: Office = Key(default="", description="Khóa của một cơ quan, thay cho “of”.")
    authority: Line = Key(default="", description="Dòng trên chức vụ, ví dụ TM. ỦY BAN NHÂN DÂN.")


class Paper(Declaration):
    """A paper of one record. `number` is the field with the paper's number (else the key);
    `person` the field with who owns it: signed and sealed it lands in that person's locker.
    """

    title: Line = Key(min_length=3)
    title_en: Line = ""
    template: Name = Key(description="Tên tệp mẫu trong thư mục templates, không có đuôi .typ.")
    text: str = Key(
        default="", max_length=LONGEST_TEXT, description="Chữ của mẫu, thay cho tệp mẫu."
    )
    when: Cel = Key(default="", description="Điều kiện trên bản ghi để được in giấy này.")
    roles: Names = Key(default=(), description="Ai được in; bỏ trống là người được xuất dữ liệu.")
    number: Name | Literal[""] = ""
    person: Name | Literal[""] = ""
    signer: Signer | None = None
    seal: Name | Literal[""] = Key(default="", description="Vai trò đóng dấu, ví dụ clerk.")
    places: dict[PlaceName, Box] = {}
    source: Line = ""
    unverified: YesNo = False

    @model_validator(mode="after")
    def _is_signed_before_it_is_sealed(self) -> Self:
        if self.seal and self.signer is None:
            raise mistake("Giấy đóng dấu mà không nêu ai ký.", "Hãy thêm “signer: {role: leader}”.")
        if self.signer and "signature" not in self.places:
            raise mistake(
                "Giấy có người ký mà không nêu ô chữ ký.",
                "Hãy thêm “places: {signature: {x: 330, y: 190, width: 190, height: 64}}”.",
            )
        return self

    def reads(self) -> Iterator[tuple[str, str, int]]:
        """Yield what the template reads of a record: kind (record, texts, rows), name, line."""
        for number, line in enumerate(self.text.splitlines(), start=1):
            for found in READ.finditer(line.partition("//")[0]):
                yield found[1], found[2] or found[3], number
