"""Check every edition against its hash and the chain."""

from django.core.management.base import BaseCommand, CommandError

from heritage.catalogue import ledger
from heritage.catalogue.models import Edition


class Command(BaseCommand):
    """``verify_ledger``."""

    help = "Check every edition against its hash and the chain of the ledger."

    def handle(self, **options):
        faults = list(ledger.faults())
        if faults:
            raise CommandError("\n".join(faults))
        last = ledger.head()
        self.stdout.write(
            f"{Edition.objects.count()} editions fit the chain; its head is {last.link if last else ledger.START}."
        )
