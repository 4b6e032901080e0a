"""Fonts of a PDF for readers: what is needed to show the text, without names, notices and comments. No Django.

Sources: ISO 32000-2, 9; OpenType 1.9; Adobe Technical Notes 5176 (CFF) and Adobe Type 1 Font Format.
"""

import itertools
import re
import struct

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from heritage.archive.document_values import (
    BROKEN,
    Copy,
    is_number,
    nested_numbers,
    number,
    numbers,
    one_of,
    plain_bytes,
    taken,
)
from heritage.archive.pictures import Uncleansed

#: Fonts that readers' programs have or replace.
STANDARD = re.compile(
    r"/(Helvetica|Times|Courier|Arial|ArialMT|TimesNewRoman|TimesNewRomanPS|TimesNewRomanPSMT|CourierNew|CourierNewPSMT|"
    r"Verdana|Georgia|Calibri|Cambria|Tahoma|Symbol|ZapfDingbats)"
    r"((-|,)(Roman|Bold|Italic|Oblique|BoldItalic|BoldOblique|BoldMT|ItalicMT|BoldItalicMT))?\Z"
)
GLYPH = re.compile(r"/[A-Za-z0-9._]{1,31}\Z")
CMAP = re.compile(
    r"/(Identity|UniGB-UCS2|UniGB-UTF16|UniCNS-UCS2|UniCNS-UTF16|UniJIS-UCS2|UniJIS-UTF16|UniKS-UCS2|UniKS-UTF16|"
    r"GBK-EUC|GBKp-EUC|GBK2K|GB-EUC|B5pc|ETen-B5|ETenms-B5|HKscs-B5|90ms-RKSJ|90msp-RKSJ|EUC|KSC-EUC|KSCms-UHC)-[HV]\Z"
)
ENCODINGS = ("StandardEncoding", "MacRomanEncoding", "MacExpertEncoding", "WinAnsiEncoding", "PDFDocEncoding")
COLLECTIONS = {"Identity", "Japan1", "GB1", "CNS1", "Korea1", "KR", "UCS"}
DESCRIPTOR = dict.fromkeys(("Flags", "ItalicAngle", "Ascent", "Descent", "Leading", "CapHeight", "XHeight", "StemV", "StemH", "AvgWidth", "MaxWidth", "MissingWidth"), number) | {"FontBBox": numbers}  # fmt: skip
SFNT_KEPT = {
    b"cmap", b"cvt ", b"fpgm", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"prep", b"vhea", b"vmtx", b"CFF ",
    b"VORG", b"OS/2",
}  # fmt: skip
MAPPED = {
    "endcodespacerange": "codespacerange", "endbfchar": "bfchar", "endbfrange": "bfrange", "endcidchar": "cidchar",
    "endcidrange": "cidrange", "endnotdefrange": "notdefrange", "endnotdefchar": "notdefchar",
}  # fmt: skip
LONGEST_TEXT = 16  #: bytes of the letters for which one code may stand
UNREADABLE = "a font in it cannot be read; save it as a PDF again, or with other fonts"


