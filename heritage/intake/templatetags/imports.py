"""Filters for the pages of imports."""

import tomli_w
from django import template

from heritage.intake.admin.wording import change_in_words

register = template.Library()
register.filter("in_words", change_in_words)


@register.filter
def in_toml(value):
    """Return a value as it is written in a mapping."""
    return tomli_w.dumps({"value": list(value) if isinstance(value, tuple) else value}).partition("= ")[2].strip()
