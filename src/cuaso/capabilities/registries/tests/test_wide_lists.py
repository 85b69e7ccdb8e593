"""A list shows and counts what its reader may see, whichever way it was found."""

import pytest

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Filter, ListQuery
from cuaso.capabilities.registries.logic.seeing import counting, lists, search, tally
from cuaso.capabilities.registries.logic.seeing import walking as walks
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.kernel.remembering import one_moment

from .conftest import VESSEL

pytestmark = pytest.mark.django_db
KEY = "harbour/vessel"
FLEET = (
    ("BĐ-00001-TS", "Hải Âu", "vay", "21583"),
    ("BĐ-00002-TS", "Hải Yến", "cau", "21583"),
    ("BĐ-00003-TS", "Biển Xanh", "vay", "21952"),
    ("BĐ-00004-TS", "Hải Long", "vay", "21583"),
    ("BĐ-00005-TS", "Đại Dương", "cau", "21952"),
    ("BĐ-00006-TS", "Hải Sơn", "vay", "21583"),
)


@pytest.fixture
def fleet(department: Actor) -> None:
    for number, name, gear, commune in FLEET:
        values = {**VESSEL, "number": number, "name": name, "gear": gear, "commune": commune}
        registries.add(registry=KEY, values=values, actor=department)


def _numbers(actor: Actor, **asked: object) -> list[str]:
    """Return the numbers of a list, page by page to its end."""
    query = ListQuery(columns=("number",), size=2, **asked)  # type: ignore[arg-type] # of this test
    found: list[str] = []
    while True:
        page = registries.list_records(registry=KEY, query=query, actor=actor)
        found += [row.cells[0].text for row in page.rows]
        if not page.after:
            return found
        query = ListQuery(columns=("number",), size=2, after=page.after, **asked)  # type: ignore[arg-type]


def _counts(actor: Actor, path: str, **asked: object) -> dict[str, int | None]:
    query = ListQuery(**asked)  # type: ignore[arg-type] # of this test
    found = registries.facets(registry=KEY, query=query, actor=actor)
    choices = next(one.choices for one in found if one.path == path)
    return {one.code: one.count for one in choices if one.count != 0}


def test_kt_e5_an_officer_of_several_offices_reads_and_counts_what_they_keep_and_no_more(
    fleet: None, department: Actor, commune: Actor
) -> None:
    one_more = directory.agency_by_key("ubnd-21952").id
    empty = directory.agency_by_key("so-nong-nghiep-va-moi-truong-gia-lai").parent_id
    alone = {commune.agency_id, *([empty] if empty else [])}
    readers = {
        "one that keeps": (frozenset(alone), ["21583"]),
        "two that keep": (frozenset({*alone, one_more}), ["21583", "21952"]),
    }
    for scope, communes in readers.values():
        reader = Actor(
            kind="official",
            name="Cán bộ",
            post_id=commune.post_id,
            agency_id=commune.agency_id,
            agency_scope=scope,  # type: ignore[arg-type] # ids of agencies
            roles=frozenset({"handler"}),
        )
        own = [number for number, _, _, where in FLEET if where in communes]
        with one_moment():
            assert _numbers(reader) == own
            assert _counts(reader, "gear") == {
                gear: sum(1 for _, _, each, where in FLEET if each == gear and where in communes)
                for gear in ("vay", "cau")
            }
    assert _numbers(department) == [number for number, *_ in FLEET]


