"""An officer turns papers into places, a map asks for what lies in its frame."""

from datetime import date

import pytest
from django.db import connection

from cuaso.capabilities.geo import api
from cuaso.capabilities.geo.contracts import Feature
from cuaso.capabilities.geo.logic.meridians import FILE
from cuaso.kernel.errors import Invalid, Unavailable
from cuaso.kernel.geography import shapes, vn2000

PLOT = {
    "type": "Polygon",
    "coordinates": [
        [[109.223, 13.775], [109.224, 13.775], [109.224, 13.776], [109.223, 13.776]],
    ],
}


def refused(code: str, act, *args, **keys) -> Invalid:
    with pytest.raises(Invalid) as caught:
        act(*args, **keys)
    assert caught.value.code == code
    assert caught.value.mend != ""
    return caught.value


def test_an_officer_turns_x_and_y_into_degrees_and_is_told_the_accuracy():
    found = api.to_wgs84(x=1523703.603, y=605049.761, meridian="108°15'")
    assert (round(found.longitude, 7), round(found.latitude, 7)) == (109.2233, 13.7757)
    assert found.accuracy_m == 1.0


def test_an_officer_turns_degrees_into_x_and_y():
    found = api.to_vn2000(longitude=109.2233, latitude=13.7757, meridian="108-15")
    assert (round(found.x, 2), round(found.y, 2)) == (1523703.60, 605049.76)
    assert found.meridian == "108-15"


def test_a_wrong_meridian_and_a_place_elsewhere_are_refused():
    refused("geo.no_meridian", api.to_wgs84, x=1523703.6, y=605049.7, meridian="108-17")
    refused("geo.out_of_zone", api.to_wgs84, x=1523703.6, y=905049.7, meridian="108-15")
    refused("geo.outside", api.to_wgs84, x=5523703.6, y=605049.7, meridian="108-15")
    refused("geo.outside", api.to_vn2000, longitude=2.35, latitude=48.8, meridian="108-15")


def test_the_merged_province_has_two_meridians_and_nobody_has_verified_them():
    before = api.meridians(province="52", on=date(2025, 6, 30))
    after = api.meridians(province="52", on=date(2025, 7, 1))
    assert [one.meridian for one in before] == ["108-15"]
    assert [one.meridian for one in after] == ["108-15", "108-30"]
    assert all(one.unverified for one in (*before, *after))
    assert api.meridians(province="99", on=date(2025, 7, 1)) == ()


def test_every_meridian_of_the_data_exists():
    named = {line.split(",")[1] for line in FILE.read_text(encoding="utf-8").splitlines()[1:]}
    assert {name for name in named if vn2000.find_zone(name) is None} == set()


def test_a_shape_from_outside_is_checked_and_measured():
    found = api.measure(api.check(PLOT))
    assert round(found.area_m2) == 11964
    assert round(found.length_m, 1) == 437.6
    assert found.bounds == (109.223, 13.775, 109.224, 13.776)


def test_a_shape_that_crosses_itself_or_lies_elsewhere_is_refused():
    a, b, c, d = PLOT["coordinates"][0]
    bow = {"type": "Polygon", "coordinates": [[a, c, b, d]]}
    assert "có cạnh tự cắt gần kinh độ 109.2235" in refused("geo.crossing", api.check, bow).what
    swapped = {"type": "Point", "coordinates": [13.776, 109.223]}
    assert "kinh độ trước vĩ độ" in refused("geo.outside", api.check, swapped).mend


def points(count: int) -> list[Feature]:
    return [
        Feature(
            id=str(number),
            shape=shapes.make("Point", [[(109 + number / 100, 13.5)]]),
            properties={"title": f"Điểm {number}"},
        )
        for number in range(count)
    ]


def test_a_map_is_given_what_lies_in_its_frame():
    drawing = api.draw(points(10), bbox=api.read_bbox("109.02,13,109.05,14"), zoom=10)
    features = drawing.geojson["features"]
    assert [one["id"] for one in features] == ["2", "3", "4", "5"]
    assert features[0]["properties"] == {"title": "Điểm 2"}
    assert not drawing.partial


def test_a_map_is_told_when_there_is_more_than_it_was_given():
    assert not api.draw(points(5), bbox=None, zoom=10, most=5).partial
    few = api.draw(points(5), bbox=None, zoom=10, most=4)
    assert few.partial
    assert few.geojson["partial"] is True
    assert len(few.geojson["features"]) == 4


def test_a_shape_is_drawn_no_finer_than_the_screen_shows():
    crooked = [(109 + step / 1000, 13 + (step % 2) / 100_000) for step in range(101)]
    one = [Feature(id="1", shape=shapes.make("LineString", [crooked]))]
    near = api.draw(one, bbox=None, zoom=18).geojson["features"][0]["geometry"]
    far = api.draw(one, bbox=None, zoom=8).geojson["features"][0]["geometry"]
    assert (len(near["coordinates"]), len(far["coordinates"])) == (101, 2)
    assert round(api.metres_of_a_pixel(0)) == 78272


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "a,b,c,d", "109,14,108,15", "0,0,0,nan", "0,0,999,1"]
)
def test_a_frame_that_cannot_be_read_is_refused(text):
    refused("geo.bbox", api.read_bbox, text)


@pytest.mark.django_db
def test_what_needs_postgis_says_so_where_it_is_missing():
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION IF EXISTS postgis CASCADE")
    assert not api.has_postgis()
    with pytest.raises(Unavailable) as caught:
        api.need_postgis()
    assert caught.value.code == "geo.no_postgis"
    assert "PostGIS" in caught.value.why


def test_a_square_of_the_web_map_shows_its_degrees_and_a_little_beyond():
    west, south, east, north = api.frame_of(api.square(0, 0, 0))
    assert (west, east) == (-180.0, 180.0)
    assert (round(south, 4), round(north, 4)) == (-85.0511, 85.0511)
    west, south, east, north = api.frame_of(api.square(8, 205, 118))
    assert (round(west, 4), round(east, 4)) == (108.1934, 109.7754)
    assert (round(south, 4), round(north, 4)) == (12.4688, 14.0087)
    for address in ((-1, 0, 0), (23, 0, 0), (3, 8, 0), (3, 0, -1)):
        refused("geo.no_square", api.square, *address)
