"""The page of a monument: what a reader must see, in order, and what may never get through."""

import json
import re

import pytest
from django.test import RequestFactory

from heritage import record as records
from heritage.catalogue.publish import publish
from heritage.public import pages
from tests.public.shelves import current, shelve_contradiction, shelve_two_versions
from tests.registry.make import (
    make_attribution,
    make_citation,
    make_media,
    make_monument,
    make_name,
    make_protection,
    make_publishable_monument,
    make_publishable_place,
    make_relation,
    make_source,
    make_status,
)

pytestmark = pytest.mark.django_db
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def page_of(client, monument):
    return client.get(f"/monuments/{monument.ref}/").content.decode()


def words(page):
    """Return the text of a page without marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def full_record():
    """Return the record of a monument that has something of everything."""
    monument, other = make_publishable_monument("Chapel"), make_publishable_monument("Convent")
    source = make_source("A report", url="https://example.org/report", archived_url="https://example.org/old")
    make_name(monument, "كنيسة", language="ar", script="Arab", source=source, locator="page 3")
    make_relation(monument, other, source=source)
    make_citation(make_attribution(monument), source)
    make_citation(make_protection(monument, covers="Places of worship", interim=True), source)
    make_citation(make_status(monument, mode="threat", edtf="2024"), source, quote="It will be gone.", locator="page 9")
    make_media(monument, source=source, content_warnings=["human_remains"], alt_text="A view")
    publish([other])
    publish([monument])
    return monument, json.loads(current(monument).record)


def test_the_sections_stand_in_their_order(client):
    monument, _record = full_record()

    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", page_of(client, monument))

    assert headings == [
        "Current state, as reported",
        "History, as reported",
        "Attributions",
        "Protections",
        "Parts and relations",
        "Images and other media",
        "Sources",
        "Cite, download, correct",
    ]


def test_the_current_state_reads_as_one_sentence(client):
    monument = make_publishable_monument()
    publish([monument])

    assert "Destroyed, between 12 April and 18 June 2021, according to Caucasus Heritage Watch" in words(
        page_of(client, monument)
    )


def test_where_sources_disagree_the_page_says_so_first_and_lists_both(client):
    monument, destroyed, standing = shelve_contradiction()

    page = page_of(client, monument)

    assert page.index("Sources disagree") < page.index("History, as reported")
    assert f'<a href="#{destroyed.ref}">Caucasus Heritage Watch</a>' in page
    assert f'<a href="#{standing.ref}">Monument Watch</a>' in page
    assert "Contradicted by:" in page


def test_every_statement_has_an_anchor_and_its_source_is_one_link_away(client):
    monument, record = full_record()

    page = page_of(client, monument)

    for kind in ("statuses", "attributions", "protections"):
        for claim in record[kind]:
            assert page.count(f'id="{claim["ref"]}"') == 1
            for citation in claim["citations"]:
                assert page.count(f'id="{citation["source"]}"') == 1
                assert f'href="#{citation["source"]}"' in page
    assert 'href="https://example.org/report"' in page
    assert 'href="https://example.org/old"' in page


def test_names_carry_language_and_direction_and_say_where_they_are_from(client):
    monument, _record = full_record()

    page = page_of(client, monument)

    assert '<bdi lang="ar" dir="rtl">كنيسة</bdi>' in page
    assert '<bdi lang="en" dir="ltr">Chapel</bdi>' in page
    assert "no source cited yet" in page


def test_a_class_protection_and_an_interim_measure_say_what_they_are(client):
    monument, _record = full_record()

    page = words(page_of(client, monument))

    assert "This protects a class: Places of worship. It does not name this very subject." in page
    assert "An interim measure: it finds no fact and decides nothing on the merits." in page


def test_what_carries_a_warning_opens_only_when_asked(client):
    monument, _record = full_record()

    page = page_of(client, monument)

    assert page.count('<details class="veiled">') == 1
    assert page.index("Content warning:") < page.index("A view")


def test_no_information_is_not_called_intact(client):
    monument = make_monument("Unknown chapel")
    make_name(monument, "Unknown chapel")
    publish([monument])

    page = words(page_of(client, monument))

    assert "No information is not the same as intact." in page
    assert "No damage known" not in page
    assert "No statement about its history is published yet." in page


def test_a_report_date_is_said_to_be_one(client):
    monument = make_publishable_monument()
    make_citation(
        make_status(monument, qualifier="before", lo=None, hi=20220630, hi_basis="report_date", edtf="../2022-06-30")
    )
    publish([monument])

    page = words(page_of(client, monument))

    assert "by 30 June 2022 (date of the report)" in page
    assert "The source gives no date of the event; the date of the report is the latest possible date." in page


def hostile(value):
    """Return ``value`` with every free text replaced by markup; codes, references, dates and links keep their form."""
    if isinstance(value, dict):
        return {key: one if key in KEPT else hostile(one) for key, one in value.items()}
    if isinstance(value, list):
        return [hostile(one) for one in value]
    return HOSTILE if isinstance(value, str) else value


KEPT = {
    "code", "ref", "subject", "published_at", "retrieved_on", "source", "claim", "derives_from", "relayed_from", "media",
    "decided_by", "claims", "qualifier", "hi_basis", "direction", "schema", "pair_of", "derived_from", "lineage",
    "threatened_by", "set_aside", "part_of_count",
}  # fmt: skip


def test_text_is_never_markup_wherever_it_stands(client):
    _monument, record = full_record()

    answer = pages.preview(RequestFactory().get("/"), hostile(record))

    page = answer.content.decode()
    assert page.count("&lt;script&gt;alert(1)") > 60
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "onerror=alert(1)>" not in page


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "ftp://x", " JavaScript:x"]
)
def test_only_web_addresses_become_links(address):
    _monument, record = full_record()
    for source in record["sources"]:
        source["url"] = source["archived_url"] = address

    page = pages.preview(RequestFactory().get("/"), record).content.decode()

    assert address.strip() not in page


def test_a_preview_says_that_it_is_one_and_is_not_kept_or_indexed():
    monument, place = make_publishable_monument("Draft chapel"), make_publishable_place("Draft village")

    for subject in (monument, place):
        answer = pages.preview(RequestFactory().get("/"), records.record_of(subject))
        page = answer.content.decode()
        assert "Preview – not published." in page
        assert '<meta name="robots" content="noindex">' in page
        assert subject.label in page
        assert answer["Cache-Control"] == "private, no-store"


def test_history_tells_what_changed_and_why(client):
    monument = shelve_two_versions()

    page = words(client.get(f"/monuments/{monument.ref}/history/").content.decode())

    assert "Reason: A second report was read." in page
    assert "Added – Name: Սուրբ Հովհաննես" in page
    assert "Added – Statement: It was rebuilt. (Caucasus Heritage Watch)" in page
    assert "First publication." in page


def test_a_pinned_page_says_which_version_it_is(client):
    monument = shelve_two_versions()

    first = words(client.get(f"/monuments/{monument.ref}/v1/").content.decode())
    second = words(client.get(f"/monuments/{monument.ref}/v2/").content.decode())

    assert "You are reading version 1 of" in first
    assert "Read the current version (2)" in first
    assert "which is the current one" in second
    assert "Սուրբ Հովհաննես" not in first
