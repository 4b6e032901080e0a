"""PDF documents with a mark in every place that a document has beside what its pages show, made by code."""

import io
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from tests.trust.made_pictures import MARK, B, exif, jpeg, saved, segment

TEXT = b"BT /F1 12 Tf 20 100 Td (Hello) Tj ET"
XMP = f"<x:xmpmeta><dc:creator>{MARK}</dc:creator></x:xmpmeta>".encode()


def plain(**parts):
    """Return the bytes of a document of one page, written by hand; ``parts`` are further texts in its objects."""
    content = parts.get("content", TEXT)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % parts.get("root", b""),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> %s >> %s >>"
        % (parts.get("resources", b""), parts.get("page", b"")),
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), parts.get("stream", b""), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *parts.get("objects", ()),
    ]
    made, places = b"%PDF-1.5\n" + parts.get("comment", b""), []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer << /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, parts.get("trailer", b""))
    return made + b"startxref\n%d\n%%%%EOF\n" % start


def revised():
    """Return a document whose page said something else before it was saved the last time."""
    first = plain(content=b"BT /F1 12 Tf 20 100 Td (" + B + b") Tj ET")
    place = len(first)
    part = b"4 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(TEXT), TEXT)
    start = place + len(part)
    previous = first.rindex(b"startxref") + 10
    before = int(first[previous:].split()[0])
    end = b"xref\n4 1\n%010d 00000 n \ntrailer << /Size 6 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    return first + part + end % (place, before, start)


def changed(change, **saving):
    """Return a document that ``change(pdf, page)`` changed by means of pikepdf."""
    with pikepdf.open(io.BytesIO(plain())) as pdf:
        change(pdf, pdf.pages[0].obj)
        made = io.BytesIO()
        pdf.save(made, fix_metadata_version=False, **saving)
    return made.getvalue()


def with_more(dictionary, entries):
    for name, value in entries.items():
        dictionary[name] = value


def stream(content, **entries):
    """Return the text of an object that is a stream, to be put into ``plain``."""
    told = b" ".join(b"/%s %s" % (name.encode(), value) for name, value in entries.items())
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), told, content)


def attached(pdf, _page):
    pdf.attachments[f"{MARK}.txt"] = pikepdf.AttachedFileSpec(pdf, B, filename=f"/srv/{MARK}/a.txt", description=MARK)


def drawn_picture(content, filters, **entries):
    """Return a change that draws a picture on the page."""

    def change(pdf, page):
        image = Stream(pdf, content, Type=Name.XObject, Subtype=Name.Image, Width=24, Height=16, BitsPerComponent=8)
        image["/ColorSpace"], image["/Filter"] = Name.DeviceRGB, filters
        for name, value in entries.items():
            image[f"/{name}"] = value(pdf) if callable(value) else value
        page["/Resources"]["/XObject"] = Dictionary({f"/{MARK}": image})
        page["/Contents"] = Stream(pdf, TEXT + b" q 24 0 0 16 0 0 cm /" + B + b" Do Q")

    return change


def jpeg2000():
    return saved("JPEG2000") + B


def profiled(pdf, page):
    profile = Stream(pdf, B * 30, N=3)
    drawn_picture(saved("JPEG"), Name.DCTDecode)(pdf, page)
    page["/Resources"]["/XObject"][f"/{MARK}"]["/ColorSpace"] = Array([Name.ICCBased, pdf.make_indirect(profile)])


def remark(pdf, page):
    look = Stream(pdf, b"% " + B, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    one = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), T=String(MARK), Contents=String(MARK)
    )
    one["/AP"] = Dictionary(N=look)
    page["/Annots"] = Array([pdf.make_indirect(one)])


def signed(pdf, page):
    signature = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=String(MARK))
    with_more(signature, {"/Name": MARK, "/Location": MARK, "/ContactInfo": MARK, "/Reason": MARK})
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String(MARK), V=signature)
    field["/Rect"] = Array([0, 0, 0, 0])
    page["/Annots"] = Array([pdf.make_indirect(field)])
    pdf.Root["/AcroForm"] = Dictionary(Fields=page["/Annots"], SigFlags=3)


def measured(pdf, page):
    page["/VP"] = Array(
        [Dictionary(Type=Name.Viewport, BBox=Array([0, 0, 9, 9]), Name=String(MARK), Measure=Dictionary(
            Type=Name.Measure, Subtype=Name.GEO, GPTS=Array([39.123456, 46.654321]), GCS=Dictionary(WKT=String(MARK))))]
    )  # fmt: skip


def tagged(pdf, page):
    figure = Dictionary(Type=Name.StructElem, S=Name.Figure, Alt=String(MARK), ActualText=String(MARK), Pg=page)
    pdf.Root["/StructTreeRoot"] = Dictionary(Type=Name.StructTreeRoot, K=pdf.make_indirect(figure))
    page["/Contents"] = Stream(pdf, b"/Figure << /MCID 0 /Alt (" + B + b") >> BDC " + TEXT + b" EMC /P /" + B + b" DP")


