"""Lists of an agency that keeps a small part of a registry: read and counted in one index."""

from dataclasses import replace

import pytest
from django.db import connection

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries import jobs
from cuaso.capabilities.registries.contracts import Filter, ListQuery
from cuaso.capabilities.registries.logic.seeing import counting, lists, search
from cuaso.capabilities.registries.logic.storing import definition, running, sets
from cuaso.capabilities.registries.logic.storing.building import Built, past_of
from cuaso.kernel.actors import Actor
from cuaso.kernel.remembering import one_moment

from .conftest import VESSEL

pytestmark = pytest.mark.django_db
KEY = "harbour/vessel"
GEARS = ("vay", "cau", "vay", "vay", "cau", "vay", "vay")
VAY = Filter(path="gear", how="is", values=("vay",))
HERE = Filter(path="commune", how="is", values=("21583",))


@pytest.fixture
def fleet(department: Actor) -> None:
    for place, gear in enumerate(GEARS, start=1):
        values = {**VESSEL, "number": f"BĐ-0000{place}-TS", "gear": gear}
        registries.add(registry=KEY, values=values, actor=department)


def _standing(built: Built) -> frozenset[str]:
    return running.indexes_on(built.table, past_of(built.table))


def _of_agency(built: Built) -> str:
    """Return the index of what an agency keeps, in the order of the list."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select indexdef from pg_indexes where tablename = %s and indexdef like %s",
            [built.table, "%(row_agency, number,%"],
        )
        return str(cursor.fetchone()[0])


def _plan(built: Built, where: str) -> str:
    text = f"explain select count(*) from {built.table} where {where} and row_gone is null"
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off; set local enable_bitmapscan = off")
        cursor.execute(text)
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.usefixtures("fleet")
def test_kt_e5_a_commune_counts_by_quick_filters_without_reading_its_records(
    commune: Actor,
) -> None:
    built = sets.built(KEY)
    columns = "(row_agency, number, row_id, gear, commune)"
    assert columns in _of_agency(built)
    plan = _plan(
        built, f"row_agency = '{commune.agency_id}' and gear = 'vay' and commune = '21583'"
    )
    assert "Index Only Scan" in plan
    assert "(gear = 'vay'::text)" in plan
    assert "Filter" not in plan


@pytest.mark.usefixtures("fleet")
def test_a_registry_published_by_an_older_release_is_given_the_indexes_of_this_one(
    department: Actor,
) -> None:
    built = sets.built(KEY)
    wanted = _standing(built)
    assert wanted == {one.index for one in definition.indexes(built)}
    assert jobs.keep_indexes() == 0
    lost = next(name for name in wanted if name in _of_agency(built))
    with connection.cursor() as cursor:
        cursor.execute(f'drop index "{lost}"')
        cursor.execute(f"create index {built.table}_list_older on {built.table} (row_agency, gear)")
    before = registries.list_values(registry=KEY, query=ListQuery(), actor=department)
    assert jobs.keep_indexes() == 1
    assert _standing(built) == wanted
    assert lost in _of_agency(built)
    assert jobs.keep_indexes() == 0
    assert registries.list_values(registry=KEY, query=ListQuery(), actor=department) == before


REGISTERED = "(name_order, row_id) WHERE ((row_gone IS NULL) AND (status = 'dang_ky'::text))"


def _lists_by_name(built: Built) -> list[str]:
    """Return what the indexes of lists hold that begin with the name or the status."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select split_part(indexdef, ' USING btree ', 2) from pg_indexes"
            " where tablename = %s and indexname like %s order by indexdef",
            [built.table, "%_list_%"],
        )
        found = [str(row[0]) for row in cursor.fetchall()]
    return sorted(one for one in found if one.startswith(("(name", "(status")))


@pytest.mark.usefixtures("fleet")
def test_a_list_of_registered_vessels_is_read_in_an_index_that_holds_these_alone(
    department: Actor,
) -> None:
    built = sets.built(KEY)
    assert _lists_by_name(built) == [REGISTERED, "(name_order, row_id) WHERE (row_gone IS NULL)"]
    first = built.live.objects.get(number="BĐ-00003-TS")
    leader = replace(department, roles=frozenset({"leader"}))
    registries.move(registry=KEY, id=first.row_id, to="register", actor=leader)
    query = ListQuery(list="registered")
    page = registries.list_values(registry=KEY, query=query, actor=department)
    assert [line.id for line in page.lines] == [first.row_id]
    with connection.cursor() as cursor:
        cursor.execute(f"analyze {built.table}")
    plan = _plan(built, "status = 'dang_ky'")
    held = [name for name in running.indexes_on(built.table) if REGISTERED in _definition(name)]
    assert len(held) == 1
    assert held[0] in plan
    assert "Filter" not in plan


