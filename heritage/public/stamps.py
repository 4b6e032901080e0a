"""What an answer depends on: while that is the same so is the answer, and a reader who has it is told so before it is made."""

import hashlib

import django
import jinja2
from django.conf import settings
from django.db.models import Subquery
from django.utils.translation import get_language

from heritage.catalogue.models import Edition, Rebuilding

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


BUILD = build()  # once, at the start: code that changes later is not the code that runs


def stamp(request, state):
    """Return the strong ETag of the answer to ``request`` while ``state`` holds; it cannot be guessed beforehand.

    The day asked for with ``on`` needs no mention: that it has come does not cease to be true.
    """
    parts = [BUILD, get_language(), request.build_absolute_uri(), state, *(getattr(settings, name) for name in SHOWN)]
    return f'"{digest(str(part).encode() for part in parts)}"'


def published(**_address):
    """Return what changes with every publication, and with every rebuilding of the index."""
    rebuilt = Subquery(Rebuilding.objects.order_by("-pk").values("pk")[:1])
    return Edition.objects.order_by("-position").values_list("link", rebuilt).first()


def edition_of(ref, **_address):
    """Return what changes with every edition of ``ref``: all that the pages of one monument rest on."""
    return Edition.objects.current().filter(ref=ref).values_list("link", flat=True).first()
