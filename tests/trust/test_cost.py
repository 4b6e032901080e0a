"""No answer takes the database longer than it may: it is stopped, and its reader is told what to narrow."""

import pytest
from django.db import connection

from heritage.catalogue.engines import Engine
from heritage.catalogue.publish import publish
from heritage.public import cost, subjects
from heritage.public.cost import TooCostly, bounded
from tests.public.shelves import shelve_varied
from tests.registry.make import make_citation, make_publishable_place, make_source, make_status, make_user

pytestmark = pytest.mark.django_db
outside_transactions = pytest.mark.django_db(transaction=True)  # PostgreSQL gives a transaction up with its statement
ONE = {"sqlite": "SELECT 1", "postgresql": "SELECT 1"}

ENDLESS = {
    "sqlite": "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT COUNT(*) FROM n",
    "postgresql": "SELECT COUNT(*) FROM generate_series(1, 100000000) a CROSS JOIN generate_series(1, 1000) b",
}
SHORT = {
    "sqlite": "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000) SELECT COUNT(*) FROM n",
    "postgresql": "SELECT pg_sleep(0.05)",
}


def run(statement):
    Engine(connection).rows(statement[connection.vendor])


def run_over_and_over(statement):
    for _ in range(1_000_000):
        run(statement)


def fail_after(statement):
    run(statement)
    raise LookupError


@pytest.fixture
def no_time(monkeypatch):
    monkeypatch.setattr(cost, "SECONDS", -1)


@pytest.fixture
def little_time(monkeypatch):
    monkeypatch.setattr(cost, "SECONDS", 0.02)


@outside_transactions
def test_a_statement_without_end_is_stopped(little_time):
    with pytest.raises(TooCostly), bounded():
        run(ENDLESS)


def test_many_short_statements_are_stopped_too(little_time):
    with pytest.raises(TooCostly), bounded():
        run_over_and_over(ONE)


@outside_transactions
def test_the_desk_and_commands_have_their_time_afterwards(little_time):
    with pytest.raises(TooCostly), bounded():
        run(ENDLESS)
    with pytest.raises(LookupError), bounded():
        fail_after(ONE)

    run(SHORT)
    assert connection.execute_wrappers == []


def test_what_takes_less_is_answered():
    with bounded():
        run(SHORT)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/monuments/?q=ruin",
        "/map/?q=ruin",
        "/timeline/?q=ruin",
        "/places/",
        "/sources/",
        "/figures/",
        "/changes/",
        "/suggest/?q=ru",
    ],
)
def test_a_page_that_takes_too_long_says_so(client, no_time, address):
    answer = client.get(address)

    assert (answer.status_code, answer.headers["Retry-After"], answer.headers["Cache-Control"]) == (
        503,
        "15",
        "no-store",
    )
    assert "This question takes the register too long to answer." in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    ["/monuments.json", "/map/cells.json?zoom=3&", "/timeline.json", "/monuments.csv", "/monuments.geojson"],
)
def test_programs_are_told_which_parameters_to_narrow(client, no_time, address):
    answer = client.get(f"{address}{'' if '?' in address else '?'}q=ruin&on=2020-01-01")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "15")
    assert answer.json() == {
        "error": {
            "status": 503,
            "message": "This question takes the register too long to answer. Narrow it and ask again.",
            "fields": {
                "q": ["Use rarer words, or more letters of them."],
                "on": ["Leave the day out to ask about the register of today."],
            },
        }
    }


def test_a_stopped_answer_is_made_anew_when_there_is_time(client, monkeypatch):
    shelve_varied()
    monkeypatch.setattr(cost, "SECONDS", -1)
    assert client.get("/monuments.json?kind=site").status_code == 503
    monkeypatch.undo()

    assert client.get("/monuments.json?kind=site").json()["total"] == {"value": 1, "exact": True}


def test_the_desk_is_not_bounded(client, no_time):
    client.force_login(make_user("contributor"))

    assert client.get("/admin/registry/monument/").status_code == 200


@pytest.mark.parametrize("name", ["kind", "place", "source", "type", "q", "on", "nonsense", "after"])
def test_a_parameter_said_hundreds_of_times_costs_little(client, django_assert_max_num_queries, name):
    for number in (100, 101, 990):
        with django_assert_max_num_queries(12):
            answer = client.get("/monuments.json?" + "&".join(f"{name}=x{value:03}" for value in range(number)))

        assert answer.status_code == 400
        assert len(answer.content) < 20_000


def test_a_source_of_very_many_places_shows_some_of_them_and_says_so(client, monkeypatch):
    source = make_source("The one gazetteer")
    places = [make_publishable_place(f"Village {number:03}") for number in range(4)]
    for place in places:
        make_citation(make_status(place), source)
    publish(places)
    monkeypatch.setattr(subjects, "CITING", 3)

    page = client.get(f"/sources/{source.ref}/").content.decode()

    assert [place.label in page for place in places] == [True, True, True, False]
    assert "More places rest on it than are shown here." in page
