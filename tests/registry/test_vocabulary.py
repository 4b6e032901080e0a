"""The controlled terms: every one is defined, and none of the curated content's codes is lost."""

import re
from inspect import getmembers, isclass

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from heritage.registry import vocabulary
from heritage.registry.models import Term
from heritage.registry.refs import mint_from
from heritage.registry.statement import BEARING
from heritage.registry.vocabulary import EXTENSIBLE, VALUES_OF_ASPECT, Aspect, Concepts, value_label

CONTENT = settings.BASE_DIR.parent / "shared" / "content" / "register.yaml"
needs_content = pytest.mark.skipif(not CONTENT.exists(), reason=f"the curated content is not there: {CONTENT}")

CHOICES = dict(getmembers(vocabulary, lambda one: isclass(one) and issubclass(one, Concepts) and one is not Concepts))
#: Vocabularies of the curated content that the register's logic depends on, and the classes that hold their codes.
HELD_BY = {
    "record_mode": "Mode",
    "aspect": "Aspect",
    "condition": "Condition",
    "scope": "Scope",
    "completeness": "Completeness",
    "intent_as_claimed": "Intent",
    "threat_probability": "Probability",
    "certainty": "Certainty",
    "dating_qualifier": "Qualifier",
    "citation_role": "CitationRole",
    "directness": "Directness",
    "verification_status": "Verification",
    "standard_of_proof": "StandardOfProof",
    "attribution_facet": "AttributionFacet",
    "attribution_basis": "AttributionBasis",
    "relation_kind": "RelationKind MembershipKind",
    "name_kind": "NameKind",
    "location_precision": "Precision",
    "access_level": "AccessLevel",
    "content_warning": "ContentWarning",
    "count_qualifier": "CountQualifier",
    "link_kind": "LinkKind",
    "use": "Use",
    "access_state": "Access",
    "custody_state": "Custody",
    "inscription_state": "Inscription",
    "setting_state": "Setting",
}
#: Codes that the register writes otherwise.
RENAMED = {
    ("name_kind", "reference_number"): "register_number",
    ("access_level", "0"): "public",
    ("access_level", "1"): "registered",
    ("access_level", "2"): "curators",
    ("access_level", "3"): "sealed",
}
#: Codes that are no code here: a withdrawn record is at its stage, a monument without a position has no coordinates.
SAID_OTHERWISE = {("verification_status", "withdrawn"), ("location_precision", "unknown")}
TABLES = {"evidence_type": "evidence_kind"}


@pytest.fixture
def terms(db):
    call_command("loaddata", "vocabularies", verbosity=0)
    return {(term.vocabulary, term.code): term for term in Term.objects.select_related("broader")}


def content():
    return yaml.safe_load(CONTENT.read_text())["vocabularies"]


@pytest.mark.parametrize("name", CHOICES)
def test_every_choice_has_a_label_a_definition_and_a_standard(name):
    for member in CHOICES[name]:
        assert str(member.label)
        assert str(member.definition).endswith(".")
        assert member.standard


def test_a_value_is_labelled_within_its_aspect():
    assert value_label("use", "none") == "Out of use"
    assert value_label("condition", "not_a_code") == "not_a_code"
    assert value_label("naming", "anything") == "anything"


def test_every_aspect_but_naming_has_values_and_can_say_that_nothing_is_known():
    assert set(VALUES_OF_ASPECT) == set(Aspect) - {Aspect.NAMING}
    assert all("unknown" in values.values for values in VALUES_OF_ASPECT.values())


def test_the_fixture_holds_every_extensible_vocabulary(terms):
    found = {name: sum(1 for key in terms if key[0] == name) for name in EXTENSIBLE}

    assert found == {
        "monument_type": 35,
        "effect": 22,
        "cause": 12,
        "protection_kind": 11,
        "evidence_kind": 17,
        "source_kind": 13,
        "count_predicate": 12,
        "unit": 7,
        "source_reliability": 6,
        "info_credibility": 6,
        "verification_check": 6,
    }
    assert sum(found.values()) == len(terms)


