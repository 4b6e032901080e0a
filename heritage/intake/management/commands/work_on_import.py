"""Go on with an import that was begun in the admin: started by its pages, or by hand where they may start nothing."""

import os

from django.core.management.base import BaseCommand, CommandError

from heritage.catalogue.generation import hold_no_file
from heritage.catalogue.management.commands.publish import user
from heritage.intake.models import Batch
from heritage.intake.working import VERBS, do, held
from heritage.registry.steps import Refused

GENTLY = 5


class Command(BaseCommand):
    """``work_on_import REF VERB [--by USER]``."""

    help = "Plan, apply, submit, publish or undo an import that is in the admin; stopped and run again, it goes on."

    def add_arguments(self, parser):
        parser.add_argument("ref", metavar="REF", help="the reference of the import")
        parser.add_argument("verb", choices=list(VERBS), help="what is to be done")
        parser.add_argument("--by", metavar="USER", help="who does it; without it the command line")
        parser.add_argument("--held", action="store_true", help="whoever started it holds the import for it")

    def handle(self, *, ref, verb, held, by, **options):
        batch = Batch.objects.filter(ref=ref).first()
        if batch is None:
            raise CommandError(f"There is no import with the reference {ref}.")
        if held:
            os.nice(GENTLY)  # begun by a request: readers come first
        hold_no_file()
        try:
            self.work(batch, verb, user(by), held)
        except Refused as refused:
            raise CommandError("\n".join(refused.reasons)) from refused

    def work(self, batch, verb, by, is_held):
        if is_held:
            do(batch, verb, by)
        else:
            with held(batch):
                do(batch, verb, by)
