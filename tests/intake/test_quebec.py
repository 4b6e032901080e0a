"""The register of Québec, January and October: what its README says a correct import gives."""

import pytest

from heritage.intake.models import Outcome
from heritage.registry.models import Location, Monument, Name, Protection, Status

pytestmark = pytest.mark.django_db
JANUARY, OCTOBER = (f"quebec-register/immeubles_classes_2014-{month}.geojson" for month in ("01", "10"))
SCHEME = "Répertoire du patrimoine culturel du Québec"


def numbered(identifier):
    return Monument.objects.get(names__scheme=SCHEME, names__text=identifier)


def test_october_is_569_monuments_all_in_quebec(applied, real):
    batch = applied(real(OCTOBER), "quebec")

    counts = batch.counts
    assert (counts["read"], counts["new"], counts["repeated"], counts["refused"]) == (570, 569, 1, 0)
    assert Monument.objects.count() == 569
    shown = Location.objects.filter(shown=True)
    assert shown.filter(latitude__range=(44, 63), longitude__range=(-80, -57)).count() == 569
    dow, groleau = numbered("92536"), numbered("92399")
    assert (dow.label, groleau.label) == ("Maison William-Dow", "Maison de la Veuve-Groleau")
    dates = Protection.objects.filter(monument__in=[dow, groleau]).values_list("edtf", flat=True)
    assert sorted(dates) == ["1971-02-24", "1975-11-06"]
    assert Protection.objects.filter(kind__code="national_list").count() == 569
    for region, count in (("Capitale-Nationale", 159), ("Montréal", 115)):
        # 92456, in Capitale-Nationale, is two of the 570 rows and one of the 569 monuments
        assert [row.cells["region_admin"] for row in batch.rows.all()].count(region) == count


def test_the_building_with_two_parcels_is_one_monument_with_an_outline_of_both(applied, real):
    applied(real(OCTOBER), "quebec")

    [place] = numbered("92456").locations.all()
    assert place.footprint.startswith('{"type":"MultiPolygon"') or place.footprint.startswith('{"type":"Polygon"')
    assert Name.objects.filter(monument=numbered("92456")).count() == 2


def test_addresses_that_one_cell_lists_are_told_one_after_the_other(applied, real):
    applied(real(OCTOBER), "quebec")

    [place] = numbered("92536").locations.all()
    assert place.wording == "1181 place du Frère-André, 1175 place du Frère-André, Montréal"
    assert not Location.objects.filter(wording__contains="¤").exists()


def test_dates_in_french_words_become_dates_of_construction(applied, real):
    applied(real(OCTOBER), "quebec")

    built = Status.objects.filter(effects__code="construction")
    assert built.count() == 543  # 26 of the 570 rows have none, and two rows are one building
    assert built.filter(edtf__contains="~").exists()
    assert built.filter(qualifier="before").exists()
    assert not built.filter(edtf="").exists()


def test_the_same_file_again_is_all_the_same(applied, planned, real):
    applied(real(OCTOBER), "quebec")

    again = planned(real(OCTOBER), "quebec")

    assert (again.counts["same"], again.counts["new"], again.counts["changed"]) == (569, 0, 0)
    assert set(again.rows.values_list("outcome", flat=True)) == {Outcome.SAME, Outcome.REPEATED}


def test_january_first_and_october_after_it_add_4_rename_1_move_4_and_remove_none(applied, planned, real):
    applied(real(JANUARY), "quebec")

    october = planned(real(OCTOBER), "quebec")

    counts, fields = october.counts, october.report["changed_fields"]
    assert (counts["new"], counts["changed"] + counts["same"], counts["vanished"]) == (4, 565, 0)
    assert (fields["name: text"], fields["position: latitude"], fields["position: longitude"]) == (1, 4, 4)
    [renamed] = [row for row in october.rows.exclude(changes="") if "name 1: text" in row.changes]
    change = next(one for one in renamed.change_list if one["field"] == "name 1: text")
    assert (change["old"], change["new"]) == ("Maison de Beaurepaire", "Maison de  Beaurepaire")


def test_applying_october_after_january_revises_and_doubles_nothing(applied, planned, real):
    applied(real(JANUARY), "quebec")
    batch = applied(real(OCTOBER), "quebec")

    assert batch.counts["applied"] == 569
    assert Monument.objects.count() == 569
    assert Name.objects.filter(scheme=SCHEME).count() == 569
    assert Location.objects.count() == 569
    assert numbered("92838").label == "Maison de  Beaurepaire"
    assert str(numbered("92746").locations.get().latitude) == "45.505498"
    assert not Location.objects.filter(latitude=0).exists()
    assert planned(real(OCTOBER), "quebec").counts["same"] == 569
