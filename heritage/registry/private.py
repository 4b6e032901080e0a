"""Files and folders that only the user under whom the register runs may read, whatever the umask says."""

import errno
import os

FILE, FOLDER = 0o600, 0o700


def opener(path, flags):
    """For ``open(path, "w", opener=opener)``: a file that is made has the mode 0600; one that is there keeps its own."""
    return os.open(path, flags, FILE)


def make_folder(path):
    """Make the folder ``path`` and those above it that are missing, each with the mode 0700; return it. Raises: OSError."""
    for folder in reversed([path, *path.parents]):
        if folder.is_dir():
            continue
        if folder.exists():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
        folder.mkdir(mode=FOLDER, exist_ok=True)
    return path


def write_text(path, text):
    """Write ``text`` into a new file beside ``path`` and put it in its place, whole or not at all. Raises: OSError."""
    fresh = path.with_suffix(".fresh")
    fresh.unlink(missing_ok=True)
    with open(fresh, "w", encoding="utf-8", opener=opener) as file:
        file.write(text)
    fresh.replace(path)
