"""Fill an empty register with invented monuments, for tests of scale."""

import time

from django.core.management.base import BaseCommand, CommandError

from heritage.catalogue.generation import Generation
from heritage.registry.lifecycle import Refused

SECONDS = 5  # between lines where nobody watches


class Command(BaseCommand):
    """``generate_register --monuments N [--seed S] [--publish]``: stopped and run again, it goes on."""

    help = "Fill an empty register with invented monuments, for tests of scale."

    def add_arguments(self, parser):
        parser.add_argument("--monuments", type=int, required=True, metavar="N", help="how many there are to be")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed gives the same register")
        parser.add_argument("--publish", action="store_true", help="publish them too, as curators would")

    def handle(self, *, monuments, seed, publish, **options):
        if monuments < 1:
            raise CommandError("Give the number of monuments, at least 1.", returncode=2)
        if seed < 0:
            raise CommandError("The seed is a whole number from 0.", returncode=2)
        try:
            generation = Generation(seed, publish)
            if generation.done > monuments:
                raise Refused([f"There are {generation.done:,} monuments already. Generate into an empty database."])
            self.follow(generation, monuments)
        except Refused as refused:
            raise CommandError("\n".join(refused.reasons)) from refused
        except KeyboardInterrupt as stopped:
            raise CommandError("Stopped. Run the same command again to go on.") from stopped

    def follow(self, generation, total):
        began, first, told = time.monotonic(), generation.done, 0
        if first:
            self.stdout.write(f"{first:,} monuments are there; going on from them.")
        watched = self.stdout.isatty()
        for done in generation.run(total):
            passed = time.monotonic() - began
            if watched or passed - told > SECONDS or done == total:
                rate = (done - first) / passed
                line = f"{done:,} of {total:,} monuments, {rate:,.0f} a second, {(total - done) / rate:,.0f} s left"
                self.stdout.write(line.ljust(78), ending="\r" if watched and done < total else "\n")
                self.stdout.flush()
                told = passed
        self.stdout.write(f"The register has {total:,} monuments{', published' if generation.publishing else ''}.")
