"""The Jinja2 environment of the reading room: translations, addresses and the few filters that templates need."""

import datetime
from functools import cache, lru_cache

import jinja2
from django.conf import settings
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext, ngettext
from markupsafe import Markup

from heritage.public import wording

RIGHT_TO_LEFT = {"Adlm", "Arab", "Aran", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"}
METHODS = frozenset(dir(dict))  # no key of this name, as a reader may send one, is to stand in its way
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Environment(jinja2.Environment):
    """An environment for templates that show records: what is a member of a dictionary is looked for there first.

    Jinja looks for an attribute first, and fails at that a thousand times a page.
    """

    def getattr(self, obj, attribute):
        if type(obj) is dict and attribute in obj and attribute not in METHODS:
            return obj[attribute]
        return super().getattr(obj, attribute)


def environment(*, autoescape=True, **options):
    """Return the environment that Django's Jinja2 backend asks for. It always escapes, whatever ``autoescape`` says."""
    made = Environment(autoescape=True, extensions=["jinja2.ext.i18n"], **options)
    made.install_gettext_callables(gettext, ngettext, newstyle=True)
    made.globals.update(
        _=translated,
        language=get_language,
        register_name=register_name,
        reviewers_needed=lambda: settings.REVIEWERS_NEEDED,
        static=cache(static),
        tone=wording.tone,
        url=address,
        wording=wording,
    )
    made.filters.update(day=day, direction=direction, moment=moment, number=number, outward=outward)
    return made


def translated(message, **values):
    """Return ``message`` in the reader's language with ``values`` put in, which are escaped. A page has a hundred of them."""
    language = get_language()
    return pattern(language, message) % values if values else plain(language, message)


@cache
def pattern(language, message):
    return Markup(gettext(message))  # noqa: S704 the messages are the templates' own


@cache
def plain(language, message):
    return pattern(language, message) % {}


def address(name, *args):
    """Return the address of the page ``name``."""
    return reversed_address(name, args, get_script_prefix())


@lru_cache(maxsize=10_000)
def reversed_address(name, args, prefix):
    """``prefix`` is where the application is mounted, which the address begins with."""
    return reverse(name, args=args)


def register_name():
    return settings.REGISTER_NAME


def outward(address):
    """Return ``address`` if it may be a link out of the register (http or https), else an empty text."""
    address = address.strip()
    return address if address.lower().startswith(("http://", "https://")) else ""


def direction(script):
    """Return the ``dir`` of a text in the ISO 15924 ``script``."""
    return "rtl" if script in RIGHT_TO_LEFT else "ltr"


def as_moment(value):
    return value if isinstance(value, datetime.datetime) else parse_datetime(value)


def day(value):
    """Return “22 November 2026” for a moment, or its ISO text, in UTC."""
    moment = as_moment(value).astimezone(datetime.UTC)
    return f"{moment.day} {gettext(MONTHS[moment.month - 1])} {moment.year}"


def moment(value):
    """Return “22 November 2026, 02:00 UTC”."""
    return f"{day(value)}, {as_moment(value).astimezone(datetime.UTC):%H:%M} UTC"


def number(value):
    """Return an integer with its thousands set apart by a thin no-break space."""
    return f"{value:,}".replace(",", "\u202f")
