"""Digits of two columns that ran together: where a year ends is certain, nothing else is."""

import re

_YEAR_BEGINS = re.compile(r"(?:[0-9]{1,2}/[0-9]{1,2}/|\bnăm )\Z", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
YEAR_DIGITS = 4


def after_year(before: str, digits: str) -> str | None:
    """Return the digits after a year ("29/6/2024" + "43", "năm 2024" + "1"), else None."""
    if not _YEAR.match(digits) or len(digits) <= YEAR_DIGITS or not _YEAR_BEGINS.search(before):
        return None
    return digits[YEAR_DIGITS:]
