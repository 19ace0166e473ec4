"""The palette in a real browser: by the keyboard alone, and never while an input method composes."""

from __future__ import annotations

from typing import Any

import pytest

COMPOSED = """field => {
    field.dispatchEvent(new CompositionEvent("compositionstart", {bubbles: true}));
    field.value = "bo";
    field.dispatchEvent(new InputEvent("input", {bubbles: true, isComposing: true}));
}"""
PRESSED = """(field, key) => field.dispatchEvent(
    new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true, isComposing: true}))"""
LINE = "#t-palette [role=option]"
CHOSEN = f"{LINE}[aria-selected=true]"


@pytest.fixture
def boxes(box: Any) -> None:
    for number in range(3):
        box(name=f"box {number}")


@pytest.fixture
def inbox(lin: Any, site: str, boxes: None) -> Any:
    """A page to be on."""
    lin.goto(f"{site}/inbox", wait_until="networkidle")
    return lin


def test_it_is_opened_typed_into_and_walked_with_the_keys(inbox: Any) -> None:
    inbox.keyboard.press("Control+k")
    inbox.keyboard.type("box")
    inbox.wait_for_selector(f"{LINE}:has(mark)")
    first = inbox.get_attribute(CHOSEN, "href")
    inbox.keyboard.press("ArrowDown")
    second = inbox.get_attribute(CHOSEN, "href")
    assert first != second
    assert inbox.get_attribute("#t-palette input", "aria-activedescendant") == (
        inbox.get_attribute(CHOSEN, "id")
    )
    inbox.keyboard.press("ArrowUp")
    inbox.keyboard.press("Enter")
    inbox.wait_for_url(f"**{first}")


def test_what_is_typed_at_once_and_entered_is_what_is_opened(inbox: Any) -> None:
    inbox.keyboard.press("Control+k")
    inbox.keyboard.type("box-002")
    inbox.keyboard.press("Enter")
    inbox.wait_for_url("**/vault/box/2")


def test_enter_waits_for_what_was_typed_before_the_palette_was_there(inbox: Any) -> None:
    def meanwhile(route: Any) -> None:
        if "part=results" in route.request.url:
            inbox.keyboard.press("Enter")
        else:
            inbox.keyboard.type("box-002")
        route.continue_()

    inbox.route("**/palette?*", meanwhile)
    inbox.keyboard.press("Control+k")
    inbox.wait_for_url("**/vault/box/2")


def test_control_enter_opens_it_beside(inbox: Any) -> None:
    inbox.keyboard.press("Control+k")
    inbox.keyboard.type("box-003")
    inbox.wait_for_selector(f"{CHOSEN}[href='/vault/box/3']")
    with inbox.context.expect_page() as beside:
        inbox.keyboard.press("Control+Enter")
    beside.value.wait_for_url("**/vault/box/3")
    beside.value.close()
    assert inbox.url.endswith("/inbox")
    assert inbox.locator("#t-palette").is_visible()


def test_escape_gives_the_focus_back(inbox: Any) -> None:
    inbox.locator(".t-bell[href]").focus()
    inbox.keyboard.press("Control+k")
    inbox.wait_for_selector(LINE)
    inbox.keyboard.press("Escape")
    inbox.wait_for_selector("#t-palette", state="hidden")
    assert inbox.evaluate("document.activeElement.className") == "t-bell"


def test_nothing_is_searched_and_no_key_counts_while_an_input_method_composes(inbox: Any) -> None:
    inbox.keyboard.press("Control+k")
    inbox.wait_for_selector(LINE)
    asked: list[str] = []
    inbox.on("request", lambda request: asked.append(request.url))
    field = inbox.locator("#t-palette input")
    field.evaluate(COMPOSED)
    for key in ("ArrowDown", "Enter"):
        field.evaluate(PRESSED, key)
    inbox.wait_for_timeout(400)
    assert asked == []
    assert inbox.url.endswith("/inbox")
    field.dispatch_event("compositionend")
    inbox.wait_for_selector(f"{LINE}:has(mark)")


def test_what_was_seen_lately_is_there_before_a_letter_is_typed(inbox: Any, site: str) -> None:
    for number in (1, 2):
        inbox.goto(f"{site}/vault/box/{number}", wait_until="networkidle")
    inbox.goto(f"{site}/inbox", wait_until="networkidle")
    inbox.keyboard.press("Control+k")
    inbox.wait_for_selector(LINE)
    lately = inbox.locator("#t-palette [role=group]").first.locator("[role=option]")
    hrefs = lately.evaluate_all("all => all.map(each => each.getAttribute('href'))")
    assert hrefs == ["/vault/box/2", "/vault/box/1"]


def test_where_it_cant_be_had_the_search_is_as_before(inbox: Any, console: Any) -> None:
    console.expect("ERR_FAILED")
    inbox.route("**/palette?*", lambda route: route.abort())
    inbox.keyboard.press("Control+k")
    inbox.keyboard.type("box-002")
    inbox.keyboard.press("Enter")
    inbox.wait_for_url("**/vault/box/2")
