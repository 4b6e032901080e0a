"""Pictures with a mark in every place that a picture has beside its pixels, made by code."""

import io
import struct
import zlib

from PIL import Image, ImageCms, PngImagePlugin, TiffImagePlugin

MARK = "SECRETMARK"
B = MARK.encode()
SIZE = (24, 16)


def saved(kind, image=None, **choices):
    made = io.BytesIO()
    (image or Image.new("RGB", SIZE, (120, 60, 20))).save(made, kind, **choices)
    return made.getvalue()


def exif():
    made = Image.Exif()
    made[0x010F] = made[0x013B] = made[0x010E] = MARK
    made.get_ifd(0x8825).update({1: "N", 2: (39.0, 45.0, 36.123), 29: f"2026:{MARK}"})
    made.get_ifd(0x8769).update({0x927C: B * 3, 0x9286: b"ASCII\0\0\0" + B, 0xA431: MARK})
    return made


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(*segments, end=b""):
    """Return a JPEG with further segments after its beginning."""
    plain = saved("JPEG")
    return plain[:2] + b"".join(segments) + plain[2:] + end


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*chunks, end=b""):
    """Return a PNG with further chunks before its pixels."""
    plain = saved("PNG")
    return plain[:33] + b"".join(chunks) + plain[33:] + end


def marked_profile():
    """Return a colour profile that works and whose description is the mark."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    described = "sRGB".encode("utf-16-be")
    assert described in profile
    return profile.replace("sRGB built-in".encode("utf-16-be"), (MARK + "   ").encode("utf-16-be"))


def texts():
    made = PngImagePlugin.PngInfo()
    made.add_text("Author", MARK)
    made.add_text("Comment", MARK * 9, zip=True)
    made.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{MARK}</x:xmpmeta>")
    return made


def webp(*chunks, end=b""):
    plain = saved("WEBP", lossless=True)
    body = plain[8:] + b"".join(
        name + struct.pack("<I", len(some)) + some + b"\0" * (len(some) % 2) for name, some in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body + end


def gif_block(label, body):
    return b"!" + bytes([label]) + bytes([len(body)]) + body + b"\0"


def gif(block=b"", end=b""):
    plain = saved("GIF", Image.new("P", SIZE))
    return plain[:-1] + block + b";" + end


def tiff():
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[270] = tags[315] = tags[305] = tags[33432] = MARK
    tags[65000] = MARK
    tags.tagtype[65000] = 2
    return saved("TIFF", tiffinfo=tags)


def two_pictures():
    second = Image.new("RGB", SIZE, (0, 0, 0))
    second.encoderinfo = {"comment": B}
    return saved("MPO", save_all=True, append_images=[second], comment=B) + jpeg(segment(0xFE, B))


XMP = b"http://ns.adobe.com/xap/1.0/\0"
PICTURES = {
    "jpeg, Exif with position and maker note": ("image/jpeg", lambda: saved("JPEG", exif=exif())),
    "jpeg, Exif with a thumbnail": (
        "image/jpeg",
        lambda: jpeg(segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0" + jpeg(segment(0xFE, B)))),
    ),
    "jpeg, XMP in a packet": (
        "image/jpeg",
        lambda: jpeg(segment(0xE1, XMP + b'<?xpacket begin=""?><a>' + B + b'</a><?xpacket end="w"?>')),
    ),
    "jpeg, XMP without a packet": (
        "image/jpeg",
        lambda: jpeg(segment(0xE1, XMP + b"<x:xmpmeta>" + B + b"</x:xmpmeta>")),
    ),
    "jpeg, extended XMP": (
        "image/jpeg",
        lambda: jpeg(segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 40 + B)),
    ),
    "jpeg, IPTC": (
        "image/jpeg",
        lambda: jpeg(segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0f\x1c\x02\x50\0\x0a" + B)),
    ),
    "jpeg, JFIF thumbnail": (
        "image/jpeg",
        lambda: jpeg(segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\x02\x02" + (B + B)[:12])),
    ),
    "jpeg, JFXX thumbnail": ("image/jpeg", lambda: jpeg(segment(0xE0, b"JFXX\0\x10" + jpeg(segment(0xFE, B))))),
    "jpeg, false colour profile": ("image/jpeg", lambda: jpeg(segment(0xE2, b"ICC_PROFILE\0\x01\x01" + B * 20))),
    "jpeg, colour profile with a description": ("image/jpeg", lambda: saved("JPEG", icc_profile=marked_profile())),
    "jpeg, long Adobe segment": ("image/jpeg", lambda: jpeg(segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01" + B))),
    "jpeg, comment": ("image/jpeg", lambda: jpeg(segment(0xFE, B))),
    "jpeg, content credentials": ("image/jpeg", lambda: jpeg(segment(0xEB, b"JP\0\x01\0\0\0\x01" + B))),
    "jpeg, bytes after the end": ("image/jpeg", lambda: jpeg(end=B)),
    "jpeg, several pictures": ("image/jpeg", two_pictures),
    "jpeg, a zip archive after the end": ("image/jpeg", lambda: jpeg(end=b"PK\x03\x04" + B)),
    "png, texts of all kinds": ("image/png", lambda: saved("PNG", pnginfo=texts())),
    "png, Exif": ("image/png", lambda: saved("PNG", exif=exif())),
    "png, name of the colour profile": (
        "image/png",
        lambda: png(chunk(b"iCCP", B + b"\0\0" + zlib.compress(b"x" * 99))),
    ),
    "png, colour profile with a description": ("image/png", lambda: saved("PNG", icc_profile=marked_profile())),
    "png, private chunk": ("image/png", lambda: png(chunk(b"prVt", B))),
    "png, name of a palette": ("image/png", lambda: png(chunk(b"sPLT", B + b"\0\x08" + B[:6]))),
    "png, bytes after the end": ("image/png", lambda: png(end=B)),
    "gif, comment": ("image/gif", lambda: gif(gif_block(0xFE, B))),
    "gif, application block": ("image/gif", lambda: gif(b"!\xff\x0bXMP DataXMP\x0a" + B + b"\0")),
    "gif, plain text": ("image/gif", lambda: gif(b"!\x01\x0c" + bytes(12) + b"\x0a" + B + b"\0")),
    "gif, bytes after the end": ("image/gif", lambda: gif(end=B)),
    "webp, Exif": ("image/webp", lambda: saved("WEBP", exif=exif(), lossless=True)),
    "webp, XMP": ("image/webp", lambda: saved("WEBP", xmp=B, lossless=True)),
    "webp, unknown chunk": ("image/webp", lambda: webp((b"PRIV", B))),
    "webp, bytes after the end": ("image/webp", lambda: webp(end=B)),
    "tiff, tags": ("image/tiff", tiff),
    "tiff, bytes after the end": ("image/tiff", lambda: saved("TIFF") + B),
}
