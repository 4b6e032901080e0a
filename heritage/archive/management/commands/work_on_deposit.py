"""Make or verify a deposit that was ordered in the admin: started by its pages, or by hand where they may start nothing."""

import os

from django.core.management.base import BaseCommand, CommandError

from heritage.archive import making
from heritage.archive.bag import Unbagged
from heritage.archive.management.commands.export_archive import account
from heritage.catalogue.generation import hold_no_file
from heritage.registry import background
from heritage.registry.steps import Refused

GENTLY = 5


class Command(BaseCommand):
    """``work_on_deposit REF VERB [--by USER]``."""

    help = "Make or check a deposit that was ordered in the admin; stopped and run again, it begins anew."

    def add_arguments(self, parser):
        parser.add_argument("ref", metavar="REF", help="the reference of the deposit")
        parser.add_argument("verb", choices=list(making.VERBS), help="what is to be done")
        parser.add_argument("--by", metavar="USER", help="who does it; without it the command line")
        parser.add_argument("--held", action="store_true", help="whoever started it holds the deposit for it")

    def handle(self, *, ref, verb, held, by, **options):
        if not making.folder_of(ref).is_dir():
            raise CommandError(f"There is no deposit with the reference {ref} in {making.root()}.")
        if held:
            os.nice(GENTLY)  # begun by a request: readers come first
        hold_no_file()
        user = account(by) if by else None
        try:
            if held:
                making.do(ref, verb, user)
            else:
                with background.held(making.folder_of(ref), str(making.BUSY)):
                    making.do(ref, verb, user)
        except Refused as refused:
            raise CommandError("\n".join(refused.reasons)) from refused
        except (Unbagged, OSError) as trouble:
            raise CommandError(f"{trouble}. What was begun is removed.") from trouble
