"""Invented numbers of businesses, of sound structure."""

import random
from typing import Final

from cuaso.kernel.numbers import tax_check_digit

OF_BUSINESSES: Final = frozenset({"tax", "organisation"})


def tax_code(dice: random.Random) -> str:
    """Return a tax code of the province (41 or 59) whose check digit is right."""
    while True:
        head = f"{dice.choice(('41', '59'))}{dice.randint(0, 9_999_999):07d}"
        last = tax_check_digit(head)
        if last in range(10):
            return f"{head}{last}"
