"""The page that readers would see if the record were published as it stands."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from heritage import record as records
from heritage.public import pages


def preview(page, request, subject):
    """Return the public page of ``subject``, made from the desk, for this curator alone."""
    if subject is None:
        raise Http404
    if not page.has_view_permission(request, subject):
        raise PermissionDenied
    return pages.preview(request, records.record_of(subject))
