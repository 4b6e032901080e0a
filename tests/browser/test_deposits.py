"""A deposit is made at the desk by people who have never seen the page, with scripts and without, and looked at closely."""

import hashlib

import pytest

from heritage.archive.verifying import verify
from tests.browser.barriers import barriers
from tests.browser.test_desk import DESK, DJANGOS_OWN, TELEPHONE, desk

__all__ = ["desk"]
LONGEST = 90_000  # milliseconds


def order(page, level):
    """Fill in the page and press the button; the page that follows the work comes."""
    page.goto("/admin/archive/deposit/")
    page.get_by_role("link", name="Make a deposit").click()
    page.get_by_label(level).check()
    page.get_by_label("For whom").fill("State archive")
    page.get_by_label("With all public pages").uncheck()
    page.get_by_role("button", name="Make the deposit").click()
    page.get_by_text("It goes on without this page").wait_for()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_deposit_is_made_downloaded_and_verified(desk, tmp_path, scripts):
    page = desk("administrator", java_script_enabled=scripts)
    order(page, "Full: the whole desk")
    page.wait_for_url("**/change/", timeout=LONGEST)

    page.get_by_text("Whole and unaltered when last verified").wait_for()
    with page.expect_download() as begun:
        page.get_by_role("link", name="Download it").click()
    begun.value.save_as(tmp_path / "deposit.tar")
    sha256 = hashlib.sha256((tmp_path / "deposit.tar").read_bytes()).hexdigest()
    assert sha256 in page.locator(".how").inner_text()
    assert verify(tmp_path / "deposit.tar").valid
    page.get_by_role("button", name="Verify it again").click()
    page.get_by_role("button", name="Verify it again").wait_for(timeout=LONGEST)
    assert page.get_by_role("button", name="Offer it to readers").count() == 0


def test_a_public_deposit_is_offered_and_taken_off(desk):
    page = desk("reviewer")
    order(page, "Public: what readers see")
    page.wait_for_url("**/change/", timeout=LONGEST)
    address = page.url
    page.get_by_role("button", name="Offer it to readers").click()
    page.get_by_text("Readers find it").wait_for()
    page.goto("/data/")
    assert page.get_by_role("link", name="heritage-register-public-").count() == 1
    page.goto(address)
    page.get_by_role("button", name="Offer it to readers no longer").click()
    page.get_by_text("Readers are no longer offered it").wait_for()


@pytest.mark.parametrize(("scheme", "width"), [("light", DESK), ("dark", TELEPHONE)])
def test_axe_finds_no_barrier_and_the_pages_fit(desk, axe, scheme, width):
    page, found, troubles = desk("administrator", scheme=scheme, width=width, bypass_csp=True), [], []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto("/admin/archive/deposit/add/")
    found += barriers(page, axe, except_in=DJANGOS_OWN)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    order(page, "Public: what readers see")
    found += barriers(page, axe, except_in=DJANGOS_OWN)
    page.wait_for_url("**/change/", timeout=LONGEST)
    found += barriers(page, axe, except_in=DJANGOS_OWN)
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    assert found == []
    assert troubles == []
