"""A curator brings a file: it is kept as it came, under its hash, with a custody log, and never changed."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from heritage.catalogue import audit
from heritage.registry.custody import kind_of
from heritage.registry.models import CustodyEvent, Journal, Media
from tests.archive.shelf import document, photograph
from tests.intake.desk import filled_in
from tests.registry.make import make_media, make_publishable_monument

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "store"
    return settings.MEDIA_ROOT


def bring(client, content, name="IMG_0001 \u202eof me.JPG", **given):
    """Fill in the page of a new media item; return the answer."""
    given = {"label": "West wall", "kind": "image", "derivation": "none", "access_level": "public"} | given
    return client.post(reverse("admin:registry_media_add"), {**given, "upload": SimpleUploadedFile(name, content)})


def mistakes(answer):
    assert answer.status_code == 200
    return {name: list(some) for name, some in answer.context["adminform"].form.errors.items()}


def test_a_file_is_kept_as_it_came_with_hash_size_media_type_and_log(contributor, store):
    content, monument = photograph("somebody"), make_publishable_monument("Mill")
    assert bring(contributor, content, monument=monument.pk).status_code == 302

    item = Media.objects.get()
    sha256 = hashlib.sha256(content).hexdigest()
    assert (item.held, item.sha256, item.size, item.media_type) == (True, sha256, len(content), "image/jpeg")
    assert item.file.name == f"held/{sha256}.jpg"
    assert (store / item.file.name).read_bytes() == content
    event = CustodyEvent.objects.get()
    assert event.what == f"Taken in from the file “IMG_0001 of me.JPG”, {len(content)} bytes"
    assert event.by == contributor.user.username
    assert Journal.objects.get(subject_ref=item.ref).after["sha256"] == sha256
    call_command("check_fixity", verbosity=0)
    assert list(audit.custody_faults()) == []


def test_the_page_of_a_held_item_asks_for_no_other_file_and_takes_none(contributor, store):
    bring(contributor, photograph())
    item = Media.objects.get()
    address = reverse("admin:registry_media_change", args=[item.pk])
    answer = contributor.get(address)

    assert 'type="file"' not in answer.content.decode()
    assert "Taken in from the file" in answer.content.decode()
    other = SimpleUploadedFile("other.jpg", photograph(colour=(1, 2, 3)))
    given = filled_in(answer.context["adminform"].form) | {"label": "East wall", "reason": "Mended.", "upload": other}
    told = mistakes(contributor.post(address, given))
    assert told == {"__all__": ["The file of a held item never changes. Make a new item, derived from it."]}
    del given["upload"]
    assert contributor.post(address, given).status_code == 302
    item.refresh_from_db()
    assert item.label == "East wall"
    assert (store / item.file.name).read_bytes() == photograph()
    assert CustodyEvent.objects.count() == 1


def test_a_cited_item_can_get_its_file_later(contributor):
    item = make_media(make_publishable_monument("Mill"), label="Scan")
    address = reverse("admin:registry_media_change", args=[item.pk])
    given = filled_in(contributor.get(address).context["adminform"].form)
    assert contributor.post(address, {**given, "upload": SimpleUploadedFile("a.pdf", document())}).status_code == 302

    item.refresh_from_db()
    assert (item.held, item.media_type, item.custody.count()) == (True, "application/pdf", 1)


def test_the_same_bytes_are_kept_once(contributor, store):
    bring(contributor, photograph())
    bring(contributor, photograph(), label="The same")

    assert Media.objects.filter(held=True).count() == 2
    [path] = (store / "held").iterdir()
    path.write_bytes(photograph()[:100])  # as a killed process might leave it
    bring(contributor, photograph(), label="Once more")
    assert (store / Media.objects.get(label="Once more").file.name).read_bytes() == photograph()


def test_what_readers_could_not_be_given_is_refused_with_the_remedy_unless_it_is_for_the_desk(contributor, store):
    packed = b"%PDF-1.5\n1 0 obj << /Type /ObjStm >>"
    [told] = mistakes(bring(contributor, packed, "report.pdf"))["upload"]
    assert told == (
        "No copy for readers can be made of it: the document is damaged; open it and save it as a PDF again. "
        "Put that right, or set an access level for the desk."
    )
    assert mistakes(bring(contributor, photograph()[:-40])) != {}
    assert mistakes(bring(contributor, b"", "empty.jpg"))["upload"] == ["The submitted file is empty."]
    assert Media.objects.count() == 0
    assert not (store / "held").exists()

    assert bring(contributor, packed, "report.pdf", access_level="curators").status_code == 302


def test_a_name_is_not_believed_against_the_bytes():
    assert kind_of(b"%PDF-1.4", "picture.jpg") == ("application/pdf", "pdf")
    assert kind_of(b"<script>", "picture.jpg") == ("application/octet-stream", "jpg")
    assert kind_of(b"<script>", "../../x.sh;y")[1] == "bin"
    assert kind_of(b"II*\0", "scan") == ("image/tiff", "tif")


def test_curators_get_the_original_to_save_and_nobody_else(client, contributor, store):
    bring(contributor, photograph("somebody"))
    item = Media.objects.get()
    address = reverse("admin:registry_media_file", args=[item.pk])

    answer = contributor.get(address)
    assert b"".join(answer.streaming_content) == photograph("somebody")
    assert answer["Content-Disposition"] == f'attachment; filename="{item.ref}.jpg"'
    assert client.get(address).status_code == 302
    (store / item.file.name).unlink()
    assert contributor.get(address).status_code == 404
    with pytest.raises(CommandError, match=f"Media item {item.ref}: its file cannot be read"):
        call_command("check_fixity")
