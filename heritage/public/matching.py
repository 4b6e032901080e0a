"""Why a list shows an entry: sentences, and texts cut where the words that match begin and end."""


def pieces(text, spans):
    """Return ``text`` as pairs of a part and whether it matches. ``spans`` are positions (start, end), as they come."""
    found, reached = [], 0
    for start, end in sorted(spans):
        start, end = max(start, reached), min(end, len(text))
        if start < end:
            found += [(text[reached:start], False), (text[start:end], True)]
            reached = end
    return [(part, matches) for part, matches in [*found, (text[reached:], False)] if part]


class Match:
    """The reasons why one entry was found (see ``catalogue.reasons``)."""

    def __init__(self, reasons):
        self.reasons = reasons

    @property
    def sentences(self):
        """The reasons that the label does not show."""
        return [sentence for sentence in map(str, self.reasons) if sentence]

    def pieces(self, text):
        """Return a label or name cut where it matches."""
        return pieces(text, [span for reason in self.reasons if reason.text == text for span in reason.spans])

    @property
    def as_json(self):
        return [{"kind": one.kind, "text": one.text, "language": one.language} for one in self.reasons]
