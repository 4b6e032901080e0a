"""The reading room with a keyboard alone."""

import pytest

STOPS = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter(one => !one.disabled && one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length)
  .map((one, number) => { one.dataset.stop = number; return one.outerHTML.slice(0, 120); })"""
HERE = "() => document.activeElement.dataset.stop === undefined ? null : Number(document.activeElement.dataset.stop)"
SEEN = """() => { const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 }"""


@pytest.mark.parametrize("name", ["home", "list", "monument"])
def test_the_first_stop_leads_past_the_menu(tab, address, name):
    page = tab()
    page.goto(address(name))

    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"


@pytest.mark.parametrize("name", ["home", "list", "monument", "history"])
def test_every_control_can_be_reached_in_order_and_seen(tab, address, name):
    page = tab()
    page.goto(address(name))
    stops = page.evaluate(STOPS)
    reached, unseen = [], []

    for _ in range(len(stops) + 20):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is not None and here not in reached:
            reached.append(here)
            if not page.evaluate(SEEN):
                unseen.append(stops[here])

    assert [stops[number] for number in range(len(stops)) if number not in reached] == []
    assert reached == sorted(reached)
    assert unseen == []
