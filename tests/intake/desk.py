"""An import as a curator makes it in the admin: a short list, the forms filled in, the buttons pressed."""

import html
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from heritage.intake.models import Batch

LIST = (
    "Nr;Name;Ort;Breite;Länge;Zustand\n"
    "001;Kapelle am See;Seedorf;47.10000;9.50000;gut\n"
    "002;Alte Mühle;Bergdorf;47.20000;9.60000;gut\n"
    "003;Oberes Tor;Bergdorf;47.30000;9.70000;zerfallen\n"
)
SUPPLIER = {
    "supplier": "Office for Monuments",
    "supplier_kind": "state_body",
    "source": "List of protected buildings",
    "licence": "CC BY 4.0",
    "attribution": "Office for Monuments",
    "list_date": "2014-10",
    "scheme": "Protected buildings",
    "name": "protected-buildings",
}


def at(name, batch, **more):
    return reverse(f"admin:intake_batch_{name}", kwargs={"pk": batch.pk, **more})


def bring(client, content=LIST, name="list.csv"):
    """Upload a file; return the import."""
    content = content if isinstance(content, bytes) else content.encode()
    answer = client.post(reverse("admin:intake_batch_add"), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, read(answer)
    return Batch.objects.latest("pk")


def filled_in(form):
    """Return what a browser would send of a form as it stands."""
    values = {bound.html_name: bound.value() for bound in form}
    return {name: value for name, value in values.items() if value not in (None, False)}


def mapped(client, content=LIST, file_name="list.csv", **said):
    """Upload a file, make a mapping as suggested and plan by it; return the import."""
    batch = bring(client, content, file_name)
    suggested = filled_in(client.get(at("mapping", batch), {"fresh": "1"}).context["form"])
    answer = client.post(at("mapping", batch), {**suggested, **SUPPLIER, **said, "do": "plan"})
    assert answer.status_code == 302, read(answer)
    return fresh(batch)


def coded(client, batch, **codes):
    """Give codes to the supplier's words; return the import, planned again."""
    form = client.get(at("words", batch)).context["form"]
    given = {bound.html_name: codes.get(bound.label, bound.value() or "") for bound in form}
    assert client.post(at("words", batch), given).status_code == 302
    return fresh(batch)


def do(client, batch, verb):
    """Press the button of ``verb``; return (the import, what the page says after it)."""
    answer = client.post(at("do", batch, verb=verb), follow=True)
    return fresh(batch), read(answer)


def ready(client, **said):
    """Return an import of the short list, planned and with codes for its words."""
    return coded(client, mapped(client, **said), gut="intact", zerfallen="ruined")


def fresh(batch):
    return Batch.objects.filter(pk=batch.pk).first()


def read(answer):
    """Return what a person reads on the page."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())
