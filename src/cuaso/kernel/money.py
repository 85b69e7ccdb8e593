"""Vietnamese đồng: whole numbers, read and written as people do."""

import re
from typing import Final

from cuaso.kernel.errors import Invalid
from cuaso.kernel.text import one_line

_AMOUNT = re.compile(
    r"(?P<digits>\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)"
    r" ?(?:đồng|đ|₫|vnd|vnđ)?",
    re.ASCII,
)
_DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES: Final = ("", "nghìn", "triệu")
_GROUP: Final = 1_000
_BILLION: Final = 1_000_000_000
_TEN: Final = 10
_HUNDRED: Final = 100


def parse_vnd(text: str) -> int:
    """Read `150.000 đồng`, `150000`, `150,000 VND`; raise Invalid (`money.unreadable`)."""
    found = _AMOUNT.fullmatch(one_line(text).lower())
    if found is None:
        raise Invalid(
            code="money.unreadable",
            what=f"Không đọc được số tiền “{text}”.",
            why="Số tiền là số đồng nguyên, không âm, phân nhóm ba chữ số bằng dấu chấm.",
            mend="Hãy viết theo mẫu: “150.000 đồng”.",
        )
    return int(re.sub(r"\D", "", found["digits"]))


def format_vnd(amount_vnd: int) -> str:
    """Write `150.000 đồng`."""
    return f"{amount_vnd:,}".replace(",", ".") + " đồng"


def words_vnd(amount_vnd: int) -> str:
    """Write the amount in Vietnamese words, as receipts require: `Một trăm nghìn đồng`."""
    said = "âm " + _number(-amount_vnd) if amount_vnd < 0 else _number(amount_vnd)
    return said[:1].upper() + said[1:] + " đồng"


def _number(value: int) -> str:
    if value == 0:
        return _DIGITS[0]
    high, low = divmod(value, _BILLION)
    head = [_number(high), "tỷ"] if high else []
    return " ".join([*head, *_below_billion(low, whole=not high)])


def _below_billion(value: int, *, whole: bool) -> list[str]:
    said: list[str] = []
    for power in (2, 1, 0):
        group = value // _GROUP**power % _GROUP
        if group:
            said += _group(group, whole=whole and not said)
            said += [_SCALES[power]] if power else []
    return said


def _group(value: int, *, whole: bool) -> list[str]:
    hundreds, rest = divmod(value, _HUNDRED)
    said = [] if whole and not hundreds else [_DIGITS[hundreds], "trăm"]
    return said + _tens(rest, after_hundred=bool(said))


def _tens(value: int, *, after_hundred: bool) -> list[str]:
    tens, unit = divmod(value, _TEN)
    if tens == 0:
        if unit == 0:
            return []
        return ["linh", _DIGITS[unit]] if after_hundred else [_DIGITS[unit]]
    said = ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    return said + ([_unit_after_tens(unit, tens=tens)] if unit else [])


def _unit_after_tens(unit: int, *, tens: int) -> str:
    if tens > 1 and unit in (1, 4):
        return "mốt" if unit == 1 else "tư"
    return "lăm" if unit == 5 else _DIGITS[unit]  # noqa: PLR2004 the digit five
