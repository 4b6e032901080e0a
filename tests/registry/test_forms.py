"""The one validation: every mistake is told at its field, in these words."""

import pytest
from django.forms import inlineformset_factory

from heritage.registry.forms import (
    AttributionForm,
    CitationForm,
    CountForm,
    LocationForm,
    NameForm,
    PlaceForm,
    RelationForm,
    SourceForm,
    StatusForm,
)
from heritage.registry.formsets import CitationFormSet, LocationFormSet, NameFormSet
from heritage.registry.models import Citation, Claim, Count, Location, Monument, Name, Place, Relation, Status
from tests.registry.make import (
    make_actor,
    make_citation,
    make_location,
    make_media,
    make_monument,
    make_name,
    make_place,
    make_relation,
    make_source,
    make_status,
    make_term,
)

pytestmark = pytest.mark.django_db


def status_form(monument=None, instance=None, **data):
    """Return a bound form for a destruction, with ``data`` instead of what it says."""
    defaults = {
        "claimant": make_actor().pk,
        "summary": "It was razed.",
        "certainty": "high",
        "verification": "unreviewed",
        "hi_basis": "stated",
        "access_level": "public",
        "mode": "event",
        "aspect": "condition",
        "value": "destroyed",
        "effects": [make_term("effect", "destruction").pk],
        "intent": "not_stated",
        "scope": "whole",
    }
    return StatusForm(defaults | data, instance=instance or Status(monument=monument or make_monument()))


def errors(form):
    return {field: list(messages) for field, messages in form.errors.items()}


def saved(form):
    assert errors(form) == {}
    return form.save()


def date_block(row):
    return row.qualifier, row.lo, row.hi, row.edtf


# Dates


@pytest.mark.parametrize(
    ("mode", "text", "block"),
    [
        ("event", "2021-04-12/2021-06-18", ("once_between", 20210412, 20210618, "2021-04-12/2021-06-18")),
        ("event", "2021-04", ("on", 20210401, 20210430, "2021-04")),
        ("event", "../2021-06-18", ("before", None, 20210618, "../2021-06-18")),
        ("event", "2021-04-12/..", ("after", 20210412, None, "2021-04-12/..")),
        ("observation", "2021/2022", ("throughout", 20210101, 20221231, "2021/2022")),
        ("event", "", ("undated", None, None, "")),
    ],
)
def test_the_written_date_gives_bounds_and_dating(mode, text, block):
    effects = {} if mode == "event" else {"effects": []}

    assert date_block(saved(status_form(mode=mode, date=text, **effects))) == block


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("12.04.2021", "“12.04.2021” is not in the order year, month, day; write 2021-06-12."),
        (
            "2021-06-18/2021-04-12",
            "“2021-06-18/2021-04-12” runs backwards; if both dates are right, write 2021-04-12/2021-06-18.",
        ),
        (
            "spring",
            "“spring” is not a date; write 2021, 2021-06, 2021-06-12, 17XX, 1868~ or an interval such as 2021-04/2021-06.",
        ),
    ],
)
def test_a_date_that_is_malformed_or_reversed_is_quoted_at_its_field(text, message):
    assert errors(status_form(date=text)) == {"date": [message]}


def test_a_dating_without_its_date_is_refused():
    assert errors(status_form(qualifier="before")) == {"date": ["Give the date, or choose “Undated”."]}


def test_a_dating_that_the_date_does_not_fit_is_refused_at_the_dating():
    assert errors(status_form(qualifier="once_between", date="2021/..")) == {
        "qualifier": [
            "The dating needs its bounds: “on” and “once between” both, “before” the later, “after” the earlier, "
            "“throughout” at least one, “undated” none."
        ]
    }


def test_the_form_of_a_stored_claim_saves_it_unchanged():
    status = make_status(edtf="1868~", qualifier="on", lo=18680101, hi=18681231)
    Status.objects.filter(pk=status.pk).update(edtf="1868~")
    status.refresh_from_db()
    form = StatusForm(instance=status)

    again = saved(status_form(instance=status, date=form["date"].value(), qualifier=form["qualifier"].value()))

    assert date_block(again) == ("on", 18680101, 18681231, "1868~")


