"""Accounts in a browser: an invitation, an authenticator app and a passkey that really signs, and the pages on a telephone."""

import time
from base64 import b32decode

import pytest
from django_otp.oath import TOTP

from tests.browser.barriers import barriers

PAGES = [
    ("curator", "second-factor/"),
    ("curator", "second-factor/app/"),
    ("curator", "second-factor/passkey/"),
    ("curator", "second-factor/codes/"),
    ("administrator", "auth/user/add/"),
    ("administrator", "auth/user/"),
]
DJANGOS_OWN = {".breadcrumbs": "as at the desk", "#toolbar": "as at the desk"}
TELEPHONE = 390
PASSWORD = "a pass phrase of the person"
KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def log_in(page, name, password, after="/admin/"):
    page.goto(f"/admin/login/?next={after}")
    page.get_by_label("Username:").fill(name)
    page.get_by_label("Password:").fill(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def log_out(page):
    with page.expect_navigation():
        page.get_by_role("button", name="Log out").click()


@pytest.fixture
def page(tab, site):
    """A page at a name of this machine, which passkeys need instead of its number."""
    opened = tab(base_url=site.url.replace("127.0.0.1", "localhost"))
    opened.troubles = []
    opened.on("pageerror", lambda error: opened.troubles.append(str(error)))
    opened.on("console", lambda told: opened.troubles.append(told.text) if told.type in ("error", "warning") else None)
    return opened


def invited(page, site, name):
    """Invite ``name`` as the administrator, and choose the password with the link."""
    log_in(page, "administrator", site.passwords["administrator"], "/admin/auth/user/add/")
    page.get_by_label("Username:").fill(name)
    page.get_by_label("contributor").check()
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    link = page.get_by_label("Link").input_value()
    log_out(page)
    page.goto(link)
    page.get_by_label("New password:").fill(PASSWORD)
    page.get_by_label("New password confirmation:").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("Your password is set. Log in with it.").wait_for()


def fits(page):
    """Tell whether the page fits a telephone, and come back."""
    page.set_viewport_size({"width": TELEPHONE, "height": 900})
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    return wide <= TELEPHONE


def test_an_invited_person_sets_up_an_app_and_a_passkey_and_logs_in_with_each(page, site):
    invited(page, site, "jane")
    log_in(page, "jane", PASSWORD, "/admin/second-factor/")
    assert fits(page)

    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    assert fits(page)
    totp = TOTP(b32decode(secret))
    totp.time = time.time()
    page.get_by_label("Code:").fill(f"{totp.token():06d}")
    page.keyboard.press("Enter")
    codes = page.locator(".codes code")
    codes.first.wait_for()
    recovery = codes.first.inner_text()
    assert fits(page)

    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.goto("/admin/second-factor/passkey/")
    assert fits(page)
    page.get_by_label("Name:").fill("Key ring")
    page.get_by_role("button", name="Make a passkey").press("Enter")
    page.get_by_text("The second factor is set up: Key ring.").wait_for()

    log_out(page)
    log_in(page, "jane", PASSWORD, "/admin/registry/source/")
    assert fits(page)
    page.get_by_role("button", name="Use a passkey").press("Enter")
    page.get_by_role("heading", name="Select source").wait_for()

    log_out(page)
    log_in(page, "jane", PASSWORD, "/admin/registry/source/")
    page.get_by_label("Code:").fill(recovery)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Select source").wait_for()
    assert page.troubles == []


def test_a_browser_without_a_passkey_is_told_so_and_can_go_on_with_a_code(page, site):
    invited(page, site, "june")
    log_in(page, "june", PASSWORD, "/admin/second-factor/passkey/")
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error('none')) }")

    page.get_by_role("button", name="Make a passkey").click()

    page.get_by_role("alert").get_by_text("Your browser made no passkey.").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier_on_the_pages_of_accounts(tab, site, axe, scheme):
    page, found = tab(scheme=scheme, width=TELEPHONE, bypass_csp=True), []

    page.goto("/admin/login/")
    found += barriers(page, axe, except_in=DJANGOS_OWN)
    for account in ("curator", "administrator"):
        log_in(page, account, site.passwords[account])
        for address in [address for name, address in PAGES if name == account]:
            page.goto(f"/admin/{address}")
            found += [(address, one) for one in barriers(page, axe, except_in=DJANGOS_OWN)]
        log_out(page)

    assert found == []
