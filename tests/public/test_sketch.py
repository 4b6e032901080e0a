"""The sketch on the first page: inside its frame, larger where there are more, and nothing where nothing is."""

import pytest

from heritage.catalogue.publish import publish
from heritage.public.sketch import HEIGHT, LARGEST, SMALLEST, WIDTH, mercator, sketch
from tests.registry.make import make_location, make_monument, make_name, make_publishable_monument

pytestmark = pytest.mark.django_db


def place_at(latitude, longitude, number):
    for _ in range(number):
        monument = make_publishable_monument()
        monument.locations.all().delete()
        make_location(monument, latitude=latitude, longitude=longitude)
        yield monument


def test_dots_lie_within_the_frame_the_larger_first(client):
    publish([*place_at("39.700000", "46.700000", 3), *place_at("41.000000", "45.000000", 1)])

    many, one = sketch()

    assert (many.radius, one.radius) == (LARGEST, SMALLEST)
    assert many.x > one.x
    assert many.y > one.y
    assert all(0 < dot.x < WIDTH and 0 < dot.y < HEIGHT for dot in (many, one))


def test_one_place_is_one_dot_in_the_middle(client):
    publish(place_at("39.700000", "46.700000", 1))

    [dot] = sketch()

    assert (dot.x, dot.y, dot.radius) == (WIDTH / 2, HEIGHT / 2, SMALLEST)


def test_without_positions_there_is_no_drawing(client):
    hidden = make_monument("Somewhere")
    make_name(hidden)

    assert sketch() == []
    assert "<circle" not in client.get("/").content.decode()


def test_the_equator_is_drawn_at_nought():
    assert mercator(0) == 0
    assert mercator(60) == pytest.approx(75.456, abs=0.001)
