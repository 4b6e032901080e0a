"""A source that readers may not know of, and what stands behind a withheld one, is named nowhere and leads nowhere."""

import json

import pytest
from django.db import transaction

from heritage import record as records
from heritage.catalogue.audit import naming_faults
from heritage.catalogue.models import Edition
from heritage.catalogue.publish import publish
from heritage.registry import visibility
from heritage.registry.affected import touch
from heritage.registry.models import Media, Monument, Source
from heritage.registry.visibility import Naming, naming, origins_shown
from tests.registry.make import (
    make_citation,
    make_location,
    make_media,
    make_membership,
    make_name,
    make_publishable_monument,
    make_publishable_place,
    make_source,
    make_status,
    make_term,
)

pytestmark = pytest.mark.django_db
MARK = "XSECRETX"
WITHHELD = {"access_level": "withheld", "withheld_because": "safety"}
SEALED = {"access_level": "sealed"}
UNREAD = {"read_state": "not_read"}


def marked(**fields):
    """Return a source every text of which is marked."""
    texts = {"publisher": MARK, "authors": MARK, "url": f"https://{MARK}.example/".lower(), "identifier": MARK}
    return make_source(f"Origin {MARK}", **texts | fields)


def written(subject):
    return records.canonical(records.record_of(subject))


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({}, Naming.NAMED),
        (WITHHELD, Naming.WITHHELD),
        (SEALED, Naming.HIDDEN),
        (UNREAD, Naming.HIDDEN),
        (WITHHELD | UNREAD, Naming.HIDDEN),
        (SEALED | UNREAD, Naming.HIDDEN),
    ],
)
def test_a_source_is_named_or_withheld_or_hidden(fields, outcome):
    source = make_source(**fields)

    assert naming(source) is outcome
    assert Source.objects.shown().filter(pk=source.pk).exists() is (outcome is not Naming.HIDDEN)
    assert Source.objects.hidden().filter(pk=source.pk).exists() is (outcome is Naming.HIDDEN)


@pytest.mark.parametrize("hidden", [WITHHELD, SEALED, UNREAD])
def test_what_a_source_was_relayed_from_is_not_shown_unless_it_is_named(hidden):
    monument = make_publishable_monument()
    citation = make_citation(make_status(monument), make_source("Newspaper"), directness="relayed")
    before = written(monument)
    citation.reported_from = marked(**hidden)
    citation.save()

    assert written(monument) == before


@pytest.mark.parametrize("hidden", [WITHHELD, SEALED, UNREAD])
def test_what_a_source_derives_from_is_not_shown_unless_it_is_named(hidden):
    monument, report = make_publishable_monument(), make_source("Newspaper")
    make_citation(make_status(monument), report)
    before = written(monument), records.source_record(report)
    report.derives_from = marked(derives_from=make_source(f"Beyond {MARK}"), **hidden)
    report.save()

    assert (written(monument), records.source_record(report)) == before


def test_origins_are_followed_to_the_first_that_is_not_named_and_no_circle_goes_on_for_ever():
    first, second, third = make_source("First"), make_source("Second"), make_source("Third")
    for source, origin in ((first, second), (second, third), (third, first)):
        Source.objects.filter(pk=source.pk).update(derives_from=origin)
    first = Source.objects.get(pk=first.pk)
    assert list(origins_shown(first)) == [second, third]

    Source.objects.filter(pk=second.pk).update(read_state="not_read")
    assert list(origins_shown(Source.objects.get(pk=first.pk))) == []


def test_a_circle_of_origins_is_published():
    first, second = make_source("First"), make_source("Second")
    Source.objects.filter(pk=first.pk).update(derives_from=second)
    Source.objects.filter(pk=second.pk).update(derives_from=first)
    monument = make_publishable_monument()
    make_citation(make_status(monument), Source.objects.get(pk=first.pk))

    publish([monument])

    titles = [one["title"] for one in records.record_of(monument)["sources"]]
    assert {"First", "Second"} <= set(titles)


