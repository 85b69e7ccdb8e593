"""Programs and desks that draw a registry: as GeoJSON, and square by square."""

import pytest
from django.db import connection

from cuaso.capabilities.registries.logic.seeing import pictures
from tests.rest.conftest import Caller, signed_in
from tests.support.registers import entered, holder
from tests.support.vessels import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
DEPARTMENT = "so-xay-dung-gia-lai"
KEY = "construction/flood_spot"
SO, DESK = f"/so/{KEY}", f"/ban-lam-viec/so/{KEY}/"
TILE = "application/vnd.mapbox-vector-tile"
# The square of zoom 14 that shows 13,7701 north, 109,2301 east.
SQUARE = "14/13163/7559"


@pytest.fixture
def desk() -> Caller:
    return signed_in(holder(DEPARTMENT, "handler"))


@pytest.fixture
def spot(db) -> str:
    """Return the id of a place that floods, and have PostGIS in the house."""
    with connection.cursor() as cursor:
        cursor.execute("create extension if not exists postgis")
    made = entered(
        KEY, holder(DEPARTMENT, "handler"), commune="21583", position="13,7701; 109,2301"
    )
    return str(made.id)


def test_KT_e5_a_program_takes_a_map_as_geojson_of_today_and_of_a_past_day(desk, spot):
    maps = desk.get(f"{SO}/maps/spots").json()
    found = {one["id"]: one for one in maps["features"]}
    assert found[spot]["geometry"] == {"type": "Point", "coordinates": [109.2301, 13.7701]}
    assert maps["partial"] is False
    past = desk.get(f"{SO}/maps/spots", as_of="2026-10-06T12:00:00+07:00").json()
    assert spot not in {one["id"] for one in past["features"]}
    assert desk.get(f"{SO}/maps/none").status_code == 404


def test_KT_e5_a_program_takes_a_square_and_is_told_when_it_has_not_changed(desk, spot, mother):
    first = desk.get(f"{SO}/maps/spots/{SQUARE}")
    assert (first.status_code, first["Content-Type"]) == (200, TILE)
    assert spot.encode() in first.content
    assert first["Cache-Control"] == "private, max-age=60"
    assert "Cookie" in first["Vary"]
    same = desk.send("GET", f"{SO}/maps/spots/{SQUARE}", If_None_Match=first["ETag"])
    assert (same.status_code, same.content) == (304, b"")
    beside = desk.get(f"{SO}/maps/spots/14/13173/7559")
    assert spot.encode() not in beside.content
    assert desk.get(f"{SO}/maps/spots/2/9/9").status_code == 422
    assert mother.get(f"{SO}/maps/spots/{SQUARE}").status_code in (403, 404)


def test_KT_e5_an_officer_opens_a_map_of_many_places_and_it_is_drawn_in_squares(spot, monkeypatch):
    officer = browser_of(holder(DEPARTMENT, "handler"))
    few = officer.get(f"{DESK}ban-do/spots/")
    assert few.context["tiles"] == ""
    monkeypatch.setattr(pictures, "MOST_ON_MAP", 0)
    many = officer.get(f"{DESK}ban-do/spots/", {"loc": "commune:is:21583"})
    tiles = many.context["tiles"]
    assert tiles.startswith(f"{DESK}ban-do/spots/{{z}}/{{x}}/{{y}}.mvt?loc=")
    assert "phóng to để thấy từng bản ghi" in many.content.decode()
    z, x, y = SQUARE.split("/")
    square = officer.get(tiles.replace("{z}", z).replace("{x}", x).replace("{y}", y))
    assert (square.status_code, square["Content-Type"]) == (200, TILE)
    assert spot.encode() in square.content
    past = officer.get(f"{DESK}ban-do/spots/", {"luc": "06/10/2026"})
    assert past.context["tiles"] == ""
