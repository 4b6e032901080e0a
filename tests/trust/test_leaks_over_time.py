"""Nothing hidden is at any address of the reading room or in a new public bag: neither what never was public nor what once was.

Every hiding place has a word of its own, so that a failure names the place. A new way of hiding is one line: in
``NEVER_PUBLIC`` (what puts the word into a place that readers never see) or in ``ONCE_PUBLIC`` (what shows the word, and
what hides it again). All of it is published, hidden and closed on days that follow one another.
"""

import datetime
import hashlib
import re
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from heritage.catalogue import audit
from heritage.catalogue.carriers import carriers
from heritage.catalogue.closing import confirm_closure, request_closure
from heritage.catalogue.models import Edition
from heritage.catalogue.publish import merge, publish, withdraw
from heritage.public import urls
from heritage.registry import lifecycle
from heritage.registry.models import Monument, Place, Source
from tests.archive.shelf import contents, export, hold, photograph, seal_for
from tests.archive.test_leaks import unpacked
from tests.registry.make import (
    make_actor,
    make_attribution,
    make_citation,
    make_count,
    make_location,
    make_media,
    make_membership,
    make_monument,
    make_name,
    make_protection,
    make_publishable_monument,
    make_publishable_place,
    make_relation,
    make_source,
    make_status,
    make_user,
)

pytestmark = pytest.mark.usefixtures("store")

DAYS = [datetime.datetime(2025, 3, day, 12, tzinfo=datetime.UTC) for day in (1, 2, 3, 4)]
EXACT = ("39.123457", "46.765433")


def word(place):
    """Return the word that stands for a hiding place: letters only, so that every search would find it."""
    letters = hashlib.sha256(place.encode()).hexdigest()[:12].translate(str.maketrans("0123456789", "ghijklmnop"))
    return f"zq{letters}"


def change(row, **fields):
    """Save ``row`` as a curator does, with the journal entry and all marks."""
    row.refresh_from_db()
    for name, value in fields.items():
        setattr(row, name, value)
    lifecycle.revise(row, None, f"Journal {word('reason of an edit')}")


def claim_of(monument):
    return monument.claims.order_by("pk").first().status


# What never is public: (word, the public monument beside which it is hidden)


def cited(source, monument, **fields):
    make_citation(claim_of(monument), source, **fields)


NEVER_PUBLIC = {
    "label of a draft": lambda mark, shown: make_publishable_monument(mark),
    "label of a record in review": lambda mark, shown: make_publishable_monument(mark, stage="in_review"),
    "label of a draft place": lambda mark, shown: make_publishable_place(mark),
    "label of a related draft": lambda mark, shown: make_relation(shown, make_monument(mark)),
    "actor of a draft": lambda mark, shown: make_status(claimant=make_actor(mark)),
    "title of a sealed source": lambda mark, shown: cited(make_source(mark, access_level="sealed"), shown),
    "locator in a sealed source": lambda mark, shown: cited(make_source(access_level="sealed"), shown, locator=mark),
    "title of a withheld source": lambda mark, shown: cited(withheld_source(mark), shown),
    "publisher of a withheld source": lambda mark, shown: cited(withheld_source("T", publisher=mark), shown),
    "author of a withheld source": lambda mark, shown: cited(withheld_source("U", authors=mark), shown),
    "address of a withheld source": lambda mark, shown: cited(
        withheld_source("V", url=f"https://example.org/{mark}"), shown
    ),
    "locator in a withheld source": lambda mark, shown: cited(withheld_source("W"), shown, locator=mark),
    "quotation from a withheld source": lambda mark, shown: cited(withheld_source("X"), shown, quote=mark),
    "title of an unread source": lambda mark, shown: cited(make_source(mark, read_state="not_read"), shown),
    "note on a source": lambda mark, shown: cited(make_source(note=mark), shown),
    "note on a record": lambda mark, shown: Monument.objects.filter(pk=shown.pk).update(note=mark),
    "note on a claim": lambda mark, shown: cited_claim(make_status(shown, note=mark)),
    "restricted claim": lambda mark, shown: cited_claim(make_status(shown, summary=mark, access_level="curators")),
    "sealed claim": lambda mark, shown: cited_claim(make_status(shown, summary=mark, access_level="sealed")),
    "claim without a source": lambda mark, shown: make_status(shown, summary=mark),
    "name from a sealed source": lambda mark, shown: make_name(shown, mark, source=make_source(access_level="sealed")),
    "wording of a position": lambda mark, shown: shown.locations.update(wording=mark),
    "method of a position": lambda mark, shown: shown.locations.update(method=mark),
    "title of a restricted media item": lambda mark, shown: make_media(shown, label=mark, access_level="curators"),
    "note on a media item": lambda mark, shown: make_media(shown, note=mark),
    "name of a held file": lambda mark, shown: hold(shown, photograph(), f"{mark}.jpg"),
    "metadata of a photograph": lambda mark, shown: hold(shown, photograph(mark, (30, 20)), "a.jpg"),
    "file of a restricted photograph": lambda mark, shown: hold(
        shown, photograph(mark, (31, 20)), "b.jpg", access_level="curators"
    ),
}


