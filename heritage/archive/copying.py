"""Turning a page of the reading room into one that opens from a disk: relative links, no forms, no scripts. No Django."""

import html
import re

ANCHOR = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
HREF = re.compile(r'\s(href|src|xlink:href)="([^"]*)"')
LINK = re.compile(r"<(link|img|script)\b([^>]*)>(</script>)?")
SPRITE = re.compile(r'href="[^"#]*icons\.svg#([a-z_-]+)"')
SYMBOL = re.compile(r'<symbol id="([^"]+)"(.*?)</symbol>', re.DOTALL)
DROPPED = [
    re.compile(
        r'<form class="search" role="search"(?:(?!</form>).)*</form>\s*<p class="small faint">.*?</p>', re.DOTALL
    ),
    re.compile(r"<form\b.*?</form>", re.DOTALL),
    re.compile(r'<div class="search" role="search">.*?</div>', re.DOTALL),
    re.compile(r'<p class="to-filters">.*?</p>', re.DOTALL),
    re.compile(r'<aside aria-labelledby="filters-heading">.*?</aside>', re.DOTALL),
    re.compile(r"<button\b.*?</button>", re.DOTALL),
    re.compile(r"<section data-living\b.*?</section>", re.DOTALL),
    re.compile(r"<script\b.*?</script>", re.DOTALL),
    re.compile(r'<p class="formats">.*?</p>', re.DOTALL),
    re.compile(r"<noscript>.*?</noscript>", re.DOTALL),
]
UNLINKED = re.compile(r"<li><span>[^<]*</span></li>\n?")  #: in the navigation: what leads nowhere here
LIVING = " data-living "  #: on links that say what only the register can do: gone where they lead nowhere
EMPTY = re.compile(r"<(p|li)>\s*</\1>\n?")  #: what held nothing but such a link
KEPT = re.compile(r'\s(?:class|id)="[^"]*"')
REMEMBERED = 10_000  #: anchors, of which every page has the same thirty
OUTSIDE = ("http://", "https://", "mailto:")
HOST = "http://register.invalid"  #: reserved for what does not exist (RFC 6761); no page keeps it


class Copier:
    """Rewrites pages. ``place_of`` gives the file of an address (path and query) or ``None``; ``sprite`` is the icons' file."""

    def __init__(self, place_of, sprite, note):
        self.place_of, self.note = place_of, note
        self.symbols = dict(SYMBOL.findall(sprite))
        self.heres = {}  # by depth: what most pages of a folder share is worked out once

    def __call__(self, page, place, known=None):
        """Return ``page`` as the file ``place``; ``known`` has files of addresses that only this page means."""
        depth = place.count("/")
        here = Here(self, depth, known) if known else self.heres.setdefault(depth, Here(self, depth, {}))
        for pattern in DROPPED:
            page = pattern.sub("", page)
        page = page.replace(HOST + "/", "/").replace(HOST, "")
        page = LINK.sub(here.link, page)
        page = ANCHOR.sub(here.anchor, page)
        head, main, body = page.partition("<main ")
        return self.with_icons(UNLINKED.sub("", head) + here.banner() + main + EMPTY.sub("", body))

    def with_icons(self, page):
        """Bring the icons into the page: browsers do not fetch them from another file on a disk."""
        used = sorted(set(SPRITE.findall(page)) & self.symbols.keys())
        page = SPRITE.sub(r'href="#icon-\1"', page)
        symbols = "".join(f'<symbol id="icon-{name}"{self.symbols[name]}</symbol>' for name in used)
        icons = f'<svg width="0" height="0" style="position:absolute" aria-hidden="true">{symbols}</svg>'
        return page.replace("<body>", f"<body>\n{icons}", 1) if used else page


class Here:
    """The links of the pages that lie ``depth`` folders deep."""

    def __init__(self, copier, depth, known):
        self.copier, self.known = copier, known
        self.up = "../" * depth
        self.anchors = {}

    def target(self, address):
        """Return the relative address that stands for ``address``; ``None`` if the copy has no such page."""
        address = html.unescape(address)
        if address.startswith(("#", *OUTSIDE)):
            return address
        path, mark, fragment = address.partition("#")
        place = self.known.get(path) or self.copier.place_of(path)
        return f"{self.up}{place}{mark}{fragment}" if place else None

    def anchor(self, found):
        made = self.anchors.get(found[0])
        if made is None:
            if len(self.anchors) >= REMEMBERED:
                self.anchors.clear()
            made = self.anchors[found[0]] = self.rewritten(*found.groups())
        return made

    def rewritten(self, attributes, inner):
        """Return the anchor with a relative address, or what stands for one that leads to no page of the copy."""
        there = HREF.search(attributes)
        target = there and self.target(there[2])
        if target is not None:
            return (
                f'<a{attributes[: there.start()]} href="{html.escape(target)}"{attributes[there.end() :]}>{inner}</a>'
            )
        if LIVING in attributes:
            return ""
        name = "g" if "<rect" in inner or ("<circle" in inner and "<svg" not in inner) else "span"
        kept = "".join(KEPT.findall(attributes))
        return f"<{name}{kept}>{inner.replace('door-name', 'unlinked')}</{name}>"  # which would look like a link

    def link(self, found):
        name, attributes, _end = found.groups()
        there = HREF.search(attributes)
        target = there and self.target(there[2])
        if target is None:
            return ""
        return f'<{name}{attributes[: there.start()]} {there[1]}="{html.escape(target)}"{attributes[there.end() :]}>'

    def banner(self):
        note, link = self.copier.note
        return f'<p class="frame small" style="margin-block:1rem">{html.escape(note)} <a href="{self.up}names/index.html">{html.escape(link)}</a></p>\n'
