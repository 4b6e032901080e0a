"""The held files of a bag: put there as the tables come to them."""

from heritage.archive import held


class Store:
    """Puts held files into the bag as the tables come to them; says of each item in a record what file it has."""

    def __init__(self, export):
        self.export = export
        self.copies = held.Copies() if export.media else None
        self.there = set()

    def __call__(self, item, is_withheld):
        """Return what the table of media says of the file of ``item``; ``is_withheld`` tells whether readers know its source."""
        if self.copies is None:
            return told(note=held.LEFT_OUT_NOTE)
        full = self.export.level == "full"
        found = self.original(item) if full else self.public(item, is_withheld)
        if found["file"]:
            self.export.held_files[item["ref"]] = found["file"], item["alt_text"]
        return found

    def original(self, item):
        row = self.export.originals.get(item["ref"])
        return told(*row) if row else told()

    def public(self, item, is_withheld):
        if is_withheld:
            return told(note=held.WITHHELD_NOTE)
        try:
            content, suffix = self.copies.copy(item)
        except held.NoCopy as note:
            return told(note=str(note))
        file = self.keep(content, suffix)
        return told(file, held.sha256_of(content), len(content), note=held.CLEANSED_NOTE)

    def keep(self, content, suffix):
        """Put a file into the bag, once; return its path."""
        name = f"media/{held.sha256_of(content)}.{suffix}"
        if name not in self.there:
            self.export.put(name, content)
            self.there.add(name)
        return self.export.named(name)


def told(file="", sha256="", size=None, note=""):
    """Return the columns of the table of media that are about the file in the bag, never about another one."""
    return {"file": file, "sha256": sha256, "size": size, "file_note": note}
