"""The form by which a mapping is made column by column: numbers, places, references, and how mistakes are told."""

import pytest

from heritage.intake.mapping import parse
from heritage.intake.models import Mapping
from heritage.registry.models import Citation, Location, Name
from tests.intake.desk import SUPPLIER, at, bring, do, filled_in, mapped, read
from tests.registry.make import make_place

pytestmark = pytest.mark.django_db
RICH = (
    "Nr;Name;Wikidata;Ort;Baujahr;Literatur\n"
    "1;Kapelle am See;Q12;Seedorf;1804;A Guide, 1984 | Atlas\n"
    "2;Alte Mühle;Q13;Bergdorf;1805;Atlas\n"
    "3;Oberes Tor;;Bergdorf;1806;\n"
)


def test_numbers_places_and_references_come_from_the_form_into_the_register(contributor):
    place = make_place("Bergdorf")
    batch = mapped(contributor, RICH, **{"language-2": "Wikidata"})
    assert parse(batch.mapping_text).number[0].scheme == "Wikidata"
    form = contributor.get(at("words", batch)).context["form"]
    assert {field.label: field.initial for field in form.fields.values() if field.label in ("Seedorf", "Bergdorf")} == {
        "Bergdorf": place.ref,
        "Seedorf": "",
    }
    contributor.post(at("words", batch), filled_in(form))

    batch, _said = do(contributor, batch, "apply")

    assert batch.counts["applied"] == 3
    numbers = Name.objects.filter(scheme="Wikidata").order_by("text")
    assert list(numbers.values_list("monument__label", "text")) == [("Kapelle am See", "Q12"), ("Alte Mühle", "Q13")]
    assert sorted(Location.objects.filter(place=place).values_list("monument__label", flat=True)) == [
        "Alte Mühle",
        "Oberes Tor",
    ]
    cited = Citation.objects.filter(role="context").order_by("claim__monument__label", "source__title")
    assert list(cited.values_list("claim__monument__label", "source__title")) == [
        ("Alte Mühle", "Atlas"),
        ("Kapelle am See", "A Guide, 1984"),
        ("Kapelle am See", "Atlas"),
    ]


def test_the_mapping_of_a_form_comes_back_with_numbers_places_and_references(contributor):
    batch = mapped(contributor, RICH, **{"separator-5": "\\n"})

    form = contributor.get(at("mapping", batch)).context["form"]

    assert [form[f"role-{n}"].value() for n in range(6)] == [
        "identifier",
        "name",
        "number",
        "wording",
        "built",
        "reference",
    ]
    assert form["language-2"].value() == "Wikidata"
    assert form["separator-5"].value() == "\\n"
    assert parse(batch.mapping_text).source[0].separator == "\n"


def test_mistakes_are_listed_at_the_head_with_links_to_their_fields(contributor):
    batch = bring(contributor)

    answer = contributor.post(at("mapping", batch), {**SUPPLIER, "supplier": "", "do": "plan"})

    page = answer.content.decode()
    assert '<li><a href="#id_supplier">Who made the list</a>: This field is required.</li>' in page
    assert page.index('href="#id_supplier"') < page.index("The columns")


def test_a_reference_needs_a_claim_that_cites_it(contributor):
    batch = bring(contributor, "Nr;Name;Literatur\n1;A;x\n2;B;y\n")
    given = filled_in(contributor.get(at("mapping", batch), {"fresh": "1"}).context["form"])

    answer = contributor.post(at("mapping", batch), {**given, **SUPPLIER, "role-2": "reference", "do": "plan"})

    assert "no column is any of these" in read(answer)


def test_a_name_for_the_mapping_is_offered_and_made_fit(contributor):
    batch = bring(contributor, name="Liste 2024 (neu).csv")
    form = contributor.get(at("mapping", batch), {"fresh": "1"}).context["form"]
    assert form["name"].value() == "liste-2024-neu"
    Mapping.objects.create(name="liste-2024-neu", text="")
    assert contributor.get(at("mapping", batch), {"fresh": "1"}).context["form"]["name"].value() == "liste-2024-neu-2"

    given = filled_in(form)
    contributor.post(at("mapping", batch), {**given, **SUPPLIER, "name": "Église & Fils 1", "do": "plan"})
    answer = contributor.post(at("mapping", bring(contributor)), {**given, **SUPPLIER, "name": "місто", "do": "plan"})

    assert Mapping.objects.filter(name="eglise-fils-1").exists()
    assert "Give it a name with Latin letters or digits" in read(answer)


def test_rows_that_are_not_taken_for_their_number_are_told_beside_the_button(contributor):
    rows = "Nr;Name\n" + "".join(f"{n};Tor {n}\n" for n in range(1, 20)) + "7;Anderes Tor\n"
    batch = mapped(contributor, rows)
    told = "2 rows are not taken, since they have a number in common and say different things."

    assert told in read(contributor.get(at("change", batch)))
    joined = mapped(contributor, rows, repeated="join", replace="on")
    assert told not in read(contributor.get(at("change", joined)))
    assert (batch.counts["new"], joined.counts["new"]) == (18, 19)


def test_what_must_be_said_is_marked(contributor):
    page = contributor.get(at("mapping", bring(contributor)), {"fresh": "1"}).content.decode()

    assert page.count('<span class="quiet needed">needed</span>') == 8


def test_a_language_is_a_tag_and_the_name_of_another_list_is_not(contributor):
    batch = bring(contributor, RICH)
    given = filled_in(contributor.get(at("mapping", batch), {"fresh": "1"}).context["form"]) | SUPPLIER

    told = read(contributor.post(at("mapping", batch), {**given, "language-1": "French", "language-2": "Wiki data"}))

    assert told.count("Write the language as a tag") == 2  # at the head and in its place
    assert "Language of “Name”, or the list whose numbers it has : Write" in told


def test_a_language_whose_dates_are_not_known_is_told(contributor):
    batch = bring(contributor, RICH)
    given = filled_in(contributor.get(at("mapping", batch), {"fresh": "1"}).context["form"]) | SUPPLIER

    told = read(contributor.post(at("mapping", batch), {**given, "date_languages": "de, german"}))

    assert "are known, those of german are not." in told


def test_a_page_of_words_with_thousands_of_places_shows_fewer_words(contributor, monkeypatch):
    make_place("Bergdorf")
    monkeypatch.setattr("heritage.intake.admin.words.MOST_CHOICES", 3)
    rows = "Nr;Name;Ort\n" + "".join(f"{n};Tor {n};{'Bergdorf' if n < 30 else f'Dorf {n}'}\n" for n in range(1, 40))
    batch = mapped(contributor, rows)

    assert "6 more come after these." in read(contributor.get(at("words", batch)))