def test_kt_e5_an_officer_finds_words_whichever_way_they_are_looked_for(
    fleet: None, department: Actor, commune: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = ["BĐ-00001-TS", "BĐ-00002-TS", "BĐ-00004-TS", "BĐ-00006-TS"]
    ways = (
        search.Road(window=0, many=False),
        search.Road(window=100, many=False),
        # A walk that gives up at once, and goes on by the index of words.
        search.Road(window=1, many=False),
    )
    for way in ways:
        monkeypatch.setattr(search, "_road", lambda *_, way=way: way)
        assert _numbers(department, words="hai") == own
        assert _numbers(commune, words="hai", sort=("-name",)) == [
            "BĐ-00002-TS", "BĐ-00006-TS", "BĐ-00004-TS", "BĐ-00001-TS",
        ]  # fmt: skip
        assert _numbers(department, words="xanh hai") == []
        assert _counts(department, "gear", words="hai") == {"vay": 3, "cau": 1}


def test_an_officer_sorts_by_a_quick_filter_and_equals_keep_the_order_of_the_list(
    fleet: None, department: Actor
) -> None:
    assert _numbers(department, sort=("gear",)) == [
        "BĐ-00002-TS", "BĐ-00005-TS", "BĐ-00001-TS", "BĐ-00003-TS", "BĐ-00004-TS", "BĐ-00006-TS",
    ]  # fmt: skip


def test_counts_beyond_the_cap_are_of_whoever_sees_all_and_of_no_other_condition(
    fleet: None, department: Actor, commune: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "COUNTED", 3)
    monkeypatch.setattr(counting, "COUNTED", 3)
    assert _counts(department, "gear") == {"vay": 3, "cau": 2}
    assert set(_counts(commune, "gear").values()) == {None}
    gear = (Filter(path="gear", how="is", values=("cau",)),)
    assert _counts(department, "commune", filters=gear) == {"21583": 1, "21952": 1}
    assert set(_counts(department, "commune").values()) == {None}


def test_a_program_is_given_values_without_words(fleet: None, department: Actor) -> None:
    query = ListQuery(
        columns=("number", "gear"), filters=(Filter(path="gear", how="is", values=("cau",)),)
    )
    said = registries.list_records(registry=KEY, query=query, actor=department)
    plain = registries.list_records(registry=KEY, query=query, actor=department, spoken=False)
    assert [[cell.value for cell in row.cells] for row in plain.rows] == [
        ["BĐ-00002-TS", "cau"],
        ["BĐ-00005-TS", "cau"],
    ]
    assert {cell.text for row in plain.rows for cell in row.cells} == {""}
    assert {cell.text for row in said.rows for cell in row.cells} > {"BĐ-00002-TS", "BĐ-00005-TS"}
    assert [row.name for row in plain.rows] == [row.name for row in said.rows]
    id = plain.rows[0].id
    record = registries.record(registry=KEY, id=id, actor=department, spoken=False)
    words = registries.record(registry=KEY, id=id, actor=department)
    assert {one.text for one in record.fields} == {""}
    assert [one.value for one in record.fields] == [one.value for one in words.fields]


def test_a_reader_goes_on_among_rare_words_behind_every_kind_of_cursor(
    fleet: None, department: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetching = search.Road(window=0, many=False)
    monkeypatch.setattr(search, "_road", lambda _table, _given: fetching)
    hai = ["BĐ-00001-TS", "BĐ-00002-TS", "BĐ-00004-TS", "BĐ-00006-TS"]
    assert _numbers(department, words="hai") == hai
    assert _numbers(department, words="hai", sort=("-number",)) == hai[::-1]
    by_gear = _numbers(department, words="hai", sort=("gear",))
    assert by_gear == ["BĐ-00002-TS", "BĐ-00001-TS", "BĐ-00004-TS", "BĐ-00006-TS"]
    assert sorted(_numbers(department, words="hai", sort=("-length",))) == hai


def test_an_officer_of_few_records_finds_words_among_all_of_them(
    fleet: None, commune: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    walking = search.Road(window=1, many=True)
    monkeypatch.setattr(search, "_road", lambda _table, _given: walking)
    monkeypatch.setattr(search, "LOOKED_THROUGH", 10_000)
    assert _numbers(commune, words="son") == ["BĐ-00006-TS"]
    assert _numbers(commune, words="duong") == []


@pytest.mark.parametrize(
    "case",
    [
        ((), {"vay": 3, "cau": 1}, 4),
        (("vay",), {"vay": 3, "cau": 1}, 3),
        (("cau",), {"vay": 3, "cau": 1}, 1),
        (("vay", "Hải Long"), {"vay": 1}, 1),
        (("cau", "Hải Long"), {"vay": 1}, 0),
    ],
)
@pytest.mark.parametrize("few", [tally.FEW, -1])
def test_kt_e5_a_commune_is_told_the_same_counts_in_one_walk_and_one_by_one(
    fleet: None,
    commune: Actor,
    monkeypatch: pytest.MonkeyPatch,
    case: tuple[tuple[str, ...], dict[str, int], int],
    few: int,
) -> None:
    asked, gears, number = case
    monkeypatch.setattr(tally, "FEW", few)
    chosen = tuple(
        Filter(path=path, how="is", values=(value,))
        for path, value in zip(("gear", "name"), asked, strict=False)
    )
    with one_moment():
        query = ListQuery(filters=chosen)
        page = registries.list_records(registry=KEY, query=query, actor=commune, count=True)
        assert page.count == number
        assert _counts(commune, "gear", filters=chosen) == gears
        told = tally.taken(sets.built(KEY), query, commune)
    assert (told is not None) == (few > 0 or not chosen)


def test_kt_e5_a_walk_that_takes_too_long_counts_nothing_and_says_nothing_false(
    fleet: None, commune: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_given: object) -> None:
        raise walks.OutOfTimeError

    monkeypatch.setattr(tally, "_walked", late)
    chosen = (Filter(path="gear", how="is", values=("vay",)),)
    query = ListQuery(filters=chosen, size=2)
    with one_moment():
        page = registries.list_records(registry=KEY, query=query, actor=commune, count=True)
        assert (len(page.rows), page.count, page.untold) == (2, None, True)
        assert set(_counts(commune, "gear", filters=chosen).values()) == {None}
