"""Read a foreign JSON object field by field, and collect everything that is wrong with it."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, TypeGuard

from cuaso.kernel.errors import Invalid, Problem

WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
PATH: Final = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
MOST_ANSWERS: Final = 500
MOST_VND: Final = 10**12
NO_MOMENT: Final = datetime.min.replace(tzinfo=UTC)
LONGEST_ANSWER: Final = 10_000


class Reader:
    """Gives a typed value for every name; a wrong one is noted and read as empty."""

    def __init__(
        self, told: Mapping[str, Any], *, path: str = "", problems: list[Problem] | None = None
    ) -> None:
        self._told = told
        self._path = path
        self._problems = problems if problems is not None else []

    def wrong(self, name: str, say: str) -> None:
        self._problems.append(Problem(field=self._path + name, say=say))

    def text(self, name: str, *, most: int, needed: bool = False) -> str:
        """Return a text; every character that a form may hold is allowed, NUL is not."""
        value = self._told.get(name, "")
        if not _storable(value):
            self.wrong(name, "Phải là chuỗi ký tự.")
            return ""
        if len(value) > most:
            self.wrong(name, f"Không được quá {most} ký tự.")
            return ""
        if needed and not value.strip():
            self.wrong(name, "Thiếu mục này.")
        return value.strip()

    def word(self, name: str, *, most: int) -> str:
        """Return a code: it must be there, and holds letters, digits and . _ / - only."""
        value = self.text(name, most=most, needed=True)
        if value and not WORD.fullmatch(value):
            self.wrong(name, "Chỉ gồm chữ không dấu, chữ số và các dấu . _ / -")
            return ""
        return value

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, most=20)
        if value not in allowed:
            self.wrong(name, f"Phải là một trong: {', '.join(filter(None, allowed))}.")
            return ""
        return value

    def day(self, name: str) -> date | None:
        value = self.text(name, most=10)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.wrong(name, "Phải là ngày, ví dụ 1996-05-14.")
            return None

    def amount_vnd(self, name: str) -> int:
        """Return a sum of whole đồng above zero."""
        value = self._told.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_VND:
            self.wrong(name, "Phải là số nguyên đồng, lớn hơn 0.")
            return 0
        return value

    def moment(self, name: str) -> datetime:
        """Return a moment with its zone, the beginning of time when it is wrong."""
        try:
            at = datetime.fromisoformat(self.text(name, most=40))
        except ValueError:
            at = NO_MOMENT.replace(tzinfo=None)
        if at.tzinfo is None:
            self.wrong(name, "Phải là thời điểm có múi giờ, ví dụ 2026-10-07T09:00:00+07:00.")
            return NO_MOMENT
        return at

    def answers(self, name: str) -> dict[str, str | list[str]]:
        """Return answers by flat path, as a form posts them."""
        value = self._told.get(name, {})
        if not isinstance(value, dict) or len(value) > MOST_ANSWERS:
            self.wrong(name, f"Phải là một đối tượng có nhiều nhất {MOST_ANSWERS} mục.")
            return {}
        for path, answer in value.items():
            if not PATH.fullmatch(path) or not _is_answer(answer):
                self.wrong(f"{name}.{path}"[:200], "Phải là chuỗi hoặc danh sách chuỗi.")
        return value

    def part(self, name: str) -> "Reader":
        """Return a reader of an object inside."""
        value = self._told.get(name)
        if not isinstance(value, dict):
            self.wrong(name, "Thiếu mục này.")
            return Reader({}, path=f"{self._path}{name}.")
        return Reader(value, path=f"{self._path}{name}.", problems=self._problems)

    def optional_part(self, name: str) -> "Reader | None":
        """Return a reader of an object inside, None when the message has none."""
        return None if self._told.get(name) is None else self.part(name)

    def parts(self, name: str, *, most: int) -> list["Reader"]:
        """Return a reader of each object of a list."""
        value = self._told.get(name, [])
        if not isinstance(value, list) or len(value) > most:
            self.wrong(name, f"Phải là một danh sách có nhiều nhất {most} mục.")
            return []
        return [
            Reader(
                one if isinstance(one, dict) else {},
                path=f"{self._path}{name}.{index}.",
                problems=self._problems,
            )
            for index, one in enumerate(value)
        ]

    def refuse_if_wrong(self) -> None:
        """Raise Invalid with all that was noted."""
        if self._problems:
            raise Invalid(
                code="national_portal.wrong_shape",
                what=f"Thông điệp có {len(self._problems)} mục chưa đúng.",
                mend="Hãy sửa từng mục được nêu rồi gửi lại.",
                problems=tuple(self._problems),
            )


def _is_answer(answer: object) -> bool:
    texts = answer if isinstance(answer, list) else [answer]
    return len(texts) <= MOST_ANSWERS and all(
        _storable(one) and len(one) <= LONGEST_ANSWER for one in texts
    )


def _storable(value: object) -> TypeGuard[str]:
    """Say whether the database takes the value as text: no NUL, no half of a character."""
    return isinstance(value, str) and not UNSTORABLE.search(value)
