"""Filters for the pages of imports."""

from django import template

from heritage.intake.admin.wording import change_in_words

register = template.Library()
register.filter("in_words", change_in_words)