def withheld_source(title, **fields):
    return make_source(title, access_level="withheld", withheld_because="safety", **fields)


def cited_claim(claim):
    make_citation(claim)
    return claim


# What once was public: how it is shown (word, monument → row), and how it is hidden (row, monument, reason at the desk)


@dataclass
class Once:
    """A way in which something public becomes hidden."""

    show: callable
    hide: callable


def show_source(**fields):
    def show(mark, monument):
        source = make_source(**{name: value.format(mark=mark) for name, value in fields.items()})
        make_citation(claim_of(monument), source, locator=f"p. {mark}", quote="")
        return source

    return show


def seal(row, monument, why):
    change(row, access_level="sealed")


def withhold(row, monument, why):
    change(row, access_level="withheld", withheld_because="safety")


def restrict(row, monument, why):
    change(row, access_level="curators")


def delete(row, monument, why):
    row.delete()
    lifecycle.touch(monument)


def retract(row, monument, why):
    lifecycle.retract(row, None, why)


def unread(row, monument, why):
    change(row, read_state="not_read")


def coarsen(precision):
    return lambda row, monument, why: change(monument, public_precision=precision)


def take_away(row, monument, why):
    row.refresh_from_db()
    withdraw(row, None, "safety", why)


def take_away_for_good(row, monument, why):
    row.refresh_from_db()
    withdraw(row, None, "safety", why, erase=True)


def merge_and_take_away(row, monument, why):
    survivor = make_publishable_monument(f"Survivor of {monument.label}")
    publish([survivor])
    monument.refresh_from_db()
    merge(monument, survivor, None, why)
    last = make_publishable_monument(f"Last of {monument.label}")
    publish([last])
    survivor.refresh_from_db()
    merge(survivor, last, None, why)
    take_away(last, None, why)


def merge_away(row, monument, why):
    row.delete()
    survivor = make_publishable_monument(f"Standing {monument.label}")
    publish([survivor])
    monument.refresh_from_db()
    merge(monument, survivor, None, why)


def rename(row, monument, why):
    change(monument, label="Another name", built_in="") if hasattr(monument, "built_in") else change(
        monument, label="A"
    )


def show_position(mark, monument):
    monument.public_precision = "exact"
    monument.save()
    monument.locations.all().delete()
    return make_location(monument, latitude=EXACT[0], longitude=EXACT[1], uncertainty=0)


def show_relation(mark, monument):
    other = make_publishable_monument(mark)
    make_relation(monument, other)
    return other


def show_place(mark, monument):
    place = make_publishable_place(mark)
    make_location(monument, place=place, shown=False)
    return place


def show_larger_place(mark, monument):
    place, larger = make_publishable_place(), make_publishable_place(mark)
    make_membership(place, larger)
    make_location(monument, place=place, shown=False)
    return larger


def show_label(mark, monument):
    monument.label = mark
    monument.save()
    return make_name(monument, "Name in words")


def name(mark, monument):
    return make_name(monument, mark)


def status(mark, monument):
    return cited_claim(make_status(monument, summary=mark))


def attribution(mark, monument):
    return cited_claim(make_attribution(monument, value=mark, summary=mark))


