"""Invented persons: name, sex, day of birth, ethnic group and personal number say the same."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cuaso.declarations.fields import Field

_FAMILIES: Final = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Võ", "Huỳnh", "Đặng", "Bùi", "Hồ", "Đỗ", "Phan", "Mai",
    "Trương", "Lý", "Đoàn", "Tô",
)  # fmt: skip
_GIVEN: Final[Mapping[str, tuple[str, ...]]] = {
    "female": (
        "Thị Mai", "Thị Hồng Nhung", "Thị Thu Hà", "Thị Ngọc", "Thị Ánh", "Thị Bích Liên",
        "Thị Kim Chi", "Ngọc Diệp", "Thị Thanh Tâm", "Thị Lệ", "Thùy Trang", "Thị Phương",
        "Thị Xuân", "Mỹ Duyên", "Thị Cúc", "Thị Hường",
    ),
    "male": (
        "Văn Bình", "Quốc Anh", "Văn Đức", "Minh Khang", "Gia Bảo", "Thanh Tùng", "Hữu Phước",
        "Đình Long", "Văn Lợi", "Công Danh", "Xuân Trường", "Ngọc Sơn", "Tấn Tài", "Văn Hải",
        "Trọng Nghĩa", "Duy Tân",
    ),
}  # fmt: skip
# Family and given names of the peoples of the highlands: Gia-rai, Ê-đê, Ba-na.
_JRAI: Final = ("Rơ Châm", "Siu", "Ksor", "Rmah", "Kpă")
_OF_PEOPLES: Final[Mapping[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]]] = {
    ("10", "female"): (_JRAI, ("H'Blớt", "H'Nhiên", "H'Lan", "H'Mai")),
    ("10", "male"): (_JRAI, ("Thơng", "Hlơi", "Phơn", "Tuêl", "Krông")),
    ("12", "female"): (("Niê", "Êban"), ("H'Đen", "H'Yar")),
    ("12", "male"): (("Y Thịnh", "Y Bloi"), ("Niê", "Êban")),
    ("13", "female"): (("Đinh Thị",), ("Blưn", "Hrim", "Byên", "Lơi")),
    ("13", "male"): (("Đinh", "A"), ("Yưk", "Hmưnh", "Khiêm", "Blôi", "Đrin")),
}
_OF_WOMEN: Final = frozenset({"Diệp", "Trang", "Duyên"})
_KINH, _PEOPLES = "01", ("01", "10", "13", "17", "19", "12", "02", "07", "06")
_WEIGHTS: Final = (62, 15, 11, 3, 3, 2, 2, 1, 1)
_PROVINCES: Final = ("052", "064")
_PARTS: Final = ("full_name", "personal_number", "birth_date", "sex", "ethnic_group")
_BETWEEN_CENTURIES: Final = 2000


@dataclass(frozen=True)
class Person:
    """The paths at which one person's answers stand, by part; a part may be missing."""

    paths: Mapping[str, str]

    def settle(
        self, texts: dict[str, str], dice: random.Random, *, stay: Iterable[str] = ()
    ) -> None:
        """Make the answers say the same of one person; those in `stay` were said already."""
        at, held = self.paths, set(stay)
        name, sex = at.get("full_name", ""), texts.get(at.get("sex", ""), "")
        if name in held:
            sex = _sex_of(texts[name])
        elif name and texts.get(name):
            sex = sex or dice.choice(("female", "male"))
            texts[name] = _name(sex, texts.get(at.get("ethnic_group", ""), _KINH), dice)
        if texts.get(at.get("sex", "")):
            texts[at["sex"]] = sex
        number = at.get("personal_number", "")
        if texts.get(number) and number not in held:
            texts[number] = _number(sex, texts.get(at.get("birth_date", ""), ""), dice)


def persons_of(fields: Mapping[str, Field]) -> list[Person]:
    """Return the persons of a record: fields of that kind, and one whose parts stand apart."""
    found: dict[str, dict[str, str]] = {}
    for path, one in fields.items():
        head, _, part = path.rpartition(".")
        if part in _PARTS and (head or _is_personal(part, one)):
            found.setdefault(head, {})[part] = path
    return [Person(paths) for paths in found.values()]


def _is_personal(part: str, one: Field) -> bool:
    return part != "full_name" or one.normalise == "name"


def named(dice: random.Random) -> str:
    """Return the name of an invented person."""
    return _name(dice.choice(("female", "male")), _KINH, dice)


def people(dice: random.Random) -> str:
    """Return the ethnic group of an invented person, as often as in the province."""
    return dice.choices(_PEOPLES, _WEIGHTS)[0]


def grown_up(today: date, dice: random.Random) -> str:
    """Return the day of birth of an invented person who works."""
    return f"{today - timedelta(days=dice.randint(22 * 366, 60 * 365)):%d/%m/%Y}"


def _sex_of(name: str) -> str:
    words = name.split()
    said = "Thị" in words or any(word.startswith("H'") for word in words)
    return "female" if said or _OF_WOMEN & set(words[-1:]) else "male"


def _name(sex: str, ethnic_group: str, dice: random.Random) -> str:
    usual = (_FAMILIES, _GIVEN.get(sex, _GIVEN["male"]))
    first, last = _OF_PEOPLES.get((ethnic_group, sex), usual)
    return f"{dice.choice(first)} {dice.choice(last)}"


def _number(sex: str, born: str, dice: random.Random) -> str:
    """Return a number of sound structure: province, century and sex, year, six digits."""
    year = int(born[-4:]) if born[-4:].isdecimal() else dice.randint(1965, 2003)
    code = (2 if year >= _BETWEEN_CENTURIES else 0) + (sex == "female")
    return f"{dice.choice(_PROVINCES)}{code}{year % 100:02d}{dice.randint(0, 999_999):06d}"
