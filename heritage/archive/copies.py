"""The held files of a bag: put there as the tables come to them."""

from heritage.archive import held


class Store:
    """Puts held files into the bag as the tables come to them; gives (file, note) of an item in a record."""

    def __init__(self, export):
        self.export = export
        self.copies = held.Copies() if export.media else None
        self.there = set()

    def __call__(self, item):
        if self.copies is None:
            return "", held.LEFT_OUT_NOTE
        if self.export.level == "full":
            file, note = self.export.originals_by_hash.get(item["sha256"], ""), ""
        else:
            file, note = self.public(item)
        if file:
            self.export.held_files[item["ref"]] = file, item["alt_text"]
        return file, note

    def public(self, item):
        copy = self.copies.copy(item)
        if copy is None:
            return "", held.UNCLEANSED_NOTE
        content, suffix = copy
        return self.keep(content, suffix), held.CLEANSED_NOTE

    def keep(self, content, suffix):
        """Put a file into the bag, once; return its path."""
        name = f"media/{held.sha256_of(content)}.{suffix}"
        if name not in self.there:
            self.export.put(name, content)
            self.there.add(name)
        return self.export.named(name)
