"""The desk's own pages in the browser: the status form as a curator fills it in, and what axe says of our templates."""

import re

import pytest

from tests.browser.addresses import TILES
from tests.browser.barriers import barriers

TELEPHONE, DESK = 390, 1280


@pytest.fixture
def desk(tab, site):
    """Return a page of a browser in which the demo account ``name`` has signed in."""

    def sign_in(name, **options):
        page = tab(**options)
        page.goto("/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(site.passwords[name])
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/admin/")
        return page

    return sign_in


def cemetery_of(page):
    """Open the first cemetery of the list."""
    page.goto("/admin/registry/cemetery/")
    page.locator("#result_list tbody th a").first.click()


def choose(page, field, words):
    """Pick the first entry that the autocompletion of ``field`` offers for ``words``."""
    page.locator(f".field-{field} .select2-selection").first.click()
    page.keyboard.type(words)
    page.locator(".select2-results__option[aria-selected]", has_text=words).first.click()


def test_a_curator_reports_a_destruction_and_reads_the_sentence_before_saving(desk):
    page = desk("curator")
    cemetery_of(page)
    page.get_by_role("link", name="Report a change, a state or a threat").click()

    page.locator("#id_mode").select_option("event")
    page.locator("#id_aspect").select_option("condition")
    page.locator("#id_value").select_option("destroyed")
    choose(page, "effects", "Demolition")
    page.locator("#id_unchanged_on").fill("2021-04-12")
    page.locator("#id_changed_on").fill("2021-06-18")
    choose(page, "unchanged_source", "Alert on the Sghnakh cemetery")
    choose(page, "changed_source", "Alert on the Sghnakh cemetery")
    choose(page, "claimant", "Caucasus Heritage Watch")
    page.locator("#id_summary").fill("The cemetery was razed.")

    said = "Destroyed, between 12 April and 18 June 2021, according to Caucasus Heritage Watch (Cornell and Purdue universities)."
    page.locator("#sentence", has_text=said).wait_for()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/admin/registry/cemetery/\d+/change/#claim-"))
    assert said in page.locator("#claims").inner_text()


def test_a_source_is_added_in_a_window_and_what_was_typed_before_is_still_there(desk):
    page = desk("curator")
    page.goto("/admin/registry/status/add/")
    page.locator("#id_mode").select_option("event")
    page.locator("#id_value").select_option("destroyed")
    page.locator("#id_unchanged_on").fill("2021-04-12")

    with page.expect_popup() as opened:
        page.locator("#add_id_unchanged_source").click()
    window = opened.value
    window.locator("#id_title").fill("Scene of 12 April")
    choose(window, "kind", "Imagery scene")
    window.locator("#id_date").fill("2021-04-12")
    window.locator("#id_read_state").select_option("in_full")
    window.get_by_role("button", name="Save", exact=True).click()

    page.locator(".field-unchanged_source .select2-selection__rendered", has_text="Scene of 12 April").wait_for()
    page.locator("#sentence", has_text="Destroyed, after 12 April 2021, according to (claimant).").wait_for()
    assert page.locator("#id_unchanged_on").input_value() == "2021-04-12"


def test_a_date_that_cannot_be_is_told_in_place_of_the_sentence(desk):
    page = desk("curator")
    page.goto("/admin/registry/status/add/")
    page.locator("#id_mode").select_option("event")
    page.locator("#id_unchanged_on").fill("2021-06-18")
    page.locator("#id_changed_on").fill("2021-04-12")

    page.locator("#sentence", has_text="First seen changed (2021-04-12) lies before last seen unchanged").wait_for()


def test_a_new_row_takes_the_focus_and_what_is_filled_in_stands_open(desk):
    page = desk("curator")
    cemetery_of(page)
    page.locator("#id_names-0-text").wait_for()
    rows = page.locator("#names-group .inline-related:not(.empty-form)").count()

    page.get_by_role("button", name="Add another Name").press("Enter")

    assert page.evaluate("document.activeElement.id") == f"id_names-{rows}-text"
    page.goto("/admin/registry/site/?attend=held")
    page.get_by_role("link", name="Gandzasar monastery").click()
    page.locator("#id_hold").wait_for()
    assert not page.locator("#id_content_warnings_0").is_visible()


PAGES = {
    "status form, new": ("curator", "status", "add/"),
    "status form, filled in": ("curator", "status", "{pk}/change/"),
    "monument": ("curator", "monument", "{pk}/change/"),
    "journal": ("curator", "monument", "{pk}/history/"),
    "front page": ("reviewer", "", ""),
    "publish": ("reviewer", "monument", "{pk}/decide/publish/"),
    "withdraw": ("reviewer", "monument", "{pk}/decide/withdraw/"),
    "retract": ("reviewer", "status", "{pk}/retract/"),
    "list": ("curator", "monument", ""),
    "preview": ("curator", "monument", "{pk}/preview/"),
}
DJANGOS_OWN = {
    ".select2-container": "its autocompletion boxes are named by what is chosen in them, not by their label",
    ".breadcrumbs": "the links of the path are told from the text beside them by colour alone",
    "#toolbar": "the search box of a list is named by a picture",
}


def open_page(page, model, rest):
    """Open a page about the first record in the list of ``model``; without one, the front page."""
    if not model:
        page.goto("/admin/")
        return
    page.goto(f"/admin/registry/{model}/")
    first = page.locator("#result_list tbody th a").first.get_attribute("href")
    page.goto(f"/admin/registry/{model}/{rest.format(pk=re.search(r'[0-9]+', first)[0])}")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("scheme", "width"), [("light", DESK), ("dark", TELEPHONE)])
def test_axe_finds_no_barrier_of_ours(desk, axe, name, scheme, width):
    account, *where = PAGES[name]
    page = desk(account, scheme=scheme, width=width, bypass_csp=True)
    open_page(page, *where)

    assert barriers(page, axe, except_in=DJANGOS_OWN) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_desk_fits_a_telephone_asks_nothing_of_strangers_and_breaks_nothing(desk, site, name):
    account, *where = PAGES[name]
    page = desk(account, width=TELEPHONE)
    asked, troubles = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type in ("error", "warning") else None)
    open_page(page, *where)

    assert [url for url in asked if not url.startswith((f"{site.url}/", "data:", TILES))] == []
    assert troubles == []
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE
