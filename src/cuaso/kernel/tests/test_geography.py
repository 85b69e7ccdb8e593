"""A surveyor's X and Y become degrees and come back; shapes are read, refused, measured."""

import json

import pytest
from shapely import MultiPoint, Point, unary_union

from cuaso.kernel.errors import Invalid
from cuaso.kernel.geography import lines, shapes, vn2000

PLOT = (
    (109.223, 13.775),
    (109.224, 13.775),
    (109.224, 13.776),
    (109.223, 13.776),
)


def apart(one: shapes.Position, other: shapes.Position) -> float:
    """Degrees between two positions, the larger of both ways."""
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]))


# Worked out apart from PROJ: Krüger's series (EPSG 9807), then the seven parameters of “VN-2000 to
# WGS 84 (2)” as a coordinate frame rotation (EPSG 9607).
@pytest.mark.parametrize(
    ("zone", "north", "east", "longitude", "latitude"),
    [
        ("108-15", 1523703.603, 605049.761, 109.22330000434441, 13.775699996701242),
        ("108-00", 1523834.276, 632100.0, 109.22343105424814, 13.775766611172642),
        ("108-30", 1545000.0, 420000.0, 107.76133755087355, 13.969006361585249),
        ("49N", 1523703.0, 205049.0, 108.27417980058017, 13.766636290577695),
    ],
)
def test_a_surveyor_finds_the_degrees_of_an_x_and_a_y(zone, north, east, longitude, latitude):
    found = vn2000.to_wgs84(north=north, east=east, zone=vn2000.ZONES[zone])
    assert apart(found, (longitude, latitude)) < 1e-9


@pytest.mark.parametrize("name", sorted(vn2000.ZONES))
def test_degrees_come_back_from_every_zone_to_the_millimetre(name):
    zone = vn2000.ZONES[name]
    longitude = zone.minutes / 60 + 0.4
    north, east = vn2000.to_vn2000(longitude=longitude, latitude=13.5, zone=zone)
    again = vn2000.to_wgs84(north=north, east=east, zone=zone)
    assert apart(again, (longitude, 13.5)) < 1e-8
    assert vn2000.reaches(zone, east=east)


def test_the_two_datums_lie_some_two_hundred_metres_apart():
    """Without the seven parameters a boundary would move over two houses."""
    zone = vn2000.ZONES["108-15"]
    there = vn2000.to_wgs84(north=1523703.603, east=605049.761, zone=zone)
    unshifted = (109.22150199606085, 13.77673386789591)
    gap = shapes.make("LineString", [[there, unshifted]])
    assert shapes.length(gap) == pytest.approx(225.583, abs=0.01)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("108-15", "108-15"),
        ("108°15'", "108-15"),
        ("108° 15′ 00″", "108-15"),
        ("108,25", "108-15"),
        ("108.5", "108-30"),
        ("105°", "105-00"),
        ("49n", "49N"),
    ],
)
def test_a_central_meridian_is_read_as_papers_print_it(text, name):
    found = vn2000.find_zone(text)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("text", ["108°17'", "109-00", "", "quy nhơn", "50N"])
def test_a_meridian_that_vn2000_does_not_have_is_not_found(text):
    assert vn2000.find_zone(text) is None


def test_a_zone_says_its_name_in_words():
    assert vn2000.ZONES["108-15"].label == "VN-2000, kinh tuyến trục 108°15', múi 3 độ"
    assert vn2000.ZONES["49N"].label == "VN-2000, kinh tuyến trục 111°00', múi 6 độ"


def test_a_plot_is_measured_on_the_ellipsoid():
    plot = shapes.make("Polygon", [PLOT])
    assert shapes.area(plot) == pytest.approx(11964.1, abs=0.1)
    assert shapes.length(plot) == pytest.approx(437.6, abs=0.1)
    assert plot.bounds == (109.223, 13.775, 109.224, 13.776)
    assert plot.centre == (109.2235, 13.7755)


def test_a_hole_is_taken_out_of_the_area():
    middle = [(109.2234, 13.7754), (109.2236, 13.7754), (109.2236, 13.7756), (109.2234, 13.7756)]
    whole, holed = shapes.make("Polygon", [PLOT]), shapes.make("Polygon", [PLOT, middle])
    assert shapes.area(whole) - shapes.area(holed) == pytest.approx(478.5, abs=0.5)
    assert shapes.fault(holed) == ("", None)


def test_a_polygon_that_crosses_itself_says_where():
    bow = shapes.make("Polygon", [[PLOT[0], PLOT[2], PLOT[1], PLOT[3]]])
    what, at = shapes.fault(bow)
    assert what == "có cạnh tự cắt"
    assert at is not None
    assert apart(at, (109.2235, 13.7755)) < 1e-6


