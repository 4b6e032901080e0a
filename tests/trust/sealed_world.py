"""A desk with something sealed in every place that can hold it; each text of it carries a mark of its own."""

from types import SimpleNamespace

from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile

from heritage.archive.models import Deposit
from heritage.intake.models import Batch, Resemblance, Row, Supplied, Verdict
from heritage.registry import custody, lifecycle
from heritage.registry.custodians import name_custodians
from heritage.registry.models import Media, Review
from heritage.registry.steps import now
from tests.registry.make import (
    make_attribution,
    make_citation,
    make_count,
    make_link,
    make_location,
    make_media,
    make_membership,
    make_monument,
    make_name,
    make_place,
    make_protection,
    make_relation,
    make_source,
    make_status,
    make_user,
)

MARK = "ZXQ-"  # with a sign that no random token of a page has


MARKS = set()


def mark(what):
    """Return a text that stands in what is sealed alone."""
    MARKS.add(f"{MARK}{what}")
    return f"{MARK}{what}"


def sealed_desk():
    """Fill the desk; return its rows by name."""
    desk = SimpleNamespace(custodian=make_user("administrator"), second=make_user("reviewer"))
    desk.author = make_user("administrator", username="former-author")
    desk.source = make_source(mark("source"), url=f"https://example.org/{mark('url')}", note=mark("sourcenote"))
    desk.monument = make_monument(mark("monument"), note=mark("note"), hold=mark("hold"))
    desk.place = make_place(mark("place"), note=mark("placenote"))
    open_rows(desk)
    what_belongs_to_the_sealed(desk)
    what_leads_to_the_sealed(desk)
    sealed_claims(desk)
    sealed_media(desk)
    for row in (desk.monument, desk.open_monument, desk.place, desk.source, desk.open_claim.status):
        row.note += " Looked at."
        lifecycle.revise(
            row, desk.author, mark("reason") if row != desk.open_monument and row != desk.open_claim.status else ""
        )
    imports(desk)
    seal(desk, *desk.sealed, desk.monument, desk.place, desk.source)
    discarded(desk)
    Deposit.objects.create(
        at=now(), level="full", manifest_sha256="0" * 64, ledger_head="0" * 64, editions=1,
        name="whole.tar", custodians=f"{desk.custodian.username} · {desk.second.username}",
    )  # fmt: skip
    assert LogEntry.objects.count() == 0
    return desk


def seal(desk, *rows):
    for row in rows:
        row.access_level = "sealed"
        row.save(update_fields=["access_level"])
        name_custodians(row, [desk.custodian, desk.second], None)


def open_rows(desk):
    desk.open_monument = make_monument("Open chapel")
    desk.open_place = make_place("Open village")
    desk.open_claim = make_status(desk.open_monument, summary="It fell.").claim_ptr
    desk.open_source = make_source("Open report", derives_from=desk.source)
    make_citation(desk.open_claim.status, desk.open_source)


def what_belongs_to_the_sealed(desk):
    make_name(desk.monument, mark("name"))
    make_location(desk.monument, wording=mark("wording"), method=mark("method"))
    make_citation(
        make_status(desk.monument, summary=mark("claimofsealed")), desk.open_source, quote=mark("quoteofsealed")
    )
    make_media(desk.monument, label=mark("mediaofsealed"))
    make_name(desk.place, mark("placename"))
    make_count(desk.place, summary=mark("claimofplace"), counted=mark("counted"))
    desk.merged = make_monument(mark("merged"), stage="withdrawn", merged_into=desk.monument)
    Review.objects.create(
        monument=desk.monument, reviewer_name="reviewer", at=now(), decision="return", rationale=mark("rationale")
    )


