"""From a supplier's file to the public list, as two people do it who have never seen the tool: with their own eyes and keys."""

import pytest

from tests.browser.barriers import barriers
from tests.browser.test_desk import DESK, DJANGOS_OWN, TELEPHONE, desk
from tests.intake.desk import LIST, SUPPLIER

__all__ = ["desk"]
PAGES = ["file", "mapping?fresh=1", "text", "change", "words", "rows", "duplicates", "../../mapping/keys"]


def bring(page, tmp_path, name, content=LIST):
    """Upload a list and come to the page of its file."""
    (tmp_path / name).write_text(content)
    page.goto("/admin/")
    page.get_by_role("link", name="Import a supplier's file").click()
    page.get_by_label("The supplier's file").set_input_files(tmp_path / name)
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_role("heading", name="What was found in it").wait_for()


def fill_in(page, **more):
    """Say whose list it is."""
    for field, said in {**SUPPLIER, **more}.items():
        box = page.locator(f"#id_{field}")
        box.select_option(said) if field == "supplier_kind" else box.fill(said)


def test_two_people_take_a_list_from_the_file_to_the_readers(desk, tmp_path):
    curator, reviewer = desk("curator"), desk("reviewer")

    bring(curator, tmp_path, "list.csv")
    assert "semicolon" in curator.locator(".found").inner_text()
    curator.get_by_role("link", name="Make a mapping for this file").click()
    fill_in(curator)
    curator.get_by_role("button", name="Show what the first rows become").click()
    assert "Kapelle am See" in curator.locator("#preview").inner_text()
    curator.get_by_role("button", name="Keep it and show the plan").click()
    curator.get_by_role("link", name="Give them codes").click()
    curator.get_by_label("gut").select_option("intact")
    curator.get_by_label("zerfallen").select_option("ruined")
    curator.get_by_role("button", name="Keep them and plan again").click()
    assert curator.locator("tr.new .number").inner_text() == "3"
    curator.get_by_role("button", name="Apply the plan").click()
    curator.get_by_role("button", name="Hand 3 drafts to the reviewers").click()
    curator.get_by_text("They wait for a reviewer").wait_for()

    reviewer.goto(curator.url)
    reviewer.get_by_role("button", name="Publish 3 records").click()
    reviewer.get_by_role("link", name="See the public list").click()
    reviewer.wait_for_url("**/monuments/?source=*")
    assert reviewer.get_by_role("link", name="Oberes Tor").is_visible()
    reviewer.goto("/monuments/?q=Kapelle+am+See")
    assert reviewer.get_by_role("link", name="Kapelle am See", exact=True).is_visible()


def test_mistakes_come_into_focus_and_lead_to_their_fields(desk, tmp_path):
    page = desk("curator")
    bring(page, tmp_path, "mistakes.csv")
    page.get_by_role("link", name="Make a mapping for this file").click()
    fill_in(page, source="Fourth list", scheme="Fourth numbers", name="ж")

    page.get_by_role("button", name="Keep it and show the plan").click()
    page.locator("#faults:focus").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**#id_name")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") in ("id_name", "id_replace")
    page.get_by_role("link", name="The file", exact=True).click()
    page.get_by_text("Discard this import").click()
    page.get_by_role("button", name="Discard it", exact=True).click()
    page.get_by_text("was discarded").wait_for()


def test_the_reviewer_finds_the_import_on_the_front_page(desk, tmp_path):
    curator, reviewer = desk("curator"), desk("reviewer")
    bring(curator, tmp_path, "found.csv", content="Nr;Name\n1;Altes Tor\n2;Neues Tor\n3;Hohes Tor\n")
    curator.get_by_role("link", name="Make a mapping for this file").click()
    fill_in(curator, source="Fifth list", scheme="Fifth numbers", name="fifth")
    curator.get_by_role("button", name="Keep it and show the plan").click()
    curator.get_by_role("button", name="Apply the plan").click()
    curator.get_by_role("button", name="Hand 3 drafts to the reviewers").click()
    curator.get_by_text("They wait for a reviewer").wait_for()

    reviewer.goto("/admin/")
    reviewer.get_by_role("link", name="found.csv").click()
    reviewer.get_by_role("button", name="Publish 3 records").click()
    reviewer.get_by_text("Readers have all of it.").wait_for()

    reviewer.goto("/admin/")
    assert reviewer.get_by_role("link", name="found.csv").count() == 0


def test_the_way_is_walked_by_keys_alone(desk, tmp_path):
    page = desk("curator")
    bring(page, tmp_path, "keys.csv")

    page.get_by_role("link", name="Make a mapping for this file").press("Enter")
    fill_in(page, source="Second list", scheme="Second numbers", name="second")
    page.get_by_label("What “Zustand” is").focus()
    page.keyboard.press("Home")  # not used
    page.get_by_role("button", name="Keep it and show the plan").press("Enter")

    page.get_by_role("heading", name="What would happen").wait_for()
    page.get_by_role("group").filter(has_text="Discard this import").locator("summary").press("Enter")
    page.get_by_role("button", name="Discard it").press("Enter")
    page.get_by_text("was discarded").wait_for()


@pytest.fixture
def planned(desk, tmp_path):
    """A page of a browser, and the address of an import that is planned; discarded in the end."""
    page = desk("curator", bypass_csp=True)
    bring(page, tmp_path, "looked-at.csv")
    page.get_by_role("link", name="Make a mapping for this file").click()
    fill_in(page, source="Third list", scheme="Third numbers", name="third")
    page.locator("#id_replace").check()
    page.get_by_role("button", name="Keep it and show the plan").click()
    page.get_by_role("heading", name="What would happen").wait_for()
    address = page.url.removesuffix("change/")
    yield page, address
    page.set_viewport_size({"width": DESK, "height": 900})
    page.goto(f"{address}change/")
    page.get_by_text("Discard this import").click()
    page.get_by_role("button", name="Discard it").click()


def test_the_pages_fit_a_telephone_and_break_nothing(planned):
    page, address = planned
    troubles = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type in ("error", "warning") else None)
    for name in PAGES:
        for width in (TELEPHONE, DESK):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{address}{name.replace('?', '/?') if '?' in name else name + '/'}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)

    assert troubles == []


@pytest.mark.parametrize(("scheme", "width"), [("light", DESK), ("dark", TELEPHONE)])
def test_axe_finds_no_barrier_on_the_pages_of_imports(planned, axe, scheme, width):
    page, address = planned
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    found = []
    for name in PAGES:
        page.goto(f"{address}{name.replace('?', '/?') if '?' in name else name + '/'}")
        found += [f"{name}: {barrier}" for barrier in barriers(page, axe, except_in=DJANGOS_OWN)]

    assert found == []