def test_a_citation_of_a_withheld_source_says_nothing_but_its_role():
    monument, withheld = make_publishable_monument(), marked(**WITHHELD)
    picture = make_media(monument, source=make_source("Album"))
    claim = make_status(
        monument, edtf="2021", quote=f"Words {MARK}", as_stated=f"Dated {MARK}", reported_grade=f"Grade {MARK}"
    )
    citation = make_citation(
        claim,
        withheld,
        role="last_unchanged",
        anchored_on=20210412,
        locator=MARK,
        quote=MARK,
        directness="relayed",
        reported_from=make_source(f"Agency {MARK}"),
        media=picture,
    )
    citation.evidence.set([make_term("evidence_kind", "photograph")])

    text = written(monument)
    [shown] = [one for one in json.loads(text)["statuses"] if one["ref"] == claim.ref]

    assert MARK not in text
    assert (shown["quote"], shown["dates"]["as_stated"], shown["reported_grade"]) == ("", "", "")
    assert shown["citations"] == [
        {
            "ref": citation.ref,
            "source": withheld.ref,
            "role": {"code": "last_unchanged", "label": "Last seen unchanged"},
            "locator": "",
            "timecode": None,
            "directness": {"code": "withheld", "label": "Withheld"},
            "relayed_from": None,
            "evidence": [],
            "quote": "",
            "media": None,
            "anchored_on": None,
        }
    ]


def test_the_wording_of_a_claim_stays_where_a_named_source_stands_beside_the_withheld_one():
    monument = make_publishable_monument()
    claim = make_status(monument, quote="Its roof fell in.", as_stated="in spring")
    make_citation(claim, make_source(**WITHHELD))
    make_citation(claim, make_source("Report"))

    [shown] = [one for one in records.record_of(monument)["statuses"] if one["ref"] == claim.ref]

    assert (shown["quote"], shown["dates"]["as_stated"]) == ("Its roof fell in.", "in spring")


def test_of_a_medium_whose_source_is_withheld_only_its_kind_and_what_it_shows_is_left():
    monument, withheld = make_publishable_monument(), marked(**WITHHELD)
    other = make_media(monument, label="A public view")
    item = make_media(
        monument,
        label=MARK,
        source=withheld,
        pair_of=other,
        derived_from=other,
        derivation="crop",
        edtf="2021-04-12",
        alt_text="A wall with a cross",
        **dict.fromkeys(("credit", "provider", "rights_holder", "scene_id", "resolution", "licence", "how"), MARK),
        **dict.fromkeys(("as_stated", "locator", "note"), MARK),
    )
    Media.objects.filter(pk=other.pk).update(pair_of=item)
    make_citation(make_status(monument), make_source("Report"), media=item)

    text = written(monument)
    record = json.loads(text)
    shown = {one["ref"]: one for one in record["media"]}

    assert MARK not in text
    assert shown[item.ref]["label"] == shown[item.ref]["kind"]["label"] == "Image"
    assert shown[item.ref]["alt_text"] == "A wall with a cross"
    assert shown[item.ref]["source"] == withheld.ref
    assert shown[item.ref]["captured"]["text"] == shown[other.ref]["captured"]["text"]
    assert {name for name, value in shown[item.ref].items() if value in ("", None, [])} == {
        "pair_of", "derived_from", "locator", "content_warnings", "how", "provider", "scene_id", "resolution",
        "rights_holder", "licence", "credit", "media_type", "size", "sha256",
    }  # fmt: skip
    assert shown[other.ref]["pair_of"] is None
    assert [one["media"] for claim in record["statuses"] for one in claim["citations"]].count(item.ref) == 0


def test_the_wording_that_names_and_locations_have_from_a_withheld_source_is_not_shown():
    monument, place = make_publishable_monument(public_precision="exact"), make_publishable_place()
    withheld = marked(**WITHHELD)
    make_name(monument, "Chapel", source=withheld, as_stated=MARK, locator=MARK)
    make_location(
        monument,
        latitude="39.1",
        longitude="46.1",
        source=withheld,
        wording=MARK,
        method=MARK,
        locator=MARK,
        shown=False,
    )
    publish([region := make_publishable_place()])
    make_membership(place, region, source=withheld, as_stated=MARK, locator=MARK)

    assert MARK not in written(monument)
    assert MARK not in written(place)
    assert [one["source"] for one in records.record_of(place)["memberships"]] == [withheld.ref]


def enriched(hide):
    """Return the record of a monument at a desk to which ``hide`` adds what is hidden, and leave nothing behind."""
    with transaction.atomic():
        monument = Monument.objects.get(label="Chapel of two desks")
        hide(monument, monument.claims.get().citations.get())
        made = written(Monument.objects.get(pk=monument.pk))
        transaction.set_rollback(True)
    return made


def relay(monument, citation):
    citation.reported_from = marked(**UNREAD)
    citation.save()


def relay_withheld(monument, citation):
    citation.reported_from = marked(**WITHHELD)
    citation.save()


