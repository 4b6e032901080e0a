"""The curators' workbench."""

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from heritage.registry.admin import claims, closures, journal, media, monuments, places, sources

__all__ = ["claims", "closures", "journal", "media", "monuments", "places", "sources"]

admin.site.site_header = settings.REGISTER_NAME
admin.site.site_title = settings.REGISTER_NAME
admin.site.index_title = _("The desk")
admin.site.empty_value_display = "–"
