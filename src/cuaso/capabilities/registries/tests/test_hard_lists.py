"""Lists that PostgreSQL cannot find in time: what is shown is true, and the list goes on."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Filter, ListQuery, ValuePage
from cuaso.capabilities.registries.logic.seeing import counting, walking
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid

from .conftest import VESSEL, official

pytestmark = pytest.mark.django_db
KEY = "harbour/vessel"
GEARS = ("vay", "cau", "vay", "vay", "cau", "vay", "vay")
LINES = (Filter(path="gear", how="is", values=("cau",)),)
NEVER = (*LINES, Filter(path="commune", how="is", values=("21952",)))


@pytest.fixture
def fleet(department: Actor) -> None:
    for place, gear in enumerate(GEARS, start=1):
        values = {**VESSEL, "number": f"BĐ-0000{place}-TS", "gear": gear, "length": f"{14 - place}"}
        registries.add(registry=KEY, values=values, actor=department)


@pytest.fixture
def nothing_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no statement end in time, but for the walk through a bounded number of rows."""
    monkeypatch.setattr(walking, "_WAYS", ())
    monkeypatch.setattr(walking, "LOOKED_AT", 2)
    # Which way the same list took for another test, a moment ago.
    monkeypatch.setattr(walking, "_known", {})

    @contextmanager
    def late(most_ms: int, setting: str) -> Iterator[None]:
        del setting
        if most_ms in (counting.COUNT_MS, walking.WALK_MS, walking.GATHER_MS):
            raise walking.OutOfTimeError
        yield

    monkeypatch.setattr(walking, "in_time", late)


def _pages(actor: Actor, **asked: object) -> list[ValuePage]:
    """Return the pages of a list to its end."""
    found: list[ValuePage] = []
    after = ""
    while not found or after:
        query = ListQuery(columns=("number",), after=after, **asked)  # type: ignore[arg-type] # of this test
        found.append(registries.list_values(registry=KEY, query=query, actor=actor, count=True))
        after = found[-1].after
    return found


def _numbers(pages: list[ValuePage]) -> list[str]:
    return [line.values[0] for page in pages for line in page.lines]


@pytest.mark.usefixtures("fleet", "nothing_in_time")
def test_kt_e5_an_officer_goes_on_from_where_the_looking_ended_and_misses_no_record(
    department: Actor, commune: Actor
) -> None:
    for actor in (department, commune):
        pages = _pages(actor, filters=LINES)
        assert _numbers(pages) == ["BĐ-00002-TS", "BĐ-00005-TS"]
        assert [page.cut for page in pages] == [True, True, True, False]
        assert {page.count for page in pages[:3]} == {None}
        assert all(page.untold for page in pages[:3])
    assert _numbers(_pages(department, filters=LINES, sort=("-number",))) == [
        "BĐ-00005-TS",
        "BĐ-00002-TS",
    ]
    assert _numbers(_pages(department, filters=NEVER)) == []
    assert _numbers(_pages(department, filters=LINES, as_of=clock.now())) == [
        "BĐ-00002-TS",
        "BĐ-00005-TS",
    ]


@pytest.mark.usefixtures("fleet", "nothing_in_time")
def test_kt_e5_an_officer_finds_words_page_by_page_where_they_are_not_found_in_time(
    department: Actor, commune: Actor
) -> None:
    for actor in (department, commune):
        pages = _pages(actor, words="hai")
        assert _numbers(pages) == [f"BĐ-0000{place}-TS" for place in range(1, 8)]
        assert [page.cut for page in pages] == [True, True, True, False]
        assert _numbers(_pages(actor, words="hai", filters=LINES)) == ["BĐ-00002-TS", "BĐ-00005-TS"]
        assert _numbers(_pages(actor, words="minh")) == []


@pytest.mark.usefixtures("fleet")
def test_an_officer_sorts_backwards_and_goes_on_behind_each_page(department: Actor) -> None:
    for size in (1, 2, 3, 50):
        pages = _pages(department, sort=("-number",), size=size)
        assert _numbers(pages) == [f"BĐ-0000{place}-TS" for place in range(7, 0, -1)]
        assert not any(page.cut for page in pages)


@pytest.mark.usefixtures("fleet")
def test_an_officer_is_told_that_a_column_is_too_much_to_sort_by(
    department: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = ListQuery(sort=("length",), columns=("number",))
    page = registries.list_values(registry=KEY, query=query, actor=department)
    assert next(line.values[0] for line in page.lines) == "BĐ-00007-TS"
    monkeypatch.setattr(walking, "SORT_MS", 1)
    monkeypatch.setattr(walking, "asked", _slowly)
    with pytest.raises(Invalid) as refused:
        registries.list_values(registry=KEY, query=query, actor=department)
    assert refused.value.code == "registries.slow_order"
    monkeypatch.undo()
    # Nothing of the limit is left behind for who asks next.
    assert registries.list_values(registry=KEY, query=query, actor=department) == page


_ASKED = walking.asked


def _slowly(text: str, given: object) -> list[tuple[object, ...]]:
    del text, given
    return _ASKED("select pg_sleep(0.1)", ())


@pytest.mark.usefixtures("fleet")
def test_a_program_is_given_the_values_that_people_read_and_masks_of_the_others() -> None:
    reader = official("so-nong-nghiep-va-moi-truong-gia-lai", "planner")
    query = ListQuery(columns=("*",), filters=LINES)
    said = registries.list_records(registry=KEY, query=query, actor=reader)
    plain = registries.list_values(registry=KEY, query=query, actor=reader)
    assert plain.columns == tuple(path for path, _ in said.columns)
    assert [line.values for line in plain.lines] == [
        tuple(cell.value for cell in row.cells) for row in said.rows
    ]
    assert [line.masked for line in plain.lines] == [
        tuple(at for at, cell in enumerate(row.cells) if cell.masked) for row in said.rows
    ]
    assert all(line.masked for line in plain.lines)
    assert [(line.id, line.revision, line.name) for line in plain.lines] == [
        (row.id, row.revision, row.name) for row in said.rows
    ]