# The two anchors


def anchored(**more):
    before, after = make_source("Image of April"), make_source("Image of June")
    return {
        "unchanged_on": "2021-04-12",
        "unchanged_source": before.pk,
        "unchanged_locator": "frame 1",
        "changed_on": "2021-06-18",
        "changed_source": after.pk,
    } | more


def test_two_sightings_make_two_anchors_and_the_bounds():
    status = saved(status_form(**anchored()))

    assert date_block(status) == ("once_between", 20210412, 20210618, "2021-04-12/2021-06-18")
    assert [(one.role, one.source.title, one.locator, one.anchored_on) for one in status.citations.all()] == [
        ("first_changed", "Image of June", "", 20210618),
        ("last_unchanged", "Image of April", "frame 1", 20210412),
    ]


def test_changing_a_sighting_updates_its_anchor_and_the_bound():
    data = anchored()
    status = saved(status_form(**data))
    kept = {citation.ref for citation in status.citations.all()}

    saved(status_form(instance=Status.objects.get(), **data | {"changed_on": "2021-06"}))

    status = Status.objects.get()
    assert date_block(status) == ("once_between", 20210412, 20210630, "2021-04-12/2021-06")
    assert {citation.ref for citation in status.citations.all()} == kept


def test_emptying_a_sighting_removes_its_anchor():
    data = anchored()
    saved(status_form(**data))

    saved(
        status_form(
            instance=Status.objects.get(),
            **data | {"unchanged_on": "", "unchanged_source": "", "unchanged_locator": ""},
        )
    )

    assert date_block(Status.objects.get()) == ("before", None, 20210618, "../2021-06-18")
    assert [citation.role for citation in Citation.objects.all()] == ["first_changed"]


def test_a_sighting_and_a_date_together_give_one_end_each():
    data = anchored(changed_on="", changed_source="", date="../2022-06-30", hi_basis="report_date")

    assert date_block(saved(status_form(**data))) == ("once_between", 20210412, 20220630, "2021-04-12/2022-06-30")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"changed_on": "2021-03-01"},
            {"changed_on": ["First seen changed (2021-03-01) lies before last seen unchanged (2021-04-12)."]},
        ),
        ({"changed_source": ""}, {"changed_source": ["Choose the source in which it was seen."]}),
        ({"unchanged_on": ""}, {"unchanged_on": ["Give the date of the image or visit."]}),
        (
            {"unchanged_on": "12/04/2021"},
            {"unchanged_on": ["“12/04/2021” is not in the order year, month, day; write 2021-06-12."]},
        ),
        (
            {"date": "2021-05/2021-06-18"},
            {"date": ["“Last seen unchanged” says 12 April 2021, this date says 1 May 2021. Leave the date empty."]},
        ),
    ],
)
def test_sightings_that_do_not_hold_together_are_refused_at_their_field(change, expected):
    assert errors(status_form(**anchored(**change))) == expected


# Status rules


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"mode": "threat", "probability": "planned"},
            {"value": ["A threat has not happened, so it has no value. Leave the value empty."]},
        ),
        (
            {"mode": "threat", "value": ""},
            {"probability": ["A threat needs a probability; an event or observation has none."]},
        ),
        (
            {"mode": "observation"},
            {
                "effects": [
                    "An observation says what was seen, not what was done. Remove the effects or record an event."
                ]
            },
        ),
        (
            {"mode": "observation", "value": "", "effects": []},
            {"value": ["An observation needs the value that was seen."]},
        ),
        (
            {"effects": []},
            {"effects": ["An event needs an effect; choose “Not stated” if the source does not say what was done."]},
        ),
        ({"aspect": "use"}, {"value": ["This value does not belong to this aspect."]}),
        (
            {"value": "castle"},
            {"value": ["Select a valid choice. castle is not one of the available choices."]},
        ),
        ({"scope": "part"}, {"part_affected": ["Name the part that the claim speaks of."]}),
        (
            {"extent_min": 60, "extent_max": 40},
            {"extent_max": ["The extent runs from a smaller to a larger share, both at most 100 per cent."]},
        ),
        ({"summary": "x" * 301}, {"summary": ["Ensure this value has at most 300 characters (it has 301)."]}),
    ],
)
def test_a_status_against_the_rules_is_refused_at_its_field(change, expected):
    assert errors(status_form(**change)) == expected


