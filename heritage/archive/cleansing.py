"""Taking device, place and person data out of files, without touching a pixel: the same bytes always give the same bytes.

What stays is what is needed to show the file: pixels, colours and the orientation. No Django.
Sources: ITU T.81 and JFIF 1.02 (JPEG), W3C PNG 3, GIF89a, Google WebP container, ISO 32000 (PDF).
"""

import io
import re
import struct

from PIL import Image

ORIENTATION = 0x0112
PNG_KEPT = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYs", b"sBIT", b"bKGD", b"acTL",
    b"fcTL", b"fdAT",
}  # fmt: skip
XMP = re.compile(rb"<\?xpacket begin=.*?<\?xpacket end=.*?\?>", re.DOTALL)
TOLD = re.compile(
    rb"/(?:Author|Creator|Producer|Title|Subject|Keywords|CreationDate|ModDate|LastModified|Company|SourceModified|T|M)\s*"
    rb"(\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|<[0-9A-Fa-f\s]*>)",
    re.DOTALL,
)


#: The dictionary of an XMP stream, in whatever order its entries stand.
DESCRIPTION = re.compile(rb"<<(?:(?!<<|>>).)*/Type\s*/Metadata\b(?:(?!<<|>>).)*>>", re.DOTALL)
#: A JPEG that is packed once more, or a JPEG 2000: both can hold data on device and place that are not looked for.
PACKED_PICTURE = re.compile(rb"/JPXDecode\b|/Filter\s*\[\s*/\w+\s*/(?:\w+\s*/)*DCT(?:Decode)?\b")


class Uncleansed(Exception):
    """A file that is not what it says, or that cannot be cleansed, and why."""


def jpeg(content):
    """Return a JPEG without application data and comments. Colour profile and orientation stay."""
    if not content.startswith(b"\xff\xd8"):
        raise Uncleansed("it is not a JPEG image")
    kept, place = [b"\xff\xd8", oriented(content)], 2
    while True:
        marker, segment, place = jpeg_segment(content, place)
        if jpeg_kept(marker, segment):
            kept.append(segment)
        if marker == 0xD9:
            return b"".join(kept)
        if marker == 0xDA:
            start = place
            place = scan_end(content, place)
            kept.append(content[start:place])


def jpeg_segment(content, place):
    """Return (marker, its bytes, where the next begins)."""
    while content[place : place + 2] == b"\xff\xff":
        place += 1
    if place + 2 > len(content) or content[place] != 0xFF:
        raise Uncleansed("the image is cut off or broken")
    marker = content[place + 1]
    if marker in (0x01, 0xD9) or 0xD0 <= marker <= 0xD7:
        return marker, content[place : place + 2], place + 2
    end = place + 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    if end > len(content) or end < place + 4:
        raise Uncleansed("the image is cut off or broken")
    return marker, content[place:end], end


def jpeg_kept(marker, segment):
    if marker == 0xFE:
        return False
    if 0xE0 <= marker <= 0xEF:
        return segment[4:].startswith({0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}.get(marker, b"\0none"))
    return True


def scan_end(content, place):
    """Return where the coded data that begin at ``place`` end: at the next marker that is no restart and no stuffing."""
    while True:
        place = content.find(b"\xff", place)
        if place < 0 or place + 1 >= len(content):
            raise Uncleansed("the image is cut off or broken")
        following = content[place + 1]
        if following == 0x00 or 0xD0 <= following <= 0xD7:
            place += 2
        elif following == 0xFF:
            place += 1
        else:
            return place


def oriented(content):
    """Return an Exif segment that says nothing but how the picture is turned; nothing where it is upright."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            turned = image.getexif().get(ORIENTATION, 1)
    except Exception as broken:  # the parsers of broken pictures raise whatever they stumble over
        raise Uncleansed("the image is cut off or broken") from broken
    if turned not in range(2, 9):
        return b""
    body = b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, turned, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def png(content):
    """Return a PNG with the chunks that pixels and colours need."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        raise Uncleansed("it is not a PNG image")
    kept, place = [content[:8]], 8
    while True:
        size = int.from_bytes(content[place : place + 4], "big")
        name, end = content[place + 4 : place + 8], place + 12 + size
        if end > len(content):
            raise Uncleansed("the image is cut off or broken")
        if name in PNG_KEPT:
            kept.append(content[place:end])
        if name == b"IEND":
            return b"".join(kept)
        place = end


