"""Copies for readers carry nothing but what is seen: made files with a mark in every other place, and hostile ones."""

import io
import re
import time
import zlib

import pikepdf
import pytest
from PIL import Image, ImageChops

from heritage.archive import documents, pictures
from heritage.archive.cleansing import CLEANSED, TooMuch, Uncleansed
from tests.trust.made_documents import DOCUMENTS, REFUSED, TEXT, drawn_picture, plain, stream
from tests.trust.made_documents import changed as changed_document
from tests.trust.made_pictures import MARK, PICTURES, saved

#: What Pillow tells of a picture that has nothing but pixels.
SHOWING = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "loop", "background", "timestamp", "duration"}
FORMS = [MARK.encode(), MARK.encode("utf-16-be"), MARK.encode("utf-16-le"), MARK.encode().hex().encode()]
FORMS.append(MARK.encode("utf-16-be").hex().encode())


def tells(content):
    """Tell whether the mark stands in ``content`` in any form."""
    low = content.lower()
    return any(form.lower() in low for form in FORMS)


def unpacked(content):
    """Yield the bytes of a file, and of everything that is packed in it."""
    yield content
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", content):
        try:
            yield zlib.decompressobj().decompress(content[start.start() :])
        except zlib.error:
            continue
    if content.startswith(b"%PDF-"):
        with pikepdf.open(io.BytesIO(content)) as pdf:
            for one in pdf.objects:
                yield one.unparse(resolved=True)
                if isinstance(one, pikepdf.Stream):
                    yield one.read_raw_bytes()
                    yield from [] if one.get("/Filter") == "/DCTDecode" else [one.read_bytes()]


def test_there_are_more_than_thirty_made_files():
    assert len(PICTURES) + len(DOCUMENTS) > 80


@pytest.mark.parametrize("case", PICTURES)
def test_a_copy_of_a_picture_shows_the_same_and_tells_nothing_else(case):
    media_type, make = PICTURES[case]
    original = make()
    assert any(tells(part) for part in unpacked(original))

    copy = CLEANSED[media_type][1](original)

    assert not any(tells(part) for part in unpacked(copy))
    with Image.open(io.BytesIO(original)) as before, Image.open(io.BytesIO(copy)) as after:
        differences = ImageChops.difference(before.convert("RGB"), after.convert("RGB")).getextrema()
        assert set(after.info) <= SHOWING
    assert max(high for _low, high in differences) <= 2
    assert CLEANSED[media_type][1](original) == copy


@pytest.mark.parametrize("case", sorted(DOCUMENTS.keys() - REFUSED.keys()))
def test_a_copy_of_a_document_shows_the_same_and_tells_nothing_else(case):
    original = DOCUMENTS[case]()
    assert any(tells(part) for part in unpacked(original))

    copy = documents.rewritten(original)

    parts = list(unpacked(copy))
    assert not any(tells(part) for part in parts)
    assert any(b"(Hello) Tj" in part for part in parts)
    assert documents.rewritten(original) == copy


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_of_a_document_that_is_not_understood_no_copy_is_made_and_the_reason_is_told(case):
    with pytest.raises(Uncleansed, match=REFUSED[case]):
        documents.rewritten(DOCUMENTS[case]())


def test_a_copy_of_a_document_has_pages_and_what_they_draw_and_nothing_else():
    copy = documents.rewritten(changed_document(drawn_picture(saved("JPEG"), pikepdf.Name.DCTDecode)))

    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert set(pdf.trailer.keys()) - {"/ID", "/Length", "/W", "/Index", "/Type", "/Filter", "/DecodeParms"} == {
            "/Root",
            "/Size",
        }
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert set(pdf.pages[0].obj.keys()) == {"/Type", "/Parent", "/MediaBox", "/Contents", "/Resources"}
        assert [sorted(part.keys()) for part in pdf.pages[0].obj["/Resources"].values()] == [["/F0"], ["/X0"]]


def test_a_copy_made_in_a_process_of_its_own_is_the_same():
    assert documents.pdf(plain()) == documents.rewritten(plain())


def test_a_process_of_its_own_tells_why_there_is_no_copy():
    with pytest.raises(Uncleansed, match=r"^it has layers, which may hide something; print it to a PDF file first$"):
        documents.pdf(DOCUMENTS["a hidden layer"]())


def test_of_a_jpeg_2000_there_is_no_copy():
    assert "image/jp2" not in CLEANSED


def test_a_picture_is_turned_upright():
    wide = Image.new("RGB", (40, 10), (255, 255, 255))
    wide.paste((255, 0, 0), (0, 0, 10, 10))
    turned = Image.Exif()
    turned[0x0112] = 6

    with Image.open(io.BytesIO(pictures.jpeg(saved("JPEG", wide, exif=turned, quality=95)))) as copy:
        assert copy.size == (10, 40)
        assert copy.getpixel((5, 3))[1] < 30
        assert copy.getpixel((5, 35))[1] > 225


