"""Import a supplier's file: plan, apply, publish, undo."""

import json
import time
from argparse import ArgumentTypeError

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from heritage.catalogue.generation import hold_no_file
from heritage.catalogue.management.commands.publish import user
from heritage.intake import applying, publishing, reporting
from heritage.intake.mapping import MappingFaulty
from heritage.intake.models import Batch, Outcome, State
from heritage.intake.planning import MOST_ABOVE, Progress, begin, files_of, plan, sha256_of
from heritage.intake.readers import Unreadable
from heritage.intake.undoing import undo
from heritage.registry.steps import Refused

SECONDS = 5
SHOWN = 20
COUNTS = ("read", "new", "changed", "same", "vanished", "repeated", "refused", "possible_duplicates", "applied")


def row_number(text):
    """Return the number of a row, from 1. Raises: ArgumentTypeError."""
    if not text.isdecimal() or len(text) > 7 or not 1 <= int(text) <= MOST_ABOVE:
        raise ArgumentTypeError(f"rows are counted from 1 to {MOST_ABOVE:,}.")
    return int(text)


class Command(BaseCommand):
    """``import_monuments FILE --mapping NAME [--apply] [--publish] [--report OUT.csv] [--json]``."""

    help = "Plan the import of a supplier's file; with --apply put it into the register, with --publish publish it."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", metavar="FILE", help="CSV, TSV, XLSX, ODS or GeoJSON")
        parser.add_argument("--mapping", metavar="NAME", help="how it is read: the name of a mapping, or a file .toml")
        parser.add_argument("--apply", action="store_true", help="put what was planned into the register, as drafts")
        parser.add_argument("--publish", action="store_true", help="publish what was applied: for suppliers you trust")
        parser.add_argument("--undo", metavar="REF", help="take the import with this reference back")
        parser.add_argument("--report", metavar="OUT.csv", help="write the plan there, row by row")
        parser.add_argument("--by", metavar="USER", help="who imports; without it the command line")
        parser.add_argument("--json", action="store_true", help="print the result for scripts")
        for name, what in (
            ("encoding", "such as windows-1251"),
            ("delimiter", "comma, semicolon, tab, bar or a sign"),
            ("sheet", "of a workbook"),
        ):
            parser.add_argument(f"--{name}", default="", help=f"{what}; without it found out")
        parser.add_argument(
            "--header", type=row_number, default=0, metavar="ROW", help="the row with the names of the columns"
        )

    def handle(self, *, file, mapping, undo, **options):
        self.as_json, self.told = options["json"], 0.0
        hold_no_file()
        try:
            by = user(options["by"])
            if undo:
                self.take_back(undo, by)
            elif not file or not mapping:
                raise CommandError("Give the file and --mapping NAME.", returncode=2)
            else:
                self.bring(file, mapping, by, options)
        except MappingFaulty as faulty:
            raise CommandError("\n".join(faulty.faults)) from faulty
        except (Refused, Unreadable) as refused:
            raise CommandError("\n".join(getattr(refused, "reasons", [str(refused)]))) from refused
        except DatabaseError as failed:
            told = (
                f"The database refuses: {failed}. Nothing is stored half-way; make room and run the same command again."
            )
            raise CommandError(told) from failed
        except OSError as failed:
            told = f"{failed.filename or file} cannot be read or written: {failed.strerror or failed}."
            raise CommandError(told) from failed
        except KeyboardInterrupt as stopped:
            raise CommandError("Stopped. Run the same command again to go on.") from stopped

    def bring(self, file, mapping, by, options):
        choices = {name: options[name] for name in ("encoding", "delimiter", "sheet", "header") if options[name]}
        batch = self.pending(begin(file, mapping, by, choices), options)
        if batch.state in (State.NEW, State.PLANNING):
            plan(batch, self.follow)
        if batch.state == State.REFUSED:
            raise CommandError("\n".join(batch.report["problems"]))
        if batch.state != State.APPLIED and options["apply"]:
            applying.apply(batch, by, self.follow)
        if options["publish"]:
            if batch.state != State.APPLIED:
                raise CommandError("It is planned, not applied; add --apply.")
            publishing.publish(batch, by, self.follow)
        if options["report"]:
            reporting.write_csv(batch, options["report"])
        self.result(batch, options)

    def pending(self, batch, options):
        """Return the earlier batch of the same file and mapping that is to be gone on with, or ``batch`` itself."""
        if not (options["apply"] or options["publish"]):
            return batch
        earlier = Batch.objects.filter(path=batch.path, mapping_name=batch.mapping_name).exclude(pk=batch.pk)
        last = earlier.exclude(state__in=[State.NEW, State.PLANNING, State.REFUSED, State.UNDONE]).first()
        if last is None or (last.state == State.APPLIED and not self.is_unchanged(last, batch)):
            return batch
        if last.state == State.APPLIED and not options["publish"]:
            return batch
        batch.delete()
        return last

    def is_unchanged(self, last, batch):
        if last.mapping_text != batch.mapping_text:
            return False
        mapping = applying.parse(last.mapping_text, last.mapping_name)
        return sha256_of(*files_of(last, mapping)) == last.sha256

    def take_back(self, ref, by):
        batch = Batch.objects.filter(ref=ref).first()
        if batch is None:
            raise CommandError(f"There is no import with the reference {ref}.")
        undo(batch, by, self.follow)
        self.stdout.write(
            json.dumps({"batch": ref, "state": "undone"}) if self.as_json else f"Import {ref} was taken back."
        )

    # What is said

    def follow(self, progress: Progress):
        """Show how far it is: over and over on one line of a terminal, now and then elsewhere."""
        if self.as_json:
            return
        ended = progress.done == progress.total
        if not self.stdout.isatty() and not ended and time.monotonic() - self.told < SECONDS:
            return
        self.told = time.monotonic()
        total = (
            f" of {'about ' if progress.what == 'rows read' and not ended else ''}{progress.total:,}"
            if progress.total
            else ""
        )
        left = f", {progress.left:,.0f} s left" if progress.left is not None else ""
        line = f"{progress.done:,}{total} {progress.what}, {progress.rate:,.0f} a second{left}"
        self.stdout.write(line.ljust(78), ending="\r" if self.stdout.isatty() and not ended else "\n")
        self.stdout.flush()

    def result(self, batch, options):
        counts = {name: batch.counts.get(name, 0) for name in COUNTS}
        if self.as_json:
            self.stdout.write(json.dumps({"batch": batch.ref, **counts}))
            return
        found = ", ".join(
            f"{name} {value}"
            for name, value in batch.found.items()
            if name in ("format", "encoding", "delimiter", "sheet")
        )
        self.stdout.write(f"Import {batch.ref}: {batch.file_name} ({found}), {State.label_of(batch.state).lower()}.")
        self.stdout.write(", ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in counts.items()))
        for place, words in batch.report.get("unmapped", {}).items():
            listed = ", ".join(
                f"“{word}” ({n})" for word, n in sorted(words.items(), key=lambda pair: -pair[1])[:SHOWN]
            )
            more = f" and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
            self.stdout.write(f"Not mapped in {place}: {listed}{more}")
        for field, n in sorted(batch.report.get("changed_fields", {}).items()):
            self.stdout.write(f"Changed: {field} ({n})")
        for row in batch.rows.filter(outcome__in=[Outcome.REFUSED, Outcome.REPEATED]).exclude(faults="")[:SHOWN]:
            for told in row.fault_list[:1]:
                self.stdout.write(
                    f"Row {row.number} ({row.identifier}) {told['column']} “{told['value']}”: {told['reason']} {told['mend']}"
                )
        if batch.state == State.PLANNED:
            self.stdout.write("Nothing is in the register yet. Add --apply to do exactly this.")
