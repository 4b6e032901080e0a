"""Every page of the reading room: valid, without barriers, at home on a telephone, and asking nothing of strangers."""

import html
import json
import re
import subprocess
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from tests.browser.addresses import PAGES, TILES
from tests.browser.barriers import barriers

NARROW, TELEPHONE, DESK = 360, 390, 1280
DRAWN = "#map-side"  # the map, drawn by a script beside the list of the same entries
ID = re.compile(r"""\sid=["']([^"']+)["']""")
LINK = re.compile(r"""<a\s[^>]*href=["']([^"']+)["']""")
VARIANTS = [(scheme, width) for scheme in ("light", "dark") for width in (DESK, TELEPHONE)]


@pytest.fixture(scope="module")
def crawled(site):
    """Return (status, text) of every HTML page that links lead to, by address; of a list, its first page only."""
    found, waiting = {}, ["/"]
    while waiting:
        here = waiting.pop()
        status, kind, text = site.read(here)
        found[here] = (status, text if kind == "text/html" else "")
        if kind == "text/html":
            waiting += [there for there in leads_to(here, text) if there not in found and there not in waiting]
    return found


def leads_to(here, text):
    """Return the addresses of the reading room that the page links to, without queries and fragments."""
    links = {urlsplit(urldefrag(urljoin(f"http://here{here}", html.unescape(link))).url) for link in LINK.findall(text)}
    return {link.path for link in links if link.netloc == "here" and not link.path.startswith(("/admin/", "/static/"))}


def test_no_link_of_the_reading_room_is_broken(crawled):
    assert len(crawled) > 200
    assert {address: status for address, (status, _) in crawled.items() if status != 200} == {}


def test_every_fragment_leads_to_a_part_of_its_page(crawled):
    wanted = {(here, there) for here, (_, text) in crawled.items() for there in fragments(here, text)}
    ids = {address: set(ID.findall(text)) for address, (_, text) in crawled.items()}

    assert len(wanted) > 200
    assert [(here, there) for here, there in sorted(wanted) if not leads_home(there, ids)] == []


def fragments(here, text):
    """Return the links with a fragment, as address and fragment, that the page has."""
    links = {urlsplit(urljoin(f"http://here{here}", html.unescape(link))) for link in LINK.findall(text)}
    return {(link.path, link.fragment) for link in links if link.netloc == "here" and link.fragment and not link.query}


def leads_home(there, ids):
    address, fragment = there
    return fragment in ids.get(address, ())


def test_every_page_is_valid_html(crawled, site, address, nu_checker, tmp_path):
    pages = {here: text for here, (_, text) in crawled.items() if text}
    pages |= {address(name): site.read(address(name))[2] for name in PAGES}
    names = {}
    for number, (here, text) in enumerate(sorted(pages.items())):
        (tmp_path / f"{number}.html").write_text(text)
        names[f"{number}.html"] = here

    ran = subprocess.run(
        [*nu_checker, "--stdout", "--exit-zero-always", "--format", "json", str(tmp_path)],
        capture_output=True,
        text=True,
    )

    told = json.loads(ran.stdout)["messages"]
    assert [f"{names[one['url'].rsplit('/', 1)[1]]}: {one['message']} {one.get('extract', '')}" for one in told] == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("scheme", "width"), VARIANTS)
def test_axe_finds_no_barrier(tab, address, axe, name, scheme, width):
    page = tab(width, scheme, bypass_csp=True)
    page.goto(address(name))

    assert barriers(page, axe) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_narrow_telephone_without_scrolling_sideways(tab, address, name):
    page = tab(NARROW)
    page.goto(address(name))

    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nothing_of_strangers_and_breaks_nothing(tab, site, address, name):
    page = tab()
    asked, troubles = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type in ("error", "warning") else None)
    page.goto(address(name), wait_until="networkidle")

    assert [url for url in asked if not url.startswith((f"{site.url}/", "data:", TILES))] == []
    assert [one for one in troubles if "the server responded with a status of" not in one] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_the_same_without_scripts(tab, address, name):
    words = []
    for scripts in (True, False):
        page = tab(java_script_enabled=scripts)
        page.goto(address(name))
        page.locator(DRAWN).evaluate_all("drawn => drawn.forEach(one => one.remove())")
        words.append(set(page.locator("main").inner_text().split()))
    with_scripts, without = words

    assert len(without) > 10
    assert with_scripts - without <= {"Copy", "the", "reference", "citation"}
