"""Names of files inside the folder of one import: plain names, nothing that leads to another folder. Pure Python.

why_not_plain("states.csv")          ""
why_not_plain("../secret_key")       a sentence about what is wrong with it
path = file_in(folder, "states.csv") Raises: Unreadable for what is not a regular file inside the folder
"""

import re
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

from heritage.intake.readers import Unreadable

LONGEST = 200  # bytes; file systems take 255
#: What the register itself keeps in the folder of an import (see ``registry.background``).
OWN = frozenset({"lock", "progress", "progress.fresh", "said"})
DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE | re.DOTALL)
ENCODED = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
FORBIDDEN = frozenset('/\\:*?"<>|')
PLAIN = "Give the plain name of a file that lies beside the list, such as states.csv."


def why_not_plain(name):
    """Return a sentence about why ``name`` is no plain name of a file beside another; empty where it is one."""
    if not name or not name.strip():
        return "It names no file."
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for sign in name):
        return "It has a sign that cannot be seen."
    if FORBIDDEN & set(name) or name in (".", "..") or PurePosixPath(name).name != name:
        return "It leads to another folder, or has a sign that names of files do not have."
    if PureWindowsPath(name).drive or ENCODED.search(name):
        return "It leads to another folder, or has a sign that names of files do not have."
    if name[0] in ". ~" or name[-1] in ". ":
        return "It begins with a dot, a blank or ~, or ends with a dot or a blank."
    if name.casefold() in OWN or DEVICE.fullmatch(name):
        return "It is a name that the system or the register uses itself."
    return f"It has more than {LONGEST} bytes." if len(name.encode()) > LONGEST else ""


def file_in(folder, name, where=""):
    """Return the path of the file ``name`` in ``folder``. ``where``: who names it. Raises: Unreadable."""
    if wrong := why_not_plain(name):
        raise Unreadable(f"“{shown(name)}” cannot be read: {wrong}", where, PLAIN)
    path = Path(folder) / name
    try:
        is_inside = path.resolve(strict=True).parent == Path(folder).resolve() and path.is_file()
    except (OSError, RuntimeError, ValueError):
        is_inside = False
    if not is_inside:
        raise Unreadable(f"The file “{name}” is not beside the main one.", where, "Put it into the same folder.")
    return path


def shown(name):
    """Return a name as messages show it: signs that cannot be seen as question marks, not too long."""
    plain = "".join(sign if sign.isprintable() else "?" for sign in name[:80])
    return plain + "…" if len(name) > 80 else plain
