"""What a pack says of invented answers that belong together: `samples` of a registry.

A table is a list of lines; a record takes one line whole. A value is a text, or several to choose
from, and follows from other answers: `{commune}` within a text, a day counted from another
(`signed_on + 5-30 ngày`), a share of a number (`80-98% budget_vnd`). A path that leads into the
record of a reference (`school.kind`) is asked: the line is for records that refer to such.
"""

import re
from typing import Annotated, Final

from pydantic import Field as Key

from cuaso.declarations.shape import Names

SamplePath = Annotated[str, Key(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,2}$")]
SampleLine = dict[SamplePath, Names]
_PATH: Final = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*){0,3}"
TODAY: Final = "today"
COUNTED_DAY: Final = re.compile(rf"({_PATH}) ([+-]) (\d{{1,5}})(?:-(\d{{1,5}}))? (ngày|tháng|năm)")
SHARE_OF: Final = re.compile(rf"(\d{{1,4}})(?:-(\d{{1,4}}))?% ({_PATH})")
NAMED: Final = re.compile(rf"\{{({_PATH})\}}")


def read_by(value: str) -> tuple[str, ...]:
    """Return the paths of the answers from which a value follows."""
    day, share = COUNTED_DAY.fullmatch(value), SHARE_OF.fullmatch(value)
    if day:
        return () if day[1] == TODAY else (day[1],)
    return (share[3],) if share else tuple(NAMED.findall(value))
