"""The published shape: it fits its schema, has one canonical form, and holds nothing that is hidden."""

import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

from heritage import record as records
from heritage.catalogue.models import Edition
from heritage.catalogue.publish import merge, publish, withdraw
from heritage.registry.models import Monument
from tests.registry.make import (
    make_actor,
    make_attribution,
    make_citation,
    make_count,
    make_link,
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
    make_term,
)

pytestmark = pytest.mark.django_db
SCHEMA = json.loads((Path(records.__file__).parent / "record.schema.json").read_text())


def make_rich_monument():
    """Make one monument with a row of every table."""
    region, town = make_publishable_place("Region"), make_publishable_place("Town")
    make_membership(town, region, source=make_source())
    church = make_term("monument_type", "church", broader=make_term("monument_type", "place_of_worship"))
    monument = make_monument("Rich", types=[church], content_warnings=["desecration"], itemised=False)
    make_name(monument, "Rich church", kind="preferred", source=make_source(), locator="p. 3")
    make_name(monument, "5073", kind="register_number", scheme="state list")
    make_location(monument, place=town)
    film = make_media(monument, kind="video", label="Film", source=make_source())
    event = make_status(monument, cause=make_term("cause", "unknown"), agent=make_actor("Ministry", "state_body"))
    make_citation(event, reported_from=make_source(derives_from=make_source()), media=film, timecode_start=5)
    make_citation(event, role="first_changed", anchored_on=event.hi, locator="image of 18 June 2021")
    other = make_status(
        monument, value="intact", summary="It stands.", edtf="2022", claimant=make_actor("Agency", "state_body")
    )
    make_citation(other)
    make_link(event, other, note="Both cannot hold.")
    make_citation(make_status(monument, mode="threat", value="", probability="planned", summary="A road is planned."))
    make_citation(make_attribution(monument))
    make_citation(make_protection(monument, covers="All churches", interim=True))
    whole = make_count(monument)
    make_citation(whole)
    make_citation(make_count(monument, part_of_count=whole, counted="broken gravestones"))
    neighbour = make_publishable_monument("Neighbour")
    make_relation(monument, neighbour, "adjacent_to")
    return [region, town, monument, neighbour]


def test_every_kind_of_edition_fits_the_schema():
    subjects = make_rich_monument()
    make_citation(make_status(subjects[0]), make_source(access_level="withheld", withheld_because="safety"))
    publish(subjects)
    double, gone = make_publishable_monument(), make_publishable_monument()
    publish([double, gone])
    merge(double, subjects[2], None, "The same")
    withdraw(gone, None, "error", "Entered twice")

    judge = jsonschema.Draft202012Validator(SCHEMA)
    judge.check_schema(SCHEMA)
    faults = [
        (edition.subject, edition.label, best.message, list(best.absolute_path))
        for edition in Edition.objects.all()
        for best in [jsonschema.exceptions.best_match(judge.iter_errors(json.loads(edition.record)))]
        if best
    ]

    assert faults == []
    assert set(Edition.objects.values_list("subject", flat=True)) == {"monument", "place", "source", "vocabulary"}


def test_the_canonical_form_is_sorted_nfc_and_without_blanks():
    assert records.canonical({"b": "e\u0301", "a": [1, 39.76, None]}) == '{"a":[1,39.76,null],"b":"é"}'


def test_a_record_is_the_same_however_often_and_in_whatever_company_it_is_built():
    subjects = make_rich_monument()
    publish(subjects)
    monuments = list(Monument.objects.order_by("-pk"))

    together = {draft.record["ref"]: draft.record for draft in records.drafts(monuments)}

    assert together == {one.ref: records.record_of(one) for one in monuments}


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        ("exact", (39.761234, 46.748765, 150)),
        ("near", (39.761, 46.749, 100)),
        ("km1", (39.76, 46.75, 1000)),
        ("settlement", (39.75, 46.75, 5000)),
        ("district", (None, None, None)),
        ("withheld", (None, None, None)),
    ],
)
def test_coordinates_are_snapped_to_the_grid_of_their_precision(precision, expected):
    monument = make_publishable_monument(public_precision=precision)
    monument.locations.update(latitude=Decimal("39.761234"), longitude=Decimal("46.748765"))

    [location] = records.record_of(monument)["locations"]

    assert (location["latitude"], location["longitude"], location["uncertainty_m"]) == expected


