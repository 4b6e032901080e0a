"""Put a bag back into an empty database."""

from contextlib import ExitStack

from django.core.management.base import BaseCommand, CommandError

from heritage.archive.management.commands.export_archive import follow
from heritage.archive.restoring import Restoration
from heritage.archive.verifying import Trust
from heritage.registry.steps import Refused

NO_PASSWORDS = (
    "No restored account has a password or all rights. Make an administrator with manage.py createsuperuser, and look through "
    "the accounts and their groups before you let people in."
)


class Command(BaseCommand):
    """``restore_archive BAG [--previous BAG] [--key KEY]``."""

    help = "Verify a bag and put it into an empty database; the next export of the same level is byte-identical."

    def add_arguments(self, parser):
        parser.add_argument("bag", help="the bag: a folder, a .tar or a .zip")
        parser.add_argument("--previous", metavar="BAG", help="the bag that it adds to, if it was made with --since")
        parser.add_argument(
            "--key", default="", help="restore only what this minisign key signed (its line or its file)"
        )

    def handle(self, *, bag, previous, key, **options):
        try:
            with ExitStack() as held_open:
                restoration = Restoration(held_open, bag, previous, Trust(key), follow(self.stdout))
                restoration.run()
        except Refused as refused:
            raise CommandError("\n".join(refused.reasons)) from refused
        what = "the desk" if restoration.level == "full" else "a register to read"
        self.stdout.write(f"{bag} is restored: {what}, level {restoration.level}.")
        if restoration.level == "full":
            self.stdout.write(NO_PASSWORDS)
        for column, number in sorted(restoration.blanked.items()):
            self.stdout.write(f"Not taken over from the bag: {column} of {number} rows.")
