"""The blanks of a phrase: which a text has, and how they are filled."""

import re
from collections.abc import Mapping

from cuaso.kernel.text import one_line
from cuaso.services.worklists.contracts import BLANKS

_BLANK = re.compile(r"\{([^{}]*)\}")


def fill_blanks(*, text: str, values: Mapping[str, str]) -> str:
    """Return the text with its blanks filled; a blank without a value stays as it is written.

    A value is put in as it stands: braces inside it are no blanks.
    """
    return _BLANK.sub(lambda found: values.get(_name(found)) or found[0], text)


def unknown_blanks(text: str) -> tuple[str, ...]:
    """Return, as written, the blanks that no dossier fills, and braces without their other half."""
    unknown = [found[0] for found in _BLANK.finditer(text) if _name(found) not in BLANKS]
    alone = re.findall(r"[{}]", _BLANK.sub("", text))
    return tuple(dict.fromkeys([*unknown, *alone]))


def _name(found: re.Match[str]) -> str:
    return one_line(found[1]).lower()