def what_leads_to_the_sealed(desk):
    """Rows that anybody at the desk may find, each resting on or leading to something sealed."""
    make_name(desk.open_monument, "Open name", source=desk.source, locator=mark("locatorname"))
    make_location(desk.open_monument, place=desk.place, source=desk.source, locator=mark("locatorplace"))
    make_relation(desk.open_monument, desk.monument, note=mark("relation"))
    make_relation(desk.monument, desk.open_monument, "adjacent_to", note=mark("relationback"))
    make_relation(
        desk.open_monument,
        make_monument("Neighbour"),
        "adjacent_to",
        source=desk.source,
        locator=mark("locatorrelation"),
    )
    make_membership(desk.open_place, desk.place, locator=mark("membership"))
    make_membership(make_place("Open hamlet"), desk.open_place, source=desk.source, locator=mark("locatormember"))
    make_citation(desk.open_claim.status, desk.source, locator=mark("locator"), quote=mark("quote"))
    make_citation(
        desk.open_claim.status, desk.source, role="last_unchanged", anchored_on=20210412, locator=mark("locatoranchor")
    )
    make_citation(
        desk.open_claim.status, make_source("Relaying report"), reported_from=desk.source, directness="relayed"
    )
    make_media(desk.open_monument, label="Open view", source=desk.source, locator=mark("locatormedia"))


def sealed_claims(desk):
    subject = desk.open_monument
    count = make_count(subject, summary=mark("count"), note=mark("countnote"))
    desk.sealed = [
        make_status(subject, summary=mark("status"), quote=mark("statusquote")),
        make_attribution(subject, summary=mark("attribution"), value=mark("value")),
        make_protection(subject, summary=mark("protection"), reference_number=mark("number")),
        count,
    ]
    make_citation(desk.sealed[0], desk.open_source, locator=mark("locatorsealedclaim"))
    make_count(subject, summary="Some were counted.", part_of_count=count)
    make_link(make_attribution(subject, summary="It is old."), desk.sealed[0], note=mark("link"))


def sealed_media(desk):
    item = Media(label=mark("media"), kind="image", credit=mark("credit"), alt_text=mark("alt"))
    upload = SimpleUploadedFile(f"{mark('file')}.jpg", f"\xff\xd8\xff{mark('bytes')}".encode("latin-1"))
    custody.take_in(item, upload)
    item.save()
    custody.log_arrival(item, upload, desk.author)
    desk.media = item
    desk.sealed.append(item)
    make_media(desk.open_monument, label="Its pair", pair_of=item)
    make_media(desk.open_monument, label="Its copy", derived_from=item, derivation="crop")
    make_citation(desk.open_claim.status, make_source("Illustrated report"), media=item)


def imports(desk):
    text = '[identifier]\nscheme = "List"\ncolumn = ["id"]\n'
    desk.batch = batch = Batch.objects.create(
        mapping_name="list", mapping_text=text, file_name="list.csv", path="/nowhere/list.csv", state="planned",
        counts={"new": 1, "changed": 1, "possible_duplicates": 1},
    )  # fmt: skip
    desk.row = Row.objects.create(
        batch=batch, number=2, identifier=mark("identifier"), label=mark("rowlabel"), outcome="changed", applied=True,
        monument=desk.monument, raw=f'{{"name": "{mark("raw")}"}}', changes=f'[{{"field": "label", "old": "{mark("old")}", "new": "x"}}]',
    )  # fmt: skip
    desk.like = Row.objects.create(
        batch=batch, number=3, identifier="3", label="Open row", outcome="new", raw='{"name": "Open"}'
    )
    Resemblance.objects.create(row=desk.like, monument=desk.monument, likeness=90, metres=5, why=mark("why"))
    Verdict.objects.create(scheme="List", identifier="9", monument=desk.monument, same=True, who="curator", at=now())
    Supplied.objects.create(
        scheme="List",
        identifier="2",
        monument=desk.monument,
        batch=batch,
        row=desk.row,
        digest="",
        told="{}",
        rows="{}",
    )


def discarded(desk):
    """A sealed draft that was deleted again, of which the journal tells."""
    draft = make_monument(mark("discarded"))
    claim = make_status(draft, summary=mark("discardedclaim"))
    claim.note = mark("discardedclaimnote")
    lifecycle.register(claim, desk.author)
    seal(desk, draft)
    draft.note = mark("discardednote")
    lifecycle.revise(draft, desk.custodian, mark("discardedreason"))
    lifecycle.discard(draft, desk.custodian)
