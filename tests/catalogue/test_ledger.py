"""The chain: every way of meddling with an edition shows."""

import datetime
import hashlib

import pytest
from django.core.management import CommandError, call_command

from heritage.catalogue import ledger
from heritage.catalogue.models import Edition
from heritage.catalogue.publish import publish, withdraw
from tests.registry.make import make_publishable_monument, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    """Return a monument's edition amid others."""
    monument = make_publishable_monument()
    publish([monument, make_publishable_monument()])
    return Edition.objects.get(ref=monument.ref)


def test_a_link_is_the_hash_of_the_five_lines():
    moment = datetime.datetime(2026, 11, 22, 2, 0, 0, tzinfo=datetime.UTC)
    lines = "0" * 64 + "\n" + "a" * 64 + "\nbcdf\n3\n2026-11-22T02:00:00Z"

    assert ledger.link(ledger.START, "a" * 64, "bcdf", 3, moment) == hashlib.sha256(lines.encode()).hexdigest()


def test_an_untouched_ledger_has_no_fault(edition, capsys):
    call_command("verify_ledger")

    assert capsys.readouterr().out.startswith(f"{Edition.objects.count()} editions fit the chain")


def test_an_altered_record_is_noticed(edition):
    Edition.objects.filter(pk=edition.pk).update(record=edition.record.replace("destroyed", "unharmed"))

    assert list(ledger.faults()) == [
        f"{edition.ref} version 1: its record does not have the SHA-256 that the ledger holds."
    ]


def test_an_altered_record_with_its_hash_computed_anew_is_noticed(edition):
    text = edition.record.replace("destroyed", "unharmed")
    Edition.objects.filter(pk=edition.pk).update(record=text, sha256=hashlib.sha256(text.encode()).hexdigest())

    assert list(ledger.faults()) == [f"{edition.ref} version 1: its ledger link does not follow from the one before."]


def test_a_removed_edition_is_noticed(edition):
    Edition.objects.filter(pk=edition.pk).delete()

    [fault] = ledger.faults()
    assert fault.endswith("its ledger link does not follow from the one before.")


def test_a_record_that_is_gone_without_withdrawal_is_noticed(edition):
    Edition.objects.filter(pk=edition.pk).update(record="")

    with pytest.raises(CommandError, match=f"{edition.ref} version 1: its record is gone though nothing took it back."):
        call_command("verify_ledger")


def test_an_erased_withdrawn_record_is_no_fault():
    monument = make_publishable_monument()
    publish([monument])

    withdraw(monument, None, "legal", "Order of a court.", erase=True)

    assert list(ledger.faults()) == []


def test_what_a_source_said_before_it_was_withheld_may_be_gone_but_not_what_it_says_since():
    source = make_source("A title that endangers somebody")
    monument = make_publishable_monument()
    monument.claims.get().citations.update(source=source)
    publish([monument])
    source.access_level, source.withheld_because = "withheld", "safety"
    source.save()
    monument.label = "Changed"
    monument.save()
    publish([monument])
    said = Edition.objects.of(source.ref)
    assert [edition.version for edition in said] == [1, 2]

    said.filter(version=1).update(record="")
    assert list(ledger.faults()) == []

    said.filter(version=2).update(record="")
    assert list(ledger.faults()) == [f"{source.ref} version 2: its record is gone though nothing took it back."]
