"""How moments and days are said in Vietnamese."""

from datetime import date, datetime
from typing import Final

from cuaso.kernel.clock import VIETNAM

_WEEKDAYS: Final = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def say_day(day: date) -> str:
    """Say `thứ Sáu, ngày 20/02/2026`."""
    return f"{_WEEKDAYS[day.weekday()]}, ngày {day:%d/%m/%Y}"


def say_moment(moment: datetime) -> str:
    """Say `17:00 thứ Sáu, ngày 20/02/2026`, in Vietnam time."""
    local = moment.astimezone(VIETNAM)
    return f"{local:%H:%M} {say_day(local.date())}"
