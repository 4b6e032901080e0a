"""The forms and the import accept and refuse the same values, and say the same of them."""

import pytest
from django.db.models import Q

from heritage.intake.building import Builder
from heritage.intake.ground import laid_ground
from heritage.intake.judging import ASKED, Judge, claim_faults, truth
from heritage.intake.mapping import parse
from heritage.registry.forms import CitationForm, LocationForm, MonumentForm, NameForm, ProtectionForm, StatusForm
from heritage.registry.models import Citation, Location, Monument, Name, Protection, Status, Term
from heritage.registry.vocabulary import HiBasis, Verification
from tests.intake.lists import MAPPING

pytestmark = pytest.mark.django_db
LONG, HIDDEN = "x" * 301, "Bri\u202edge"


@pytest.fixture
def ground(terms):
    return laid_ground(parse(MAPPING), None)


@pytest.fixture
def judged(ground):
    """Judge a row as the import does: ``judged(Name, text="Bridge")``; returns the fields that are faulty."""

    def judge(row):
        return {field for field, _message in Judge(type(row), ASKED[type(row)]).faults(row)}

    return judge


RECORD = {"label": "Old bridge", "kind": "monument", "types": ["bridge"], "precision": "exact", "note": ""}
PLACE = {"latitude": "40.1", "longitude": "45.2", "uncertainty": 5, "method": "", "wording": "", "footprint": ""}
COMMON = {
    **{"date": "2020-05-01", "qualifier": "", "hi_basis": "stated", "as_stated": "", "summary": "Seen standing."},
    **{"certainty": "not_assessed", "locator": "1", "evidence": [], "directness": "primary"},
}
SEEN = {
    **{
        "aspect": "condition",
        "scope": "whole",
        "part": "",
        "grade": "",
        "extent": [None, None],
        "cause": "",
        "value": "intact",
    },
    **COMMON,
}
LISTED = {"kind": "national_list", "reference": "", "covers": "", "ended": "", **COMMON}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"label": ""},
        {"label": LONG},
        {"label": HIDDEN},
        {"kind": "castle"},
        {"precision": "vague"},
        {"note": "a\nb"},
        {"note": "\0"},
    ],
)
def test_monuments(ground, judged, values):
    wanted = RECORD | values
    built = Builder(ground).build({"record": wanted}, "1")
    names = {
        "label": wanted["label"],
        "kind": wanted["kind"],
        "public_precision": wanted["precision"],
        "note": wanted["note"],
    }
    form = MonumentForm(
        names | {"types": [term.pk for term in built.types], "access_level": "public", "itemised": True}
    )

    assert judged(built.monument) == set(form.errors)


@pytest.mark.parametrize(
    "values",
    [
        {}, {"text": ""}, {"text": LONG}, {"text": HIDDEN}, {"language": ""}, {"language": "English"}, {"language": "az-Cyrl"},
        {"script": "latin"}, {"kind": "nickname"},
    ],
)  # fmt: skip
def test_names(ground, judged, values):
    wanted = {"text": "Old bridge", "language": "en", "script": "Latn", "kind": "official"} | values
    subject = Monument.objects.create(label="Bridge")
    row = Builder(ground).name(wanted, subject, "1")
    form = NameForm(wanted | {"locator": row.locator, "source": ground.source.pk}, instance=Name(monument=subject))

    assert judged(row) == set(form.errors)


@pytest.mark.parametrize(
    "values",
    [
        {}, {"latitude": "90.1"}, {"longitude": "-180.5"}, {"latitude": None}, {"latitude": None, "longitude": None},
        {"method": "m" * 121}, {"wording": LONG}, {"footprint": "{"}, {"footprint": '{"type":"Point","coordinates":[500,1]}'},
        {"footprint": '{"type":"Point","coordinates":[45.2,40.1]}'},
    ],
)  # fmt: skip
def test_locations(ground, judged, values):
    wanted = PLACE | values
    subject = Monument.objects.create(label="Bridge")
    row = Builder(ground).location(wanted, subject, "1", shown=True)
    form = LocationForm(wanted | {"source": ground.source.pk, "shown": True}, instance=Location(monument=subject))

    assert judged(row) == set(form.errors)


