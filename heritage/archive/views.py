"""Downloads of the deposits that are offered to readers."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from heritage.archive.models import Deposit

TYPES = {"tar": "application/x-tar", "zip": "application/zip"}


@require_safe
def download(request, ref):
    """Send the file of an offered deposit; any other is answered as if it did not exist."""
    made = get_object_or_404(Deposit.objects.offered(), ref=ref)
    try:
        file = default_storage.open(made.file.name)
    except FileNotFoundError as gone:
        raise Http404 from gone
    return sent(made, file)


def sent(made, file):
    """Return the answer that sends the opened ``file`` of a deposit."""
    headers = {"ETag": f'"{made.sha256}"'}
    kind = TYPES[made.name.rsplit(".", 1)[1]]
    return FileResponse(file, as_attachment=True, filename=made.name, content_type=kind, headers=headers)
