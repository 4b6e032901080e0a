"""Test every invariant of the model again on the whole database."""

import json

from django.core.management.base import BaseCommand, CommandError

from heritage.catalogue.audit import faults


class Command(BaseCommand):
    """``audit [--json]``."""

    help = "Test every invariant of the model again on the whole database."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print the faults for scripts")

    def handle(self, *, json: bool, **options):
        found = [{"invariant": invariant, "fault": sentence} for invariant, sentence in faults()]
        if json:
            self.stdout.write(as_json(found))
        if found:
            sentences = "\n".join(f"{one['invariant']}: {one['fault']}" for one in found)
            raise CommandError(f"{len(found)} faults." if json else sentences)
        if not json:
            self.stdout.write("Every invariant holds.")


def as_json(found):
    return json.dumps({"valid": not found, "faults": found}, ensure_ascii=False)
