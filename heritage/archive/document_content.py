"""What is drawn on the pages of a PDF, for readers: known operators with the operands they take, resources under neutral names.

Comments, marked content with its properties and whatever no operator uses stay behind. No Django. Source: ISO 32000-2, 8 and 9.
"""

import pikepdf
from pikepdf import Array, ContentStreamInlineImage, Dictionary, Name, Operator, Stream, String

from heritage.archive.document_colours import DEVICE, INTENTS, Colours
from heritage.archive.document_fonts import Fonts
from heritage.archive.document_values import (
    BROKEN,
    boolean,
    booleans,
    is_number,
    number,
    numbers,
    one_of,
    plain_bytes,
    taken,
)
from heritage.archive.pictures import Uncleansed

#: Operators that take this many numbers and nothing else.
NUMBERS = {
    "w": 1, "J": 1, "j": 1, "M": 1, "i": 1, "q": 0, "Q": 0, "cm": 6, "m": 2, "l": 2, "c": 6, "v": 4, "y": 4, "h": 0, "re": 4,
    "S": 0, "s": 0, "f": 0, "F": 0, "f*": 0, "B": 0, "B*": 0, "b": 0, "b*": 0, "n": 0, "W": 0, "W*": 0, "BT": 0, "ET": 0,
    "Tc": 1, "Tw": 1, "Tz": 1, "TL": 1, "Tr": 1, "Ts": 1, "Td": 2, "TD": 2, "Tm": 6, "T*": 0, "d0": 2, "d1": 6, "G": 1,
    "g": 1, "RG": 3, "rg": 3, "K": 4, "k": 4,
}  # fmt: skip
LEFT_OUT = {"BMC", "BDC", "EMC", "MP", "DP", "BX", "EX"}
#: Operators whose last operand is a name in the resources, by the kind of resource.
NAMED = {
    "Tf": "Font",
    "gs": "ExtGState",
    "cs": "ColorSpace",
    "CS": "ColorSpace",
    "scn": "Pattern",
    "SCN": "Pattern",
} | {
    "sh": "Shading",
    "Do": "XObject",
}
BLENDS = (
    "Normal", "Compatible", "Multiply", "Screen", "Overlay", "Darken", "Lighten", "ColorDodge", "ColorBurn", "HardLight",
    "SoftLight", "Difference", "Exclusion", "Hue", "Saturation", "Color", "Luminosity",
)  # fmt: skip
STATE = {
    "LW": number, "LC": number, "LJ": number, "ML": number, "RI": one_of(*INTENTS), "OP": boolean, "op": boolean,
    "OPM": number, "FL": number, "SM": number, "SA": boolean, "CA": number, "ca": number, "AIS": boolean, "TK": boolean,
}  # fmt: skip
BOX = {"BBox": numbers, "Matrix": numbers}
SHADING = {"ShadingType": number, "Background": numbers, "BBox": numbers, "AntiAlias": boolean, "Domain": numbers}
SHADING |= {"Matrix": numbers, "Coords": numbers, "Extend": booleans, "Decode": numbers}
SHADING |= dict.fromkeys(("BitsPerCoordinate", "BitsPerComponent", "BitsPerFlag", "VerticesPerRow"), number)
DEEPEST = 12
MOST_BYTES = 6_000_000  #: of the drawing of one page: a million operators and more


