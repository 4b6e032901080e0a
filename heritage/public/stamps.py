"""What an answer depends on: while that is the same so is the answer, and a reader who has it is told so before it is made."""

import hashlib

import django
import jinja2
from django.conf import settings
from django.db import connections, router
from django.utils.translation import get_language

from heritage.catalogue.models import Edition

MADE_OF = ("heritage/**/*.py", "templates/public/*.html")
SHOWN = ("NAAN", "REGISTER_NAME", "REVIEWERS_NEEDED", "SECRET_KEY", "TILES_CREDIT", "TILES_URL")


def digest(parts):
    """Return the SHA-256 of ``parts``, bytes, of which none can be taken for two."""
    found = hashlib.sha256()
    for part in parts:
        found.update(b"%d:" % len(part))
        found.update(part)
    return found.hexdigest()


def build():
    """Return the hash of the code and the templates that answers are made with."""
    files = sorted(path for pattern in MADE_OF for path in settings.BASE_DIR.glob(pattern))
    return digest([django.__version__.encode(), jinja2.__version__.encode(), *(path.read_bytes() for path in files)])


PUBLISHED = """
SELECT (SELECT link FROM catalogue_edition ORDER BY position DESC LIMIT 1), (SELECT MAX(id) FROM catalogue_rebuilding)
"""
CURRENT = """
SELECT link, (SELECT MAX(id) FROM catalogue_rebuilding) FROM catalogue_edition WHERE ref = %s AND replaced_at IS NULL
"""
HASH = "SELECT sha256 FROM catalogue_edition WHERE subject = 'monument' AND ref = %s AND replaced_at IS NULL AND action = 'publish'"
MOST_REMEMBERED = 1000

BUILD = build()  # once, at the start: code that changes later is not the code that runs


def stamp(request, state):
    """Return the strong ETag of the answer to ``request`` while ``state`` holds; it cannot be guessed beforehand.

    The day asked for with ``on`` needs no mention: that it has come does not cease to be true.
    """
    parts = [BUILD, get_language(), request.build_absolute_uri(), state, *(getattr(settings, name) for name in SHOWN)]
    return f'"{digest(str(part).encode() for part in parts)}"'


def published(**_address):
    """Return what changes with every publication, every closing of versions and every rebuilding of the index."""
    return first(PUBLISHED)


def edition_of(ref, **_address):
    """Return what changes with every edition of ``ref``, and when versions are closed: all that its pages rest on."""
    return first(CURRENT, ref)


def record_of(ref):
    """Return the ETag of the record of ``ref`` as it is published: its hash; ``None`` where there is none to be read."""
    found = first(HASH, ref)
    return found and f'"{found[0]}"'


def first(sql, *parameters):
    with connections[router.db_for_read(Edition)].cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()


class Memory:
    """What was worked out since the last publication, for as long as nothing else is published."""

    def __init__(self):
        self.held = (None, {})

    def recall(self, state, made, asked):
        """Return ``made(*asked)`` in ``state``, which is all that it may depend on; what is returned is not to be changed."""
        if state is None:
            return made(*asked)
        known, found = self.held
        if state != known or len(found) >= MOST_REMEMBERED:
            found = {}
            self.held = (state, found)
        key = (made, asked)
        if key not in found:
            found[key] = made(*asked)
        return found[key]


MEMORY = Memory()


def remembered(request, made, *asked):
    """Return ``made(*asked)``, worked out once between two publications; ``made`` reads what is published and nothing else."""
    state = getattr(request, "published", None)
    return MEMORY.recall(state and (get_language(), *state), made, asked)