def derive_beyond_the_unread(monument, citation):
    Source.objects.filter(pk=citation.source_id).update(derives_from=marked(derives_from=make_source(MARK), **UNREAD))


def name_from_the_unread(monument, citation):
    make_name(monument, MARK, source=marked(**UNREAD))


def picture_from_the_unread(monument, citation):
    item = make_media(monument, label=MARK, credit=MARK, source=marked(**UNREAD))
    citation.media = item
    citation.save()


@pytest.mark.parametrize(
    "hide", [relay, relay_withheld, derive_beyond_the_unread, name_from_the_unread, picture_from_the_unread]
)
def test_two_desks_that_differ_only_in_hidden_sources_write_the_same_record(hide):
    monument = make_monument_with_one_claim()

    assert enriched(hide) == written(monument)


def make_monument_with_one_claim():
    monument = make_publishable_monument("Chapel of two desks")
    monument.claims.all().delete()
    make_citation(make_status(monument), make_source("Newspaper"))
    return monument


@pytest.mark.parametrize(
    "fields",
    [
        {"derives_from": None},
        {"publisher": "Other"},
        {"title": "Other"},
        {"authors": MARK, "url": "https://b.example/"},
    ],
)
def test_two_desks_that_differ_only_in_what_a_withheld_source_says_write_the_same_record(fields):
    monument = make_monument_with_one_claim()
    source = marked(derives_from=make_source(f"Beyond {MARK}"), **WITHHELD)
    make_citation(make_status(monument), source, directness="relayed")
    before = written(monument)
    Source.objects.filter(pk=source.pk).update(**fields)

    assert MARK not in before
    assert written(Monument.objects.get(pk=monument.pk)) == before


def test_publishing_twice_makes_no_edition_of_a_source_that_may_not_be_named(client):
    monument, unread = make_publishable_monument(), marked(**UNREAD)
    behind = make_source(f"Beyond {MARK}")
    make_citation(make_status(monument), make_source("Newspaper", derives_from=unread), reported_from=unread)
    make_citation(make_status(monument), make_source(derives_from=behind, **WITHHELD))

    publish([monument])
    first = Edition.objects.count()
    publish([Monument.objects.get(pk=monument.pk)])

    assert Edition.objects.count() == first
    assert not Edition.objects.filter(ref__in=[unread.ref, behind.ref]).exists()
    assert MARK not in "".join(Edition.objects.values_list("record", flat=True))
    for ref in (unread.ref, behind.ref):
        assert client.get(f"/sources/{ref}/").status_code == 404
        assert client.get(f"/monuments.json?source={ref}").status_code == 400


def test_a_change_of_an_origin_far_away_marks_what_is_derived_from_it():
    origin = make_source("Origin")
    between = make_source("Between", derives_from=origin)
    monument = make_publishable_monument()
    make_citation(make_status(monument), make_source("Near", derives_from=between))
    publish([monument])

    touch(origin)

    assert Monument.objects.get(pk=monument.pk).changed_at is not None


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (SEALED, "shows the source {ref}, which readers may not know of"),
        (UNREAD, "shows the source {ref}, which readers may not know of"),
        (WITHHELD, "names the source {ref}, which is withheld"),
    ],
)
def test_the_audit_tells_of_current_versions_that_name_a_source_too_far(fields, why):
    monument, source = make_publishable_monument(), make_source("Report")
    make_citation(make_status(monument), source)
    publish([monument])
    assert list(naming_faults()) == []

    Source.objects.filter(pk=source.pk).update(**fields)

    told = f"its current version {why.format(ref=source.ref)}. Publish it again."
    assert sorted(naming_faults()) == sorted(
        [("naming", f"monument {monument.ref}: {told}"), ("naming", f"source {source.ref}: {told}")]
    )


def test_the_record_of_a_held_item_has_neither_hash_nor_size_of_the_original():
    monument = make_publishable_monument()
    held = {"held": True, "file": "held/x.jpg", "sha256": "a" * 64, "size": 4711, "media_type": "image/jpeg"}
    make_media(monument, alt_text="A wall", credit="Somebody", licence="CC BY 4.0", **held)

    [shown] = records.record_of(monument)["media"]

    assert (shown["held"], shown["media_type"], shown["sha256"], shown["size"]) == (True, "image/jpeg", "", None)


def test_what_decides_is_one_function():
    assert visibility.source_is_public(make_source(**WITHHELD)) is True
    assert visibility.source_is_public(make_source(**UNREAD)) is False
    assert visibility.is_withheld(make_source(**WITHHELD | UNREAD)) is False
