"""Invented people for samples: names and personal numbers of sound structure."""

import random
from typing import Final

SAMPLE_NAMES: Final = (
    "Nguyễn Thị Mai", "Trần Văn Bình", "Lê Thị Hồng Nhung", "Phạm Quốc Anh", "Võ Thị Thu Hà",
    "Huỳnh Văn Đức", "Đặng Thị Ngọc", "Bùi Minh Khang", "Đinh Thị Ánh", "Hồ Gia Bảo",
)  # fmt: skip


def personal_number(dice: random.Random) -> str:
    """Return an invented number of Bình Định (052) in the twentieth century."""
    return f"052{dice.choice('01')}{dice.randint(60, 99)}{dice.randint(0, 999_999):06d}"
