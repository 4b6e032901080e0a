"""A register to deposit, with held files and with marked secrets in every hidden place, and ways to empty the database."""

import hashlib
import io
from contextlib import ExitStack

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from heritage.archive.exporting import Export
from heritage.archive.models import Deposit
from heritage.archive.restoring import Restoration
from heritage.archive.shelves import SHELVES
from heritage.archive.withheld import SEALABLE
from heritage.catalogue import index
from heritage.catalogue.closing import request_closure
from heritage.catalogue.models import Edition
from heritage.catalogue.publish import publish
from heritage.intake.applying import apply
from heritage.intake.models import Mapping, Resemblance, Verdict
from heritage.intake.planning import begin, plan
from heritage.registry import custody, lifecycle
from heritage.registry.models import Custodian, Media, Monument
from heritage.registry.steps import now
from tests.intake.lists import MAPPING, listed, mapping, row
from tests.registry.make import (
    make_actor,
    make_citation,
    make_location,
    make_media,
    make_monument,
    make_name,
    make_place,
    make_publishable_monument,
    make_source,
    make_status,
    make_user,
)

GPS = 0x8825
MARK = "SECRETMARK"


def photograph(mark="", size=(24, 16), colour=(120, 60, 20)):
    """Return a JPEG with a position, a camera and a comment in it; ``mark`` is written into each."""
    exif = Image.Exif()
    exif[0x010F] = f"Camera {mark}"
    exif[0x0112] = 6
    exif[0x013B] = f"Photographer {mark}"
    exif.get_ifd(GPS).update({1: "N", 2: (39.0, 45.0, 36.123), 3: "E", 4: (46.0, 45.0, 2.5), 29: f"2026:{mark}"})
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "JPEG", exif=exif, comment=f"Comment {mark}".encode(), quality=90)
    return made.getvalue()


