"""Close versions of a record, of what a source is named in, or a single one, with two people."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from heritage.catalogue.carriers import carriers
from heritage.catalogue.closing import MOST, confirm_closure, request_closure
from heritage.catalogue.management.commands.publish import user
from heritage.catalogue.models import Edition
from heritage.registry.lifecycle import Refused
from heritage.registry.models import Monument, Place, Source
from heritage.registry.vocabulary import WithdrawalReason

MODELS = {"monument": Monument, "place": Place, "source": Source}


class Command(BaseCommand):
    """``close_versions REF [--before N | --only N] --reason-class CLASS --reason TEXT [--erase] --by USER --confirmed-by USER``."""

    help = (
        "Close the earlier versions of a monument or place and of the records merged into it, or every earlier version of "
        "any record that names a source. Hash and ledger stay; readers are told the class of the reason."
    )

    def add_arguments(self, parser):
        parser.add_argument("ref", metavar="REF", help="reference of a monument, a place or a source")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--before", type=int, metavar="N", help="only the versions of REF before version N")
        which.add_argument("--only", type=int, metavar="N", help="only version N of REF")
        parser.add_argument(
            "--reason-class", required=True, choices=WithdrawalReason.values, help="the class that readers see"
        )
        parser.add_argument("--reason", required=True, help="kept in the journal of the desk")
        parser.add_argument("--erase", action="store_true", help="erase the text for good; the hash stays")
        parser.add_argument("--by", required=True, metavar="USER", help="the reviewer who asks")
        parser.add_argument("--confirmed-by", required=True, metavar="USER", help="another reviewer, who confirms")

    def handle(self, *, ref, before, only, reason_class, reason, erase, by, confirmed_by, **options):
        subject = kind_of(ref)
        editions = chosen(subject, ref, before, only)
        deposits = {made.name for made in carriers(ref).deposits}
        try:
            with transaction.atomic():
                for start in range(0, len(editions), MOST):
                    some = editions[start : start + MOST]
                    closure = request_closure(some, user(by), reason_class, reason, about=(subject, ref))
                    confirm_closure(closure, user(confirmed_by), erase)
        except Refused as refused:
            raise CommandError("\n".join(refused.reasons)) from refused
        self.report(ref, editions, deposits - {made.name for made in carriers(ref).deposits})

    def report(self, ref, editions, recalled):
        for edition in editions:
            self.stdout.write(f"{edition.subject} {edition.ref} version {edition.version} is closed.")
        for name in sorted(recalled):
            self.stdout.write(f"The deposit {name} is no longer offered.")
        for edition in carriers(ref).current:
            if edition.subject != "vocabulary":
                self.stdout.write(
                    f"{edition.subject} {edition.ref} version {edition.version} is what readers see now. It names {ref} "
                    "and is not closed: publish it again or withdraw it, then close it."
                )


def kind_of(ref):
    """Return the kind of record that has the reference ``ref``. Raises: CommandError."""
    for kind, model in MODELS.items():
        if model.objects.filter(ref=ref).exists():
            return kind
    raise CommandError(f"No monument, place or source has the reference {ref}.")


def chosen(subject, ref, before, only):
    """Return the editions that are to be closed. Raises: CommandError, where there is none."""
    if only is not None:
        found = list(Edition.objects.of(ref).filter(version=only))
    elif before is not None:
        found = list(Edition.objects.of(ref).published().filter(version__lt=before))
    else:
        carrying = carriers(ref)
        found = carrying.all if subject == "source" else carrying.own
    if not found:
        raise CommandError(f"There is no earlier version of {ref} that could be closed.")
    return found
