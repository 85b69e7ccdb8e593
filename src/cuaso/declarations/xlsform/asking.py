"""One field of a registry as a question of a form: its type, its limits, what has no equal."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from cuaso.declarations.fields import Field
from cuaso.declarations.fields.numbers import bound
from cuaso.declarations.registries import RegistryField

YES_NO: Final = "co_khong"
UNIT: Final = "Đơn vị tính: "
_TYPES: Final[Mapping[str, str]] = {
    "integer": "integer",
    "vnd": "integer",
    "decimal": "decimal",
    "date": "date",
    "moment": "datetime",
    "point": "geopoint",
    "line": "geotrace",
    "polygon": "geoshape",
    "computed": "calculate",
    "yes_no": f"select_one {YES_NO}",
}
_PHOTOS: Final = frozenset({"jpg", "png", "heic"})
# What comes back as a text.
_BECAME_TEXT: Final[Mapping[str, str]] = {
    "code": "kiểu mã thành chữ",
    "phone": "kiểu số điện thoại thành chữ",
    "email": "kiểu thư điện tử thành chữ",
    "chainage": "kiểu lý trình thành chữ",
    "reference": "bản ghi của sổ khác thành chữ: người khảo sát ghi mã",
}


def kind_of(one: Field, lists: Mapping[str, object]) -> str:
    """Return the type of a question; a choice of a list that is not known is a text."""
    if one.type in ("choice", "multi_choice"):
        how = "select_one" if one.type == "choice" else "select_multiple"
        return f"{how} {one.codes}" if lists.get(one.codes) else "text"
    if one.type == "place":
        return f"select_one {one.level}" if lists.get(one.level) else "text"
    if one.type == "file":
        return "image" if one.accept and set(one.accept) <= _PHOTOS else "file"
    return _TYPES.get(one.type, "text")


def limits(one: Field) -> Iterator[str]:
    """Yield the conditions on the answer itself."""
    if one.type in ("integer", "decimal", "vnd"):
        for sign, text in ((">=", one.min), ("<=", one.max)):
            number = bound(one, text)
            if number is not None:
                yield f". {sign} {number:f}"
    for sign, length in ((">=", one.min_length or None), ("<=", one.max_length)):
        if length is not None:
            yield f"string-length(.) {sign} {length}"
    if one.pattern:
        yield f"regex(., {_quoted(one.pattern)})"
    yield from _days(one)


def _from_today(one: Field) -> bool:
    return any(isinstance(day, str) and " " in day for day in (one.not_before, one.not_after))


def _days(one: Field) -> Iterator[str]:
    for sign, day in ((">=", one.not_before), ("<=", one.not_after)):
        if day == "today":
            yield f". {sign} today()"
        elif isinstance(day, date):
            yield f". {sign} date('{day:%Y-%m-%d}')"


def _quoted(pattern: str) -> str:
    whole = f"^({pattern})$" if "|" in pattern else f"^{pattern}$"
    return f'"{whole}"' if "'" in whole else f"'{whole}'"


def hint(one: Field, said: str, unit: str) -> str:
    """Return a hint with the unit that a form has no place for."""
    money = "vnd" in (one.type, one.as_)
    measure = "đồng" if money else one.unit
    return f"{said} {unit}{measure}.".strip() if measure else said


def lost(one: Field, lists: Mapping[str, object]) -> Iterator[str]:
    """Yield, in words, what of a field a form has no place for."""
    if one.type in _BECAME_TEXT:
        yield _BECAME_TEXT[one.type]
    elif one.type in ("choice", "multi_choice", "place") and kind_of(one, lists) == "text":
        yield f"chưa có danh mục “{one.codes or one.level}”, thành chữ"
    says: dict[str, object] = {
        "loại số được kiểm tra": one.number,
        "cách viết chuẩn": one.normalise,
        "số lựa chọn nhiều nhất": one.type == "multi_choice" and one.max,
        "loại tệp và số tệp": one.type == "file" and (one.accept or one.max),
        "giới hạn ngày tính từ hôm nay": _from_today(one),
        "hệ tọa độ": one.zone or one.anywhere,
        "số chữ số thập phân": one.type in ("decimal", "computed") and one.digits != 2,  # noqa: PLR2004 the default
        "nguồn điền sẵn": one.prefill,
        "ô để chép sang": one.same_as,
        "dấu dữ liệu cá nhân": one.personal,
        "thời gian hiệu lực của ô": one.since or one.until,
        "căn cứ của ô": one.source or one.unverified,
    }
    yield from (word for word, has in says.items() if has)
    if isinstance(one, RegistryField):
        yield from _lost_of_registry(one)


def _lost_of_registry(one: RegistryField) -> Iterator[str]:
    says: dict[str, object] = {
        "phần tử của từ điển": one.element,
        "không được trùng": one.unique,
        "được cấp số": one.numbered,
        "văn bản làm căn cứ của ô": one.legal,
    }
    yield from (word for word, has in says.items() if has)
