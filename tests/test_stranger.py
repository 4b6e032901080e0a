"""The stranger's journey through the demonstration register: home, list, filter, detail, source, citation, ledger."""

import hashlib
import html
import json
import re

import pytest

from heritage.catalogue.models import Edition
from heritage.catalogue.publish import publish
from heritage.registry.models import Monument
from tests.registry.make import make_name
from tests.registry.test_admin import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def read(client, address):
    """Return what a person reads at ``address``."""
    answer = client.get(address)
    assert answer.status_code == 200
    return text_of(answer)


def links(client, address):
    return [html.unescape(link) for link in re.findall(r'href="([^"#]+)', client.get(address).content.decode())]


def listed(client, **filters):
    return [one["ref"] for one in client.get("/monuments.json", filters).json()["monuments"]]


def ledger(client):
    return b"".join(client.get("/ledger.jsonl").streaming_content).decode()


def test_a_stranger_finds_a_destroyed_cemetery_and_its_source(client):
    assert "/monuments/" in links(client, "/")
    found = client.get("/monuments.json", {"kind": "cemetery", "condition": "destroyed"}).json()
    assert found["total"]["exact"]
    first = found["monuments"][0]

    shown = "/monuments/?kind=cemetery&condition=destroyed"
    assert [link for link in links(client, shown) if link == first["url"]] != []
    assert len(found["monuments"]) == found["total"]["value"]
    assert {one["kind"]["code"] for one in found["monuments"]} == {"cemetery"}

    record = client.get(f"/monuments/{first['ref']}.json").json()
    said = read(client, first["url"])
    decided_by = next(
        claim for claim in record["statuses"] if claim["ref"] == record["state"]["condition"]["decided_by"]
    )
    assert f"according to {decided_by['claimant']['label']}" in said
    source = decided_by["citations"][0]["source"]
    assert f"/sources/{source}/" in links(client, first["url"])
    assert record["label"] in read(client, f"/sources/{source}/")


def test_what_a_stranger_cited_stays_when_a_new_version_appears(client):
    ref = listed(client, kind="cemetery", condition="destroyed")[0]
    pinned = f"/monuments/{ref}/v1/"
    assert pinned in links(client, f"/monuments/{ref}/")
    assert f"http://testserver{pinned}" in read(client, f"/monuments/{ref}/")
    cited = client.get(f"/monuments/{ref}/v1.json").content
    sha256 = hashlib.sha256(cited).hexdigest()
    assert sha256 in read(client, f"/monuments/{ref}/")

    monument = Monument.objects.get(ref=ref)
    make_name(monument, "Newly found name")
    publish([monument], reason="A name from the cadastre.")

    assert client.get(f"/monuments/{ref}/v1.json").content == cited
    assert "Newly found name" not in read(client, pinned)
    assert "Read the current version (2)" in read(client, pinned)
    assert "Newly found name" in read(client, f"/monuments/{ref}/")
    told = read(client, f"/monuments/{ref}/history/")
    assert "Reason: A name from the cadastre." in told
    assert sha256 in told
    assert sha256 in ledger(client)


def test_a_stranger_never_meets_a_draft(client):
    drafts = list(Monument.objects.drafts())

    assert len(drafts) == 5
    for draft in drafts:
        assert client.get(f"/monuments/{draft.ref}/").status_code == 404
        assert draft.ref not in listed(client, q=draft.label)


def test_the_ledger_that_readers_download_can_be_verified_by_them(client):
    """With nothing of ours but the published rule: each link hashes the one before and four facts."""
    lines = [json.loads(line) for line in ledger(client).splitlines()]
    link = "0" * 64
    for line in lines:
        facts = [link, line["sha256"], line["ref"], str(line["version"]), line["published_at"]]
        link = hashlib.sha256("\n".join(facts).encode()).hexdigest()
        assert line["link"] == link

    assert len(lines) == Edition.objects.count()