def gif(content):
    """Return a GIF without comments, texts and application data, but for how often it repeats."""
    if content[:6] not in (b"GIF87a", b"GIF89a"):
        raise Uncleansed("it is not a GIF image")
    place = 13 + colours(content, 10)
    kept = [content[:place]]
    while True:
        lead = content[place : place + 1]
        if lead == b";":
            return b"".join([*kept, b";"])
        start, place = place, blocks_start(content, place)
        end = blocks_end(content, place)
        label = content[start + 1]
        repeats = label == 0xFF and content[start + 3 : start + 14] == b"NETSCAPE2.0"
        if lead == b"," or label == 0xF9 or repeats:
            kept.append(content[start:end])
        place = end


def colours(content, place):
    if place >= len(content):
        raise Uncleansed("the image is cut off or broken")
    flags = content[place]
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def blocks_start(content, place):
    """Return where the data blocks of the GIF block at ``place`` begin."""
    if content[place : place + 1] == b",":
        return place + 11 + colours(content, place + 9)
    if content[place : place + 1] == b"!" and place + 1 < len(content):
        return place + 2
    raise Uncleansed("the image is cut off or broken")


def blocks_end(content, place):
    while True:
        if place >= len(content):
            raise Uncleansed("the image is cut off or broken")
        size = content[place]
        place += 1 + size
        if not size:
            return place


def webp(content):
    """Return a WebP without Exif and XMP."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        raise Uncleansed("it is not a WebP image")
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise Uncleansed("the image is cut off or broken")
    kept, place = [], 12
    while place + 8 <= end:
        name = content[place : place + 4]
        size = int.from_bytes(content[place + 4 : place + 8], "little")
        following = place + 8 + size + size % 2
        chunk = content[place:following]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]
        if name in (b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"):
            kept.append(chunk)
        place = following
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def pdf(content):
    """Return a PDF whose properties, XMP packets and Exif of pictures are blanked in place, so that nothing moves."""
    if not content.startswith(b"%PDF-"):
        raise Uncleansed("it is not a PDF document")
    if re.search(rb"/(?:ObjStm|Encrypt|EmbeddedFile)\b", content):
        raise Uncleansed(
            "its properties are packed or locked, so they cannot be taken out; save it as PDF 1.4 without encryption and attachments"
        )
    if any(b"/Filter" in hit[0] for hit in DESCRIPTION.finditer(content)):
        raise Uncleansed("its description is packed, so it cannot be taken out; save it as PDF 1.4")
    if PACKED_PICTURE.search(content):
        raise Uncleansed("it has pictures whose data cannot be taken out; save it as PDF 1.4 with JPEG pictures")
    content = XMP.sub(lambda hit: b" " * len(hit[0]), content)
    content = TOLD.sub(lambda hit: hit[0][: hit.start(1) - hit.start()] + blank(hit[1]), content)
    return pictures_blanked(content)


def blank(text):
    return text[:1] + (b"0" if text[:1] == b"<" else b" ") * (len(text) - 2) + text[-1:]


def pictures_blanked(content):
    """Return ``content`` with the application data and comments of the JPEG pictures in it filled with zeros."""
    made = bytearray(content)
    for start in re.finditer(rb"\xff\xd8\xff", content):
        place, marker = start.start() + 2, 0
        while marker not in (0xD9, 0xDA):
            try:
                marker, segment, following = jpeg_segment(content, place)
            except Uncleansed:
                break
            if not jpeg_kept(marker, segment):
                made[following - len(segment) + 4 : following] = bytes(len(segment) - 4)
            place = following
    return bytes(made)


#: Media types whose files are cleansed: ending and how.
CLEANSED = {
    "image/jpeg": ("jpg", jpeg),
    "image/png": ("png", png),
    "image/gif": ("gif", gif),
    "image/webp": ("webp", webp),
    "application/pdf": ("pdf", pdf),
}


def why_not_cleansed(media_type, file):
    """Return why the opened ``file`` cannot be cleansed; an empty text if it can, or where nobody tries."""
    if media_type not in CLEANSED:
        return ""
    try:
        CLEANSED[media_type][1](file.read())
    except Uncleansed as why:
        return str(why)
    return ""
