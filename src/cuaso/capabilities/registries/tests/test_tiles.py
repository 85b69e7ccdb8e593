"""A reader pans a map of many places: each square holds what the reader may see, and no more."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from cuaso.capabilities.geo import api as geo
from cuaso.capabilities.geo.contracts import Square
from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Filter, ListQuery
from cuaso.capabilities.registries.logic.seeing import lists, pictures, tiles
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.tests.conftest import INSTALLER, official
from cuaso.declarations.packs import Pack
from cuaso.declarations.registries import Registry
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotFound, Unavailable

pytestmark = pytest.mark.django_db
KEY = "harbour/mooring"
MOORING = {
    "title": "Điểm neo đậu",
    "item": "Điểm neo",
    "owner": "so-nong-nghiep-va-moi-truong-gia-lai",
    "legal": [{"source": "Luật Thủy sản 18/2017/QH14", "from": "2019-01-01", "unverified": True}],
    "key": ["number"],
    "name": "{number} – {phone}",
    "place": "commune",
    "fields": {
        "number": {"title": "Số", "type": "code", "pattern": r"N\d{2}", "pattern_say": "N01."},
        "phone": {"title": "Điện thoại", "type": "phone"},
        "gear": {"title": "Nghề", "codes": "gear", "required": False},
        "commune": {"title": "Xã", "type": "place", "level": "commune"},
        "at": {"title": "Vị trí", "type": "point", "required": False},
        "water": {"title": "Vùng nước", "type": "polygon", "required": False},
    },
    "masks": {"phone": {"show": "last_4", "roles": ["leader"]}},
    "lists": {"default": {"columns": ["number"], "sort": ["number"]}},
    "maps": {
        "points": {"title": "Bản đồ điểm neo", "at": "at", "colour": "gear"},
        "waters": {"title": "Bản đồ vùng nước", "at": "water"},
        "communes": {"title": "Theo xã", "at": "commune"},
    },
}
# Number, commune, latitude, longitude: two beside each other, one further, one far away.
PLACES = (
    ("N01", "21583", "13,7701", "109,2301"),
    ("N02", "21583", "13,7702", "109,2302"),
    ("N03", "21952", "13,9500", "109,1000"),
    ("N04", "21952", "20,8600", "106,6800"),
)
HOME = (109.23, 13.77)


@pytest.fixture
def moorings(harbour: Pack, department: Actor) -> None:
    declared = Registry.load(MOORING)
    registries.install("harbour", {**harbour.registries, "mooring": declared}, actor=INSTALLER)
    for number, commune, latitude, longitude in PLACES:
        values = {"number": number, "commune": commune, "at": f"{latitude}; {longitude}"}
        values |= {"phone": "0900001234", "gear": "vay" if number == "N01" else "cau"}
        registries.add(registry=KEY, values=values, actor=department)


@pytest.fixture
def postgis(db: None) -> None:
    del db
    with connection.cursor() as cursor:
        cursor.execute("create extension if not exists postgis")


def square_at(zoom: int, place: tuple[float, float]) -> Square:
    """Return the square that shows a place."""
    side = 2**zoom
    for row in range(side):
        one = geo.square(zoom, int((place[0] + 180) / 360 * side), row)
        _west, south, _east, north = geo.frame_of(one)
        margin = (north - south) / 18
        if south + margin <= place[1] <= north - margin:
            return one
    raise AssertionError(place)


def drawn(actor: Actor, zoom: int, place: Any = HOME, name: str = "points", **asked: Any) -> Any:
    """Return the properties of each mark of a square, by the number of its record."""
    square = square_at(zoom, place)
    content = registries.tile_of(
        registry=KEY, name=name, square=square, query=ListQuery(**asked), actor=actor
    )
    return {str(one["title"])[:3]: one for one in marks_of(content)}


def marks_of(content: bytes) -> list[dict[str, Any]]:
    """Read the marks of the one layer of a tile (Mapbox Vector Tile specification 2.1)."""
    found: list[dict[str, Any]] = []
    for number, layer in fields(content):
        assert number == 3
        parts = list(fields(layer))
        assert [one.decode() for number, one in parts if number == 1] == [tiles.LAYER]
        keys = [one.decode() for number, one in parts if number == 3]
        values = [value_of(one) for number, one in parts if number == 4]
        for feature in (one for number, one in parts if number == 2):
            packed = next(one for number, one in fields(feature) if number == 2)
            tags = list(numbers(packed))
            found.append({keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)})
    return found


def value_of(content: bytes) -> Any:
    ((number, value),) = fields(content)
    return value.decode() if number == 1 else value >> 1 if number == 6 else value


def fields(content: bytes) -> Iterator[tuple[int, Any]]:
    """Read a message of protocol buffers: field numbers with bytes or whole numbers."""
    at = 0
    while at < len(content):
        tag, at = number_at(content, at)
        value, at = number_at(content, at)
        if tag & 7 != 2:
            yield tag >> 3, value
            continue
        yield tag >> 3, content[at : at + value]
        at += value


def numbers(content: bytes) -> Iterator[int]:
    at = 0
    while at < len(content):
        value, at = number_at(content, at)
        yield value


def number_at(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


@pytest.mark.usefixtures("moorings", "postgis")
def test_kt_e5_readers_of_two_communes_find_in_a_square_what_their_lists_show(
    commune: Actor, other_commune: Actor, department: Actor
) -> None:
    assert set(drawn(commune, 16)) == {"N01", "N02"}
    assert set(drawn(other_commune, 16)) == set()
    assert set(drawn(other_commune, 8)) == {"N03"}
    assert set(drawn(other_commune, 0)) == {"N03", "N04"}
    assert set(drawn(department, 8)) == {"N01", "N03"}
    only = Filter(path="gear", how="is", values=("cau",))
    assert set(drawn(department, 16, filters=(only,))) == {"N02"}
    assert set(drawn(department, 16, (106.68, 20.86))) == {"N04"}
    assert set(drawn(department, 16, (105.0, 10.0))) == set()


@pytest.mark.usefixtures("moorings", "postgis")
def test_kt_e5_neighbours_are_one_mark_from_afar_and_each_its_own_from_near(
    department: Actor,
) -> None:
    far, near = drawn(department, 8), drawn(department, 16)
    assert {number: one["near"] for number, one in far.items()} == {"N01": 1, "N03": 0}
    assert {number: one["near"] for number, one in near.items()} == {"N01": 0, "N02": 0}
    assert (near["N01"]["key"], near["N01"]["about"]) == ("vay", "Lưới vây")
    seen = registries.list_records(registry=KEY, query=ListQuery(), actor=department)
    assert near["N01"]["id"] == str(seen.rows[0].id)


@pytest.mark.usefixtures("moorings", "postgis")
def test_kt_e5_a_mark_names_no_number_that_its_reader_may_not_read(
    department: Actor, commune: Actor
) -> None:
    assert drawn(department, 16)["N01"]["title"] == "N01"
    assert drawn(commune, 16)["N01"]["title"] == "N01"
    leader = official("so-nong-nghiep-va-moi-truong-gia-lai", "leader")
    assert "001234" in str(drawn(leader, 16)["N01"]["title"]).replace(" ", "")


@pytest.mark.usefixtures("moorings", "postgis")
def test_kt_e5_waters_are_drawn_where_they_touch_a_square(department: Actor) -> None:
    first = registries.list_records(registry=KEY, query=ListQuery(), actor=department).rows[0]
    around = "13,76; 109,22\n13,76; 109,24\n13,78; 109,24\n13,78; 109,22"
    registries.amend(registry=KEY, id=first.id, values={"water": around}, actor=department)
    assert set(drawn(department, 12, name="waters")) == {"N01"}
    assert set(drawn(department, 12, (108.0, 13.0), name="waters")) == set()


@pytest.mark.usefixtures("moorings", "postgis")
def test_a_square_of_points_is_read_by_an_index(department: Actor) -> None:
    built = sets.built(KEY)
    frame = geo.frame_of(square_at(12, HOME))
    rows = lists.matching(built, ListQuery(), department)
    within = tiles._within(built.table, built.column("at"), frame)
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        text, given = rows.filter(within).order_by().query.sql_with_params()
        cursor.execute(f"explain {text}", given)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "r_harbour_mooring_at_" in plan


@pytest.mark.usefixtures("moorings", "postgis")
def test_a_reader_asks_for_a_square_that_is_none_or_a_map_that_is_not_in_tiles(
    department: Actor,
) -> None:
    for zoom, column, row in ((23, 0, 0), (1, 2, 0), (1, 0, -1)):
        with pytest.raises(Invalid) as refused:
            geo.square(zoom, column, row)
        assert refused.value.code == "geo.no_square"
    for name in ("communes", "none"):
        with pytest.raises(NotFound):
            drawn(department, 8, name=name)


@pytest.mark.usefixtures("moorings")
def test_kt_e5_a_map_works_without_tiles_where_the_house_has_no_postgis(
    department: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_ON_MAP", 2)
    with connection.cursor() as cursor:
        cursor.execute("drop extension if exists postgis cascade")
    with pytest.raises(Unavailable) as refused:
        drawn(department, 8)
    assert refused.value.code == "geo.no_postgis"
    plain = registries.map_of(registry=KEY, name="points", query=ListQuery(), actor=department)
    assert (len(plain.features), plain.partial, plain.in_tiles) == (2, True, False)
    with connection.cursor() as cursor:
        cursor.execute("create extension postgis")
    many = registries.map_of(registry=KEY, name="points", query=ListQuery(), actor=department)
    assert (many.partial, many.in_tiles) == (True, True)
    places = registries.map_of(registry=KEY, name="communes", query=ListQuery(), actor=department)
    assert not places.in_tiles
