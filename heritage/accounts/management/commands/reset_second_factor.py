"""Let somebody in again who has lost the second factor and the recovery codes, where no other administrator is left."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from heritage.accounts.second_factor import is_set_up, reset


class Command(BaseCommand):
    """``reset_second_factor USER --reason TEXT``."""

    help = "Take the second factor away from an account; where one is required it is set up anew after the next log-in."

    def add_arguments(self, parser):
        parser.add_argument("user")
        parser.add_argument("--reason", required=True, help="stands in the journal")

    def handle(self, *, user, reason, **options):
        account = get_user_model().objects.filter(username=user).first()
        if account is None:
            raise CommandError(f"There is no account “{user}”.", returncode=2)
        if not is_set_up(account):
            raise CommandError(f"{user} has no second factor.")
        reset(account, None, reason)
        self.stdout.write(f"The second factor of {user} is reset.")
