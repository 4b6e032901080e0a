"""The Jinja2 environment of the reading room: translations, addresses and the few filters that templates need."""

import datetime

import jinja2
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext, ngettext

from heritage.public import wording

RIGHT_TO_LEFT = {"Adlm", "Arab", "Aran", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"}
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def environment(*, autoescape=True, **options):
    """Return the environment that Django's Jinja2 backend asks for. It always escapes, whatever ``autoescape`` says."""
    made = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.i18n"], **options)
    made.install_gettext_callables(gettext, ngettext, newstyle=True)
    made.globals.update(
        language=get_language,
        register_name=register_name,
        reviewers_needed=lambda: settings.REVIEWERS_NEEDED,
        static=static,
        tone=wording.tone,
        url=address,
        wording=wording,
    )
    made.filters.update(day=day, direction=direction, moment=moment, number=number, outward=outward)
    return made


def address(name, *args):
    """Return the address of the page ``name``."""
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
