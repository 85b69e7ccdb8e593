from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from cuaso.kernel import tables
from cuaso.kernel.errors import Invalid


@dataclass(frozen=True)
class Line:
    code: str
    from_: date | None
    roles: frozenset[str]
    open: bool
    size: int
    day: date
    note: str = "-"


HEADER = "code,from,roles,open,size,day\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "lines.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_cells_become_what_the_row_says(tmp_path):
    text = HEADER + "01,2025-07-01,b a,yes,7,2025-01-01\n02,,,no,8,2025-01-02\n"
    first, second = tables.read(write(tmp_path, text), Line)
    assert first == Line("01", date(2025, 7, 1), frozenset({"a", "b"}), True, 7, date(2025, 1, 1))
    assert (second.from_, second.roles, second.open, second.note) == (None, frozenset(), False, "-")


def test_every_bad_line_is_named(tmp_path):
    text = HEADER + "01,1/7/2025,a,yes,7,2025-01-01\n02,,,maybe,8,2025-01-02\n03,,\n"
    with pytest.raises(Invalid) as refusal:
        tables.read(write(tmp_path, text), Line)
    assert [(problem.field, problem.say) for problem in refusal.value.problems] == [
        ("lines.csv:2", "Ô “from” không đọc được: “1/7/2025”."),
        ("lines.csv:3", "Ô “open” không đọc được: “maybe”."),
        ("lines.csv:4", "Số ô của dòng không khớp với số cột."),
    ]


def test_missing_and_unknown_columns_are_named(tmp_path):
    with pytest.raises(Invalid) as refusal:
        tables.read(write(tmp_path, "code,from,roles,open,size,when\n"), Line)
    assert [problem.say for problem in refusal.value.problems] == [
        "Thiếu cột “day”.",
        "Cột “when” không được biết tới.",
    ]
