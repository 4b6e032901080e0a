"""Addresses of the archive: the deposits that readers may download."""

from django.urls import path

from heritage.archive import views

urlpatterns = [path("<slug:ref>/", views.download, name="deposit")]
