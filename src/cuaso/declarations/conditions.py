"""Conditions of lists and figures in the words of their declaration: `where: {due: before today}`.

A choice takes its codes, or `not` and a code; yes/no takes yes or no; a day `within 30 ngày` (from
today on), `before today` or `after today`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from cuaso.declarations.fields import Field
from cuaso.kernel.periods import add_months

How = Literal["any", "not", "within", "before", "after"]
_WITHIN: Final = re.compile(r"within ([1-9]\d{0,3}) (ngày|tháng|năm)")
_NOT: Final = "not "
_MONTHS: Final = {"tháng": 1, "năm": 12}


class BadCondition(Exception):
    """Words that a field cannot be asked for; `what` says why, `mend` what to write."""

    def __init__(self, what: str, mend: str) -> None:
        self.what, self.mend = what, mend
        super().__init__(f"{what} {mend}")


@dataclass(frozen=True, kw_only=True)
class Condition:
    """What a field must be: any of the values or none of them, or a day beside today."""

    how: How
    values: tuple[str, ...] = ()
    amount: int = 0
    unit: str = ""

    def days(self, today: date) -> tuple[date | None, date | None]:
        """Return the first and the last day that fit, None where there is no bound."""
        if self.how == "before":
            return None, today - timedelta(days=1)
        if self.how == "after":
            return today + timedelta(days=1), None
        if self.unit in _MONTHS:
            return today, add_months(today, self.amount * _MONTHS[self.unit])
        return today, today + timedelta(days=self.amount)


def condition_of(one: Field, words: Sequence[str]) -> Condition:
    """Return the condition that words of a declaration make of a field; raise BadCondition."""
    named = one.as_ if one.type == "computed" else one.type
    if named == "date":
        return _of_day(words)
    if named == "yes_no":
        if set(words) - {"yes", "no"} or not words:
            what = f"“{', '.join(words)}” không phải điều kiện của một ô có hay không."
            raise BadCondition(what, "Hãy viết yes hoặc no.")
        return Condition(how="any", values=tuple(words))
    negated = [one_word for one_word in words if one_word.startswith(_NOT)]
    if negated and len(negated) < len(words):
        what = "Một điều kiện vừa nêu mã phải có vừa nêu mã phải tránh."
        raise BadCondition(what, "Hãy chỉ nêu các mã phải có, hoặc viết “not” trước mọi mã.")
    if negated:
        values = tuple(word.removeprefix(_NOT).strip() for word in words)
        return Condition(how="not", values=values)
    return Condition(how="any", values=tuple(words))


def _of_day(words: Sequence[str]) -> Condition:
    text = words[0].strip() if len(words) == 1 else ""
    if text == "before today":
        return Condition(how="before")
    if text == "after today":
        return Condition(how="after")
    found = _WITHIN.fullmatch(text)
    if found is None:
        raise BadCondition(
            f"“{', '.join(words)}” không phải điều kiện của một ô ngày.",
            "Hãy viết “within 30 ngày”, “before today” hoặc “after today”.",
        )
    return Condition(how="within", amount=int(found[1]), unit=found[2])
