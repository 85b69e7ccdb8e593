"""What a field holds, in words: its kind, its limits, when it is asked."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from cuaso.declarations.documenting.condition_words import condition
from cuaso.declarations.documenting.library import Library
from cuaso.declarations.documenting.sentences import lower, quoted, together
from cuaso.declarations.fields import Field, type_of
from cuaso.declarations.fields.numbers import bound
from cuaso.declarations.shape import NEAR_TODAY, DayEdge

_LEVELS: Final = {"commune": "xã, phường", "province": "tỉnh, thành phố"}
_NUMBERS: Final = {
    "personal": "số định danh cá nhân",
    "tax": "mã số thuế",
    "agency": "mã cơ quan",
    "organisation": "số đăng ký của tổ chức",
}
_SIMPLE: Final = {
    "moment": "ngày và giờ",
    "yes_no": "có hoặc không",
    "phone": "số điện thoại",
    "email": "thư điện tử",
    "period": "khoảng thời gian",
    "point": "một điểm trên bản đồ",
    "line": "một tuyến trên bản đồ",
    "polygon": "một vùng trên bản đồ",
    "chainage": "lý trình, viết như Km12+350",
}


def holds(one: Field, library: Library, *, pack: str) -> str:
    """Return what a field holds: `số nguyên, từ 1 đến 50 người`."""
    words = _OF[one.type](one, library, pack) if one.type in _OF else _SIMPLE[one.type]
    return f"{words}, ghi cả nơi ở nước ngoài" if one.anywhere else words


def asked(one: Field, fields: Mapping[str, Field], library: Library) -> str:
    """Return when a field is asked and whether it must be filled; empty when always."""
    said = [f"chỉ khi {condition(one.when, fields, library)}"] if one.when else []
    if isinstance(one.required, str) and one.required != one.when:
        said.append(f"bắt buộc khi {condition(one.required, fields, library)}")
    elif one.required is False and one.type != "computed":
        said.append("không bắt buộc")
    return "; ".join(said)


def _text(one: Field, library: Library, pack: str) -> str:  # noqa: ARG001
    if one.pattern_say:
        return f"chữ; {lower(one.pattern_say.rstrip('.'))}"
    if not one.max_length:
        return "chữ"
    return f"chữ, tối đa {_grouped(Decimal(one.max_length), counted=True)} ký tự"


def _code(one: Field, library: Library, pack: str) -> str:  # noqa: ARG001
    if one.number:
        return _NUMBERS[one.number]
    said = one.pattern_say.rstrip(".")
    if said.lower().startswith(one.title.lower()):
        return f"mã{said[len(one.title) :]}"
    if said.lower().startswith("mã "):
        return lower(said)
    return f"mã; {lower(said)}" if said else "mã"


def _number(one: Field, library: Library, pack: str) -> str:  # noqa: ARG001
    kind = {"integer": "số nguyên", "decimal": "số có phần thập phân", "vnd": "số tiền"}[one.type]
    counted = bool(one.unit) or one.type != "integer"
    bounds = [
        f"{word} {_grouped(number, counted=counted)}"
        for word, number in (("từ", bound(one, one.min)), ("đến", bound(one, one.max)))
        if number is not None
    ]
    unit = " đồng" if one.type == "vnd" else f" {one.unit}" if one.unit else ""
    return (
        f"{kind}, {' '.join(bounds)}{unit}" if bounds else f"{kind}{unit and f', tính bằng{unit}'}"
    )


def _grouped(number: Decimal, *, counted: bool) -> str:
    """Return a number with points between thousands and a comma before decimals.

    counted: it counts or measures; else four digits may be a year and stay as they are.
    """
    sign = "-" if number < 0 else ""
    whole, _, decimals = f"{abs(number):f}".partition(".")
    decimals = decimals.rstrip("0")
    if whole.isdecimal() and (counted or len(whole) > len("2026")):
        whole = f"{int(whole):,}".replace(",", ".")
    return f"{sign}{whole},{decimals}" if decimals else f"{sign}{whole}"


def _day(one: Field, library: Library, pack: str) -> str:  # noqa: ARG001
    said = [
        f"{word} {_edge(bound)}"
        for word, bound in (("từ", one.not_before), ("đến", one.not_after))
        if bound
    ]
    kind = "ngày" if one.type == "date" else "ngày và giờ"
    return f"{kind}, {' '.join(said)}" if said else kind


def _edge(written: DayEdge) -> str:
    """Return a bound in words: `hôm nay`, `5 năm sau hôm nay`, `01/07/2025`."""
    near = NEAR_TODAY.fullmatch(written) if isinstance(written, str) else None
    if near is None:
        return f"{written:%d/%m/%Y}"
    sign, count, unit = near.groups()
    return f"{count} {unit} {'sau' if sign == '+' else 'trước'} hôm nay" if sign else "hôm nay"


def _choice(one: Field, library: Library, pack: str) -> str:  # noqa: ARG001
    codes = library.codes.get(one.codes)
    how = "chọn một" if one.type == "choice" else "chọn nhiều"
    if codes is None:
        return f"{how} trong danh mục {quoted(one.codes)}"
    return f"{how} trong danh mục {quoted(codes.title)} ({len(codes.lines)} mã)"


def _parts(one: Field, library: Library, pack: str) -> str:  # noqa: ARG001
    kind = "một người" if one.type == "person" else "một tổ chức"
    inside = together(lower(part.title) for part in type_of(one).parts(one).values())
    return f"{kind}: {inside}"


def _place(one: Field, library: Library, pack: str) -> str:  # noqa: ARG001
    return _LEVELS[one.level]


def _address(one: Field, library: Library, pack: str) -> str:  # noqa: ARG001
    return f"địa chỉ đến {_LEVELS[one.level]}"


def _file(one: Field, library: Library, pack: str) -> str:  # noqa: ARG001
    return f"tệp {together(one.accept, 'hoặc').upper()}" if one.accept else "tệp"


def _reference(one: Field, library: Library, pack: str) -> str:
    key = one.to if "/" in one.to else f"{pack}/{one.to}"
    registry = library.registries.get(key)
    return f"một bản ghi của {quoted(registry.title if registry else key)}"


def _computed(one: Field, library: Library, pack: str) -> str:  # noqa: ARG001
    unit = f", tính bằng {one.unit}" if one.unit else ""
    return f"hệ thống tự tính{unit}"


_OF: Final[Mapping[str, Callable[[Field, Library, str], str]]] = {
    "text": _text,
    "long_text": _text,
    "code": _code,
    "integer": _number,
    "decimal": _number,
    "vnd": _number,
    "date": _day,
    "moment": _day,
    "choice": _choice,
    "multi_choice": _choice,
    "person": _parts,
    "organisation": _parts,
    "place": _place,
    "address": _address,
    "file": _file,
    "reference": _reference,
    "computed": _computed,
}