def test_a_footprint_and_wording_are_shown_only_at_exact_precision():
    monument = make_publishable_monument(public_precision="near")
    monument.locations.update(footprint='{"type":"Point","coordinates":[46.7,39.7]}', wording="behind the mill")

    [coarse] = records.record_of(monument)["locations"]
    monument.public_precision = "exact"
    [exact] = records.record_of(monument)["locations"]

    assert (coarse["footprint"], coarse["wording"]) == (None, "")
    assert (exact["footprint"], exact["wording"]) == ({"type": "Point", "coordinates": [46.7, 39.7]}, "behind the mill")


def test_a_withheld_source_shows_only_the_class_of_its_reason():
    monument = make_publishable_monument()
    secret = make_source(
        "SECRET title",
        publisher="SECRET",
        url="https://secret.example/",
        access_level="withheld",
        withheld_because="safety",
    )
    make_citation(make_status(monument), secret, locator="SECRET page", quote="SECRET words")
    make_name(monument, "Name", source=secret, locator="SECRET place")

    record = records.record_of(monument)

    assert "SECRET" not in records.canonical(record)
    assert "secret.example" not in records.canonical(record)
    assert {
        "ref": secret.ref,
        "title": "Source withheld",
        "withheld": {"code": "safety", "label": "Safety of persons"},
    } in record["sources"]


def hide_by_level(monument):
    make_citation(make_status(monument, value="intact", edtf="2025", access_level="curators", summary="SECRET"))


def hide_by_source(monument):
    make_citation(
        make_status(monument, value="intact", edtf="2025", summary="SECRET"),
        make_source("SECRET", access_level="sealed"),
    )


def hide_by_retraction(monument):
    make_citation(
        make_status(monument, value="intact", edtf="2025", summary="SECRET", standing="withdrawn_by_registry")
    )


def hide_link_to_a_draft(monument):
    draft = make_publishable_monument("SECRET draft")
    far = make_status(draft, summary="SECRET")
    make_citation(far)
    make_link(monument.claims.get().status, far, note="SECRET")
    make_relation(monument, draft, "adjacent_to")


def hide_rows_by_source(monument):
    sealed = make_source("SECRET", access_level="sealed")
    make_name(monument, "SECRET", source=sealed)
    make_location(monument, wording="SECRET", source=sealed, shown=False)
    make_media(monument, label="SECRET", source=sealed)
    make_media(monument, label="SECRET", access_level="registered")
    make_citation(monument.claims.get().status, sealed, locator="SECRET")


def hide_in_notes(monument):
    monument.note = "SECRET"
    monument.save()
    monument.claims.update(note="SECRET")
    make_actor().__class__.objects.update(note="SECRET")


@pytest.mark.parametrize(
    "hide",
    [hide_by_level, hide_by_source, hide_by_retraction, hide_link_to_a_draft, hide_rows_by_source, hide_in_notes],
)
def test_what_is_hidden_changes_no_byte_of_the_record(hide):
    monument = make_publishable_monument()
    before = records.canonical(records.record_of(monument))

    hide(monument)

    assert records.canonical(records.record_of(monument)) == before


@pytest.mark.parametrize(
    "number", [0, -1, 41.5, 180.0, -0.5, 0.001, 39.999999, 2**63 - 1, -(2**63), True, None, 20210412]
)
def test_the_fast_encoder_writes_plain_numbers_as_the_standard_one(number):
    value = {"b": [number, {"text": '\x00\x1f\x7f \u2028\u00e9\U0001f5ff "\\/ և é'}], "a": "", "á": {}, "Z": []}

    assert records.written_fast(value) == records.written(value)


@pytest.mark.parametrize(
    ("about", "plain"),
    [
        ({}, True),
        ({"locations": [{"latitude": 40.1, "longitude": -0.5, "footprint": None}]}, True),
        ({"locations": [{"latitude": None, "longitude": None, "footprint": None}]}, True),
        ({"locations": [{"latitude": 0.00005, "longitude": 1.0, "footprint": None}]}, False),
        ({"locations": [{"latitude": 1.0, "longitude": 1.0, "footprint": {"type": "Point", "x": 1e300}}]}, False),
        ({"position": {"latitude": 1.0, "longitude": -0.00009}}, False),
        ({"position": None}, True),
        ({"subject": "vocabulary"}, False),
    ],
)
def test_only_records_with_plain_numbers_take_the_fast_encoder(about, plain):
    assert records.is_plain({"subject": "monument"} | about) is plain
    written = {"subject": "monument", "ref": "r"} | about
    assert records.Draft(None, written).content_sha256 == records.digest(records.canonical(written))
