"""Positions and geometries as suppliers write them."""

import pytest

from heritage.intake.cells import Unclear, number, percent, several
from heritage.intake.coordinates import degrees, pair, six
from heritage.intake.shapes import Shape, distance, from_text

SQUARE = "POLYGON ((45 40, 45.002 40, 45.002 40.002, 45 40.002, 45 40))"


@pytest.mark.parametrize(
    ("text", "which", "wanted"),
    [
        ("49.2956", "latitude", "49.295600"), ("49,2956", "latitude", "49.295600"), ("-71.597611", "longitude", "-71.597611"),
        ("N 49°17'44\"", "latitude", "49.295556"), ("E 24°8'32\"", "longitude", "24.142222"), ("12°30.5' W", "longitude", "-12.508333"),
        ("49° 17′ 44″ N", "latitude", "49.295556"), ("40 12 33 S", "latitude", "-40.209167"), ("٤٠٫٥", "latitude", "40.500000"),
        ("−33.5", "latitude", "-33.500000"), ("49-17-44 N", "latitude", "49.295556"), ("49:17:44", "latitude", "49.295556"),
        ("49º 17’ 44”", "latitude", "49.295556"), ("N 49.2956", "latitude", "49.295600"), ("24°8'32\"в.д.", "longitude", "24.142222"),
        ("24 8 32 з. д.", "longitude", "-24.142222"), ("24°8′32″ Ouest", "longitude", "-24.142222"), ("24 8 32 W", "longitude", "-24.142222"),
    ],
)  # fmt: skip
def test_degrees(text, which, wanted):
    assert f"{six(degrees(text, which)):f}" == wanted


def test_a_letter_that_is_east_to_some_and_west_to_others_is_not_guessed():
    with pytest.raises(Unclear) as refused:
        degrees("24º 8’ 32” O", "longitude")
    assert refused.value.reason == "“O” is said of both sides. It may be east (Ost) or west (ouest, oeste, ovest)."
    assert refused.value.mend == 'Say which in the mapping: position.sides = { "O" = "W" }.'

    said = [degrees("24º 8’ 32” O", "longitude", sides={"O": side}) for side in ("W", "E")]
    assert [f"{six(one):f}" for one in said] == ["-24.142222", "24.142222"]


@pytest.mark.parametrize(
    ("text", "which", "mend"),
    [
        ("4453210.2", "latitude", "metres of a projected system"),
        ("95.1", "latitude", "exchanged"),
        ("E 24°8'32\"", "latitude", "exchanged"),
        ("N 49°71'44\"", "latitude", "Check the degrees"),
        ("north", "latitude", "Write digits"),
    ],
)
def test_degrees_that_cannot_be(text, which, mend):
    with pytest.raises(Unclear) as refused:
        degrees(text, which)
    assert mend in refused.value.mend


@pytest.mark.parametrize(
    "text", ["(49.2956, 24.1422)", "49.2956/24.1422", "49.2956, 24.1422", "49.2956; 24.1422", "49.2956 24.1422"]
)
def test_two_numbers_in_one_cell(text):
    assert pair(text) == (49.2956, 24.1422)
    assert pair("24.1422, 49.2956", "longitude latitude") == (49.2956, 24.1422)
    assert pair("49,2956; 24,1422", comma=True) == (49.2956, 24.1422)


def test_wkt_ewkt_wkb_and_geojson_are_the_same_geometry():
    point = {"type": "Point", "coordinates": [45, 40]}
    wkb = "0101000020E610000000000000008046400000000000004440"

    texts = ["POINT (45 40)", "SRID=4326;POINT(45 40)", wkb, '{"type":"Point","coordinates":[45,40]}']

    assert [from_text(text) for text in texts] == [point, point, point | {"coordinates": [45.0, 40.0]}, point]


@pytest.mark.parametrize(
    "text", ["SRID=32638;POINT(500000 4400000)", "0101000020E676000000000000008046400000000000004440"]
)
def test_another_reference_system_is_refused_by_name(text):
    with pytest.raises(Unclear, match=r"EPSG:\d+, not in WGS 84"):
        from_text(text)


def test_several_geometries_are_one_shape():
    shape = Shape()
    shape.add(
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [45, 40]}, from_text(SQUARE)]}
    )
    shape.add(from_text(SQUARE))
    shape.add({"type": "MultiPolygon", "coordinates": [[[[1, 1], [2, 1], [2, 2], [1, 1]]]]})

    assert shape.points == [[45.0, 40.0]]
    assert shape.footprint().startswith('{"type":"MultiPolygon","coordinates":[[[[45.0,40.0]')


def test_the_middle_of_an_outline_and_how_far_it_reaches():
    shape = Shape()
    shape.add(from_text(SQUARE))

    longitude, latitude, radius = shape.middle()

    assert (round(longitude, 6), round(latitude, 6)) == (45.001, 40.001)
    assert radius == pytest.approx(distance(40.001, 45.001, 40.002, 45.002), abs=1)


@pytest.mark.parametrize("coordinates", [[500000, 4400000], [200, 10], ["a", 1], [1], None])
def test_a_geometry_that_is_not_in_degrees_is_refused(coordinates):
    with pytest.raises(Unclear):
        Shape().add({"type": "Point", "coordinates": coordinates})


def test_lists_numbers_and_shares():
    assert several("a (b, c), d, ", ", ") == ["a (b, c)", "d", ""]
    assert several("x¤y", "¤") == ["x", "y"]
    assert several('["a", "b"]', "JSON") == ["a", "b"]
    assert number("1 234,5", comma=True) == 1234.5
    assert [percent(text) for text in ("91-100%", ">90 %", "50%")] == [(91, 100), (90, 100), (50, 50)]
    with pytest.raises(Unclear, match="not the decimal sign"):
        number("1.2345", comma=True)


def test_empty_coordinates_of_geojson_are_no_geometry():
    shape = Shape()

    shape.add({"type": "Point", "coordinates": []})

    assert (shape.points, shape.extents) == ([], [])


def test_a_collection_in_wkt_is_refused_with_what_can_be_written_instead():
    with pytest.raises(Unclear, match=r"not taken in WKT. Write it as MULTIPOLYGON"):
        from_text("GEOMETRYCOLLECTION(POINT(24.2 49.1))")
