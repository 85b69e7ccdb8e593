"""From what each value of a record came: the change that gave it, as the history tells.

A value that an undo gave back came from where it came first.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cuaso.capabilities.registries.contracts import ChangeLine


def given_by(
    history: Sequence[ChangeLine], *, at: datetime | None = None
) -> Mapping[str, ChangeLine]:
    """Return by path the change that gave each value which stands, or stood at a moment: an
    officer's form, a sheet, a dossier, a national database, as its origin says.

    `history` is what `history` returned, newest first; a group of rows is one value.
    """
    seen = [one for one in history if at is None or one.at <= at]
    found: dict[str, ChangeLine] = {}
    given_back: dict[str, str] = {}
    for line in seen:
        for one in line.differences:
            if one.path in given_back and one.after == given_back[one.path]:
                found[one.path] = line
                if line.origin != "undo":
                    del given_back[one.path]
            elif one.path not in found:
                found[one.path] = line
                if line.origin == "undo":
                    given_back[one.path] = one.after
    return found
