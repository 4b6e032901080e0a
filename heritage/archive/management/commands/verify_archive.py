"""Check a bag by itself, without the database."""

import json as jsonlib

from django.core.management.base import BaseCommand, CommandError

from heritage.archive.management.commands.export_archive import follow
from heritage.archive.verifying import Trust, verify


class Command(BaseCommand):
    """``verify_archive BAG [--previous BAG] [--key KEY] [--stamped-by FILE] [--json]``."""

    help = (
        "Check a bag: structure, hashes, profile, ledger, editions, counts, held files, signature. Needs no database."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("bag", help="the bag: a folder, a .tar or a .zip")
        parser.add_argument("--previous", metavar="BAG", help="the bag that it adds to: checks both put together")
        parser.add_argument("--key", default="", help="the signer's minisign key: its line or its file")
        parser.add_argument(
            "--stamped-by", default="", metavar="FILE", help="certificate (PEM) of the stamping service"
        )
        parser.add_argument("--json", action="store_true", help="print the result for scripts")

    def handle(self, *, bag, previous, key, stamped_by, json, **options):
        found = verify(bag, Trust(key, stamped_by), previous, follow(self.stdout, quiet=json))
        if json:
            self.stdout.write(jsonlib.dumps(found.as_json(), ensure_ascii=False))
        if not found.valid:
            raise CommandError("\n".join(found.faults.sentences()))
        if not json:
            self.stdout.write(f"{bag} is whole and unaltered: level {found.level}, ledger head {found.head}.")
            if found.signed_by:
                self.stdout.write(f"Signed: {found.signed_by}")
            if found.since and not previous:
                self.stdout.write("It adds to another bag; name that with --previous to check both together.")