class Fonts:
    """Makes the fonts of a ``Copy``. ``glyphs`` copies the drawings of a Type 3 font."""

    def __init__(self, copy: Copy, glyphs):
        self.copy, self.glyphs, self.number = copy, glyphs, 0

    def font(self, old):
        """Return a font. Raises: Uncleansed."""
        if not isinstance(old, Dictionary):
            raise Uncleansed(BROKEN)
        kind = str(old.get("/Subtype", ""))[1:]
        made = Dictionary(
            Type=Name.Font, Subtype=one_of("Type0", "Type1", "MMType1", "TrueType", "Type3")(Name(f"/{kind}"))
        )
        if "/ToUnicode" in old and isinstance(old["/ToUnicode"], Stream):
            made["/ToUnicode"] = self.cmap(old["/ToUnicode"])
        if kind == "Type0":
            self.composite(old, made)
        elif kind == "Type3":
            self.drawn(old, made)
        else:
            self.simple(old, made)
        return self.copy.new.make_indirect(made)

    def name(self, old, descriptor):
        """Return the name under which a font is known: a standard one as it is, of any other a neutral one."""
        given = str(old.get("/BaseFont", ""))
        if STANDARD.match(given):
            return Name(given)
        self.number += 1
        is_embedded = descriptor is not None and any(f"/FontFile{part}" in descriptor for part in ("", "2", "3"))
        return Name(f"/Font{self.number}" if is_embedded else "/Helvetica")

    def simple(self, old, made):
        descriptor = old.get("/FontDescriptor")
        made["/BaseFont"] = self.name(old, descriptor)
        taken(old, {"FirstChar": number, "LastChar": number, "Widths": numbers, "Encoding": encoding}, made)
        if descriptor is not None:
            made["/FontDescriptor"] = self.descriptor(descriptor, made["/BaseFont"])

    def drawn(self, old, made):
        """A font whose glyphs are drawn by content streams, which get neutral names."""
        procs = old.get("/CharProcs")
        if not isinstance(procs, Dictionary):
            raise Uncleansed(BROKEN)
        names = {name: f"/g{place}" for place, name in enumerate(sorted(procs.keys()))}
        rules = {"FontBBox": numbers, "FontMatrix": numbers, "FirstChar": number, "LastChar": number, "Widths": numbers}
        taken(old, rules, made)
        differences = old.get("/Encoding", Dictionary()).get("/Differences", Array())
        made["/Encoding"] = Dictionary(Differences=Array([renamed(one, names) for one in differences]))
        made["/CharProcs"], made["/Resources"] = self.glyphs(procs, names, old.get("/Resources"))

    def composite(self, old, made):
        """A font of two bytes a letter."""
        [below] = old["/DescendantFonts"]
        descriptor = below.get("/FontDescriptor")
        made["/BaseFont"] = self.name(old, descriptor)
        code = old.get("/Encoding")
        if isinstance(code, Name) and CMAP.match(str(code)):
            made["/Encoding"] = Name(str(code))
        else:
            made["/Encoding"] = self.cmap(code, old.get("/WMode", 0))
        font = Dictionary(Type=Name.Font, BaseFont=made["/BaseFont"], CIDSystemInfo=collection(below["/CIDSystemInfo"]))
        rules = {"Subtype": one_of("CIDFontType0", "CIDFontType2"), "DW": number, "W": nested_numbers, "DW2": numbers}
        taken(below, rules | {"W2": nested_numbers}, font)
        ways = below.get("/CIDToGIDMap")
        if isinstance(ways, Stream):
            font["/CIDToGIDMap"] = self.copy.stream(plain_bytes(self.copy.old, ways)[:131_072])
        elif ways is not None:
            font["/CIDToGIDMap"] = one_of("Identity")(ways)
        if descriptor is not None:
            font["/FontDescriptor"] = self.descriptor(descriptor, made["/BaseFont"])
        made["/DescendantFonts"] = Array([self.copy.new.make_indirect(font)])

    def descriptor(self, old, name):
        made = taken(old, DESCRIPTOR, Dictionary(Type=Name.FontDescriptor, FontName=name))
        for entry in ("/FontFile", "/FontFile2", "/FontFile3"):
            if entry in old:
                made[entry] = self.copy.once("font", old[entry], lambda entry=entry: self.program(entry, old[entry]))
        return self.copy.new.make_indirect(made)

    def program(self, entry, old):
        content = plain_bytes(self.copy.old, old)
        try:
            if entry == "/FontFile":
                return self.type1(content, old)
            if entry == "/FontFile2":
                made = sfnt(content)
                return self.copy.stream(made, Length1=len(made))
            kind = one_of("Type1C", "CIDFontType0C", "OpenType")(old.get("/Subtype"))
            return self.copy.stream(sfnt(content) if kind == Name.OpenType else cff(content), Subtype=kind)
        except (struct.error, IndexError, ValueError, KeyError) as broken:
            raise Uncleansed(UNREADABLE) from broken

    def type1(self, content, old):
        clear, coded = int(number(old.get("/Length1"))), int(number(old.get("/Length2")))
        head = type1_head(content[:clear])
        body = content[clear : clear + coded]
        end = b"\n" + (b"0" * 64 + b"\n") * 8 + b"cleartomark\n"
        return self.copy.stream(head + body + end, Length1=len(head), Length2=len(body), Length3=len(end))

    def cmap(self, old, writing=0):
        """Return a character map with the codes of the old one and nothing else of it. Raises: Uncleansed."""
        if not isinstance(old, Stream):
            raise Uncleansed(UNREADABLE)
        writing = 1 if old.get("/WMode", writing) == 1 else 0
        content = plain_bytes(self.copy.old, old)
        made = [CMAP_HEAD % writing, *mapped(content, self.copy), b"endcmap end end\n"]
        return self.copy.stream(
            b"".join(made), Type=Name.CMap, CMapName=Name.Codes, WMode=writing, CIDSystemInfo=collection(Dictionary())
        )


