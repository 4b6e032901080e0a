"""Addresses: the desk's admin and the reading room."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("data/deposits/", include("heritage.archive.urls")),
    path("", include("heritage.public.urls")),
]

handler400 = "heritage.public.answers.not_understood"
handler403 = "heritage.public.answers.refused"
handler404 = "heritage.public.answers.not_found"
handler500 = "heritage.public.answers.failed"