def layered(pdf, page):
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(MARK)))
    hidden = Dictionary(OFF=Array([layer]))
    pdf.Root["/OCProperties"] = Dictionary(OCGs=Array([layer]), D=hidden)
    page["/Resources"]["/Properties"] = Dictionary(L=layer)
    page["/Contents"] = Stream(pdf, b"/OC /L BDC BT /F1 9 Tf (" + B + b") Tj ET EMC " + TEXT)


def outlined(pdf, _page):
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(MARK, 0))


CODES = b" def 1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <48> <0048> endbfchar endcmap end end"


def font_named(pdf, page):
    font = page["/Resources"]["/Font"]["/F1"]
    font["/BaseFont"] = Name(f"/C:#5CUsers#5C{MARK}#5CArial".replace("#5C", "\\"))
    font["/FontDescriptor"] = Dictionary(
        Type=Name.FontDescriptor, FontName=font["/BaseFont"], FontFamily=String(MARK), Flags=32, CharSet=String(MARK)
    )
    font["/ToUnicode"] = Stream(
        pdf, b"%% " + B + b"\n/CIDInit /ProcSet findresource begin begincmap /CMapName /" + B + CODES
    )


def unused(pdf, page):
    page["/Resources"]["/XObject"] = Dictionary(Old=Stream(pdf, B, Subtype=Name.Form, BBox=Array([0, 0, 1, 1])))


def in_a_form(pdf, page):
    form = Stream(pdf, TEXT + b" % " + B, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 200]))
    with_more(form, {"/PieceInfo": Dictionary(App=Dictionary(Private=String(MARK))), "/LastModified": String(MARK)})
    with_more(form, {"/Metadata": Stream(pdf, XMP), "/Ref": Dictionary(F=String(MARK)), "/Name": Name(f"/{MARK}")})
    form["/Resources"] = Dictionary(Font=page["/Resources"]["/Font"], ProcSet=Array([Name(f"/{MARK}")]))
    page["/Resources"]["/XObject"] = Dictionary(F=form)
    page["/Contents"] = Stream(pdf, b"q /F Do Q")


def inline(content, filters):
    head = b"q BI /W 24 /H 16 /CS /RGB /BPC 8 /F " + filters + b" ID "
    return plain(content=TEXT + b" " + head + content + b" EI Q")


def padded(pdf, page):
    drawn_picture(zlib.compress(bytes(24 * 16 * 3) + B), Name.FlateDecode)(pdf, page)