ONCE_PUBLIC = {
    "title of a source sealed since": Once(show_source(title="{mark}"), seal),
    "address of a source sealed since": Once(show_source(url="https://example.org/{mark}"), seal),
    "title of a source withheld since": Once(show_source(title="{mark}"), withhold),
    "publisher of a source withheld since": Once(show_source(publisher="{mark}"), withhold),
    "title of a source that counts as unread since": Once(show_source(title="{mark}"), unread),
    "name taken out since": Once(name, delete),
    "claim restricted since": Once(status, restrict),
    "claim sealed since": Once(status, seal),
    "claim retracted by the register since": Once(status, retract),
    "attribution restricted since": Once(attribution, restrict),
    "protection restricted since": Once(lambda m, r: cited_claim(make_protection(r, summary=m)), restrict),
    "count restricted since": Once(lambda m, r: cited_claim(make_count(r, counted=m, summary=m)), restrict),
    "title of a media item restricted since": Once(lambda m, r: make_media(r, label=m, credit=m), restrict),
    "position withheld since": Once(show_position, coarsen("withheld")),
    "position coarsened since": Once(show_position, coarsen("settlement")),
    "title of a related record withdrawn since": Once(show_relation, take_away),
    "name of a place withdrawn since": Once(show_place, take_away),
    "name of a larger place withdrawn since": Once(show_larger_place, take_away),
    "title of a record that was renamed": Once(show_label, rename),
    "name in a record withdrawn since": Once(name, lambda row, monument, why: take_away(monument, None, why)),
    "title of a record withdrawn since": Once(show_label, lambda row, monument, why: take_away(monument, None, why)),
    "name in a record erased since": Once(name, lambda row, monument, why: take_away_for_good(monument, None, why)),
    "title of a record merged into one that is withdrawn": Once(show_label, merge_and_take_away),
    "name in a record merged since": Once(name, merge_away),
}
POSITIONS = {"position withheld since", "position coarsened since"}  #: they are known by their numbers, not by words
#: Words of the desk that go with the hiding itself.
OF_THE_DESK = ["reason of an edit", "reason at the desk", "name of a reviewer", "reason for closing", "harm check"]
PUBLIC_REASON = "public reason of versions closed since"
PLACES = [*NEVER_PUBLIC, *ONCE_PUBLIC, *OF_THE_DESK, PUBLIC_REASON]


class Register:
    """A desk with a word in every hiding place, from the first publication to the last closing."""

    def __init__(self, clock):
        self.clock, self.rows = clock, {}

    def publish_what_is_hidden_later(self):
        self.clock.day = DAYS[0]
        for place, once in ONCE_PUBLIC.items():
            monument = make_publishable_monument(f"Chapel {len(self.rows)}", public_precision="km1")
            self.rows[place] = monument, once.show(word(place), monument)
        places = [place for place in Place.objects.order_by("pk") if place.names.exists()]
        publish([*places, *Monument.objects.order_by("pk")])
        self.told = make_publishable_monument("Chapel with a reason")
        publish([self.told], reason=f"First, {word(PUBLIC_REASON)}.")
        shown = make_publishable_monument("Chapel for all to see")
        for place, hide in NEVER_PUBLIC.items():
            hide(word(place), shown)
        shown.refresh_from_db()
        shown.stage = "in_review"
        shown.save()
        reviewer = make_user("reviewer", username=word("name of a reviewer"), first_name=word("name of a reviewer"))
        publish([shown], reviewer, "Reviewed.", harm_check=word("harm check"))

    def hide(self):
        self.clock.day = DAYS[1]
        for place, (monument, row) in self.rows.items():
            ONCE_PUBLIC[place].hide(row, monument, f"Because {word('reason at the desk')}")
        change(self.told, label="Chapel without a reason")
        self.clock.day = DAYS[2]
        standing = [*Place.objects.published().order_by("pk"), *Monument.objects.published().order_by("pk")]
        publish(standing, reason="Published again.")

    def close(self):
        self.clock.day = DAYS[3]
        found = {
            edition.pk: edition
            for monument, row in [*self.rows.values(), (self.told, self.told)]
            for edition in [*carriers(monument.ref).own, *carriers(row.ref).all]
        }
        asks = make_user("reviewer", username=f"{word('name of a reviewer')}-1")
        closure = request_closure(found.values(), asks, "safety", f"Since {word('reason for closing')}")
        confirm_closure(closure, make_user("reviewer", username=f"{word('name of a reviewer')}-2"))


class Clock:
    """The present, as Django tells it."""

    def __init__(self):
        self.day = DAYS[0]

    def now(self):
        return self.day


@pytest.fixture
def register(db, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock.now)
    made = Register(clock)
    made.publish_what_is_hidden_later()
    return made


# Looking everywhere