def claim_data(ground, values):
    return {
        **{
            "claimant": ground.actor.pk,
            "summary": values["summary"],
            "certainty": values["certainty"],
            "date": values["date"],
        },
        **{
            "qualifier": values["qualifier"],
            "hi_basis": HiBasis.STATED,
            "as_stated": values["as_stated"],
            "access_level": "public",
        },
        "verification": Verification.UNREVIEWED,
    }


@pytest.mark.parametrize(
    ("sort", "values"),
    [
        ("observation", {}), ("observation", {"value": ""}), ("observation", {"value": "worship"}), ("observation", {"summary": ""}),
        ("observation", {"summary": LONG}), ("observation", {"certainty": "sure"}), ("observation", {"scope": "part"}),
        ("observation", {"scope": "part", "part": "roof"}), ("observation", {"extent": [60, 31]}), ("observation", {"extent": [90, 101]}),
        ("observation", {"as_stated": HIDDEN}), ("observation", {"aspect": "use", "value": "worship"}), ("observation", {"grade": LONG}),
        ("event", {"value": "", "effects": ["construction"]}), ("event", {"value": "", "effects": []}),
        ("threat", {"value": "", "probability": "possible"}), ("threat", {"value": "", "probability": ""}),
        ("threat", {"value": "intact", "probability": "possible"}), ("observation", {"date": "", "qualifier": ""}),
    ],
)  # fmt: skip
def test_status_claims(ground, judged, sort, values):
    wanted = SEEN | values
    built = Builder(ground).build({"record": RECORD, f"{sort} 1": wanted}, "1")
    [told] = built.claims
    subject = Monument.objects.create(label="Bridge")
    data = claim_data(ground, wanted) | {
        **{"mode": sort, "aspect": wanted["aspect"], "value": wanted["value"], "scope": wanted["scope"]},
        **{"part_affected": wanted["part"], "reported_grade": wanted["grade"], "intent": "not_stated"},
        **dict(zip(("extent_min", "extent_max"), wanted["extent"], strict=True)),
        **{"probability": wanted.get("probability", ""), "effects": [term.pk for term in told.effects]},
    }
    form = StatusForm(data, instance=Status(monument=subject), cited=[told.citation])
    found = judged(told.claim) | {field for field, _message in claim_faults(told)}

    assert bool(found) == bool(form.errors), (found, form.errors)
    assert not found or found & set(form.errors)


@pytest.mark.parametrize("values", [{}, {"reference": "x" * 121}, {"covers": LONG}, {"ended": HIDDEN}, {"summary": ""}])
def test_protections(ground, judged, values):
    wanted = LISTED | values
    [told] = Builder(ground).build({"record": RECORD, "protection 1": wanted}, "1").claims
    kind = Term.objects.get(vocabulary="protection_kind", code="national_list")
    data = claim_data(ground, wanted) | {
        "kind": kind.pk,
        "authority": ground.actor.pk,
        "reference_number": wanted["reference"],
    }
    data |= {"covers": wanted["covers"], "ended": wanted["ended"]}
    form = ProtectionForm(data, instance=Protection(monument=Monument.objects.create(label="Bridge")))

    assert judged(told.claim) == set(form.errors)


@pytest.mark.parametrize("values", [{}, {"locator": LONG}, {"directness": "hearsay"}, {"locator": HIDDEN}])
def test_citations(ground, judged, values):
    wanted = SEEN | values
    [told] = Builder(ground).build({"record": RECORD, "observation 1": wanted}, "1").claims
    data = {
        "source": ground.source.pk,
        "role": "asserts",
        "locator": wanted["locator"],
        "directness": wanted["directness"],
    }
    form = CitationForm(data, instance=Citation())

    assert judged(told.citation) == set(form.errors)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Q(lo__isnull=True), True), (Q(lo__lte=5), None), (~Q(lo__lte=5), None), (Q(lo__lte=5) | Q(summary="a"), True),
        (Q(lo__lte=5) & Q(summary="b"), False), (Q(summary__in=["a", "c"]), True), (~Q(summary=""), True),
    ],
)  # fmt: skip
def test_conditions_are_worked_out_as_sql_does(condition, holds):
    assert truth(condition, Status)(Status(summary="a")) is holds
