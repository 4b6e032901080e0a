"""Name the custodians of what is sealed."""

from django.core.management.base import BaseCommand, CommandError

from heritage.registry.custodians import eligible, name_custodians
from heritage.registry.models import Claim, Media, Monument, Place, Source
from heritage.registry.steps import Refused


class Command(BaseCommand):
    """``name_custodians REF USER USER …``."""

    help = "Name the accounts that keep a sealed row, in place of those that do; nobody else finds it at the desk."

    def add_arguments(self, parser):
        parser.add_argument("ref", help="the reference of the monument, place, source, media item or claim")
        parser.add_argument("users", nargs="+", metavar="USER", help="two or more active accounts of the desk")

    def handle(self, *, ref, users, **options):
        row = next((row for row in found(ref)), None)
        if row is None:
            raise CommandError(f"Nothing at the desk has the reference “{ref}”.", returncode=2)
        accounts = {user.get_username(): user for user in eligible().filter(username__in=users)}
        if unknown := [name for name in users if name not in accounts]:
            raise CommandError(f"There is no active account “{unknown[0]}” at the desk.", returncode=2)
        try:
            name_custodians(row, accounts.values(), None)
        except Refused as refused:
            raise CommandError("\n".join(refused.reasons)) from refused
        self.stdout.write(f"{row._meta.verbose_name} {ref} is kept by {', '.join(sorted(accounts))}.")


def found(ref):
    for model in (Monument, Place, Source, Media, Claim):
        yield from model._base_manager.filter(ref=ref)
