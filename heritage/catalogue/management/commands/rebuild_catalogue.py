"""Make the index anew from the editions."""

from django.core.management.base import BaseCommand, CommandError

from heritage.catalogue.publish import rebuild, stale_entries


class Command(BaseCommand):
    """``rebuild_catalogue [--check]``."""

    help = "Make entries, happenings and search rows anew from the editions."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="only compare, change nothing")

    def handle(self, *, check, **options):
        if not check:
            self.stdout.write(f"{rebuild()} entries made.")
            return
        faults = list(stale_entries())
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write("The index is what the editions give.")