def test_every_term_is_labelled_defined_and_known_by_a_reference_made_from_its_code(terms):
    for (name, code), term in terms.items():
        assert term.labels["en"]
        assert term.definition.endswith(".")
        assert term.standard
        assert term.ref == mint_from(f"term:{name}.{code}")
        term.full_clean()


@pytest.mark.parametrize(
    ("code", "lineage"),
    [
        ("cathedral", ["cathedral", "church", "place_of_worship"]),
        ("friday_mosque", ["friday_mosque", "mosque", "place_of_worship"]),
        ("monastery", ["monastery", "place_of_worship"]),
        ("khachkar", ["khachkar", "commemorative_monument"]),
        ("gravestone", ["gravestone", "funerary_site"]),
        ("caravanserai", ["caravanserai", "trade_and_transport"]),
        ("museum", ["museum"]),
    ],
)
def test_monument_types_are_narrower_than_others(terms, code, lineage):
    assert terms["monument_type", code].lineage() == lineage


def test_churches_and_mosques_stand_at_the_same_place_in_the_hierarchy(terms):
    narrower = {
        code: {term.code for term in terms.values() if term.broader and term.broader.code == code}
        for code in ("place_of_worship", "church", "mosque")
    }

    assert narrower == {
        "place_of_worship": {"church", "mosque", "synagogue", "temple", "shrine", "monastery"},
        "church": {"cathedral", "chapel"},
        "mosque": {"friday_mosque", "prayer_house"},
    }


def test_only_monument_types_have_broader_terms(terms):
    assert {term.vocabulary for term in terms.values() if term.broader} == {"monument_type"}
    assert {term.broader.vocabulary for term in terms.values() if term.broader} == {"monument_type"}


def test_equivalents_in_open_thesauri_are_plain_identifiers(terms):
    aat = {term.code: term.mappings["aat"] for term in terms.values() if "aat" in term.mappings}
    wikidata = [term.mappings["wikidata"] for term in terms.values() if "wikidata" in term.mappings]

    assert aat == {
        "church": "300007466",
        "cathedral": "300007501",
        "chapel": "300004590",
        "mosque": "300007544",
        "cemetery": "300266755",
        "archaeological_site": "300000810",
    }
    assert len(wikidata) == 12
    assert all(re.fullmatch(r"Q[1-9]\d*", found) for found in wikidata)


def test_every_effect_that_the_derivation_weighs_is_a_term(terms):
    effects = {code for name, code in terms if name == "effect"}

    assert effects - set(BEARING) == {"not_stated"}
    assert set(BEARING) <= effects


@needs_content
def test_every_code_of_the_curated_content_keeps_its_definition_and_standard(terms):
    """Precisions are left to the next test: here they say how a position is shown, there how it was found."""
    for name, given in content().items():
        for one in given:
            key = (name, one["code"])
            if name == "location_precision" or key in SAID_OTHERWISE:
                continue
            found = held(key, terms)
            assert (str(found.definition), found.standard) == (one["definition"], one["standard"]), key


@needs_content
def test_every_precision_of_the_curated_content_is_a_code():
    assert {one["code"] for one in content()["location_precision"]} - set(vocabulary.Precision.values) == {"unknown"}


@needs_content
def test_every_vocabulary_of_the_curated_content_has_its_place():
    assert len(content()) == 38
    assert {TABLES.get(name, name) for name in content() if name not in HELD_BY} == set(EXTENSIBLE)


def held(key, terms):
    """Return the term or member that holds the code ``key`` (vocabulary, code) of the curated content."""
    name, code = key
    if name not in HELD_BY:
        return terms[TABLES.get(name, name), code]
    code = RENAMED.get(key, code)
    return next(CHOICES[held_by](code) for held_by in HELD_BY[name].split() if code in CHOICES[held_by].values)
