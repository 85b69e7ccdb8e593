"""Lists that are asked for again: by their plan, with what is true now, and each thing once."""

from collections.abc import Iterator

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Filter, ListQuery, RowView
from cuaso.capabilities.registries.logic.seeing import counting, lists, search, walking
from cuaso.kernel.actors import Actor
from cuaso.kernel.remembering import one_moment

from .conftest import VESSEL

pytestmark = pytest.mark.django_db
KEY = "harbour/vessel"
NAMES = ("Hải 50% 'Âu'", "Hải 50% 'Yến'", "Biển Xanh", "Hải Long")
OLD = Filter(path="name", how="begins", values=("Hải 50% '",))
VAY = Filter(path="gear", how="is", values=("vay",))


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no list be known from another test."""
    monkeypatch.setattr(walking, "_known", {})


@pytest.fixture
def fleet(department: Actor) -> None:
    for place, name in enumerate(NAMES, start=1):
        values = {**VESSEL, "number": f"BĐ-0000{place}-TS", "name": name}
        registries.add(registry=KEY, values=values, actor=department)


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let lists be asked for outside of any transaction, as pages are."""
    own = connections.create_connection("default")
    monkeypatch.setattr(walking, "connection", own)
    yield
    own.close()


def _rows(actor: Actor, **asked: object) -> tuple[RowView, ...]:
    query = ListQuery(columns=("number", "name"), **asked)  # type: ignore[arg-type] # of this test
    return registries.list_records(registry=KEY, query=query, actor=actor).rows


def _names(rows: tuple[RowView, ...]) -> list[str]:
    return [row.cells[1].text for row in rows]


def _plans() -> int:
    """Return how many plans of lists this connection keeps."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_prepared_statements"
            " where statement like '%from \"r_harbour_vessel\"%limit%'"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.usefixtures("fleet")
def test_opening_a_list_again_goes_by_its_plan_and_shows_what_was_changed_meanwhile(
    department: Actor, commune: Actor, other_commune: Actor
) -> None:
    for actor in (department, commune):
        first = _rows(actor, filters=(OLD,))
        assert _names(first) == ["Hải 50% 'Âu'", "Hải 50% 'Yến'"]
        known = _plans()
        for _ in range(3):
            assert _rows(actor, filters=(OLD,)) == first
            assert _plans() == known + 1
        assert _rows(other_commune, filters=(OLD,)) == ()
        registries.amend(registry=KEY, id=first[0].id, values={"name": "Cá Voi"}, actor=department)
        assert _names(_rows(actor, filters=(OLD,))) == ["Hải 50% 'Yến'"]
        assert _names(_rows(actor)) == ["Cá Voi", "Hải 50% 'Yến'", "Biển Xanh", "Hải Long"]
        registries.amend(
            registry=KEY, id=first[0].id, values={"name": "Hải 50% 'Âu'"}, actor=department
        )


@pytest.mark.usefixtures("fleet")
def test_going_on_in_a_list_that_is_known_shows_each_record_once(department: Actor) -> None:
    for _ in range(3):
        found: list[str] = []
        after = ""
        while not found or after:
            query = ListQuery(columns=("number",), size=1, after=after)
            page = registries.list_records(registry=KEY, query=query, actor=department)
            found += [row.cells[0].text for row in page.rows]
            after = page.after
        assert found == [f"BĐ-0000{place}-TS" for place in range(1, 5)]


@pytest.mark.usefixtures("fleet")
def test_kt_e5_words_are_looked_for_once_for_the_page_its_count_and_its_filters(
    commune: Actor, other_commune: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetching = search.Road(window=0, many=False)
    monkeypatch.setattr(search, "_road", lambda _table, _given: fetching)
    for actor, names, number in (
        (commune, ["Hải 50% 'Âu'", "Hải 50% 'Yến'"], 3),
        (other_commune, [], 0),
    ):
        query = ListQuery(words="hải", size=2, columns=("number", "name"))
        with one_moment(), CaptureQueriesContext(connection) as asked:
            page = registries.list_records(registry=KEY, query=query, actor=actor, count=True)
            found = registries.facets(registry=KEY, query=query, actor=actor)
        assert (_names(page.rows), page.count) == (names, number)
        gears = next(one.choices for one in found if one.path == "gear")
        assert {one.code: one.count for one in gears if one.count} == (
            {"vay": number} if number else {}
        )
        looked = [one["sql"] for one in asked if '"row_words" @@' in one["sql"]]
        assert len(looked) == 1
    after = registries.list_records(registry=KEY, query=query, actor=commune, count=True).after
    rest = ListQuery(words="hải", size=2, columns=("number", "name"), after=after)
    page = registries.list_records(registry=KEY, query=rest, actor=commune, count=True)
    assert (_names(page.rows), page.count, page.after) == (["Hải Long"], 3, "")


@pytest.mark.usefixtures("fleet")
def test_kt_e5_what_surely_more_records_carry_is_counted_once_a_minute_and_the_rest_anew(
    department: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> dict[str, tuple[int | None, bool]]:
        with one_moment():
            found = registries.facets(registry=KEY, query=ListQuery(), actor=department)
        gears = next(one.choices for one in found if one.path == "gear")
        return {one.code: (one.count, one.more) for one in gears if one.count}

    row = _rows(department, filters=(VAY,))[0]
    for surely, gears in (
        # Four records are no more than twice the cap: one less is told at once.
        (4, {"vay": (2, True), "cau": (1, False)}),
        # Four are more than three: what was counted holds for the minute.
        (3, {"vay": (2, True)}),
    ):
        monkeypatch.setattr(counting, "COUNTED", 2)
        monkeypatch.setattr(lists, "COUNTED", 2)
        monkeypatch.setattr(counting, "SURELY", surely)
        assert told() == {"vay": (2, True)}
        registries.amend(registry=KEY, id=row.id, values={"gear": "cau"}, actor=department)
        assert told() == gears | {"cau": (1, False)}
        registries.amend(registry=KEY, id=row.id, values={"gear": "vay"}, actor=department)


@pytest.mark.usefixtures("fleet")
def test_words_that_are_not_counted_in_time_are_not_counted_again_within_the_minute(
    commune: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def late(table: str, _where: object) -> counting.Found:
        tried.append(table)
        raise walking.OutOfTimeError

    monkeypatch.setattr(counting, "_ids", late)
    for _ in range(2):
        with one_moment():
            query = ListQuery(words="hai", size=2, columns=("number", "name"))
            page = registries.list_records(registry=KEY, query=query, actor=commune, count=True)
            found = registries.facets(registry=KEY, query=query, actor=commune)
        assert _names(page.rows) == ["Hải 50% 'Âu'", "Hải 50% 'Yến'"]
        assert (page.count, page.untold) == (None, True)
        assert {choice.count for facet in found for choice in facet.choices} == {None}
    assert tried == ["r_harbour_vessel"]


@pytest.mark.usefixtures("apart")
def test_what_takes_too_long_is_broken_off_and_leaves_no_setting_behind() -> None:
    settings = "select current_setting('statement_timeout'), current_setting('enable_sort'), %s"
    with pytest.raises(walking.OutOfTimeError), walking.in_time(30, search.WALKING):
        walking.asked("select pg_sleep(%s)", (5,))
    assert walking.asked(settings, ("50%",)) == [("0", "on", "50%")]
    with walking.in_time(5000, search.WALKING):
        assert walking.asked(settings, ("50%",)) == [("5s", "off", "50%")]
        assert walking.asked(settings, ("một",)) == [("5s", "off", "một")]
    assert walking.asked(settings, ("",)) == [("0", "on", "")]
