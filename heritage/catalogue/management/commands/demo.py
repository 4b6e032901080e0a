"""The first command: a working register with real content."""

import os
import secrets
import socket
import sys

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from heritage.catalogue.publish import publish
from heritage.registry.models import Monument, Place

#: HTTP/2, and finding out which version a client speaks, know no time limit; connections that wait for one must not keep others out.
BOUNDS = ["--http", "1", "--http1-header-read-timeout", "10000", "--backpressure", "4096"]
SERVER = ["granian", "--interface", "asginl", "--workers", "2", "--no-ws", *BOUNDS, "heritage.server:application"]
ACCOUNTS = {"curator": "contributor", "reviewer": "reviewer", "administrator": "administrator"}


class Command(BaseCommand):
    """``demo [--port N] [--no-serve]``: run again it keeps what is there."""

    help = "Install the demonstration register, publish it and serve it on this machine."
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="set up only")

    def handle(self, *, port, no_serve, **options):
        if not 0 < port < 65536:
            raise CommandError(f"Port {port} does not exist; choose one from 1 to 65535.", returncode=2)
        if not no_serve and taken(port):
            raise CommandError(f"Port {port} is in use; choose another with --port.")
        call_command("migrate", verbosity=0)
        if Monument.objects.exists() or Place.objects.exists():
            self.stdout.write("The register has content already; it is kept as it is.")
        else:
            self.install()
        if not no_serve:
            self.serve(port)

    @transaction.atomic
    def install(self):
        """Load the content, make the accounts, and publish what may be published, all or nothing."""
        call_command("loaddata", "vocabularies", "groups", "demo", verbosity=0)
        users = {name: self.account(name, group) for name, group in ACCOUNTS.items()}
        waiting = []
        for model in (Place, Monument):
            model.objects.in_review().update(edited_by=users["curator"])
            waiting += model.objects.in_review()
        editions = publish(waiting, users["reviewer"], "First publication of the demonstration register.")
        drafts = Monument.objects.drafts().count()
        self.stdout.write(
            f"{len(waiting)} records published ({len(editions)} editions); {drafts} drafts stay at the desk, each with the reason."
        )

    def account(self, name, group):
        """Make a demo account with a random password, which is printed once."""
        password = secrets.token_urlsafe(12)
        user = get_user_model().objects.create_user(name, password=password, is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        self.stdout.write(f"Account {name:<14} password {password}")
        return user

    def serve(self, port):
        self.stdout.write(f"Serving on http://127.0.0.1:{port}/ – the desk is at /admin/. Stop with Ctrl-C.")
        if "SECOND_FACTOR" not in os.environ:  # for this server alone; any other asks reviewers for one
            os.environ["SECOND_FACTOR"] = "optional"
            self.stdout.write("The second factor is optional in this demonstration; a register of your own needs it.")
        self.stdout.flush()
        where = ["--host", "127.0.0.1", "--port", str(port)]
        os.execv(sys.executable, [sys.executable, "-m", *SERVER, *where])  # noqa: S606


def taken(port):
    """Tell whether another program listens on ``port`` of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
