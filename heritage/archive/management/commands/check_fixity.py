"""Compare every held file with the hash under which it was taken in."""

from django.core.management.base import BaseCommand, CommandError

from heritage.archive import held
from heritage.archive.management.commands.export_archive import account


class Command(BaseCommand):
    """``check_fixity [--by USER]``."""

    help = "Compare every held file with its hash, and write what was found into its custody log."

    def add_arguments(self, parser):
        parser.add_argument("--by", metavar="USER", help="who checks")

    def handle(self, *, by, **options):
        user = by and account(by)
        checked, wrong = 0, []
        for item in held.held().iterator():
            checked += 1
            if found := held.check(item, user or None):
                wrong.append(f"Media item {item.ref}: {found}.")
        if wrong:
            raise CommandError("\n".join(wrong))
        self.stdout.write(f"{checked} held files are as they were taken in.")
