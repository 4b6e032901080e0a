"""PDF documents for readers: a new document with the pages of the old one as they are drawn, and nothing else of it. No Django.

What is not on the list of what is understood is left behind or the document is refused: properties, XMP, attachments,
notes, form fields, signatures, scripts, layers, thumbnails, outlines, tags, page labels, private data, earlier versions,
comments, colour profiles and the names of fonts. Pictures are decoded and written anew. The work is done in a process of its
own, which has little time and memory, so that no document can stop the register.

The same bytes give the same bytes as long as pikepdf and Pillow stay the same.
"""

import io
import os
import resource
import subprocess
import sys
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name, Stream

from heritage.archive.document_content import Contents
from heritage.archive.document_values import BROKEN, Copy, numbers, plain_bytes
from heritage.archive.pictures import Uncleansed

MOST_BYTES = 100_000_000
MOST_PAGES = 5_000
SECONDS = 5  #: of processor time, and one more for every four megabytes
MEMORY = 1_500_000_000
TOO_MUCH = "it takes too long or too much memory to copy; save it in a smaller size or in parts"
REFUSED, NO_ROOM = 3, 4  #: the status of a process that says why, and of one whose memory was not enough
HOUSE = Path(__file__).resolve().parents[2]


class TooMuch(Uncleansed):
    """A document that took too long, which it may not on another machine."""


def pdf(content):
    """Return a copy of a PDF for readers, made in a process of its own. Raises: Uncleansed."""
    refuse_at_sight(content)
    seconds = SECONDS + len(content) // 4_000_000
    command = [sys.executable, "-P", "-m", "heritage.archive.documents", str(seconds)]
    surroundings = {"PYTHONPATH": str(HOUSE), "PATH": os.defpath, "LC_ALL": "C.UTF-8"}  # and nothing secret
    try:
        done = subprocess.run(  # noqa: S603 no shell
            command, input=content, capture_output=True, timeout=10 * seconds, check=False, env=surroundings
        )
    except subprocess.TimeoutExpired as slow:
        raise TooMuch(TOO_MUCH) from slow
    if done.returncode == REFUSED:
        raise Uncleansed(done.stdout.decode())
    if done.returncode < 0 or done.returncode == NO_ROOM:
        raise TooMuch(TOO_MUCH)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return done.stdout


def refuse_at_sight(content):
    if not content.startswith(b"%PDF-"):
        raise Uncleansed("it is not a PDF document")
    if len(content) > MOST_BYTES:
        raise Uncleansed(f"it has more than {MOST_BYTES // 10**6} MB; save it in a smaller size or in parts")


def rewritten(content):
    """Return a copy of a PDF for readers. Raises: Uncleansed."""
    refuse_at_sight(content)
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False, access_mode=pikepdf.AccessMode.stream) as old:
            refuse(old)
            return made_of(old)
    except pikepdf.PasswordError as locked:
        raise Uncleansed("it is locked with a password; save it without one") from locked
    except Uncleansed:
        raise
    except MemoryError:
        raise
    except Exception as broken:  # a value of another type than it should be shows in any way where it is used
        raise Uncleansed(BROKEN) from broken


def refuse(old):
    """Raise Uncleansed where a copy would not show what the document shows, or show more."""
    if old.is_encrypted:
        raise Uncleansed("it is locked; save it without a password and without restrictions")
    if "/OCProperties" in old.Root:
        raise Uncleansed("it has layers, which may hide something; print it to a PDF file first")
    if "/XFA" in old.Root.get("/AcroForm", Dictionary()):
        raise Uncleansed("it is a form that a program fills in; print it to a PDF file first")
    if "/Collection" in old.Root:
        raise Uncleansed("it is a folder of files; save each as a file of its own")
    if not 0 < len(old.pages) <= MOST_PAGES:
        raise Uncleansed(f"it has no pages, or more than {MOST_PAGES}")


def made_of(old):
    """Return the bytes of a new document with the pages of the ``old`` one."""
    copy = Copy(old)
    contents = Contents(copy)
    for page in old.pages:
        copy.new.pages.append(pikepdf.Page(copied(page.obj, copy, contents)))
    made = io.BytesIO()
    copy.new.save(
        made,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        min_version="1.7",
        fix_metadata_version=False,
    )
    return made.getvalue()


def copied(page, copy, contents):
    """Return a page as a new dictionary. ``pikepdf.open`` has written into each page what it had from the pages above."""
    made = Dictionary(Type=Name.Page, MediaBox=numbers(page["/MediaBox"], 4, 4))
    if "/CropBox" in page:
        made["/CropBox"] = numbers(page["/CropBox"], 4, 4)
    if page.get("/Rotate", 0) in (90, 180, 270, -90, -180, -270):
        made["/Rotate"] = page["/Rotate"] % 360
    if isinstance(page.get("/UserUnit"), int):
        made["/UserUnit"] = page["/UserUnit"]
    if "/Group" in page:
        made["/Group"] = contents.group(page["/Group"])
    parts = page.get("/Contents")
    parts = [] if parts is None else [parts] if isinstance(parts, Stream) else list(parts)
    content, used = contents.drawn(b"\n".join(plain_bytes(copy.old, part) for part in parts), page.get("/Resources"))
    made["/Contents"], made["/Resources"] = copy.stream(content), used
    return copy.new.make_indirect(made)


def main(seconds):
    """Copy standard input to standard output with so many ``seconds`` and little memory. Returns the status."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sys.stdout.buffer.write(rewritten(sys.stdin.buffer.read()))
    except Uncleansed as why:
        sys.stdout.buffer.write(str(why).encode())
        return REFUSED
    except MemoryError:
        return NO_ROOM
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
