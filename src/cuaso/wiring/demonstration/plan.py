"""The plan: which invented person asks for what, where, when, and how it goes."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from cuaso.kernel import clock

Fate = Literal["delivered", "open", "supplement", "refused", "withdrawn"]

SEED = 20260101
COUNT = 2000
# Communes and their committees stand since this day; earlier offices hold no demonstration posts.
FIRST_DAY = date(2025, 7, 1)
PROCEDURES = (("1.001193", 4), ("1.004873", 3), ("2.000815", 5))
COMMUNES = (("21583", 6), ("21592", 3), ("21952", 2))
FATES: tuple[tuple[Fate, int], ...] = (
    ("delivered", 88),
    ("refused", 4),
    ("withdrawn", 3),
    ("supplement", 5),
)
OPEN = 40


def _words(line: str) -> tuple[str, ...]:
    return tuple(line.split())


FAMILIES = _words("Nguyễn Trần Lê Phạm Huỳnh Võ Phan Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Mai Trương")
MIDDLES = _words("Thị Văn Minh Ngọc Quốc Thanh Hữu Kim Gia Bảo Hoài Thùy Anh Đức")
GIVEN = _words(
    "An Bình Chi Dung Giang Hà Hải Hạnh Hiếu Hoa Hùng Hương Khánh Lan Linh Long Mai Nam Nga Nhân "
    "Nhung Phúc Phương Quân Quỳnh Sơn Tâm Thảo Thư Trang Trúc Tú Tuấn Uyên Vân Vy Yến"
)


@dataclass(frozen=True, kw_only=True)
class Tale:
    """One invented dossier. `reach` is how many acts an open one has behind it."""

    number: int
    procedure: str
    commune: str
    applicant: str
    personal_number: str
    female: bool
    born: date
    at: datetime
    channel: Literal["online", "counter"]
    fate: Fate
    reach: int
    seed: int


def tales(*, count: int = COUNT, seed: int = SEED) -> Iterator[Tale]:
    """Yield the plan in the order in which it is told: open dossiers of the last days first.

    The same seed, count and day give the same plan.
    """
    dice = random.Random(seed)  # noqa: S311 invented data, no secret
    today = clock.today()
    fresh = [_tale(dice, number, today=today, is_open=True) for number in range(min(OPEN, count))]
    old = [_tale(dice, number, today=today, is_open=False) for number in range(len(fresh), count)]
    yield from fresh
    yield from sorted(old, key=lambda tale: tale.at)


def _tale(dice: random.Random, number: int, *, today: date, is_open: bool) -> Tale:
    female = dice.random() < 0.55  # noqa: PLR2004 a little over half come to the counter
    born = date(dice.randint(1958, 2004), dice.randint(1, 12), dice.randint(1, 28))
    days = dice.randint(0, 6) if is_open else dice.randint(8, (today - FIRST_DAY).days)
    return Tale(
        number=number,
        procedure=_weighted(dice, PROCEDURES),
        commune=_weighted(dice, COMMUNES),
        applicant=f"{dice.choice(FAMILIES)} {dice.choice(MIDDLES)} {dice.choice(GIVEN)}",
        personal_number=_personal_number(born, female=female, serial=700_000 + number),
        female=female,
        born=born,
        at=_office_moment(dice, today - timedelta(days=days)),
        channel="counter" if dice.random() < 0.35 else "online",  # noqa: PLR2004 a third walk in
        fate="open" if is_open else dice.choices(*zip(*FATES, strict=True))[0],
        reach=dice.randint(0, 4),
        seed=dice.randint(1, 10**9),
    )


def _weighted(dice: random.Random, table: tuple[tuple[str, int], ...]) -> str:
    values, weights = zip(*table, strict=True)
    return str(dice.choices(values, weights)[0])


def _personal_number(born: date, *, female: bool, serial: int) -> str:
    century = 2 * (born.year // 100 - 19) + int(female)
    return f"052{century}{born.year % 100:02d}{serial:06d}"


def _office_moment(dice: random.Random, day: date) -> datetime:
    while day.weekday() > 4:  # noqa: PLR2004 Saturday and Sunday
        day -= timedelta(days=1)
    hour = dice.choice((7, 8, 8, 9, 9, 10, 13, 14, 14, 15))
    local = datetime.combine(day, time(hour, dice.randint(31, 59)), tzinfo=clock.VIETNAM)
    return min(local.astimezone(UTC), clock.now() - timedelta(minutes=5))