def test_effects_of_another_vocabulary_are_not_offered():
    term = make_term("cause", "fire")

    assert errors(status_form(effects=[term.pk])) == {
        "effects": [f"Select a valid choice. {term.pk} is not one of the available choices."]
    }


# Citations


def citation_form(claim=None, **data):
    claim = claim or make_status()
    defaults = {"source": make_source("A book").pk, "role": "asserts", "directness": "primary"}
    return CitationForm(defaults | data, instance=Citation(claim=claim.claim_ptr))


def test_a_time_code_on_a_book_is_refused():
    assert errors(citation_form(timecode_start=90)) == {
        "timecode_start": ["“A book” is no film, sound or page with one: use the locator for pages and paragraphs."]
    }


def test_a_time_code_on_a_film_is_kept_but_not_backwards():
    film = make_media(kind="video")

    assert saved(citation_form(timecode_start=90, timecode_end=95, media=film.pk)).timecode_end == 95
    assert errors(citation_form(timecode_start=90, timecode_end=80, media=film.pk)) == {
        "timecode_end": ["The time code ends before it starts, or has no start."]
    }


def test_an_anchor_among_the_citations_needs_its_date():
    assert errors(citation_form(role="first_changed")) == {
        "anchored": ["“Last seen unchanged” and “first seen changed” carry their date; other roles none."]
    }


def test_a_source_does_not_relay_itself():
    source = make_source()

    assert errors(citation_form(source=source.pk, reported_from=source.pk)) == {
        "reported_from": ["A source does not relay itself."]
    }


Citations = inlineformset_factory(Claim, Citation, CitationForm, CitationFormSet, extra=0)


def cited_together(form, **citation):
    """Return the errors of the citations saved together with the status ``form``."""
    assert form.is_valid()
    row = {"source": citation.pop("source").pk, "role": "asserts", "directness": "primary"} | citation
    data = {"citations-TOTAL_FORMS": 1, "citations-INITIAL_FORMS": 0} | {
        f"citations-0-{name}": value for name, value in row.items()
    }
    return list(Citations(data, instance=form.instance).non_form_errors())


def dated_source(title, text):
    form = SourceForm(
        {
            "title": title,
            "kind": make_term("source_kind", "report").pk,
            "date": text,
            "standard_of_proof": "not_stated",
            "read_state": "in_full",
            "access_level": "public",
        }
    )
    return saved(form)


def test_a_claim_is_not_dated_later_than_the_newest_source_that_carries_it():
    form = status_form(date="2021-04-12/2021-06-18")

    assert cited_together(form, source=dated_source("Report of May", "2021-05")) == [
        "It is dated up to 18 June 2021, but the newest source cited, “Report of May”, is of 31 May 2021."
    ]
    assert cited_together(form, source=dated_source("Report of June", "2021-06")) == []
    assert cited_together(form, source=make_source("Undated report")) == []


def test_an_anchor_whose_date_is_not_the_bound_is_refused():
    form = status_form(date="2021-04-12/2021-06-18")

    faults = cited_together(form, source=make_source("Image"), role="first_changed", anchored="2021-06-20")

    assert faults == ["“First seen changed” is dated 20 June 2021 in “Image”, but the claim says 18 June 2021."]


# Names