INFO = b"/Info 6 0 R"
DOCUMENTS = {
    "properties": lambda: plain(trailer=INFO, objects=[b"<< /Author (" + B + b") /Title <" + B.hex().encode() + b"> >>"]),
    "properties as objects of their own": lambda: plain(
        trailer=INFO, objects=[b"<< /Author 7 0 R /Creator 8 0 R >>", b"(" + B + b")", b"<" + B.hex().encode() + b">"]
    ),
    "properties of other names": lambda: plain(
        trailer=INFO, objects=[b"<< /Manager (" + B + b") /SourceFile (C:\\\\Users\\\\" + B + b") /" + B + b" 1 >>"]
    ),
    "properties with escaped names": lambda: plain(trailer=INFO, objects=[b"<< /#41uthor (" + B + b") >>"]),
    "properties with nested parentheses": lambda: plain(trailer=INFO, objects=[b"<< /Author (a(b(c(" + B + b")))) >>"]),
    "properties in UTF-16": lambda: plain(
        trailer=INFO, objects=[b"<< /Author <" + ("\ufeff" + MARK).encode("utf-16-be").hex().encode() + b"> >>"]
    ),
    "identifiers of the file": lambda: plain(trailer=b"/ID [(" + B + b") (" + B + b")]"),
    "XMP without a packet": lambda: plain(root=b"/Metadata 6 0 R", objects=[stream(XMP, Type=b"/Metadata")]),
    "XMP without a type": lambda: plain(root=b"/Metadata 6 0 R", objects=[stream(XMP)]),
    "packed XMP": lambda: plain(
        root=b"/Metadata 6 0 R", objects=[stream(zlib.compress(XMP), Type=b"/Metadata", Filter=b"/FlateDecode")]
    ),
    "XMP of a page": lambda: plain(page=b"/Metadata 6 0 R", objects=[stream(XMP)]),
    "XMP of a picture": lambda: changed(
        drawn_picture(saved("JPEG"), Name.DCTDecode, Metadata=lambda pdf: Stream(pdf, XMP))
    ),
    "private data of a page": lambda: plain(page=b"/PieceInfo << /App << /Private (" + B + b") >> >>"),
    "private keys": lambda: plain(page=b"/" + B + b" (" + B + b")", root=b"/My" + B + b" [(" + B + b")]"),
    "a file attached": lambda: changed(attached),
    "associated files": lambda: plain(
        root=b"/AF [<< /Type /Filespec /F (/srv/" + B + b"/a.doc) /UF (" + B + b") /EF << /F 6 0 R >> >>]",
        objects=[stream(B, Type=b"/EmbeddedFile")],
    ),
    "a note": lambda: changed(remark),
    "a signature": lambda: changed(signed),
    "a form field": lambda: plain(
        root=b"/AcroForm << /Fields [6 0 R] >>", page=b"/Annots [6 0 R]",
        objects=[b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (" + B + b") /V (" + B + b") /Rect [0 0 9 9] >>"],
    ),
    "a script": lambda: plain(root=b"/OpenAction << /S /JavaScript /JS (app.alert('" + B + b"')) >>"),
    "a named script": lambda: plain(root=b"/Names << /JavaScript << /Names [(" + B + b") << /S /JavaScript /JS (" + B + b") >>] >> >>"),
    "a link to a file": lambda: plain(
        page=b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /Launch /F (C:\\\\" + B + b") >> >>] "
        b"/AA << /O << /S /URI /URI (https://" + B + b") >> >>"
    ),
    "a position on a map": lambda: changed(measured),
    "tags with alternative texts": lambda: changed(tagged),
    "a hidden layer": lambda: changed(layered),
    "an outline": lambda: changed(outlined),
    "labels of pages": lambda: plain(root=b"/PageLabels << /Nums [0 << /P (" + B + b") >>] >> /Lang (" + B + b")"),
    "a thumbnail of a page": lambda: plain(page=b"/Thumb 6 0 R", objects=[stream(B, Width=b"2", Height=b"2")]),
    "a comment at the beginning": lambda: plain(comment=b"% " + B + b"\n"),
    "a comment on the page": lambda: plain(content=b"% " + B + b"\n" + TEXT),
    "an operator with more operands than it takes": lambda: plain(content=b"(" + B + b") 0 g " + TEXT),
    "an unknown operator": lambda: plain(content=b"BX (" + B + b") xx EX " + TEXT),
    "bytes after the end": lambda: plain() + B,
    "an earlier version": revised,
    "objects packed together": lambda: changed(
        lambda pdf, page: pdf.Root.__setitem__("/PieceInfo", Dictionary(A=String(MARK))),
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    ),
    "an object that nothing refers to": lambda: plain(objects=[b"(" + B + b")", stream(B)]),
    "a resource that nothing draws": lambda: changed(unused),
    "a drawing with private data": lambda: changed(in_a_form),
    "a picture with Exif": lambda: changed(drawn_picture(saved("JPEG", exif=exif()), Name.DCTDecode)),
    "a picture with a comment, packed twice": lambda: changed(
        drawn_picture(zlib.compress(jpeg(segment(0xFE, B))), Array([Name.FlateDecode, Name.DCTDecode]))
    ),
    "a JPEG 2000 with bytes after the end": lambda: changed(drawn_picture(jpeg2000(), Name.JPXDecode)),
    "a picture with more bytes than it shows": lambda: changed(padded),
    "a picture among the operators": lambda: inline(zlib.compress(bytes(24 * 16 * 3)) + B, b"/Fl"),
    "a JPEG among the operators": lambda: inline(jpeg(segment(0xFE, B)), b"/DCT"),
    "a colour profile": lambda: changed(profiled),
    "a letter that stands for a text": lambda: changed(
        lambda pdf, page: page["/Resources"]["/Font"]["/F1"].__setitem__(
            "/ToUnicode", Stream(pdf, CODES.replace(b"<0048>", b"<" + MARK.encode("utf-16-be").hex().encode() + b">"))
        )
    ),
    "a font of a name": lambda: changed(font_named),
    "a picture for fax": lambda: changed(drawn_picture(B, Name.CCITTFaxDecode)),
    "a stream in another file": lambda: plain(stream=b"/F (/srv/" + B + b"/x)"),
    "a locked document": lambda: changed(
        lambda pdf, page: None, encryption=pikepdf.Encryption(owner=MARK, user="", R=4)
    ) + B,
    "a form that a program fills in": lambda: plain(root=b"/AcroForm << /Fields [] /XFA (" + B + b") >>"),
    "a folder of files": lambda: plain(root=b"/Collection << /D (" + B + b") >>"),
}  # fmt: skip
#: Those of which no copy is made, and the words that say why.
REFUSED = {
    "a hidden layer": "layers",
    "an unknown operator": "draws in a way",
    "an operator with more operands than it takes": "damaged",
    "a picture for fax": "packed for fax",
    "a stream in another file": "damaged|another file",
    "a locked document": "locked",
    "a form that a program fills in": "a program fills in",
    "a folder of files": "folder of files",
}
