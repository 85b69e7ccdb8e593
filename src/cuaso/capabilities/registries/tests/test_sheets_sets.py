"""Sheets of registries in which no two records share a value, or which refuse something: their
rows come in many at once, and each bad one is told as if they came one by one.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import SheetReport
from cuaso.capabilities.registries.logic.exchanging.writing import alone
from cuaso.capabilities.registries.tests.conftest import INSTALLER, VESSEL
from cuaso.capabilities.registries.tests.test_notices import NOTICES
from cuaso.capabilities.registries.tests.test_sheets import KEY, TITLES, count, line, read
from cuaso.declarations.registries import Registry
from cuaso.kernel.actors import Actor

# One portion of 2,000 lines and some of the next one.
ROWS = 2_300
SAME = "“Số định danh cá nhân”"


@pytest.fixture
def publish(vessel: Registry) -> Callable[..., None]:
    """Return what publishes the vessels' registry with more declared."""

    def publish(**more: object) -> None:
        declared = {**vessel.dump(), **more}
        registries.install("harbour", {"vessel": Registry.load(declared)}, actor=INSTALLER)

    return publish


def sheet(lines: Sequence[Sequence[object]]) -> io.BytesIO:
    return io.BytesIO("\r\n".join(";".join(map(str, one)) for one in (TITLES, *lines)).encode())


def brought(lines: Sequence[Sequence[object]], actor: Actor) -> tuple[SheetReport, SheetReport]:
    """Return what was said when a sheet was tried, and when its good rows were brought in."""
    tried = read(sheet(lines), actor, "tau.csv")
    return tried, registries.apply_sheet(batch_id=tried.id, actor=actor, partly=True)


def told(report: SheetReport) -> list[tuple[int, str]]:
    return [(one.line, one.say) for one in report.faults]


@contextmanager
def counted() -> Iterator[list[int]]:
    """Give how many questions PostgreSQL was asked in the block."""
    asked: list[int] = []
    with CaptureQueriesContext(connection) as seen:
        yield asked
    asked.append(len(seen))


def test_a_department_brings_owners_twice_and_each_second_line_names_the_first(
    publish: Callable[..., None], department: Actor
) -> None:
    publish(unique=["owner.personal_number"])
    first = {**VESSEL, "number": "BĐ-90001-TS"}
    registries.add(registry=KEY, values=first, actor=department)
    lines = [line(number) for number in range(1, ROWS + 1)]
    lines[1] = line(2, personal_number="052192000001")
    lines[4] = line(5, personal_number="052192000005", length="dài")
    lines[7] = line(8, personal_number="052192000005")
    lines[9] = line(10, personal_number="052192000005")
    lines[19] = line(12, personal_number="052192009977")
    lines[2_099] = line(2_100, personal_number="052192000005")
    lines[2_199] = line(2_200, personal_number="052192009977")
    said = [
        (2, f"{SAME} đã có trong sổ, ở một bản ghi khác."),
        (3, f"{SAME} đã có trong sổ, ở một bản ghi khác."),
        (6, "Chiều dài lớn nhất phải là số, dùng dấu phẩy cho phần thập phân, ví dụ 12,5."),
        (11, f"{SAME} trùng với dòng 9 của chính bảng này."),
        (21, "Trùng khóa với dòng 13 của chính bảng này. Hãy bỏ một dòng."),
        (2_101, f"{SAME} trùng với dòng 9 của chính bảng này."),
    ]
    with counted() as asked:
        tried, done = brought(lines, department)
    assert (told(tried), told(done)) == (said, said)
    assert (done.rows, done.added, done.bad) == (ROWS, ROWS - 6, 6)
    assert count("r_harbour_vessel") == ROWS - 6 + 1
    assert asked[0] < 120


def fleet(owners: int) -> list[list[object]]:
    """Return lines of owners with three vessels each, one after the other; some owners have two."""
    lines = []
    for turn in range(3):
        for owner in range(1, owners + 1):
            if turn == 2 and owner % 5:
                continue
            number = turn * owners + owner
            lines.append(line(number, personal_number=f"05219200{owner:04d}"))
    return lines


def test_a_department_brings_a_fleet_and_only_what_a_form_would_refuse_is_refused(
    publish: Callable[..., None], department: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(notices={"fleet": NOTICES["fleet"]})
    lines = fleet(30)
    said = [(1 + at, "Chủ tàu đã có hai tàu khác.") for at in range(61, 67)]
    with counted() as asked:
        tried, done = brought(lines, department)
    assert (told(tried), told(done)) == (said, said)
    assert (done.rows, done.added, done.bad) == (66, 60, 6)
    assert count("r_harbour_vessel") == 60
    assert done.change_id is not None
    registries.undo(registry=KEY, change_id=done.change_id, actor=department)

    monkeypatch.setattr(alone, "one_by_one", lambda _: True)
    with counted() as one_by_one:
        _, again = brought(lines, department)
    assert (told(again), again.added) == (said, 60)
    assert asked[0] * 2 < one_by_one[0]


def test_a_department_brings_a_fleet_that_nothing_refuses_in_few_questions(
    publish: Callable[..., None], department: Actor
) -> None:
    publish(notices={"fleet": NOTICES["fleet"]})
    with counted() as asked:
        _, done = brought([line(number) for number in range(1, 301)], department)
    assert (done.added, done.bad, count("r_harbour_vessel")) == (300, 0, 300)
    assert asked[0] < 90
