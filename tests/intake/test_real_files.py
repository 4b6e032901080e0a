"""Ukraine, Sistan and Cairo: what their READMEs say a correct import gives."""

from collections import Counter

import pytest

from heritage.intake.models import Outcome
from heritage.registry.models import Citation, Location, Media, Monument, Name, Protection, Status

pytestmark = pytest.mark.django_db
OBLASTS = {"chernigivska": (609, 609, 586, 23), "lvivska": (310, 310, 285, 25), "zakarpatska": (77, 76, 39, 38)}


def numbered(text):
    return Name.objects.get(kind="register_number", text=text).monument


@pytest.mark.parametrize("oblast", OBLASTS)
def test_csv_xlsx_and_geojson_of_an_oblast_are_the_same_records(applied, planned, real, oblast):
    rows, features, local, national = OBLASTS[oblast]
    csv = applied(real(f"ukraine-protected/pzo-{oblast}.csv"), "ukraine")

    xlsx = planned(real(f"ukraine-protected/pzo-{oblast}.xlsx"), "ukraine")
    geojson = planned(real(f"ukraine-protected/pzo-{oblast}.geojson"), "ukraine")

    assert (csv.counts["new"], csv.counts["refused"]) == (rows, 0)
    assert all(name.startswith("П-") for name in csv.rows.values_list("identifier", flat=True))
    assert (xlsx.counts["same"], xlsx.counts["changed"], xlsx.counts["vanished"]) == (rows, 0, 0)
    assert (geojson.counts["same"], geojson.counts["changed"], geojson.counts["vanished"]) == (
        features,
        0,
        rows - features,
    )
    ordered = [list(batch.rows.order_by("number").values_list("identifier", flat=True)) for batch in (csv, xlsx)]
    assert ordered[0] == ordered[1]
    kinds = Counter(Protection.objects.values_list("kind__code", flat=True))
    assert kinds == {"local_list": local, "national_list": national}


def test_the_oblasts_of_other_files_have_not_vanished(applied, real):
    applied(real("ukraine-protected/pzo-zakarpatska.csv"), "ukraine")

    other = applied(real("ukraine-protected/pzo-lvivska.csv"), "ukraine")

    assert (other.counts["new"], other.counts["vanished"]) == (310, 0)


def test_degrees_minutes_and_seconds_and_empty_coordinates_of_ukraine(applied, real):
    applied(real("ukraine-protected/pzo-lvivska.csv"), "ukraine")
    batch = applied(real("ukraine-protected/pzo-zakarpatska.csv"), "ukraine")

    avenue = numbered("П-1024")
    assert avenue.label == "Алея вікових лип і дубів"
    place = avenue.locations.get()
    assert (str(place.latitude), str(place.longitude)) == ("49.295556", "24.142222")
    assert numbered("П-51").locations.get().latitude is None
    assert batch.counts["refused"] == 0
    beeches = Name.objects.filter(text__icontains="бук", language="uk").values_list("monument__label", flat=True)
    assert numbered("П-1034").label == "Віковий бук" in set(beeches)
    assert not Name.objects.filter(text__contains="\n").exists()


def test_sistan_is_326_places_of_356_features(applied, real):
    batch = applied(real("sistan-condition/sistan_sample.geojson"), "sistan")

    counts = batch.counts
    assert (counts["read"], counts["new"], counts["repeated"], counts["refused"]) == (356, 326, 30, 0)
    graded = set(Status.objects.filter(mode="observation").values_list("monument", "reported_grade"))
    assert Counter(grade for _one, grade in graded) == {"Destroyed": 130, "Very Bad": 118, "Poor": 59, "Fair": 19}
    assert Status.objects.filter(mode="threat").exclude(probability="").values("monument").distinct().count() == 325
    assert Location.objects.filter(shown=True, latitude__isnull=False).count() == 326
    assert Location.objects.exclude(footprint="").count() == 34  # 35 outlines, two of them of one place