CMAP_HEAD = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
    b"/CMapName /Codes def /CMapType 2 def /WMode %d def\n"
)


def mapped(content, copy):
    """Yield the parts of a character map that say which code stands for what."""
    for instruction in pikepdf.parse_content_stream(Stream(copy.old, content)):
        part = MAPPED.get(str(instruction.operator))
        if str(instruction.operator) == "usecmap":
            raise Uncleansed(UNREADABLE)
        operands = list(instruction.operands) if part else []
        for start in range(
            0, len(operands), 100 * (width := 2 if part and part.endswith("char") and part != "codespacerange" else 3)
        ):
            some = operands[start : start + 100 * width]
            if part == "codespacerange":
                width = 2
            yield b"%d begin%s\n%s\nend%s\n" % (
                len(some) // width, part.encode(), b" ".join(code(one) for one in some), part.encode(),
            )  # fmt: skip


def code(one, depth=1):
    """Return a code, a number or a list of codes as a character map has it. Raises: Uncleansed."""
    if is_number(one):
        return str(int(one)).encode()
    if isinstance(one, Array) and depth:
        return b"[" + b" ".join(code(each, depth - 1) for each in one) + b"]"
    if isinstance(one, String):
        letters = bytes(one)
        return b"<" + (letters.hex().encode() if len(letters) <= LONGEST_TEXT else b"FFFD") + b">"
    raise Uncleansed(UNREADABLE)


def renamed(one, names):
    """Return an entry of the differences of a Type 3 font under its neutral name."""
    return number(one) if is_number(one) else Name(names.get(str(one), "/.notdef"))


def encoding(old):
    """Return the encoding of a simple font. Raises: Uncleansed."""
    if isinstance(old, Name):
        return one_of(*ENCODINGS)(old)
    made = taken(old, {"BaseEncoding": one_of(*ENCODINGS)}, Dictionary(Type=Name.Encoding))
    if "/Differences" in old:
        made["/Differences"] = Array([difference(one) for one in old["/Differences"]])
    return made


def difference(one):
    if is_number(one):
        return one
    if not isinstance(one, Name) or not GLYPH.match(str(one)):
        raise Uncleansed(UNREADABLE)
    return Name(str(one))


def collection(old):
    known = str(old.get("/Ordering", "")) in COLLECTIONS
    ordering = str(old["/Ordering"]) if known else "Identity"
    return Dictionary(Registry=String("Adobe"), Ordering=String(ordering), Supplement=number(old.get("/Supplement", 0)))


def sfnt(content):
    """Return a TrueType or OpenType font with the tables that drawing needs. Raises: Uncleansed, struct.error."""
    if content[:4] not in (b"\0\1\0\0", b"true", b"OTTO"):
        raise Uncleansed(UNREADABLE)
    tables = {}
    for place in range(struct.unpack(">H", content[4:6])[0]):
        tag, _sum, start, size = struct.unpack(">4sLLL", content[12 + 16 * place : 28 + 16 * place])
        if tag in SFNT_KEPT and start + size <= len(content):
            tables[tag] = content[start : start + size]
    if b"CFF " in tables:
        tables[b"CFF "] = cff(tables[b"CFF "])
    if b"OS/2" in tables:
        tables[b"OS/2"] = tables[b"OS/2"][:58] + b"    " + tables[b"OS/2"][62:96]
    post = struct.pack(">LLhhLLLLL", 0x30000, 0, 0, 0, 0, 0, 0, 0, 0)
    return joined(content[:4], sorted((tables | {b"post": post}).items()))