class Contents:
    """Copies content streams with the resources that they use."""

    def __init__(self, copy):
        self.copy = copy
        self.colours = Colours(copy)
        self.fonts = Fonts(copy, self.glyphs)
        self.depth = 0

    def drawn(self, content, resources):
        """Return (content stream in bytes, the resources that it uses). Raises: Uncleansed."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise Uncleansed("its drawings lie too deep in one another")
        used = Resources(self, resources)
        made = self.written(content, used)
        self.depth -= 1
        return made, used.new

    def written(self, content, used):
        if len(content) > MOST_BYTES:
            raise Uncleansed(
                "one of its pages draws too much; save it in a smaller size, or print it to a PDF file first"
            )
        stream = Stream(self.copy.old, content)
        made = []
        for instruction in pikepdf.parse_content_stream(stream):
            if isinstance(instruction, ContentStreamInlineImage):
                made.append(([used.inline(instruction.iimage)], Operator("Do")))
                continue
            name = str(instruction.operator)
            if name not in LEFT_OUT:
                made.append((operands(name, list(instruction.operands), used), Operator(name)))
        return pikepdf.unparse_content_stream(made)

    def glyphs(self, procs, names, resources):
        """Return (drawings by new name, their resources) of a Type 3 font."""
        used = Resources(self, resources)
        made = Dictionary()
        for name, new in names.items():
            content = plain_bytes(self.copy.old, procs[name])
            made[new] = self.copy.stream(self.written(content, used))
        return made, used.new

    def xobject(self, old, spaces):
        kind = str(old.get("/Subtype", "")) if isinstance(old, Stream) else ""
        if kind == "/Image":
            return self.copy.once("image", old, lambda: self.colours.picture(old, spaces))
        if kind == "/Form":
            return self.form(old)
        raise Uncleansed("it has a drawing of a kind that is not understood")

    def form(self, old, resources=None):
        return self.copy.once("form", old, lambda: self.made_form(old, resources))

    def made_form(self, old, resources):
        content, used = self.drawn(plain_bytes(self.copy.old, old), old.get("/Resources", resources))
        made = self.copy.stream(content, Type=Name.XObject, Subtype=Name.Form, Resources=used)
        return taken(old, BOX | {"Group": self.group}, made)

    def group(self, old):
        made = taken(old, {"S": one_of("Transparency"), "I": boolean, "K": boolean})
        if "/CS" in old:
            made["/CS"] = self.colours.space(old["/CS"])[0]
        return made

    def state(self, old):
        made = taken(old, STATE)
        if "/D" in old:
            made["/D"] = Array([numbers(old["/D"][0]), number(old["/D"][1])])
        if "/BM" in old:
            made["/BM"] = blend(old["/BM"])
        if isinstance(old.get("/SMask"), Name):
            made["/SMask"] = one_of("None")(old["/SMask"])
        elif "/SMask" in old:
            made["/SMask"] = self.soft_mask(old["/SMask"])
        if "/Font" in old:
            made["/Font"] = Array([self.font(old["/Font"][0]), number(old["/Font"][1])])
        return made

    def soft_mask(self, old):
        made = taken(old, {"S": one_of("Alpha", "Luminosity"), "BC": numbers}, Dictionary(G=self.form(old["/G"])))
        if isinstance(old.get("/TR"), Dictionary | Stream):
            made["/TR"] = self.colours.function(old["/TR"])
        return made

    def font(self, old):
        return self.copy.once("font", old, lambda: self.fonts.font(old))

    def pattern(self, old):
        if old.get("/PatternType") == 2:
            made = taken(old, {"PatternType": number, "Matrix": numbers})
            made["/Shading"] = self.shading(old["/Shading"])
            if "/ExtGState" in old:
                made["/ExtGState"] = self.state(old["/ExtGState"])
            return made
        content, used = self.drawn(plain_bytes(self.copy.old, old), old.get("/Resources"))
        made = self.copy.stream(content, PatternType=1, Resources=used)
        return taken(old, BOX | {"PaintType": number, "TilingType": number, "XStep": number, "YStep": number}, made)

    def shading(self, old):
        made = self.copy.stream(plain_bytes(self.copy.old, old)) if isinstance(old, Stream) else Dictionary()
        taken(old, SHADING, made)
        made["/ColorSpace"] = self.colours.space(old["/ColorSpace"])[0]
        if "/Function" in old:
            made["/Function"] = self.colours.function(old["/Function"])
        return made


def blend(old):
    return Array([one_of(*BLENDS)(one) for one in old]) if isinstance(old, Array) else one_of(*BLENDS)(old)


def operands(name, given, used):
    """Return the operands of an operator, names of resources made neutral. Raises: Uncleansed."""
    if name in NUMBERS:
        if len(given) != NUMBERS[name]:
            raise Uncleansed(BROKEN)
        return [number(one) for one in given]
    if name in NAMED:
        return named_operands(name, given, used)
    if name in ("sc", "SC"):
        return [number(one) for one in given[:32]]
    if name == "ri" and len(given) == 1:
        return [one_of(*INTENTS)(given[0])]
    if name == "d" and len(given) == 2:
        return [numbers(given[0]), number(given[1])]
    if name in ("Tj", "'") and len(given) == 1:
        return [text(given[0])]
    if name == '"' and len(given) == 3:
        return [number(given[0]), number(given[1]), text(given[2])]
    if name == "TJ" and len(given) == 1 and isinstance(given[0], Array):
        return [Array([one if is_number(one) else text(one) for one in given[0]])]
    raise Uncleansed("it draws in a way that is not understood")


def named_operands(name, given, used):
    if name in ("scn", "SCN") and not (given and isinstance(given[-1], Name)):
        return [number(one) for one in given[:32]]
    most = {"Tf": 2, "scn": 33, "SCN": 33}.get(name, 1)
    if not 1 <= len(given) <= most:
        raise Uncleansed(BROKEN)
    if name == "Tf":
        return [used.name("Font", given[0]), number(given[1])]
    return [*(number(one) for one in given[:-1]), used.name(NAMED[name], given[-1])]


def text(one):
    if not isinstance(one, String):
        raise Uncleansed(BROKEN)
    return String(bytes(one))


class Resources:
    """The resources of one content stream: ``new`` gets those that are used, under neutral names."""

    def __init__(self, contents, old):
        self.contents, self.old = contents, old if isinstance(old, Dictionary) else Dictionary()
        self.new, self.names = Dictionary(), {}

    def name(self, kind, given):
        """Return the new name of a resource. Raises: Uncleansed."""
        if not isinstance(given, Name):
            raise Uncleansed(BROKEN)
        if kind == "ColorSpace" and (str(given) in DEVICE or str(given) == "/Pattern"):
            return Name(str(given))
        if (kind, str(given)) not in self.names:
            old = self.old.get(f"/{kind}", Dictionary()).get(str(given))
            if old is None:
                raise Uncleansed(BROKEN)
            self.names[kind, str(given)] = self.put(kind, self.made(kind, old))
        return self.names[kind, str(given)]

    def put(self, kind, made):
        if f"/{kind}" not in self.new:
            self.new[f"/{kind}"] = Dictionary()
        name = Name(f"/{kind[0]}{len(self.new[f'/{kind}'])}")
        self.new[f"/{kind}"][str(name)] = made
        return name

    def made(self, kind, old):
        contents = self.contents
        if kind == "XObject":
            if isinstance(old, Stream) and old.get("/Subtype") == Name.Form and "/Resources" not in old:
                return contents.form(old, self.old)
            return contents.xobject(old, self.space)
        if kind == "ColorSpace":
            return contents.colours.space(old)[0]
        make = {"Font": contents.font, "ExtGState": contents.state, "Pattern": contents.pattern}.get(
            kind, contents.shading
        )
        return make(old)

    def space(self, name):
        """Return the colour space of the old document that a picture knows by ``name``, or ``None``."""
        return self.old.get("/ColorSpace", Dictionary()).get(str(name))

    def inline(self, image):
        """Return the name of a picture that stood among the operators."""
        old = self.contents.copy.old
        stream = Stream(old, image.read_raw_bytes())
        for entry, value in image.obj.items():
            stream[entry] = value
        return self.put("XObject", self.contents.colours.picture(stream, self.space))
