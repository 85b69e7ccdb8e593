"""Fields made of fields: a person, an address; and files."""

import random
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final
from uuid import UUID

from cuaso.declarations.fields.field import Field
from cuaso.declarations.fields.kind import Context, FieldType, Wrong, type_of
from cuaso.declarations.shape import Loose

ACCEPTED: Final = ("pdf", "jpg", "png", "heic")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _field(**keys: object) -> Field:
    return Field.model_validate(keys)


PERSON_PARTS: Final[Mapping[str, Field]] = {
    "full_name": _field(
        title="Họ, chữ đệm, tên", title_en="Full name", normalise="name", max_length=100
    ),
    "personal_number": _field(
        title="Số định danh cá nhân", title_en="Personal number", type="code", number="personal"
    ),
    "birth_date": _field(
        title="Ngày sinh", title_en="Date of birth", type="date", not_after="today"
    ),
    "sex": _field(title="Giới tính", title_en="Sex", codes="sex"),
    "nationality": _field(title="Quốc tịch", title_en="Nationality", codes="nationality"),
    "ethnic_group": _field(title="Dân tộc", title_en="Ethnic group", codes="ethnic_group"),
}
_USUAL: Final = ("full_name", "personal_number", "birth_date")


class Compound(FieldType):
    """A mapping of simple fields; its text lives at `field.part`."""

    cel = "map"
    input = "group"

    def parse(self, one: Field, typed: str, context: Context) -> object:  # noqa: ARG002
        raise Wrong(f"{one.title} gồm nhiều ô: {', '.join(self.parts(one))}.")

    def show(self, one: Field, value: Loose, context: Context) -> str:
        shown = [
            type_of(part).show(part, value[name], context)
            for name, part in self.parts(one).items()
            if value.get(name) is not None
        ]
        return ", ".join(shown)

    def schema(self, one: Field) -> dict[str, Any]:
        parts = self.parts(one)
        inner = {name: type_of(part).schema(part) for name, part in parts.items()}
        needed = [name for name, part in parts.items() if part.required is True]
        return {
            "type": "object",
            "properties": inner,
            "required": needed,
            "additionalProperties": False,
        }

    def sample(self, one: Field, dice: random.Random, context: Context) -> str:  # noqa: ARG002
        return ""


ORGANISATION_PARTS: Final = ("name", "number", "kind")


class Person(Compound):
    def parts(self, one: Field) -> Mapping[str, Field]:
        return {name: PERSON_PARTS[name] for name in one.parts or _USUAL}


@cache
def _address_parts(level: str) -> Mapping[str, Field]:
    commune = level == "commune"
    place = _field(
        title="Xã, phường" if commune else "Tỉnh, thành phố",
        title_en="Commune" if commune else "Province",
        type="place",
        level=level,
    )
    street = _field(
        title="Số nhà, đường, thôn/khu phố",
        title_en="House number, street, village",
        max_length=150,
        required=False,
        examples=("12 Nguyễn Huệ", "Thôn Vĩnh Phú", "45/3 Trần Hưng Đạo", "Khu phố 4"),
    )
    return {level: place, "street": street}


@cache
def _organisation_parts(number: str, codes: str) -> Mapping[str, Field]:
    named = {"tax": "Mã số thuế", "agency": "Mã định danh cơ quan"}
    parts = {
        "name": _field(
            title="Tên tổ chức",
            title_en="Name of the organisation",
            max_length=250,
            examples=("Hợp tác xã Nông nghiệp Phước Sơn", "Công ty TNHH Gỗ Phú Tài"),
        ),
        "number": _field(
            title=named.get(number, "Mã số thuế hoặc mã định danh cơ quan"),
            title_en="Tax code or agency code",
            type="code",
            number=number or "organisation",
        ),
    }
    if codes:
        parts["kind"] = _field(
            title="Loại hình", title_en="Kind of organisation", codes=codes, required=False
        )
    return parts


class Organisation(Compound):
    """An organisation by its name and its tax code or agency code; `codes` adds its kind."""

    def parts(self, one: Field) -> Mapping[str, Field]:
        known = _organisation_parts(one.number, one.codes)
        return {name: known[name] for name in one.parts or known if name in known}

    def show(self, one: Field, value: Loose, context: Context) -> str:
        parts = self.parts(one)
        said = [
            type_of(parts[name]).show(parts[name], value[name], context)
            for name in ("name", "kind")
            if value.get(name)
        ]
        number = value.get("number")
        return ", ".join([*said, f"{parts['number'].title} {number}"] if number else said)


class Address(Compound):
    def parts(self, one: Field) -> Mapping[str, Field]:
        return _address_parts(one.level)

    def show(self, one: Field, value: Loose, context: Context) -> str:
        parts = self.parts(one)
        shown = [
            type_of(parts[name]).show(parts[name], value[name], context)
            for name in ("street", one.level)
            if value.get(name)
        ]
        return ", ".join(shown)


class Files(FieldType):
    """Stored files by their ids; who may open them is the files engine's matter."""

    cel = "list"
    input = "file"
    many = True

    def parse(self, one: Field, typed: str, context: Context) -> object:  # noqa: ARG002
        if not _UUID.fullmatch(typed.strip().lower()):
            raise Wrong(f"{one.title}: tệp chưa được tải lên xong. Hãy tải lại.")
        return UUID(typed.strip())

    def show(self, one: Field, value: Loose, context: Context) -> str:  # noqa: ARG002
        return f"{len(value)} tệp"

    def store(self, value: Loose) -> Loose:
        return [str(one) for one in value]

    def load(self, kept: Loose) -> object:
        return tuple(UUID(one) for one in kept)

    def schema(self, one: Field) -> dict[str, Any]:
        return {
            "type": "array",
            "items": {"type": "string", "format": "uuid"},
            "maxItems": int(one.max or 10),
        }

    def sample(self, one: Field, dice: random.Random, context: Context) -> list[str]:  # noqa: ARG002
        return [str(UUID(int=dice.getrandbits(128), version=4))]
