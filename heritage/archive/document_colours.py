"""Colour spaces, functions and pictures of a PDF for readers, made anew. No Django. Source: ISO 32000-2, 7.10, 8.6, 8.9."""

import io

from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from heritage.archive.document_values import BROKEN, number, numbers, one_of, plain_bytes, taken, unpacked
from heritage.archive.document_values import boolean as yes_or_no
from heritage.archive.pictures import MOST_PIXELS, Uncleansed, as_jpeg, opened, too_many_pixels

DEVICE = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}
BY_NUMBER = {number: name for name, number in DEVICE.items()}
INTENTS = ("AbsoluteColorimetric", "RelativeColorimetric", "Saturation", "Perceptual")
MODES = {"L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}
CALCULATIONS = {
    "abs",
    "add",
    "atan",
    "ceiling",
    "cos",
    "cvi",
    "cvr",
    "div",
    "exp",
    "floor",
    "idiv",
    "ln",
    "log",
    "mod",
    "mul",
    "neg",
    "round",
    "sin",
    "sqrt",
    "sub",
    "truncate",
    "and",
    "bitshift",
    "eq",
    "false",
    "ge",
    "gt",
    "le",
    "lt",
    "ne",
    "not",
    "or",
    "true",
    "xor",
    "if",
    "ifelse",
    "copy",
    "dup",
    "exch",
    "index",
    "pop",
    "roll",
    "{",
    "}",
}
DEEPEST = 6
MOST_BYTES = 4 * MOST_PIXELS


class Colours:
    """Makes the colour spaces, functions and pictures of a ``Copy``."""

    def __init__(self, copy):
        self.copy = copy

    def space(self, old, depth=DEEPEST):
        """Return (colour space, number of its components). Raises: Uncleansed."""
        if not depth:
            raise Uncleansed(BROKEN)
        if isinstance(old, Name) and str(old) in DEVICE:
            return Name(str(old)), DEVICE[str(old)]
        if isinstance(old, Name) and str(old) == "/Pattern":
            return Name.Pattern, 0
        if not isinstance(old, Array) or not len(old) or not isinstance(old[0], Name):
            raise Uncleansed("it has a colour space that is not understood")
        make = getattr(self, f"space_{str(old[0])[1:].lower()}", None)
        if make is None:
            raise Uncleansed("it has a colour space that is not understood")
        return make(old, depth - 1)

    def space_devicegray(self, old, depth):
        return self.space(old[0], depth)

    space_devicergb = space_devicecmyk = space_devicegray

    def space_calgray(self, old, _depth):
        return self.calibrated(old, {"WhitePoint": numbers, "BlackPoint": numbers, "Gamma": number}), 1

    def space_calrgb(self, old, _depth):
        return self.calibrated(
            old, {"WhitePoint": numbers, "BlackPoint": numbers, "Gamma": numbers, "Matrix": numbers}
        ), 3

    def space_lab(self, old, _depth):
        return self.calibrated(old, {"WhitePoint": numbers, "BlackPoint": numbers, "Range": numbers}), 3

    @staticmethod
    def calibrated(old, rules):
        return Array([Name(str(old[0])), taken(old[1], rules)])

    def space_iccbased(self, old, _depth):
        """The profile, a file of its own, stays behind: the colours are those of the device."""
        components = old[1].get("/N")
        if components not in BY_NUMBER:
            raise Uncleansed("it has a colour space that is not understood")
        return Name(BY_NUMBER[components]), components

    def space_indexed(self, old, depth):
        base, components = self.space(old[1], depth)
        highest, table = int(number(old[2])), old[3]
        if not 0 <= highest <= 255 or not components:
            raise Uncleansed(BROKEN)
        found = plain_bytes(self.copy.old, table) if isinstance(table, Stream) else bytes(table)
        return Array([Name.Indexed, base, highest, String(sized(found, (highest + 1) * components))]), 1

    def space_separation(self, old, depth):
        """The name of the ink becomes a neutral one, but for the two that mean something."""
        other, _components = self.space(old[2], depth)
        ink = old[1] if str(old[1]) in ("/All", "/None") else "/Ink"
        return Array([Name.Separation, Name(str(ink)), other, self.function(old[3])]), 1

    def space_devicen(self, old, depth):
        other, _components = self.space(old[2], depth)
        inks = [Name("/None" if str(one) == "/None" else f"/Ink{place}") for place, one in enumerate(old[1])]
        return Array([Name.DeviceN, Array(inks), other, self.function(old[3])]), len(inks)

    def space_pattern(self, old, depth):
        if len(old) == 1:
            return Name.Pattern, 0
        under, components = self.space(old[1], depth)
        return Array([Name.Pattern, under]), components

    def function(self, old, depth=DEEPEST):
        """Return a function. Raises: Uncleansed."""
        if not depth:
            raise Uncleansed(BROKEN)
        if isinstance(old, Array):
            return Array([self.function(one, depth - 1) for one in old])
        kind = old.get("/FunctionType") if isinstance(old, Dictionary | Stream) else None
        rules = {"FunctionType": number, "Domain": numbers, "Range": numbers}
        if kind == 0:
            rules |= {"Size": numbers, "BitsPerSample": number, "Order": number, "Encode": numbers, "Decode": numbers}
            return taken(old, rules, self.copy.stream(self.samples(old)))
        if kind == 2:
            return taken(old, rules | {"C0": numbers, "C1": numbers, "N": number})
        if kind == 3:
            made = taken(old, rules | {"Bounds": numbers, "Encode": numbers})
            made["/Functions"] = Array([self.function(one, depth - 1) for one in old["/Functions"]])
            return made
        if kind == 4:
            return taken(old, rules, self.copy.stream(calculation(plain_bytes(self.copy.old, old))))
        raise Uncleansed("it has a function that is not understood")

    def samples(self, old):
        total = len(old["/Range"]) // 2 * int(number(old["/BitsPerSample"]))
        for size in old["/Size"]:
            total *= int(number(size))
            if not 0 < total <= 8 * MOST_BYTES:
                raise Uncleansed(BROKEN)
        return sized(plain_bytes(self.copy.old, old), (total + 7) // 8)

    def picture(self, old, named=lambda name: None):
        """Return an image. ``named`` gives the colour space of a name in the resources. Raises: Uncleansed."""
        width, height = (int(number(old.get(side))) for side in ("/Width", "/Height"))
        if width <= 0 or height <= 0:
            raise Uncleansed(BROKEN)
        if width * height > MOST_PIXELS:
            raise Uncleansed(too_many_pixels())
        content, left = unpacked(self.copy.old, old)
        rules = {"ImageMask": yes_or_no, "Decode": numbers, "Interpolate": yes_or_no, "Intent": one_of(*INTENTS)}
        entries = {"Type": Name.XObject, "Subtype": Name.Image, "Width": width, "Height": height}
        space = old.get("/ColorSpace")
        space = named(space) or space if isinstance(space, Name) else space
        if left in ("/DCTDecode", "/DCT", "/JPXDecode"):
            made = self.coded(content, left, space, entries)
        elif left:
            raise Uncleansed("it has pictures packed for fax; save it with JPEG pictures")
        else:
            made = self.sampled(old, content, space, entries)
        return self.masked(old, taken(old, rules, made))

    def masked(self, old, made):
        for entry in ("/Mask", "/SMask"):
            mask = old.get(entry)
            if isinstance(mask, Array):
                made[entry] = numbers(mask)
            elif mask is not None:
                made[entry] = self.copy.once("image", mask, lambda mask=mask: self.mask(mask))
        return made

    def mask(self, old):
        if "/SMask" in old or "/Mask" in old:
            raise Uncleansed(BROKEN)
        made = self.picture(old)
        return taken(old, {"Matte": numbers}, made)

    def sampled(self, old, content, space, entries):
        """Return an image of plain samples, exactly as many as its size asks for."""
        stencil = old.get("/ImageMask", False) is True
        bits = 1 if stencil else int(number(old.get("/BitsPerComponent")))
        made, components = (None, 1) if stencil else self.space(space)
        if bits not in (1, 2, 4, 8, 16) or not components:
            raise Uncleansed(BROKEN)
        line = (entries["Width"] * components * bits + 7) // 8
        image = self.copy.stream(sized(content, line * entries["Height"]), **entries, BitsPerComponent=bits)
        if made is not None:
            image["/ColorSpace"] = made
        return image

    def coded(self, content, left, space, entries):
        """Return a JPEG or JPEG 2000 as a new JPEG of its pixels."""
        image = pixels(content, ["JPEG2000"] if left == "/JPXDecode" else ["JPEG", "MPO"])
        own, components = (Name(MODES[image.mode]), len(image.getbands())) if space is None else self.space(space)
        if components != len(image.getbands()):
            raise Uncleansed("a picture in it does not have the colours that it is said to have")
        entries |= {"Width": image.width, "Height": image.height}
        if isinstance(own, Array) and str(own[0]) == "/Indexed":
            return self.copy.stream(image.tobytes(), **entries, BitsPerComponent=8, ColorSpace=own)
        return self.copy.stream(as_jpeg(image), **entries, BitsPerComponent=8, ColorSpace=own, Filter=Name.DCTDecode)


def pixels(content, formats):
    """Return the decoded picture in L, RGB or CMYK. Raises: Uncleansed."""
    try:
        with opened(content, formats) as image:
            image.load()
            if image.mode not in MODES:
                raise Uncleansed("it has a picture whose colours are not understood; save it with JPEG pictures")
            return Image.frombytes(image.mode, image.size, image.tobytes())
    except Uncleansed:
        raise
    except Exception as broken:  # the parsers of broken pictures raise whatever they stumble over
        raise Uncleansed("a picture in it is cut off or broken") from broken


def sized(content, size):
    """Return exactly ``size`` bytes: what is beyond is not shown, what is missing is zero. Raises: Uncleansed."""
    if size > MOST_BYTES:
        raise Uncleansed(too_many_pixels())
    return content[:size].ljust(size, b"\0")


def calculation(content):
    """Return a PostScript calculator function without comments. Raises: Uncleansed."""
    words = io.BytesIO(content).read(100_000).replace(b"{", b" { ").replace(b"}", b" } ").decode("latin-1")
    kept = []
    for line in words.splitlines():
        for word in line.partition("%")[0].split():
            if word not in CALCULATIONS and not is_plain_number(word):
                raise Uncleansed("it has a function that is not understood")
            kept.append(word)
    return " ".join(kept).encode()


def is_plain_number(word):
    return len(word) <= 20 and word.isascii() and word.lstrip("+-").replace(".", "", 1).isdigit()
