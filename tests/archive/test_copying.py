"""A page becomes one that opens from a disk: what leads nowhere there is no link, and what only invites to go there is gone."""

import pytest

from heritage.archive.copying import Copier

PAGE = '<html><body><header></header><main id="content">{}</main></body></html>'


def copied(body, place="places/b2/b29.html"):
    files = {"/monuments/": "monuments.html", "/static/a.css": "static/a.css"}
    page = Copier(files.get, "", ("A copy with an", "index."))(PAGE.format(body), place)
    return page.split('<main id="content">')[1].split("</main>")[0]


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ('<a href="/monuments/">All</a>', '<a href="../../monuments.html">All</a>'),
        ('<a class="x" href="/monuments/?q=1">Mill</a>', '<span class="x">Mill</span>'),
        ('<a href="https://example.org/">There</a>', '<a href="https://example.org/">There</a>'),
        ('<a href="#part">Part</a>', '<a href="#part">Part</a>'),
        ('<p><a data-living href="/monuments/?q=1">See them</a></p>\n<p>x</p>', "<p>x</p>"),
        ('<li><a data-living href="/map/">See them</a></li>', ""),
        ('<p>27 <a data-living href="/map/">See <b>them</b></a></p>', "<p>27 </p>"),
        ('<a data-living href="/monuments/">All</a>', '<a data-living href="../../monuments.html">All</a>'),
        ('<form action="/x"><input></form><script src="/x.js"></script>', ""),
    ],
)
def test_links_lead_to_files_or_are_none(given, made):
    assert copied(given) == made