def test_what_is_transparent_hides_no_picture():
    hidden = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    hidden.paste((0, 0, 255, 128), (0, 0, 10, 10))

    with Image.open(io.BytesIO(pictures.png(saved("PNG", hidden)))) as copy:
        assert copy.getpixel((2, 2)) == (0, 0, 255, 128)
        assert copy.getpixel((15, 15)) == (0, 0, 0, 0)


def test_colours_of_another_space_become_those_that_every_program_shows():
    profile = pictures.ImageCms.ImageCmsProfile(pictures.ImageCms.createProfile("LAB")).tobytes()
    odd = saved("JPEG", icc_profile=profile)
    ink = saved("JPEG", Image.new("CMYK", (9, 9), (0, 255, 255, 0)))

    with Image.open(io.BytesIO(pictures.jpeg(odd))) as copy:
        assert (copy.mode, copy.getpixel((1, 1))) == ("RGB", (119, 60, 20))
    with Image.open(io.BytesIO(pictures.jpeg(ink))) as copy:
        assert (copy.mode, copy.getpixel((1, 1))) == ("RGB", (254, 0, 0))


@pytest.mark.parametrize(("kind", "media_type"), [("GIF", "image/gif"), ("PNG", "image/png"), ("TIFF", "image/tiff")])
def test_of_several_pictures_in_one_file_no_copy_is_made(kind, media_type):
    frames = [Image.new("L", (9, 9), shade) for shade in (0, 99)]
    several = saved(kind, frames[0], save_all=True, append_images=frames[1:])

    with pytest.raises(Uncleansed, match="more than one picture"):
        CLEANSED[media_type][1](several)


DAMAGED = "the document is damaged; open it and save it as a PDF again"

TOO_MUCH_DRAWN = "one of its pages draws too much; save it in a smaller size, or print it to a PDF file first"


def hostile_xmp():
    return b"%PDF-1.4\n" + b"<?xpacket begin=" * 625_000


def hostile_parentheses():
    return plain(trailer=b"/Info 6 0 R", objects=[b"<< /Author " + b"(" * 10_000_000 + b" >>"])


def hostile_arrays():
    return plain(content=b"[" * 5_000_000 + TEXT)


def hostile_operators():
    return plain(content=b"0 g\n" * 2_500_000 + TEXT)


def hostile_drawings():
    """A drawing that draws ten others twice, each of which does the same: 1,024 copies of one drawing if each were made."""
    forms = [
        stream(b"/F Do /F Do", Type=b"/XObject", Subtype=b"/Form", BBox=b"[0 0 9 9]",
               Resources=b"<< /XObject << /F %d 0 R >> >>" % (number + 1))
        for number in range(6, 16)
    ]  # fmt: skip
    last = stream(b"0 g", Type=b"/XObject", Subtype=b"/Form", BBox=b"[0 0 9 9]")
    return plain(resources=b"/XObject << /F 6 0 R >>", content=TEXT + b" /F Do", objects=[*forms, last])


def hostile_circle():
    form = stream(
        b"/F Do", Type=b"/XObject", Subtype=b"/Form", BBox=b"[0 0 9 9]", Resources=b"<< /XObject << /F 6 0 R >> >>"
    )
    return plain(resources=b"/XObject << /F 6 0 R >>", content=b"/F Do", objects=[form])


def made(content):
    """Return “a copy”, or why none is made."""
    try:
        return "a copy" if documents.rewritten(content) else ""
    except Uncleansed as why:
        return str(why)


@pytest.mark.parametrize("make", [hostile_drawings, hostile_circle], ids=["one in another", "in a circle"])
def test_drawings_in_drawings_are_copied_once_or_refused(make):
    began = time.process_time()

    assert made(make()) in ("a copy", "a part of the document holds itself")

    assert time.process_time() - began < 1


@pytest.mark.parametrize("make", [hostile_xmp, hostile_parentheses, hostile_arrays, hostile_operators])
def test_a_hostile_document_of_ten_megabytes_takes_seconds_at_most(make):
    began = time.process_time()

    assert made(make()) in ("a copy", DAMAGED, TOO_MUCH_DRAWN)

    assert time.process_time() - began < 5


def test_a_document_that_would_take_too_long_is_given_up(monkeypatch):
    content = b"0 g\n" * 1_400_000
    monkeypatch.setattr(documents, "SECONDS", 1)
    with pytest.raises(TooMuch, match="takes too long"):
        documents.pdf(plain(content=zlib.compress(content, 9), stream=b"/Filter /FlateDecode"))


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded():
    large = saved("PNG", Image.new("1", (9000, 9000)))
    began = time.process_time()

    with pytest.raises(Uncleansed, match="more than 64 million pixels"):
        pictures.png(large)

    assert time.process_time() - began < 0.5
