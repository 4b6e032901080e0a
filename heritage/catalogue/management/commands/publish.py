"""Publish what differs from its current edition."""

import json

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from heritage.catalogue.publish import own_work_on, publish
from heritage.registry.approval import Facts, blockers
from heritage.registry.lifecycle import Refused
from heritage.registry.models import Monument, Place


class Command(BaseCommand):
    """``publish [REF…] [--all-changed] [--by USER] [--reason TEXT]``."""

    help = "Publish monuments and places that differ from their current edition."

    def add_arguments(self, parser):
        parser.add_argument("refs", nargs="*", metavar="REF")
        parser.add_argument("--all-changed", action="store_true", help="everything published that changed since")
        parser.add_argument(
            "--by", metavar="USER", help="the reviewer who publishes; without it no review is asked for"
        )
        parser.add_argument("--reason", default="", help="why; readers see it in the history")
        parser.add_argument("--json", action="store_true", help="print the result for scripts")

    def handle(self, *, refs, all_changed, by, reason, json: bool, **options):
        if bool(refs) == all_changed:
            raise CommandError("Name the references to publish, or use --all-changed (not both).", returncode=2)
        subjects, reviewer = list(changed()) if all_changed else list(named(refs)), user(by)
        refused = dict(refusals(subjects, reviewer)) if all_changed else {}
        try:
            editions = publish([one for one in subjects if one.ref not in refused], reviewer, reason)
        except Refused as refusal:
            raise CommandError("\n".join(refusal.reasons)) from refusal
        self.report(subjects, editions, json)
        if refused:
            raise CommandError("These were left as they are:\n" + "\n".join(refused.values()))

    def report(self, subjects, editions, as_json):
        made = [
            {"subject": one.subject, "ref": one.ref, "version": one.version, "sha256": one.sha256} for one in editions
        ]
        if as_json:
            self.stdout.write(json.dumps({"considered": len(subjects), "editions": made}))
            return
        for one in editions:
            self.stdout.write(f"{one.subject} {one.ref} version {one.version}: {one.label}")
        self.stdout.write(f"{len(subjects)} considered, {len(editions)} editions made.")


def changed():
    """Yield the published places and monuments that may differ from their edition."""
    yield from Place.objects.changed_since_published().order_by("ref")
    yield from Monument.objects.changed_since_published().order_by("ref")


def refusals(subjects, by):
    """Yield (reference, sentence) for each of ``subjects``, published ones, that may not be published as it stands."""
    for model in (Place, Monument):
        group = [subject for subject in subjects if isinstance(subject, model)]
        facts, own = Facts.of(group), own_work_on(group, by)
        for subject in group:
            reasons = [*blockers(subject, facts), *filter(None, [own.get(subject.ref)])]
            if reasons:
                yield subject.ref, f"“{subject}” ({subject.ref}): {' '.join(reasons)}"


def named(refs):
    """Yield the monuments and places with these references. Raises ``CommandError`` for the first unknown one."""
    for ref in refs:
        found = Monument.objects.filter(ref=ref).first() or Place.objects.filter(ref=ref).first()
        if found is None:
            raise CommandError(f"No monument or place has the reference {ref}.")
        yield found


def user(name):
    """Return the user called ``name``; ``None`` stands for the command line. Raises ``CommandError``."""
    if name is None:
        return None
    found = get_user_model().objects.filter(username=name, is_active=True).first()
    if found is None:
        raise CommandError(f"There is no active user “{name}”.")
    return found
