"""Nothing hidden is in any byte of a public bag: a desk full of marked secrets, and none of the marks found."""

import gzip
import io
import re
import zlib

import pytest
from PIL import Image, ImageChops, ImageOps

from heritage.archive.cleansing import CLEANSED, Uncleansed
from tests.archive.shelf import MARK, clear, contents, document, export, hide_secrets, photograph, restore

pytestmark = pytest.mark.django_db

HIDDEN_POSITION = (b"39.123457", b"39.1234", b"46.765433", b"46.7654")


def unpacked(content):
    """Yield ``content`` and whatever is compressed in it, as far as it can be unpacked."""
    yield content
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08", content):
        try:
            rest = content[start.start() :]
            yield (
                gzip.GzipFile(fileobj=io.BytesIO(rest)).read()
                if rest[:1] == b"\x1f"
                else zlib.decompressobj().decompress(rest)
            )
        except (OSError, EOFError, zlib.error):
            continue


def found(bag, marks):
    hits = []
    for name, content in contents(bag).items():
        for part in unpacked(content):
            hits += [
                (name, mark) for mark in marks if mark.lower() in part.lower() or mark.lower() in name.lower().encode()
            ]
    return hits


def marks():
    text = MARK.encode()
    return [text, text.hex().encode(), MARK.encode("utf-16-le"), MARK.encode("utf-16-be"), *HIDDEN_POSITION]


@pytest.fixture
def secrets(demo, db):
    return hide_secrets()


def test_a_public_bag_tells_no_secret(secrets, tmp_path):
    bag = export(tmp_path / "bag")

    assert secrets.ref in (bag / "data" / "editions.jsonl").read_text()
    assert len(list((bag / "data" / "media").iterdir())) == 2
    assert found(bag, marks()) == []


@pytest.mark.parametrize("ending", [".tar", ".zip"])
def test_a_packed_public_bag_tells_no_secret(secrets, tmp_path, ending):
    packed = tmp_path / f"bag{ending}"
    export(packed, site=False)

    assert [mark for part in unpacked(packed.read_bytes()) for mark in marks() if mark in part] == []


def test_the_same_marks_are_found_in_a_full_bag_so_the_search_works(secrets, tmp_path):
    hits = found(export(tmp_path / "bag", "full", site=False), marks())

    assert {mark for _name, mark in hits} >= {MARK.encode(), b"39.123457"}
    assert {name for name, _mark in hits if "media/" in name} != set()


def test_the_next_public_bag_of_a_restored_one_tells_no_secret_either(secrets, tmp_path):
    bag = export(tmp_path / "bag", site=False)
    clear()
    restore(bag)

    assert found(export(tmp_path / "again", site=False), marks()) == []


def test_two_desks_that_differ_only_in_what_is_hidden_give_the_same_public_bag(secrets, tmp_path):
    bag = export(tmp_path / "bag")
    secrets.note = "another note"
    secrets.save()
    secrets.locations.update(wording="another wording", latitude="39.120001")

    assert contents(export(tmp_path / "again")) == contents(bag)


def test_a_held_file_that_cannot_be_cleansed_is_left_out_and_the_table_says_so(secrets, tmp_path):
    bag = export(tmp_path / "bag", site=False)

    [row] = [line for line in (bag / "data/tables/media.csv").read_text().splitlines() if "cannot be cleansed" in line]
    assert '"Not in this deposit, since no copy can be made: it is not a TIFF image."' in row


def saved(kind, **choices):
    made = io.BytesIO()
    Image.new("RGB", (20, 10), (9, 99, 199)).save(made, kind, **choices)
    return made.getvalue()


def exif():
    made = Image.Exif()
    made[0x010F] = MARK
    made[0x0112] = 3
    return made


PICTURES = {
    "image/jpeg": lambda: photograph(MARK),
    "image/png": lambda: saved("PNG", exif=exif()),
    "image/gif": lambda: saved("GIF", comment=MARK.encode()),
    "image/tiff": lambda: saved("TIFF", exif=exif()),
    "image/webp": lambda: saved("WEBP", exif=exif(), lossless=True),
}


@pytest.mark.parametrize("media_type", PICTURES)
def test_a_cleansed_picture_shows_the_same_upright_and_loses_the_rest(media_type):
    original = PICTURES[media_type]()
    assert MARK.encode() in original
    cleansed = CLEANSED[media_type][1](original)

    with Image.open(io.BytesIO(original)) as before, Image.open(io.BytesIO(cleansed)) as after:
        seen = ImageOps.exif_transpose(before).convert("RGB")
        differences = ImageChops.difference(seen, after.convert("RGB")).getextrema()
        assert dict(after.getexif()) == {}
    assert max(high for _low, high in differences) <= (2 if media_type == "image/jpeg" else 0)
    assert MARK.encode() not in cleansed
    assert CLEANSED[media_type][1](original) == cleansed


def test_what_follows_the_end_of_a_picture_is_cut_off():
    assert CLEANSED["image/jpeg"][1](photograph() + MARK.encode()).endswith(b"\xff\xd9")
    assert MARK.encode() not in CLEANSED["image/png"][1](saved("PNG") + MARK.encode())


def test_a_document_is_made_anew_without_its_properties():
    cleansed = CLEANSED["application/pdf"][1](document(MARK))

    assert cleansed.startswith(b"%PDF-1.7")
    assert MARK.encode() not in cleansed
    assert MARK.encode().hex().encode() not in cleansed
    assert CLEANSED["application/pdf"][1](document(MARK)) == cleansed


@pytest.mark.parametrize("media_type", CLEANSED)
@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n\0", b"RIFF\xff\0\0\0WEBP", b"%PDF-1.5 /ObjStm"]
)
def test_what_is_broken_or_another_thing_is_refused(media_type, content):
    with pytest.raises(Uncleansed):
        CLEANSED[media_type][1](content)


@pytest.mark.parametrize("media_type", PICTURES)
def test_a_picture_that_is_cut_off_is_refused(media_type):
    with pytest.raises(Uncleansed):
        CLEANSED[media_type][1](PICTURES[media_type]()[:-40])
