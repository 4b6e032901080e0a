"""The pages of imports: from a supplier's file on somebody's disk to published records, step by step."""

from django.contrib import admin

from heritage.intake.admin import batches, mappings
from heritage.intake.admin.origins import origins
from heritage.intake.admin.waiting import Imports

__all__ = ["batches", "mappings"]

admin.site.more_piles.append(Imports)
admin.site.origins.append(origins)