def _definition(index: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select indexdef from pg_indexes where indexname = %s", [index])
        return str(cursor.fetchone()[0])


def _told(actor: Actor, *chosen: Filter) -> tuple[int | None, dict[str, int | None]]:
    """Return what a list says of its number, and of the values of a quick filter."""
    query = ListQuery(filters=chosen, size=1)
    with one_moment():
        page = registries.list_records(registry=KEY, query=query, actor=actor, count=True)
        found = registries.facets(registry=KEY, query=query, actor=actor)
    choices = next(one.choices for one in found if one.path == "gear")
    return page.count, {one.code: one.count for one in choices if one.count != 0}


@pytest.mark.usefixtures("fleet")
def test_kt_e5_what_a_commune_is_told_of_a_long_list_is_true_at_the_cap_and_beyond_it(
    commune: Actor, department: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: dict[str, str] = {"vay": "BĐ-00001-TS"}
    for cap, number, gears in (
        (7, 5, {"vay": 5, "cau": 2}),
        (5, 5, {}),
        (4, None, {}),
    ):
        monkeypatch.setattr(counting, "COUNTED", cap)
        monkeypatch.setattr(counting, "SURELY", 2 * cap)
        monkeypatch.setattr(lists, "COUNTED", cap)
        monkeypatch.setattr("cuaso.capabilities.registries.logic.seeing.tally.FEW", -1)
        told, carried = _told(commune, VAY, HERE)
        assert told == number
        assert {code: count for code, count in carried.items() if count} == gears
    # One record less in the same minute: what was no more than twice the cap is counted anew.
    page = registries.list_records(registry=KEY, query=ListQuery(), actor=department)
    row = next(one for one in page.rows if one.cells[0].text == known["vay"])
    registries.amend(registry=KEY, id=row.id, values={"gear": "cau"}, revision=1, actor=department)
    assert _told(commune, VAY, HERE)[0] == 4


@pytest.mark.usefixtures("fleet")
def test_kt_e5_a_commune_finds_a_rare_word_beside_one_that_every_record_has(
    commune: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    each = ((0.5, "00003"), (2_000_000.0, "hai"))
    ways = (
        search.Road(window=0, many=False, common=("hai",)),
        search.Road(window=0, many=True, read=10, share=0.5, each=each, held=10_000_000.0),
        search.Road(window=7, many=False, read=0, share=0.1, each=each, held=10_000_000.0),
    )
    for way in ways:
        monkeypatch.setattr(search, "_road", lambda *_, way=way: way)
        with one_moment():
            query = ListQuery(words="hai 00003", columns=("number",))
            page = registries.list_records(registry=KEY, query=query, actor=commune, count=True)
            found = registries.facets(registry=KEY, query=query, actor=commune)
        assert [row.cells[0].text for row in page.rows] == ["BĐ-00003-TS"]
        assert page.count == 1
        gears = next(one.choices for one in found if one.path == "gear")
        assert {one.code: one.count for one in gears if one.count} == {"vay": 1}


def test_words_are_fetched_for_a_reader_of_few_records_where_that_reads_less() -> None:
    common = search.Road(window=1000, many=True, read=1_660_000, share=0.055)
    medium = search.Road(window=60_000, many=True, read=50_000, share=0.005)
    assert not common.sooner_fetched(74_000, 51)
    assert medium.sooner_fetched(74_000, 51)
    assert not medium.sooner_fetched(1000, 51)
    assert not search.Road(window=100, many=False).sooner_fetched(74_000, 51)


def test_of_few_records_a_rare_word_is_looked_up_and_the_others_are_read_in_what_it_finds() -> None:
    each = ((100_000.0, "dang"), (1_660_000.0, "duc"), (3_300_000.0, "van"))
    province = search.Road(window=0, many=False, read=3_300_000, each=each, held=10_000_000.0)
    assert province.among(0) == province
    assert province.among(search.LOOKED_THROUGH + 1) == province
    commune = province.among(74_000)
    assert (commune.read, commune.common, commune.whole) == (100_000, ("duc", "van"), True)
    assert commune.left == pytest.approx(0.01)
    assert commune.fetches
    assert commune.sooner_fetched(74_000, 51)
    found, setting = commune.counted("r", "Đặng Đức Văn", rows=74_000, wanted=51)
    assert found.text == (
        '"r"."row_words" @@ %s::tsquery and ("r"."row_words" @@ %s::tsquery) is true'
    )
    assert found.given == ("'dang':*", "'duc':* & 'van':*")
    assert setting == search.FETCHING


def test_of_few_records_all_are_looked_through_where_every_word_is_common() -> None:
    each = ((830_000.0, "dang"), (1_660_000.0, "duc"), (1_250_000.0, "nam"))
    commune = search.Road(window=0, many=False, each=each, held=10_000_000.0).among(74_000)
    assert commune.walks
    assert not commune.fetches
    assert not commune.sooner_fetched(74_000, 51)
    found, setting = commune.counted("r", "Đặng Đức Nam", rows=74_000, wanted=51)
    assert found.text == '("r"."row_words" @@ %s::tsquery) is true'
    assert (found.given, setting) == (("'dang':* & 'duc':* & 'nam':*",), search.FETCHING)
    rarer = search.Road(window=0, many=False, each=((4.0, "au"), (9.0, "hai")), held=1_000_000.0)
    assert (rarer.among(74_000).common, rarer.among(500).common) == (("hai",), ("hai",))
    assert rarer.among(100_000).sooner_fetched(100_000, 51)