REFS = {"monument": Monument, "place": Place, "source": Source}
SEARCHED = ("monuments-json", "suggest-json")
DATED = ("monuments", "monuments-json", "monuments-geojson", "monuments-csv", "map", "timeline", "timeline-json")
VIEW = "zoom=8&bbox=-180,-90,180,90"


def addresses(searching=True):
    """Yield every address of the reading room: each pattern with every reference and version that there is, and one more."""
    for pattern in urls.urlpatterns:
        arguments = pattern.pattern.converters
        if not arguments:
            yield from lists(pattern.name)
            yield from searches(pattern.name) if searching else ()
        for ref, newest in references(pattern.name) if arguments else ():
            for number in range(1, newest + 2) if "version" in arguments else (None,):
                yield reverse(pattern.name, args=[ref] if number is None else [ref, number])


def references(name):
    """Yield (reference, number of its newest version) of whatever the pattern ``name`` is about, drafts included."""
    kind = next((kind for kind in REFS if name.startswith(kind)), "monument")
    newest = dict(Edition.objects.order_by("version").values_list("ref", "version"))
    yield from ((ref, newest.get(ref, 0)) for ref in REFS[kind].objects.values_list("ref", flat=True))


def lists(name):
    """Yield the address ``name`` as it is and on every day."""
    address = reverse(name)
    yield f"{address}?{VIEW}" if name == "map-cells" else address
    for day in DAYS:
        if name in DATED:
            yield f"{address}?on={day.date()}"
        if name == "map-cells":
            yield f"{address}?{VIEW}&on={day.date()}"


def searches(name):
    """Yield the address ``name`` with the questions that would find a word."""
    address = reverse(name)
    if name in SEARCHED:  # by all letters of a word but the last, since answers may repeat what was asked for
        yield from (f"{address}?q={word(place)[:-1]}" for place in PLACES)
        yield from (f"{address}?q={word(place)[:-1]}&on={DAYS[0].date()}" for place in PLACES if name in DATED)
    if name == "monuments-json":
        for kind, model in (("source", Source), ("place", Place)):
            yield from (f"{address}?{kind}={ref}" for ref in model.objects.values_list("ref", flat=True))


def words_by_place():
    found = {word(place): place for place in PLACES}
    return found | dict.fromkeys(EXACT, "exact position")


def crawl(found):
    """Return the hiding places whose words are shown, with the addresses that show them, and how often which status was answered."""
    client, known, shown, statuses = Client(), words_by_place(), {}, {}
    any_word = re.compile("|".join(map(re.escape, known)), re.IGNORECASE)
    for address in found:
        while address:
            answer = client.get(address)
            statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
            text = answer.getvalue().decode() + str(answer.headers)
            for one in set(any_word.findall(text)):
                shown.setdefault(known[one.lower()], []).append(address)
            address = next_page(text)
    return shown, statuses


def next_page(text):
    """Return where the list goes on, or nothing."""
    _before, found, after = text.partition('<a rel="next" href="')
    return after.partition('"')[0].replace("&amp;", "&") if found else ""


def crawl_bag(folder):
    known, shown = {one.encode(): place for one, place in words_by_place().items()}, {}
    for path, content in contents(folder).items():
        for part in [path.encode(), *unpacked(content)]:
            lowered = part.lower()
            for one, place in known.items():
                if one in lowered:
                    shown.setdefault(place, set()).add(path)
    return shown


def test_what_is_hidden_or_was_public_once_is_shown_at_no_address_and_in_no_new_public_bag(register, tmp_path):
    before, _statuses = crawl(addresses(searching=False))
    assert set(before) >= set(ONCE_PUBLIC) - POSITIONS
    assert {"exact position", PUBLIC_REASON} <= set(before)
    assert set(before) & {*NEVER_PUBLIC, *OF_THE_DESK} == set()

    register.hide()
    register.close()
    after, statuses = crawl(addresses())
    assert after == {}
    assert set(statuses) == {200, 301, 400, 404, 410}
    assert min(statuses.values()) > 3
    assert crawl_bag(export(tmp_path / "bag")) == {}
    seal_for(("first keeper", "second keeper"))
    assert list(audit.faults()) == []


def test_the_same_words_are_in_a_full_bag_so_the_search_finds_them(register, tmp_path):
    register.hide()
    register.close()
    found = crawl_bag(export(tmp_path / "bag", "full", site=False))

    assert set(found) == {*PLACES, "exact position"} - POSITIONS