def test_one_place_of_sistan_with_both_names_its_outline_and_its_damage(applied, real):
    applied(real("sistan-condition/sistan_sample.geojson"), "sistan")

    place = numbered("EAMENA-0182043")
    names = place.names.words().values_list("text", "language", "script")
    assert set(names) == {("Zahedan Kohneh", "en", "Latn"), ("زاهدان کهنه", "fa", "Arab")}
    seen = Status.objects.get(monument=place, mode="observation")
    assert (seen.edtf, seen.reported_grade, seen.extent_min, seen.extent_max) == ("2021-05-24", "Very Bad", 91, 100)
    [where] = place.locations.all()
    assert (str(where.latitude), str(where.longitude)) == ("30.974366", "61.693035")
    assert where.footprint.startswith('{"type":"Polygon"')
    assert "Disturbance Cause Category Type: " in place.note  # which do not pair with the effects, so make no claim
    assert "Threat Category" not in place.note
    twice = Status.objects.filter(monument=numbered("EAMENA-0230713"), mode="observation").order_by("lo")
    assert [(one.edtf, one.value) for one in twice] == [("2023-04-21", "destroyed"), ("2023-05-19", "destroyed")]


def test_cairo_is_91_monuments_with_their_photographs(applied, real):
    batch = applied(real("cairo-cemetery/records_NS.xlsx"), "cairo")

    assert (batch.counts["new"], batch.counts["refused"]) == (91, 0)
    seen = Status.objects.filter(mode="observation")
    graded = Counter(seen.values_list("reported_grade", flat=True))
    assert graded == {"Good": 26, "Fair": 43, "Poor": 17, "Poor/Ruin": 4, "Ruin": 1}
    assert (Media.objects.count(), numbered("2").media.count()) == (1954, 84)
    assert Monument.objects.filter(media__isnull=False).distinct().count() == 91
    assert Monument.objects.filter(note__contains="references: ").count() == 22
    related = Citation.objects.filter(role="context")
    assert related.values("claim__monument").distinct().count() == 22
    williams = related.filter(source__title__contains="Islamic Monuments", claim__monument=numbered("1"))
    assert [one.source.kind.code for one in williams] == ["book"]
    days = seen.order_by("lo").values_list("edtf", flat=True)
    assert (days.first(), days.last()) == ("2022-01-17", "2024-05-08")
    assert not Media.objects.filter(label="").exists()
    places = Location.objects.filter(latitude__range=(30.03865, 30.04985), longitude__range=(31.26775, 31.27875))
    assert places.count() == 91


def test_two_calendars_of_cairo_agree_or_are_kept_as_stated(applied, real):
    batch = applied(real("cairo-cemetery/records_NS.xlsx"), "cairo")

    first = numbered("1")
    assert first.label == "Funerary enclosure of Mustafa al-Babi al-Halabi"
    assert str(first.locations.get().latitude) == "30.049202"
    taken = Media.objects.filter(as_stated="11August 2022").values_list("edtf", flat=True)
    assert list(taken) == ["2022-08-11"] * 8
    built = Status.objects.filter(effects__code="construction")
    assert built.get(monument=first).edtf == "1931"
    by_words = {one.as_stated or one.summary: one.edtf for one in built}
    assert by_words["Before AH 1323 = AD 1905"] == "../1905"
    assert by_words["AH 1336 = AD 1947"] == ""
    assert by_words["re AH 1315 = AD 1897Before"] == ""
    told = [one["reason"] for row in batch.rows.exclude(remarks="") for one in row.remark_list]
    assert "The two years disagree: AH 1336 is 1917–1918, not 1947." in told


def test_a_photograph_table_that_is_not_there_is_asked_for(planned, real, tmp_path):
    copy = tmp_path / "records_NS.xlsx"
    copy.write_bytes(real("cairo-cemetery/records_NS.xlsx").read_bytes())

    batch = planned(copy, "cairo")

    assert batch.state == "refused"
    assert "condition.csv" in batch.report["problems"][0]


def test_line_breaks_that_excel_escapes_are_line_breaks(applied, real):
    applied(real("cairo-cemetery/records_NS.xlsx"), "cairo")

    assert not Monument.objects.filter(note__contains="_x000D_").exists()
    assert not Monument.objects.filter(note__contains="\r").exists()


def test_the_outcomes_of_all_rows_add_up(planned, real):
    batch = planned(real("sistan-condition/sistan_sample.geojson"), "sistan")

    assert batch.rows.exclude(outcome=Outcome.VANISHED).count() == batch.counts["read"]
