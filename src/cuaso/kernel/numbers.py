"""Numbers that name people, taxpayers and agencies: read, checked, taken apart."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from cuaso.kernel.errors import Invalid

Sex = Literal["male", "female"]

# Codes of the provinces in which a person was first registered; three digits from 100 upwards
# name a country. The national code list of 2004 to 2025 gives the same numbers.
# fmt: off
_PROVINCES: Final = frozenset({
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36,
    37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74,
    75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
})
# fmt: on
_FIRST_COUNTRY: Final = 100
_TAX_WEIGHTS: Final = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_PERSONAL = re.compile(r"(\d{3})(\d)(\d{2})(\d{6})", re.ASCII)
_TAX = re.compile(r"(\d{9})(\d)(?:-?(\d{3}))?", re.ASCII)
_NEW_STYLE = re.compile(r"([A-Z]\d{2})((?:\.\d{2,3}){0,3})", re.ASCII)
_OLD_STYLE = re.compile(r"(\d{3})\.(\d{2})\.(\d{2})\.([A-Z]\d{2})", re.ASCII)
_SHORT_LEVEL: Final = 2
_LONG_LEVEL: Final = 3
_DEEPEST: Final = 4


@dataclass(frozen=True)
class PersonalNumber:
    """The 12 digits of a citizen: place, century and sex, year of birth, serial.

    There is no check digit: only the structure can be proven, never that the person exists.
    """

    text: str
    place_code: str
    sex: Sex
    birth_year: int

    @classmethod
    def parse(cls, text: str) -> "PersonalNumber":
        """Read 12 digits, spaces allowed; raise Invalid (`numbers.personal`)."""
        digits = _squeezed(text)
        found = _PERSONAL.fullmatch(digits)
        if found is None:
            raise _wrong("personal", text, "Số định danh cá nhân gồm đúng 12 chữ số.")
        place, mark, year = found[1], int(found[2]), int(found[3])
        if int(place) < _FIRST_COUNTRY and int(place) not in _PROVINCES:
            raise _wrong(
                "personal", text, f"Ba chữ số đầu “{place}” không phải mã tỉnh, thành phố."
            )
        sex: Sex = "female" if mark % 2 else "male"
        return cls(digits, place, sex, 1900 + 100 * (mark // 2) + year)

    def agrees_with(self, *, birth_date: date | None = None, sex: Sex | None = None) -> bool:
        """Say whether the number fits the stated birth date and sex (None is not compared)."""
        return (birth_date is None or birth_date.year == self.birth_year) and (
            sex is None or sex == self.sex
        )

    @property
    def masked(self) -> str:
        """The number as a page shows it to someone who need not know it: `052•••••0123`."""
        return self.text[:3] + "•" * 5 + self.text[8:]

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class TaxCode:
    """A tax code: ten digits of which the last is a check digit; a branch adds three."""

    text: str
    branch: str = ""

    @classmethod
    def parse(cls, text: str) -> "TaxCode":
        """Read `0100109106` or `0100109106-001`; raise Invalid (`numbers.tax`)."""
        found = _TAX.fullmatch(_squeezed(text))
        if found is None:
            raise _wrong("tax", text, "Mã số thuế gồm 10 chữ số, hoặc 10 chữ số và 3 số đơn vị.")
        if tax_check_digit(found[1]) != int(found[2]):
            raise _wrong("tax", text, "Chữ số kiểm tra (chữ số thứ 10) không khớp.")
        return cls(found[1] + found[2], found[3] or "")

    @property
    def head(self) -> "TaxCode":
        """The code of the enterprise whose branch this is; itself when it is no branch."""
        return TaxCode(self.text)

    def __str__(self) -> str:
        return f"{self.text}-{self.branch}" if self.branch else self.text


@dataclass(frozen=True)
class AgencyCode:
    """An agency's electronic identifier, level by level: ("H08", "12", "05").

    Decision 20/2020/QĐ-TTg writes `H08.12.05`; the regulation before it wrote the levels from
    the other end, four always: `000.05.12.H08`. Both name the same agency and compare equal.
    """

    levels: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "AgencyCode":
        """Read either style; raise Invalid (`numbers.agency`)."""
        code = _squeezed(text).upper()
        old = _OLD_STYLE.fullmatch(code)
        if old is not None:
            return cls(_levels([str(part) for part in reversed(old.groups())], text=text))
        new = _NEW_STYLE.fullmatch(code)
        if new is None:
            raise _wrong("agency", text, "Mã cơ quan có dạng “H08.12.05” hoặc “000.05.12.H08”.")
        return cls(_levels([new[1], *new[2].split(".")[1:]], text=text))

    @property
    def level(self) -> int:
        return len(self.levels)

    @property
    def parent(self) -> "AgencyCode | None":
        return AgencyCode(self.levels[:-1]) if self.level > 1 else None

    @property
    def old_style(self) -> str | None:
        """The code in the earlier style, None where that style has no room for it."""
        first, second, third, fourth = (*self.levels, "00", "00", "00")[:4]
        if len(second) != _SHORT_LEVEL or len(third) != _SHORT_LEVEL:
            return None
        return f"{fourth.rjust(3, '0')}.{third}.{second}.{first}"

    def is_under(self, other: "AgencyCode") -> bool:
        """Say whether `other` is this agency or one above it."""
        return self.levels[: other.level] == other.levels

    def __str__(self) -> str:
        return ".".join(self.levels)


def tax_check_digit(nine: str) -> int | None:
    """Return the tenth digit for the first nine; None where no valid code begins with them."""
    total = sum(weight * int(digit) for weight, digit in zip(_TAX_WEIGHTS, nine, strict=True))
    digit = 10 - total % 11
    return None if digit == 10 else digit  # noqa: PLR2004 two digits do not fit in one


def _levels(parts: list[str], *, text: str) -> tuple[str, ...]:
    levels = list(parts)
    while len(levels) > 1 and not levels[-1].strip("0"):
        levels.pop()
    if any(not level.strip("0") for level in levels[1:]):
        raise _wrong("agency", text, "Cấp dưới không thể có mã khi cấp trên của nó bỏ trống.")
    # The earlier style writes the fourth level with three digits, the later one mostly with two.
    if len(levels) == _DEEPEST and len(levels[-1]) == _LONG_LEVEL:
        levels[-1] = levels[-1].removeprefix("0")
    return tuple(levels)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _wrong(kind: str, text: str, why: str) -> Invalid:
    names = {"personal": "Số định danh cá nhân", "tax": "Mã số thuế", "agency": "Mã cơ quan"}
    return Invalid(
        code=f"numbers.{kind}",
        what=f"{names[kind]} “{text}” không hợp lệ.",
        why=why,
        mend="Hãy kiểm tra lại từng chữ số trên giấy tờ.",
    )