def name_form(**data):
    defaults = {"text": "Saint John", "language": "en", "script": "Latn", "kind": "alternative"}
    return NameForm(defaults | data, instance=Name(monument=make_monument()))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"text": "Saint\x07John"}, {"text": ["Character 6 (U+0007) is invisible or not text. Remove it."]}),
        ({"text": "Saint\u202eJohn"}, {"text": ["Character 6 (U+202E) is invisible or not text. Remove it."]}),
        ({"text": "S\u0000"}, {"text": ["Null characters are not allowed."]}),
        ({"text": "x" * 10000}, {"text": ["Ensure this value has at most 300 characters (it has 10000)."]}),
        ({"text": "  "}, {"text": ["This field is required."]}),
        ({"language": "Armenian"}, {"language": ["Use a BCP 47 language tag such as “hy”, “az” or “az-Cyrl”."]}),
        ({"script": "latin"}, {"script": ["Ensure this value has at most 4 characters (it has 5)."]}),
        ({"script": "lati"}, {"script": ["Use an ISO 15924 code such as “Latn”, “Armn” or “Cyrl”."]}),
        ({"language": ""}, {"language": ["A name needs its language and script."]}),
        (
            {"kind": "register_number"},
            {"scheme": ["A register number needs its scheme; other names have none."]},
        ),
        (
            {"date": "1930-13"},
            {"date": ["“1930-13” has no month 13; months are 01 to 12, seasons 21 to 24 without a day."]},
        ),
    ],
)
def test_a_name_with_a_mistake_is_refused_at_its_field(data, expected):
    assert errors(name_form(**data)) == expected


def test_markup_in_a_name_is_text_like_any_other():
    assert saved(name_form(text="<script>alert(1)</script>")).text == "<script>alert(1)</script>"


def test_a_number_of_a_scheme_is_registered_once():
    make_name(make_monument(), "4711", kind="register_number", scheme="List")

    form = name_form(text="4711", kind="register_number", scheme="List", language="", script="")

    assert errors(form) == {"text": ["This number of this scheme is already registered."]}


Names = inlineformset_factory(Monument, Name, NameForm, NameFormSet, extra=0)
Locations = inlineformset_factory(Monument, Location, LocationForm, LocationFormSet, extra=0)


def rows(prefix, initial, *given):
    """Return form data for a formset with ``given`` rows, of which the first ``initial`` are stored."""
    data = {f"{prefix}-TOTAL_FORMS": len(given), f"{prefix}-INITIAL_FORMS": initial}
    return data | {
        f"{prefix}-{number}-{name}": value for number, row in enumerate(given) for name, value in row.items()
    }


def preferred(text, **more):
    return {"text": text, "language": "en", "script": "Latn", "kind": "preferred"} | more


def test_two_preferred_names_in_one_language_and_script_are_refused_at_the_second():
    formset = Names(rows("names", 0, preferred("One"), preferred("Two")), instance=make_monument())

    assert not formset.is_valid()
    assert formset.errors == [{}, {"kind": ["There is already a preferred name in this language and script."]}]


def test_a_second_preferred_name_on_its_own_form_is_refused():
    monument = make_monument()
    make_name(monument, kind="preferred")

    form = NameForm(preferred("Two"), instance=Name(monument=monument))

    assert errors(form) == {"kind": ["There is already a preferred name in this language and script."]}


def test_two_names_exchange_being_preferred_in_one_save():
    monument = make_monument()
    first, second = make_name(monument, "A", kind="preferred"), make_name(monument, "B")
    data = rows("names", 2, preferred("A", kind="alternative", id=first.pk), preferred("B", id=second.pk))

    formset = Names(data, instance=monument)
    assert formset.is_valid(), formset.errors
    formset.save()

    assert {name.text: name.kind for name in monument.names.all()} == {"A": "alternative", "B": "preferred"}


# Locations, places, relations, sources, counts


def location_form(**data):
    return LocationForm(data, instance=Location(monument=make_monument()))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"latitude": "39.76"}, {"longitude": ["Give latitude and longitude both, or neither."]}),
        (
            {"latitude": "91", "longitude": "46.75"},
            {"latitude": ["Latitude lies between −90 and 90 degrees. Are the two exchanged?"]},
        ),
        ({"latitude": "39.76", "longitude": "181"}, {"longitude": ["Longitude lies between −180 and 180 degrees."]}),
        ({"latitude": "north", "longitude": "46"}, {"latitude": ["Enter a number."]}),
        (
            {"footprint": "{"},
            {
                "footprint": [
                    "The footprint is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)."
                ]
            },
        ),
    ],
)
def test_a_location_with_a_mistake_is_refused_at_its_field(data, expected):
    assert errors(location_form(**data)) == expected


