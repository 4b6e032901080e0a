"""What a browser sends of the form on a page, read from the page itself: no form has to be known beforehand."""

from html.parser import HTMLParser

UNSENT = {"submit", "button", "image", "reset", "file"}


class Fields(HTMLParser):
    """Collects (name, value) as they stand in a page; the value is ``None`` where nothing is sent unless somebody ticks or uploads it."""

    def __init__(self):
        super().__init__()
        self.found, self.select, self.chosen, self.in_text = [], None, False, False

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        name = told.get("name")
        if tag == "input" and name and "disabled" not in told:
            self.found.append((name, self.value_of(told)))
        elif tag == "select" and name:
            self.select, self.chosen = name, False
        elif tag == "option" and self.select and "selected" in told:
            self.found.append((self.select, told.get("value", "")))
            self.chosen = True
        elif tag == "textarea" and name:
            self.found.append((name, ""))
            self.in_text = True

    def handle_data(self, data):
        if self.in_text:
            name, before = self.found[-1]
            self.found[-1] = (name, before + data)

    def handle_endtag(self, tag):
        if tag == "select" and self.select:
            if not self.chosen:
                self.found.append((self.select, None))
            self.select = None
        elif tag == "textarea":
            self.found[-1] = (self.found[-1][0], self.found[-1][1].removeprefix("\n"))
            self.in_text = False

    @staticmethod
    def value_of(told):
        kind = told.get("type", "text")
        if kind in UNSENT or (kind in ("checkbox", "radio") and "checked" not in told):
            return None
        return told.get("value", "")


def fields(answer):
    """Return the (name, value) of every field on the page ``answer``."""
    page = Fields()
    page.feed(answer.content.decode())
    return page.found


def sent_by_browser(answer):
    """Return what a browser would send of the page ``answer`` if nobody touched it: {name: [values]}."""
    sent = {}
    for name, value in fields(answer):
        if value is not None and "__prefix__" not in name:
            sent.setdefault(name, []).append(value)
    return sent
