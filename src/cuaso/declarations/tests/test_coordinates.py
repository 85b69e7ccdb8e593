"""People type where a thing lies; what they mean is found, or it is said what cannot be."""

import contextlib
import json
import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuaso.declarations.fields import Context, Field, Wrong, type_of

TODAY = Context(today=date(2026, 11, 26))
PLOT = "13,776; 109,223\n13,776; 109,224\n13,775; 109,224\n13,775; 109,223"


def field(**keys: object) -> Field:
    return Field.model_validate({"title": "Ô", **keys})


def read(one: Field, text: str) -> Any:
    return type_of(one).parse(one, text, TODAY)


def typed(text: str, **keys: object) -> Any:
    return read(field(**keys), text)


def wrong(text: str, **keys: object) -> str:
    with pytest.raises(Wrong) as caught:
        typed(text, **keys)
    return caught.value.say


def check_survival(one: Field, value: Any) -> None:
    kind = type_of(one)
    assert read(one, kind.edit(one, value)) == value
    assert kind.load(json.loads(json.dumps(kind.store(value)))) == value


@pytest.mark.parametrize(
    "text",
    [
        "13,776; 109,223",
        "13.776, 109.223",
        "13.776,109.223",
        "13,776 109,223",
        "13,776\n109,223",
        "13,776 B; 109,223 Đ",
        "13°46'33,6\"B 109°13'22,8\"Đ",
        "13°46'33.6\"N, 109°13'22.8\"E",
        "109°13'22,8\"Đ; 13°46'33,6\"B",
        "13 độ 46 phút 33,6 giây; 109 độ 13 phút 22,8 giây",
        "POINT(109.223 13.776)",
        "13.776 109.223 12.4 4.5",
        "13.776 109.223 0 0",
        '{"type": "Point", "coordinates": [109.223, 13.776]}',
    ],
)
def test_a_citizen_writes_degrees_in_many_ways_and_means_one_place(text):
    found = typed(text, type="point")
    assert found.shape.geojson == {"type": "Point", "coordinates": [109.223, 13.776]}
    assert found.zone == ""


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("VN-2000 108°15': 1523703,603; 605049,761", ""),
        ("1523703.603; 605049.761", "108-15"),
        ("1.523.703,603; 605.049,761 (kinh tuyến trục 108°15')", "108-30"),
        ("X=1523703,603 Y=605049,761 KTT 108-15", ""),
        ("Y=605049,761, X=1523703,603 KTT 108-15", ""),
        ("VN2000 múi 3 độ 108°15' M1 1523703,603 605049,761", ""),
    ],
)
def test_an_officer_copies_x_and_y_from_a_land_certificate(text, zone):
    one = field(type="point", **({"zone": zone} if zone else {}))
    found = read(one, text)
    assert found.shape.geojson == {"type": "Point", "coordinates": [109.2233, 13.7757]}
    assert found.zone == "108-15"
    # The text alone gives the place again, whatever zone the field will declare later.
    assert typed(found.text, type="point") == found


@pytest.mark.parametrize(
    ("text", "keys", "say"),
    [
        (
            "109,223; 13,776",
            {},
            "Ô đang ghi kinh độ trước vĩ độ. Hãy đổi lại thứ tự: 13,776; 109,223.",
        ),
        (
            "605049,761; 1523703,603",
            {"zone": "108-15"},
            "Ô đang ghi Y (hướng đông) trước X (hướng bắc). Hãy đổi lại thứ tự: X; Y.",
        ),
        (
            "1523703,603; 605049,761",
            {},
            (
                "Ô là tọa độ VN-2000 mà chưa có kinh tuyến trục. Hãy ghi thêm, ví dụ"
                " VN-2000 108°15': 1523703,603; 605049,761."
            ),
        ),
        (
            "VN-2000 108°17': 1523703; 605049",
            {},
            (
                "Ô: kinh tuyến trục “108°17'” không có trong hệ VN-2000. Hãy xem lại trên bản đồ"
                " hoặc giấy tờ."
            ),
        ),
        (
            "1523703; 805049",
            {"zone": "108-15"},
            (
                "Ô: Y = 805049 nằm ngoài múi chiếu của kinh tuyến trục 108°15'. Hãy xem lại Y và"
                " kinh tuyến trục."
            ),
        ),
        (
            "48,8; 2,35",
            {},
            (
                "Ô: điểm 48,8; 2,35 nằm ngoài lãnh thổ Việt Nam. Hãy xem lại tọa độ và kinh tuyến"
                " trục."
            ),
        ),
        ("Quy Nhơn", {}, "Ô: “Nhơn” không phải tọa độ, ví dụ 13,776; 109,223."),
        ("VN-2000 108°15'", {}, "Ô chưa có tọa độ nào. Hãy ghi, ví dụ 13,776; 109,223."),
        ("13,776", {}, "Ô: “13,776” không phải một cặp tọa độ, ví dụ 13,776; 109,223."),
        ("13,776; 109,223; abc", {}, "Ô: “abc” không phải tọa độ, ví dụ 13,776; 109,223."),
        ("13°66'33\" 109°13'", {}, "Ô: “13°66'33\"” có phút hoặc giây từ 60 trở lên."),
        ("{", {}, "Ô: GeoJSON không đọc được. Hãy vẽ lại hoặc gõ tọa độ."),
        ("LINESTRING(109 13,110 14)", {}, "Ô phải là một điểm, đang là một đường."),
        (
            "13,7; 109,2\n13,8; 109,3",
            {},
            "Ô: Một điểm có đúng một cặp tọa độ. Hãy bớt các cặp còn lại.",
        ),
        (
            "13,7; 109,2",
            {"type": "line"},
            "Ô: Một đường cần ít nhất hai điểm khác nhau. Hãy ghi thêm điểm.",
        ),
        (
            "13,7; 109,2\n1523703; 605049",
            {"type": "line", "zone": "108-15"},
            "Ô: hãy ghi mọi điểm theo cùng một hệ tọa độ.",
        ),
        (
            "13,776; 109,223\n13,775; 109,224\n13,775; 109,223\n13,776; 109,224",
            {"type": "polygon"},
            (
                "Ô có cạnh tự cắt gần điểm 13,7755; 109,2235. Hãy ghi các điểm góc theo thứ tự đi"
                " quanh vùng."
            ),
        ),
    ],
)
def test_a_place_that_cannot_be_is_said_in_a_full_sentence(text, keys, say):
    assert wrong(text, **({"type": "point"} | keys)) == say


