"""A bag as one file: ``.tar`` or ``.zip``, nothing compressed, in the order of names, with one fixed time. No Django.

The same bag gives the same file. What comes from elsewhere is unpacked only if every member is a plain file inside.
"""

import contextlib
import os
import shutil
import tarfile
import tempfile
import zipfile
from pathlib import Path

from heritage.archive.bag import CHUNK, Unbagged, claim, remove_leftovers
from heritage.archive.reading import is_inside
from heritage.registry.private import make_folder, opener

ENDINGS = (".tar", ".zip")
MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold
SECONDS = 315_532_800  # the same for tar


class Unpackable(Exception):
    """A file that is no packed bag, and why."""


def is_packed(path):
    return Path(path).suffix in ENDINGS


def pack(folder, out):
    """Write the bag ``folder`` as the file ``out``."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = [(path, f"{folder.name}/{path.relative_to(folder).as_posix()}") for path in paths]
    (pack_tar if out.suffix == ".tar" else pack_zip)(names, out)


def pack_tar(names, out):
    with (
        open(out, "xb", opener=opener) as file,
        tarfile.open(fileobj=file, mode="w:", format=tarfile.PAX_FORMAT) as packed,
    ):
        for path, name in names:
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.mode = path.stat().st_size, SECONDS, 0o644
            with path.open("rb") as content:
                packed.addfile(member, content)


def pack_zip(names, out):
    with open(out, "xb", opener=opener) as whole, zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as packed:
        for path, name in names:
            member = zipfile.ZipInfo(name, MOMENT)
            member.create_system, member.external_attr = 3, 0o100644 << 16
            with path.open("rb") as file, packed.open(member, "w", force_zip64=path.stat().st_size > 2**31) as there:
                shutil.copyfileobj(file, there, CHUNK)


@contextlib.contextmanager
def place_for(out):
    """Give the folder in which a bag is to be made, and pack it afterwards if ``out`` names a packed file.

    Raises: Unbagged, when something is there already or another run makes it.
    """
    out = Path(out).absolute()
    if not is_packed(out):
        yield out
        return
    if out.exists() or out.is_symlink():
        raise Unbagged(f"{out} is there already. Nothing is overwritten: choose another name.")
    if not out.parent.is_dir():
        raise Unbagged(f"The folder {out.parent} does not exist. Make it first.")
    remove_leftovers(out.parent)
    work = out.with_name(f".{out.name}.unfinished")
    with claim(work):
        try:
            yield work / out.stem
            pack(work / out.stem, work / out.name)
            (work / out.name).rename(out)
        finally:
            shutil.rmtree(work, ignore_errors=True)


@contextlib.contextmanager
def unpacked(path):
    """Give the folder of a bag, unpacking it to a place of its own where it is packed. Raises: Unpackable."""
    path = Path(path)
    if path.is_dir():
        yield path
        return
    if not path.exists():
        raise Unpackable("there is no such folder or file")
    if not is_packed(path):
        raise Unpackable(
            "it is neither a folder nor a .tar or .zip; unpack it and name the folder that holds bagit.txt"
        )
    with tempfile.TemporaryDirectory(prefix=".bag-", dir=roomy(path)) as place:
        try:
            top = (unpack_tar if path.suffix == ".tar" else unpack_zip)(path, Path(place))
        # NotImplementedError: a compression that zipfile does not know; RuntimeError: a password
        except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as broken:
            raise Unpackable(f"it is cut off or not what its name says: {broken}") from broken
        yield Path(place) / top


def roomy(path):
    """Return the folder in which the file ``path`` is unpacked: the system's, or its own where only that has room."""
    usual, own = tempfile.gettempdir(), path.absolute().parent
    has_room = shutil.disk_usage(usual).free > 2 * path.stat().st_size
    return usual if has_room or not os.access(own, os.W_OK) else own


def unpack_tar(path, place):
    with tarfile.open(path, "r:") as packed:
        tops = set()
        for member in packed:
            if member.isdir():
                continue
            if not member.isreg():
                raise Unpackable(f"“{member.name[:100]}” in it is a link or no ordinary file")
            with packed.extractfile(member) as file:
                tops.add(extract(member.name, member.size, file, place))
    return only(tops)


def unpack_zip(path, place):
    with zipfile.ZipFile(path) as packed:
        tops = set()
        for member in packed.infolist():
            if member.is_dir():
                continue
            if (member.external_attr >> 16) & 0o170000 not in (0, 0o100000):
                raise Unpackable(f"“{member.filename[:100]}” in it is a link or no ordinary file")
            with packed.open(member) as file:
                tops.add(extract(member.filename, member.file_size, file, place))
    return only(tops)


def extract(name, size, file, place):
    """Write one member below ``place``; return the first part of its name."""
    if not is_inside(name) or "/" not in name:
        raise Unpackable(f"“{name[:100]}” in it does not lie in the bag's folder")
    if size > shutil.disk_usage(place).free:
        raise Unpackable(f"there is no room to unpack “{name[:100]}” ({size:,} bytes)")
    there = place / name
    if there.exists():
        raise Unpackable(f"“{name[:100]}” is in it twice")
    make_folder(there.parent)
    left = size
    with open(there, "xb", opener=opener) as out:
        while left and (some := file.read(min(CHUNK, left))):
            out.write(some)
            left -= len(some)
    if left:
        raise Unpackable(f"“{name[:100]}” in it is cut off")
    return name.split("/", 1)[0]


def only(tops):
    if len(tops) != 1:
        raise Unpackable("it does not hold exactly one folder")
    return tops.pop()