def joined(kind, tables):
    """Return the font file of these tables."""
    power = max(2 ** (len(tables).bit_length() - 1), 1)
    head = kind + struct.pack(">HHHH", len(tables), power * 16, power.bit_length() - 1, (len(tables) - power) * 16)
    directory, body, start = [], [], 12 + 16 * len(tables)
    for tag, table in tables:
        padded = table + b"\0" * (-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}L", padded)) & 0xFFFFFFFF
        directory.append(struct.pack(">4sLLL", tag, total, start, len(table)))
        body.append(padded)
        start += len(padded)
    return head + b"".join([*directory, *body])


def cff(content):
    """Return a CFF font whose names and notices are overwritten, so that nothing moves. Raises: Uncleansed, ValueError."""
    made = bytearray(content)
    names, place = index(content, content[2])
    tops, place = index(content, place)
    strings, _place = index(content, place)
    for start, end in names:
        made[start:end] = b"F" * (end - start)
    for top in tops:
        entries = dict(operators(content[slice(*top)]))
        told = [entries[key][-1] for key in (0, 1, 2, 3, 4, (12, 0), (12, 21), (12, 22), (12, 38)) if entries.get(key)]
        if (12, 30) in entries:  # a font of numbered glyphs: its strings name nothing that is drawn
            told += range(391, 391 + len(strings))
        for sid in told:
            if 391 <= sid < 391 + len(strings):
                start, end = strings[int(sid) - 391]
                made[start:end] = b"F" * (end - start)
    return bytes(made)


def index(content, place):
    """Return (the spans of the objects of a CFF index, where it ends). Raises: ValueError, struct.error."""
    [count] = struct.unpack(">H", content[place : place + 2])
    if not count:
        return [], place + 2
    size = content[place + 2]
    if not 1 <= size <= 4:
        raise ValueError("no size of offsets")
    first = place + 3
    offsets = [int.from_bytes(content[at : at + size], "big") for at in range(first, first + (count + 1) * size, size)]
    base = first + (count + 1) * size - 1
    spans = [(base + low, base + high) for low, high in itertools.pairwise(offsets)]
    if any(low > high or high > len(content) for low, high in spans):
        raise ValueError("an object lies outside")
    return spans, base + offsets[-1]


def operators(entries):
    """Yield (operator, operands) of a CFF dictionary; reals are passed over as 0. Raises: IndexError."""
    place, operands = 0, []
    while place < len(entries):
        first = entries[place]
        place += 1
        if first <= 21:
            key = first if first != 12 else (12, entries[place])
            place += first == 12
            yield key, operands
            operands = []
        elif first == 28 or first == 29:
            size = 2 if first == 28 else 4
            operands.append(int.from_bytes(entries[place : place + size], "big", signed=True))
            place += size
        elif first == 30:
            while entries[place] & 0x0F != 0x0F and entries[place] >> 4 != 0x0F:
                place += 1
            place += 1
            operands.append(0)
        elif first <= 246:
            operands.append(first - 139)
        else:
            operands.append((first - 247) * 256 + entries[place] + 108 if first <= 250 else 0)
            place += 1


def type1_head(content):
    """Return the clear part of a Type 1 font with matrix, box and encoding alone. Raises: Uncleansed."""
    text = b"\n".join(line.partition(b"%")[0] for line in content.splitlines()).decode("latin-1")
    matrix = re.search(r"/FontMatrix\s*\[([-+.0-9eE\s]{1,200})\]", text)
    box = re.search(r"/FontBBox\s*[\[{]([-+.0-9eE\s]{1,200})[\]}]", text)
    if not matrix or not text.rstrip().endswith("eexec"):
        raise Uncleansed(UNREADABLE)
    codes = re.findall(r"\bdup\s{1,9}(\d{1,3})\s{0,9}(/[A-Za-z0-9._]{1,31})\s{1,9}put\b", text)
    own = "\n".join(f"dup {place} {name} put" for place, name in codes)
    encoded = (
        "StandardEncoding def"
        if not codes
        else f"256 array\n0 1 255 {{1 index exch /.notdef put}} for\n{own}\nreadonly def"
    )
    return (
        "%!PS-AdobeFont-1.0: Font\n12 dict begin\n/FontType 1 def\n/PaintType 0 def\n/FontName /Font def\n"
        f"/FontMatrix [{matrix[1].strip()}] readonly def\n/FontBBox {{{box[1].strip() if box else '0 0 0 0'}}} readonly def\n"
        f"/Encoding {encoded}\ncurrentdict end\ncurrentfile eexec\n"
    ).encode("latin-1")
