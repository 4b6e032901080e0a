"""Somebody changes a record at the very moment at which it is published: PostgreSQL lets two connections work at once."""

import threading
import time

import pytest
from django.db import connection, connections

from heritage import record as records
from heritage.catalogue import audit, ledger
from heritage.catalogue.models import Edition
from heritage.catalogue.publish import merge, publish, withdraw
from heritage.catalogue.takedown import take_down
from heritage.registry import lifecycle
from heritage.registry.models import Actor, Monument, Source, Status
from tests.registry.make import make_citation, make_publishable_monument, make_source, make_status, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def on_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL: SQLite has one writer at a time")


def edit(row, **fields):
    row = type(row).objects.get(pk=row.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    lifecycle.revise(row, None)


CHANGES = {
    "edit a claim": lambda: edit(Status.objects.get(summary="The dome fell."), summary="Another dome fell."),
    "hide a claim": lambda: edit(Status.objects.get(summary="The dome fell."), access_level="curators"),
    "hide the position": lambda: edit(Monument.objects.get(label="Chapel"), public_precision="withheld"),
    "restrict the record": lambda: edit(Monument.objects.get(label="Chapel"), access_level="curators"),
    "seal the source": lambda: edit(Source.objects.get(title="Survey"), access_level="sealed"),
    "rename the claimant": lambda: edit(Actor.objects.get(label="Caucasus Heritage Watch"), label="Monitoring group"),
    "take the source off": lambda: take_down(
        Source.objects.get(title="Survey"), None, "safety", "Danger.", withheld_because="safety"
    ),
    "withdraw": lambda: withdraw(Monument.objects.get(label="Chapel"), None, "safety", "Danger."),
    "merge": lambda: merge(
        Monument.objects.get(label="Chapel"), Monument.objects.get(label="Survivor"), None, "The same."
    ),
}


@pytest.fixture
def chapel():
    survivor, monument = make_publishable_monument("Survivor"), make_publishable_monument("Chapel")
    make_citation(make_status(monument, summary="The dome fell."), make_source("Survey"))
    publish([survivor])
    return monument


def in_thread(function, refusals):
    """Run ``function`` in a thread with a connection of its own."""

    def run():
        try:
            function()
        except lifecycle.Refused as refused:
            refusals.append(refused.reasons)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def meet(change):
    """Publish the chapel, and let ``change`` begin when its draft is made; return what was refused."""
    drafted, go_on, refusals = threading.Event(), threading.Event(), []

    def drafts(subjects):
        made = list(records.drafts(subjects))
        drafted.set()
        assert go_on.wait(30)
        return made

    publishing = in_thread(lambda: publish([Monument.objects.get(label="Chapel")], drafts=drafts), refusals)
    assert drafted.wait(30)
    changing = in_thread(change, refusals)
    until = time.monotonic() + 30
    while changing.is_alive() and not somebody_waits():
        assert time.monotonic() < until
        time.sleep(0.01)
    go_on.set()
    publishing.join(30)
    changing.join(30)
    assert not publishing.is_alive()
    assert not changing.is_alive()
    return refusals


@pytest.mark.parametrize(
    ("stage", "what"),
    [
        *(("published", what) for what in CHANGES),
        *(("in review", what) for what in ("hide a claim", "hide the position", "seal the source")),
    ],
)
def test_the_edition_speaks_of_one_state_and_the_change_after_it_is_marked(chapel, stage, what):
    if stage == "in review":
        lifecycle.submit(chapel, None)
    else:
        publish([chapel])
        edit(Monument.objects.get(label="Chapel"), content_warnings=["human_remains"])

    refusals = meet(CHANGES[what])

    assert refusals == []
    assert not [sentence for _kind, sentence in audit.faults() if "not marked as changed" in sentence]
    assert list(ledger.faults()) == []
    monument = Monument.objects.get(label="Chapel")
    if what in ("withdraw", "merge"):
        assert Edition.objects.current().get(ref=monument.ref).action == what
    elif what == "take the source off":
        assert "Survey" not in Edition.objects.current().get(ref=monument.ref).record
    else:
        assert (monument.stage, monument.changed_at is not None) == ("published", True)


def test_a_form_that_was_open_while_the_record_was_published_does_not_take_the_publication_back(chapel):
    opened = Monument.objects.get(label="Chapel")
    publish([chapel])

    opened.label = "Chapel of the springs"
    lifecycle.revise(opened, make_user("contributor"))

    stored = Monument.objects.get(pk=chapel.pk)
    assert (stored.stage, stored.label, stored.changed_at is not None) == ("published", "Chapel of the springs", True)


def test_two_publications_of_the_same_record_make_one_edition(chapel):
    lifecycle.submit(chapel, None)

    assert meet(lambda: publish([Monument.objects.get(label="Chapel")])) == []

    assert Edition.objects.filter(ref=chapel.ref).count() == 1
    assert list(ledger.faults()) == []