def test_an_open_ring_is_closed_and_geojson_gives_the_shape_again():
    plot = shapes.make("Polygon", [PLOT])
    assert plot.rings[0][0] == plot.rings[0][-1]
    assert shapes.from_geojson(json.loads(json.dumps(plot.geojson))) == plot
    feature = {"type": "Feature", "properties": {}, "geometry": plot.geojson}
    assert shapes.from_geojson(feature) == plot


def test_well_known_text_is_read_with_longitude_first():
    assert shapes.from_wkt("POINT (109.223 13.776)") == shapes.make("Point", [[(109.223, 13.776)]])
    line = shapes.from_wkt("SRID=4326;linestring(109.2 13.7, 109.3 13.8)")
    assert line == shapes.make("LineString", [[(109.2, 13.7), (109.3, 13.8)]])
    assert shapes.from_wkt("13,776; 109,223") is None


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"type": "MultiPoint", "coordinates": []}, "không phải một điểm, một đường"),
        ({"type": "Point"}, "không phải một điểm, một đường"),
        ({"type": "Feature", "geometry": None}, "không phải một điểm, một đường"),
        ({"type": "Point", "coordinates": [109.2]}, "không đọc được"),
        ({"type": "Point", "coordinates": [109.2, "13.7"]}, "không đọc được"),
        ({"type": "Point", "coordinates": [109.2, float("nan")]}, "không đọc được"),
        ({"type": "LineString", "coordinates": [[109.2, 13.7]]}, "ít nhất hai điểm"),
        ({"type": "Polygon", "coordinates": [[[109, 13], [109, 14], [109, 13]]]}, "ít nhất ba"),
        ({"type": "Polygon", "coordinates": []}, "Chưa có điểm nào"),
    ],
)
def test_a_geometry_that_is_none_is_refused_in_words(given, what):
    with pytest.raises(Invalid) as caught:
        shapes.from_geojson(given)
    assert caught.value.code == "geography.shape"
    assert what in caught.value.what
    assert caught.value.mend != ""


def test_a_long_line_is_simplified_within_the_tolerance():
    crooked = [(109 + step / 1000, 13 + (step % 2) / 100_000) for step in range(101)]
    line = shapes.make("LineString", [crooked])
    assert len(shapes.simplified(line, tolerance=0.0001).positions) == 2


ROAD = shapes.make("LineString", [[(109.0, 13.8), (109.1, 13.8), (109.1, 13.9)]])


def test_a_share_of_a_line_is_a_point_on_it_by_length_and_not_by_vertices():
    whole = shapes.length(ROAD)
    first = shapes.length(shapes.make("LineString", [[(109.0, 13.8), (109.1, 13.8)]]))
    bend = lines.along(ROAD, first / whole, first / whole)
    assert apart(bend.rings[0][0], (109.1, 13.8)) < 1e-7
    half = lines.along(ROAD, first / whole / 2, first / whole / 2)
    assert (half.kind, apart(half.rings[0][0], (109.05, 13.8)) < 1e-7) == ("Point", True)
    assert lines.along(ROAD, 0, 0).rings[0] == ((109.0, 13.8),)
    assert lines.along(ROAD, 1, 1).rings[0] == ((109.1, 13.9),)


def test_a_piece_of_a_line_keeps_its_bends_and_stays_within_its_ends():
    assert lines.along(ROAD, -1, 2) == ROAD
    piece = lines.along(ROAD, 0.9, 0.25)
    assert piece.rings[0][1] == (109.1, 13.8)
    assert shapes.length(piece) == pytest.approx(shapes.length(ROAD) * 0.65, rel=1e-6)


def test_what_lies_nearest_to_each_point_covers_the_hull_once() -> None:
    points = {"a": (108.0, 13.0), "b": (108.2, 13.0), "c": (108.1, 13.3)}
    cells = shapes.nearest_to(points, beyond=0.05)
    assert sorted(cells) == ["a", "b", "c"]
    drawn = {code: shapes.as_geometry(cell) for code, cell in cells.items()}
    assert all(drawn[code].contains(Point(at)) for code, at in points.items())
    whole = MultiPoint(list(points.values())).convex_hull.buffer(0.05)
    assert sum(one.area for one in drawn.values()) == pytest.approx(whole.area, rel=1e-6)
    assert unary_union(list(drawn.values())).area == pytest.approx(whole.area, rel=1e-6)
    assert all(shapes.fault(cell) == ("", None) for cell in cells.values())
    assert shapes.nearest_to({"a": (108.0, 13.0)}, beyond=0.05) == {}