def test_an_officer_pastes_the_table_of_vertices_with_numbers_and_sides():
    table = (
        "1\t1523705.00\t605051.00\t100\n2\t1523805.00\t605051.00\t100\n3\t1523805.00\t605151.00\t"
    )
    found = typed(table, type="polygon", zone="108-15")
    assert len(found.shape.positions) == 4
    assert found.area == pytest.approx(Decimal(5000), abs=Decimal(3))
    shown = type_of(field(type="polygon")).show(field(type="polygon"), found, TODAY)
    assert shown == "3 điểm góc, diện tích 4.999,6 m², chu vi 341,4 m"


def test_an_empty_line_begins_a_hole():
    hole = "13,7758; 109,2232\n13,7758; 109,2234\n13,7756; 109,2234"
    assert len(typed(f"{PLOT}\n\n\n{hole}", type="polygon").shape.rings) == 2


def test_sizes_are_said_in_units_that_people_use():
    line = typed("13,7; 109,2\n13,8; 109,3", type="line")
    one = field(type="line")
    assert type_of(one).show(one, line, TODAY) == "2 điểm, dài 15,47 km"
    plot = field(type="polygon")
    english = Context(today=TODAY.today, language="en")
    value = typed(PLOT, type="polygon")
    assert type_of(plot).show(plot, value, english) == "4 vertices, area 1,20 ha, around 437,6 m"


degrees = st.tuples(st.decimals("8.5", "23", places=7), st.decimals("102.5", "114", places=7))


@settings(max_examples=60, deadline=None)
@given(both=degrees)
def test_any_place_typed_in_degrees_survives_editing_and_storing(both):
    one = field(type="point")
    value = read(one, "; ".join(str(part).replace(".", ",") for part in both))
    check_survival(one, value)
    assert read(one, json.dumps(value.shape.geojson)).shape == value.shape


@settings(max_examples=60, deadline=None)
@given(
    north=st.decimals(1_500_000, 1_650_000, places=3),
    east=st.decimals(480_000, 620_000, places=3),
    zone=st.sampled_from(["", "108-15", "108-30"]),
)
def test_any_place_typed_in_metres_survives_editing_and_storing(north, east, zone):
    one = field(type="point", **({"zone": zone} if zone else {}))
    said = "" if zone else "KTT 108-15 "
    value = read(one, f"{said}{north}; {east}")
    assert value.zone == (zone or "108-15")
    check_survival(one, value)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), name=st.sampled_from(["point", "line", "polygon"]))
def test_invented_places_are_read_and_survive(seed, name):
    one = field(type=name)
    check_survival(one, read(one, str(type_of(one).sample(one, random.Random(seed), TODAY))))


@settings(max_examples=40, deadline=None)
@given(text=st.text(alphabet="0123456789.,;°'\"NEBĐ -XY:=\n", max_size=40))
def test_whatever_is_typed_into_a_place_is_read_or_refused_in_words(text):
    one = field(type="polygon", zone="108-15")
    with contextlib.suppress(Wrong):
        check_survival(one, read(one, text or "x"))
