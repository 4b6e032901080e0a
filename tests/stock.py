"""The curated fixtures that most tests begin with, put into the database without reading them anew for each test."""

import json
from functools import cache

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection

from heritage.registry.models import Term

TERMS = []


@cache
def permissions_by_group():
    """Return the natural keys of permissions, as tuples, by name of a group of curators."""
    rows = json.loads((settings.BASE_DIR / "fixtures" / "groups.json").read_text())
    return {row["fields"]["name"]: [tuple(key) for key in row["fields"]["permissions"]] for row in rows}


def install_groups():
    """Put in the groups of curators, of which there are none yet."""
    keys = ("codename", "content_type__app_label", "content_type__model")
    known = {tuple(key): pk for pk, *key in Permission.objects.values_list("pk", *keys)}
    through = Group.permissions.through
    for group in Group.objects.bulk_create(Group(name=name) for name in permissions_by_group()):
        through.objects.bulk_create(
            through(group=group, permission_id=known[key]) for key in permissions_by_group()[group.name]
        )


def install_vocabularies():
    """Put in the terms of the vocabularies, as ``loaddata`` does."""
    empty = not Term.objects.exists()
    if not (TERMS and empty):
        call_command("loaddata", "vocabularies", verbosity=0)
        if empty:
            TERMS.extend(Term.objects.order_by("pk"))
        return
    Term.objects.bulk_create(TERMS)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Term]):
            cursor.execute(statement)