def test_exchanged_coordinates_are_noticed_by_the_place():
    place = make_place("Shusha / Shushi", latitude="39.76", longitude="46.75")

    assert errors(location_form(place=place.pk, latitude="46.75", longitude="39.76")) == {
        "latitude": ["Latitude and longitude look exchanged: the other way round they lie at “Shusha / Shushi”."]
    }


def test_of_two_locations_shown_the_second_is_refused():
    formset = Locations(
        rows("locations", 0, {"wording": "By the river", "shown": "on"}, {"wording": "On the hill", "shown": "on"}),
        instance=make_monument(),
    )

    assert formset.errors == [{}, {"shown": ["Only one location of a monument is shown."]}]


def test_another_location_is_shown_in_one_save():
    monument = make_monument()
    first, second = make_location(monument), make_location(monument, shown=False)
    by_pk = {location.pk: {"id": location.pk, "wording": "x"} for location in (first, second)}
    by_pk[second.pk]["shown"] = "on"
    formset = Locations(rows("locations", 2, by_pk[first.pk], by_pk[second.pk]), instance=monument)

    assert formset.is_valid(), formset.errors
    formset.save()

    assert [location.pk for location in monument.locations.filter(shown=True)] == [second.pk]


def test_a_place_beyond_the_pole_is_refused():
    form = PlaceForm(
        {"label": "X", "kind": "village", "access_level": "public", "latitude": "91", "longitude": "4"},
        instance=Place(),
    )

    assert errors(form) == {"longitude": ["Give latitude (−90 to 90) and longitude (−180 to 180) both, or neither."]}


def test_a_part_does_not_contain_its_whole():
    whole, part, detail = make_monument("Monastery"), make_monument("Church"), make_monument("Dome")
    make_relation(part, whole)
    make_relation(detail, part)

    form = RelationForm({"kind": "part_of", "other": detail.pk}, instance=Relation(monument=whole))

    assert errors(form) == {
        "other": ["“Dome” is already part of “Monastery”, directly or through others. A part cannot contain its whole."]
    }


def test_a_monument_is_not_related_to_itself():
    monument = make_monument()

    form = RelationForm({"kind": "adjacent_to", "other": monument.pk}, instance=Relation(monument=monument))

    assert errors(form) == {"other": ["A monument is not related to itself."]}


def test_a_withheld_source_needs_its_reason():
    form = SourceForm(
        {
            "title": "Letter",
            "kind": make_term("source_kind", "report").pk,
            "standard_of_proof": "not_stated",
            "read_state": "in_full",
            "access_level": "withheld",
        }
    )

    assert errors(form) == {"withheld_because": ["A withheld source needs the class of the reason, which readers see."]}


def claim_data(**more):
    return {
        "claimant": make_actor().pk,
        "summary": "All of them.",
        "certainty": "high",
        "verification": "unreviewed",
        "hi_basis": "stated",
        "access_level": "public",
    } | more


def test_only_all_goes_without_a_number():
    predicate = make_term("count_predicate", "destroyed").pk
    data = claim_data(predicate=predicate, counted="churches", number_qualifier="about")

    form = CountForm(data, instance=Count(monument=make_monument()))

    assert errors(form) == {"value": ["Give the number, zero or more; only “all” goes without one."]}


def test_an_attribution_needs_its_value():
    data = claim_data(facet="dedication", argued_from="not_stated")

    assert errors(AttributionForm(data)) == {"value": ["This field is required."]}


def test_the_stored_citation_shows_the_date_of_its_anchor():
    citation = make_citation(make_status(), role="first_changed", anchored_on=20210618)

    assert CitationForm(instance=citation)["anchored"].value() == "2021-06-18"
