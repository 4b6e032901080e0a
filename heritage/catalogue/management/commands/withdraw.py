"""Withdraw a published record."""

from django.core.management.base import BaseCommand, CommandError

from heritage.catalogue.management.commands.publish import named, user
from heritage.catalogue.publish import withdraw
from heritage.registry.lifecycle import Refused
from heritage.registry.vocabulary import WithdrawalReason


class Command(BaseCommand):
    """``withdraw REF --reason TEXT``."""

    help = "Replace a published record by a tombstone; the ledger keeps its hash."

    def add_arguments(self, parser):
        parser.add_argument("ref", metavar="REF")
        parser.add_argument("--reason", required=True, help="kept at the desk and in the history of the ledger")
        parser.add_argument(
            "--class",
            dest="reason_class",
            choices=WithdrawalReason.values,
            default="error",
            help="the class that readers see",
        )
        parser.add_argument("--erase", action="store_true", help="also erase the content of all earlier versions")
        parser.add_argument("--by", metavar="USER")

    def handle(self, *, ref, reason, reason_class, erase, by, **options):
        [subject] = named([ref])
        try:
            edition = withdraw(subject, user(by), reason_class, reason, erase)
        except Refused as refused:
            raise CommandError("\n".join(refused.reasons)) from refused
        self.stdout.write(f"{ref} is withdrawn; version {edition.version} is its tombstone.")
