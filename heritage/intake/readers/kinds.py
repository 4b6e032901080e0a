"""What kind of file it is, by its bytes; and which kinds are not taken, with what to do instead."""

import zipfile

from heritage.intake.readers.table import Unreadable

HEAD = 4096
MOST_UNPACKED = 4_000_000_000
MOST_RATIO = 200
SMALL = 50_000_000
SHAPEFILE = "Open it in QGIS and export it as GeoJSON in WGS 84 (EPSG:4326)."
#: First bytes of files that are no tables we read, what they are, and what to do instead.
STRANGERS = [
    (
        b"\xd0\xcf\x11\xe0",
        "an old Excel workbook (.xls) or one with a password",
        "Open it in a spreadsheet program and save it as .xlsx without a password.",
    ),
    (b"\x00\x00\x27\x0a", "a shapefile", SHAPEFILE),
    (b"%PDF", "a PDF document", "Ask the supplier for the table it was made from."),
    (b"\x1f\x8b", "a compressed file (.gz)", "Unpack it first."),
    (b"7z\xbc\xaf", "a compressed file (.7z)", "Unpack it first."),
    (b"Rar!", "a compressed file (.rar)", "Unpack it first."),
    (b"\x89PNG", "a picture", "Give the table."),
    (b"\xff\xd8\xff", "a picture", "Give the table."),
    (b"SQLite format 3", "a SQLite database", "Export the table as CSV."),
]
MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<kml", b"<gml")


def kind_of(path):
    """Return "csv", "xlsx", "ods" or "geojson". Raises: Unreadable for anything else."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    for start, what, mend in STRANGERS:
        if head.startswith(start):
            raise Unreadable(f"{path.name} is {what}.", mend=mend)
    if path.suffix.lower() in (".shp", ".dbf", ".shx", ".prj"):
        raise Unreadable(f"{path.name} is part of a shapefile.", mend=SHAPEFILE)
    if head.startswith(b"PK\x03\x04"):
        return packed_kind(path)
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\f\v\x1e").lower()
    if begin.startswith(MARKUP):
        raise Unreadable(f"{path.name} is a web page or an XML file, not a table.", mend="Export the table as CSV.")
    if begin.startswith((b"{", b"[")):
        return "geojson"
    if b"\x00" in head and not is_utf16(head):
        raise Unreadable(
            f"{path.name} is not a table: it has bytes that no text has.",
            f"Byte {head.index(0) + 1:,} is zero.",
            "Export it as CSV.",
        )
    return "csv"


def is_utf16(head):
    """Tell whether bytes are UTF-16 or UTF-32: by the mark in front, or since only every second byte is ever zero."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return True
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) > max(even, odd) // 20 or max(even, odd) < 2:
        return False
    text = head[: len(head) // 2 * 2].decode("utf-16-be" if even > odd else "utf-16-le", "replace")
    return "\n" in text or "\r" in text


def packed_kind(path):
    """Return what a zip file is. Raises: Unreadable for one that is no workbook or unpacks to far too much."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            names = {part.filename for part in parts}
            unpacked = sum(part.file_size for part in parts)
            mimetype = packed.open("mimetype").read(100) if "mimetype" in names else b""
    # NotImplementedError: a compression that zipfile does not know; RuntimeError: a password
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as fault:
        raise Unreadable(f"{path.name} is damaged: {fault}.", mend="Export it again.") from fault
    ratio = unpacked / max(path.stat().st_size, 1)
    if unpacked > MOST_UNPACKED or (unpacked > SMALL and ratio > MOST_RATIO):
        raise Unreadable(
            f"{path.name} would unpack to {unpacked:,} bytes, {ratio:,.0f} times its size; that is no honest workbook.",
            mend="Export the table as CSV.",
        )
    if "xl/workbook.xml" in names:
        return "xlsx"
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    if "xl/workbook.bin" in names:
        raise Unreadable(f"{path.name} is a binary workbook (.xlsb).", mend="Save it as .xlsx.")
    if any(name.lower().endswith(".shp") for name in names):
        raise Unreadable(f"{path.name} holds a shapefile.", mend=SHAPEFILE)
    raise Unreadable(f"{path.name} is a zip file without a workbook.", mend="Unpack it and give the table inside.")