def document(mark=""):
    """Return a small PDF with properties, XMP and a photograph with its position."""
    picture = photograph(mark)
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R /Metadata 6 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Resources << /XObject << /P 4 0 R >> >> >>",
        b"<< /Type /XObject /Subtype /Image /Width 24 /Height 16 /ColorSpace /DeviceRGB /BitsPerComponent 8 "
        b"/Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream" % (len(picture), picture),
        f"<< /Author (Author \\({mark}\\)) /Producer <{mark.encode().hex()}> >>".encode(),
    ]
    xmp = f'<?xpacket begin="" id="x"?><x>{mark}</x><?xpacket end="w"?>'.encode()
    parts.append(b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream" % (len(xmp), xmp))
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"trailer << /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start)


def hold(monument, content, name, media_type="image/jpeg", **fields):
    """Take a file into the register."""
    stored = default_storage.save(f"held/{name}", ContentFile(content))
    described = {"alt_text": "A wall", "credit": "Somebody", "licence": "CC BY 4.0"} | fields
    return make_media(
        monument,
        held=True,
        file=stored,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        **described,
    )


def illustrate():
    """Give the first published monument a photograph, a pair before and after, and a document, and publish it."""
    monument = Monument.objects.published().order_by("ref").first()
    hold(monument, photograph(), "IMG_0001.JPG", label="Photograph with a position")
    before = hold(monument, photograph(colour=(0, 90, 0)), "before.jpg", label="Before")
    hold(monument, photograph(colour=(90, 0, 0)), "after.jpg", label="After", pair_of=before)
    hold(monument, document(), "report.pdf", "application/pdf", kind="document", label="Report")
    publish([monument], reason="Pictures.")
    earlier = Edition.objects.of(monument.ref).filter(replaced_at__isnull=False)
    request_closure(earlier, make_user("reviewer"), "rights", "Asked for and not decided: readers see it.")
    return monument


def take_in_lists(folder):
    """Apply a supplier's list, then plan its next one, which has a row of every outcome; return both batches."""
    kept = mapping(folder)
    first = listed(folder, row(id="1"), row(id="2", name="Mill"), row(id="4", name="Gone"), name="first.csv")
    applied = apply(plan(begin(str(first), kept)))
    rows = [
        row(id="1", condition="bad"),
        row(id="2", name="Mill"),
        row(id="3"),
        row(id="5"),
        row(id="5"),
        row(id="6", lat="x"),
    ]
    planned = plan(begin(str(listed(folder, *rows, name="second.csv")), kept))
    like, monument = planned.rows.get(identifier="3"), Monument.objects.published().order_by("ref").first()
    Resemblance.objects.create(row=like, monument=monument, likeness=90, metres=20, why="A name is the same.")
    Verdict.objects.create(scheme="Office list", identifier="9", monument=monument, same=False, who="curator", at=now())
    Mapping.objects.create(name="kept", text=MAPPING)
    return applied, planned


def hide_secrets(mark=MARK):
    """Put ``mark`` into every place that readers never see, beside what they do see; return the monument that is public."""
    user = get_user_model().objects.create_user(f"{mark}user", f"{mark}@example.org", first_name=mark)
    draft = make_publishable_monument(f"Draft {mark}", note=f"Draft note {mark}")
    sealed = make_source(f"Sealed {mark}", access_level="sealed", url=f"https://example.org/{mark}")
    withheld = make_source(
        f"Withheld {mark}", access_level="withheld", withheld_because="safety", publisher=mark, note=mark
    )
    unread = make_source(f"Unread {mark}", read_state="not_read")
    monument = make_publishable_monument("Chapel for all to see", note=f"Note {mark}", public_precision="km1")
    monument.locations.all().delete()
    make_location(
        monument, latitude="39.123457", longitude="46.765433", wording=f"Wording {mark}", method=f"Method {mark}"
    )
    make_name(monument, f"Name from a sealed source {mark}", source=sealed)
    make_citation(make_status(monument, summary="Seen in ruins.", note=f"Claim note {mark}"), withheld, locator=mark)
    make_citation(make_status(monument, summary=f"Sealed claim {mark}"), sealed, quote=mark)
    make_citation(make_status(monument, summary=f"Unread claim {mark}"), unread)
    make_citation(make_status(monument, summary=f"Restricted claim {mark}", access_level="curators"))
    make_status(draft, summary=f"Draft claim {mark}")
    hold(monument, photograph(mark), f"{mark}.jpg", label="Public photograph", note=f"Media note {mark}")
    hold(monument, photograph(mark, (30, 30)), f"{mark}-2.jpg", label=f"Closed {mark}", access_level="curators")
    hold(monument, document(mark), f"{mark}.pdf", "application/pdf", kind="document", label="Public document")
    hold(monument, mark.encode() * 9, f"{mark}.tif", "image/tiff", label="Scan that cannot be cleansed")
    monument.stage = "in_review"
    monument.edited_by = user
    monument.save()
    reviewer = get_user_model().objects.create_superuser(f"{mark}reviewer", f"{mark}r@example.org")
    publish([monument], reviewer, "Published for the test.", harm_check=f"Harm check {mark}")
    make_monument(f"Bare draft {mark}")
    leave_traces(monument, reviewer, mark)
    return monument


def leave_traces(monument, reviewer, mark):
    """Put ``mark`` into what is only written down of work: journal, decisions, custody log, list of deposits, rows of imports."""
    monument.note = f"Another note {mark}"
    lifecycle.revise(monument, reviewer, f"Journal reason {mark}")
    draft = make_publishable_monument(f"Returned {mark}")
    lifecycle.submit(draft, get_user_model().objects.get(username=f"{mark}user"))
    lifecycle.return_(draft, reviewer, f"Returned because {mark}")
    make_place(f"Draft place {mark}")
    make_actor(f"Actor of a draft {mark}")
    for item in Media.objects.filter(held=True):
        custody.log(item, f"Looked at by {mark}", reviewer)
    Verdict.objects.create(scheme=mark, identifier=mark, monument=monument, same=False, who=mark, at=now())
    facts = {"at": now(), "level": "full", "manifest_sha256": "0" * 64, "ledger_head": "0" * 64, "editions": 1}
    Deposit.objects.create(**facts, name=f"{mark}.tar", for_whom=mark, custodians=mark, made_by=reviewer)


#: Who keeps a bag that is sealed as a whole.
KEEPERS = ("keeper-of-deposits", "keeper-of-closed-stacks")


def export(folder, level="public", since=None, custodians=KEEPERS, **choices):
    """Make a bag and return its folder. What is sealed is kept by the ``custodians``, whose accounts are made where need be."""
    if level == "full" and set(custodians) == set(KEEPERS):
        seal_for(custodians)
    Export(level, custodians=custodians, **choices).run(folder, since)
    return folder


def seal_for(names):
    """Make the accounts ``names`` custodians of all that is sealed."""
    for model in SEALABLE:
        for sealed in model.objects.filter(access_level="sealed"):
            for name in names:
                user = get_user_model().objects.filter(username=name).first() or make_user(username=name)
                Custodian.objects.get_or_create(sealed_ref=sealed.ref, user=user)


def restore(folder, previous=None):
    with ExitStack() as held_open:
        Restoration(held_open, folder, previous).run()


def clear():
    """Empty every table that a bag fills, and the index, and the store of files."""
    index.clear()
    Deposit.objects.all().delete()
    for shelf in reversed(SHELVES):
        through = [field.remote_field.through for field in shelf.many]
        for model in (*through, shelf.model):
            model._base_manager.all()._raw_delete("default")
    for folder in ("held", "published"):
        try:
            names = default_storage.listdir(folder)[1]
        except FileNotFoundError:
            continue
        for name in names:
            default_storage.delete(f"{folder}/{name}")


def contents(folder):
    """Return the bytes of every file of a bag by path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def held_items():
    return Media.objects.filter(held=True)
