"""Pictures for readers: decoded and written anew, so that nothing but the pixels that are seen goes out. No Django.

The picture is turned upright, its colours become sRGB, and the writer starts from the pixels alone: no Exif, XMP, IPTC,
comments, thumbnails, colour profiles, further pictures or bytes after the end. The same bytes give the same bytes as long
as Pillow and the libraries in it stay the same.
"""

import io

from PIL import Image, ImageCms

ORIENTATION = 0x0112
MOST_PIXELS = 64_000_000  #: a picture of 8,000 × 8,000: some 200 MB while it is worked on, and a few seconds
MOST_BYTES = 200_000_000
QUALITY = 92  #: of a JPEG, from 1 to 95
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
PROFILED = {"L": b"GRAY", "RGB": b"RGB ", "CMYK": b"CMYK"}  #: the colours of a profile by the mode of the pixels


class Uncleansed(Exception):
    """A file that is not what it says, or of which no copy for readers can be made, and why."""


BROKEN = "the image is cut off or broken"


def jpeg(content):
    """Return a JPEG of the pixels of a JPEG. Of several pictures in one file the first is taken. Raises: Uncleansed."""
    if not content.startswith(b"\xff\xd8"):
        raise Uncleansed("it is not a JPEG image")
    image = upright(content, ["JPEG", "MPO"])
    return as_jpeg(in_srgb(image))


def png(content):
    """Return a PNG of the pixels of a PNG. Raises: Uncleansed."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        raise Uncleansed("it is not a PNG image")
    return as_png(single(content, ["PNG"]))


def gif(content):
    """Return a PNG of the pixels of a GIF, which has no colours but those of its palette. Raises: Uncleansed."""
    if content[:6] not in (b"GIF87a", b"GIF89a"):
        raise Uncleansed("it is not a GIF image")
    return as_png(single(content, ["GIF"]))


def tiff(content):
    """Return a PNG of the pixels of a TIFF, which browsers do not show. Raises: Uncleansed."""
    if content[:4] not in (b"II*\0", b"MM\0*"):
        raise Uncleansed("it is not a TIFF image")
    return as_png(single(content, ["TIFF"]))


def webp(content):
    """Return a WebP of the pixels of a WebP, without loss. Raises: Uncleansed."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        raise Uncleansed("it is not a WebP image")
    made = io.BytesIO()
    image = in_srgb(single(content, ["WEBP"]))
    plain(image).save(made, "WEBP", lossless=True, quality=30, method=2, exact=False)
    return made.getvalue()


def single(content, formats):
    """Return the only picture of a file, upright. Raises: Uncleansed, also where there are several."""
    if len(content) <= MOST_BYTES and has_more(content, formats):
        raise Uncleansed("it has more than one picture; save each as a file of its own")
    return upright(content, formats)


def has_more(content, formats):
    """Tell whether there is a second picture; counting them all could take for ever."""
    try:
        with opened(content, formats) as image:
            image.seek(1)
    except EOFError:
        return False
    except Uncleansed:
        raise
    except Exception as broken:  # the parsers of broken pictures raise whatever they stumble over
        raise Uncleansed(BROKEN) from broken
    return True


def upright(content, formats):
    """Return the decoded picture, turned as its Exif says. Raises: Uncleansed."""
    if len(content) > MOST_BYTES:
        raise Uncleansed(f"it has more than {MOST_BYTES // 10**6} MB; save it in a smaller size")
    try:
        with opened(content, formats) as image:
            image.load()
            turn = TURNS.get(image.getexif().get(ORIENTATION))
            return image.copy() if turn is None else turned(image, turn)
    except Uncleansed:
        raise
    except Exception as broken:
        raise Uncleansed(BROKEN) from broken


def opened(content, formats):
    """Return the picture, of which only the head is read. Raises: Uncleansed, and what Pillow raises."""
    try:
        image = Image.open(io.BytesIO(content), formats=formats)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as too_large:
        raise Uncleansed(too_many_pixels()) from too_large
    if image.width * image.height > MOST_PIXELS:
        image.close()
        raise Uncleansed(too_many_pixels())
    return image


def too_many_pixels():
    return f"it has more than {MOST_PIXELS // 10**6} million pixels; save it in a smaller size"


def turned(image, turn):
    made = image.transpose(turn)
    made.info = dict(image.info)
    return made


def in_srgb(image):
    """Return the picture in L, LA, RGB or RGBA, its colours converted by its profile where that can be used."""
    profile = image.info.get("icc_profile")
    image = eight_bits(image)
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    colours = image.convert("L" if image.mode in ("L", "LA") else "CMYK" if image.mode == "CMYK" else "RGB")
    made = by_profile(colours, profile) if profile else colours
    made = made.convert("RGB") if made.mode == "CMYK" else made
    return made if alpha is None else seen_through(made, alpha)


def seen_through(image, alpha):
    """Return the picture with its transparency; where nothing is seen of it there is nothing."""
    made = Image.new(image.mode, image.size)
    made.paste(image, mask=alpha.point(lambda value: 255 if value else 0))
    made.putalpha(alpha)
    return made


def eight_bits(image):
    """Return the picture in a mode of eight bits a channel, without a palette."""
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256).convert("L")
    if image.mode in ("I", "F"):
        return scaled(image)
    if image.mode == "P" or "transparency" in image.info:
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    if image.mode in ("1", "L", "LA", "RGB", "RGBA", "CMYK"):
        return image.convert("L") if image.mode == "1" else image
    return image.convert("LA" if image.mode == "La" else "RGBA" if image.mode in ("PA", "RGBa") else "RGB")


def scaled(image):
    """Return a picture of 32 bits a channel in eight, from its darkest to its lightest pixel."""
    low, high = image.getextrema()
    if high <= 255 and low >= 0:
        return image.convert("L")
    factor = 255 / (high - low) if high > low else 0
    return image.point(lambda value: value * factor - low * factor).convert("L")


def by_profile(image, profile):
    """Return the picture in sRGB; as it is, where the profile is none or not of these colours."""
    if profile[16:20] != PROFILED[image.mode] or profile[36:40] != b"acsp":
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image


def plain(image):
    """Return the pixels alone, as a picture that was never in a file."""
    return Image.frombytes(image.mode, image.size, image.tobytes())


def as_jpeg(image):
    made = io.BytesIO()
    colours = image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")
    plain(colours).save(made, "JPEG", quality=QUALITY, subsampling=0)
    return made.getvalue()


def as_png(image):
    made = io.BytesIO()
    plain(in_srgb(image)).save(made, "PNG", compress_level=4)
    return made.getvalue()
