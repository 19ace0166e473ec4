"""The palette in a real browser: by the keyboard alone, and never while an input method composes."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tenor.kernel import Kernel
from tenor_sdk.testing import as_actor
from tenor_test_support.browser import held, opened

COMPOSED = """field => {
    field.dispatchEvent(new CompositionEvent("compositionstart", {bubbles: true}));
    field.value = "bo";
    field.dispatchEvent(new InputEvent("input", {bubbles: true, isComposing: true}));
}"""
PRESSED = """(field, key) => field.dispatchEvent(
    new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true, isComposing: true}))"""
LINE = "#t-palette [role=option]"
#: a line of what was found for all that was typed
FOUND = "#t-palette [data-t-results]:not([aria-busy=true]) [role=option]:has(mark)"
CHOSEN = f"{LINE}[aria-selected=true]"


@pytest.fixture
def boxes(box: Any) -> None:
    for number in range(3):
        box(name=f"box {number}")


@pytest.fixture
def inbox(lin: Any, site: str, boxes: None) -> Any:
    """A page to be on."""
    opened(lin, f"{site}/inbox")
    return lin


def test_it_is_opened_typed_into_and_walked_with_the_keys(inbox: Any) -> None:
    inbox.keyboard.press("Control+k")
    inbox.keyboard.type("box")
    inbox.wait_for_selector(FOUND)
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


def test_where_arrows_led_before_the_answer_came_is_where_enter_goes(inbox: Any) -> None:
    inbox.keyboard.press("Control+k")
    inbox.keyboard.type("bo")
    inbox.wait_for_selector(FOUND)
    with held(inbox, "**/palette?*q=box*"):
        inbox.keyboard.press("x")
        inbox.keyboard.press("ArrowDown")
        second = inbox.get_attribute(CHOSEN, "href")
        inbox.keyboard.press("Enter")
    inbox.wait_for_url(f"**{second}")


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
    expect(inbox.locator(".t-bell[href]")).to_be_focused()


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
    inbox.wait_for_selector(FOUND)


def test_what_was_seen_lately_is_there_before_a_letter_is_typed(inbox: Any, site: str) -> None:
    for number in (1, 2):
        opened(inbox, f"{site}/vault/box/{number}")
    opened(inbox, f"{site}/inbox")
    inbox.keyboard.press("Control+k")
    inbox.wait_for_selector(LINE)
    lately = inbox.locator("#t-palette [role=group][aria-label=最近看过] [role=option]")
    hrefs = lately.evaluate_all("all => all.map(each => each.getAttribute('href'))")
    assert hrefs == ["/vault/box/2", "/vault/box/1"]


def test_where_it_cant_be_had_the_search_is_as_before(inbox: Any, console: Any) -> None:
    console.expect("ERR_FAILED")
    inbox.route("**/palette?*", lambda route: route.abort())
    inbox.keyboard.press("Control+k")
    inbox.keyboard.type("box-002")
    inbox.keyboard.press("Enter")
    inbox.wait_for_url("**/vault/box/2")


@pytest.fixture
def listed(lin: Any, site: str, boxes: None) -> Any:
    """The list of boxes."""
    opened(lin, f"{site}/vault/box")
    return lin


HERE = "#t-palette [role=group][aria-label=本页] [role=option]"


def offered(page: Any) -> list[str]:
    """What the palette offers of the page itself."""
    page.keyboard.press("Control+k")
    page.wait_for_selector(HERE)
    return list(page.locator(f"{HERE} .t-palette-name").all_inner_texts())


def test_the_buttons_of_the_page_come_first(listed: Any) -> None:
    names = offered(listed)
    for name in ("XLSX", "CSV", "打印", "列"):
        assert name in names
    first = listed.locator("#t-palette [role=group]").first
    assert first.get_attribute("aria-label") == "本页"
    assert "归档" not in names


def test_enter_in_haste_takes_nothing_out(listed: Any) -> None:
    names = offered(listed)
    chosen = listed.inner_text(f"{CHOSEN} .t-palette-name")
    assert chosen in names
    assert chosen not in ("XLSX", "CSV", "打印")
    listed.keyboard.type("box")
    listed.wait_for_selector(FOUND)
    assert "/vault/box/" in (listed.get_attribute(CHOSEN, "href") or "")
    listed.keyboard.press("Control+a")
    listed.keyboard.type("csv")
    expect(listed.locator(f"{CHOSEN} .t-palette-name")).to_have_text("CSV")  # who says so, means it


def test_a_short_word_says_what_it_is_about(listed: Any) -> None:
    offered(listed)
    line = listed.locator(HERE, has_text="列").filter(has_text="选择此列表显示哪些列")
    assert line.count() == 1
    listed.keyboard.type("导出")
    listed.wait_for_selector(f"{HERE}:has(mark)")
    expect(listed.locator(HERE).filter(has_text="将此列表导出为文件")).to_have_count(2)


def test_what_is_done_with_chosen_rows_is_offered_once_some_are_chosen(listed: Any) -> None:
    listed.locator("tbody .t-check").first.check()
    assert "归档" in offered(listed)[:4]


def test_a_button_of_the_page_is_found_by_its_initials_and_leads_there(listed: Any) -> None:
    offered(listed)
    listed.keyboard.type("kb")
    listed.wait_for_selector(FOUND)
    assert listed.locator(HERE).count() == 1
    listed.keyboard.press("Enter")
    listed.wait_for_url("**look=board**")


def test_what_is_typed_into_a_form_is_saved_from_the_palette(lin: Any, site: str) -> None:
    opened(lin, f"{site}/vault/box/new")
    lin.fill("#f-name", "a box of the palette")
    assert "保存" in offered(lin)
    lin.keyboard.type("保存")
    lin.wait_for_selector(f"{HERE}:has(mark)")
    lin.keyboard.press("Enter")
    lin.wait_for_url("**/vault/box/1")
    assert "a box of the palette" in lin.inner_text("#t-main")


def test_a_step_leads_to_the_page_that_asks_first(lin: Any, site: str, institution: Kernel) -> None:
    from tenor_errands.public import add_errand

    with as_actor(institution, "lin.xiaowen") as ctx:
        errand = f"/errands/errand/{add_errand(ctx, 'fetch the deed').id}"
    opened(lin, f"{site}{errand}")
    offered(lin)
    steps = lin.locator(f"{HERE}[href$='/transitions/start']")
    assert steps.count() == 1
    assert lin.locator("#t-palette [href$='/transitions/start']").count() == 1


def test_what_acts_at_once_gets_the_focus_and_isnt_pressed(lin: Any, site: str, box: Any) -> None:
    box()
    opened(lin, f"{site}/vault/box/1")
    offered(lin)
    lin.keyboard.type("归档")
    lin.wait_for_selector(f"{HERE}:has(mark)")
    lin.keyboard.press("Enter")
    lin.wait_for_selector("#t-palette", state="hidden")
    lin.wait_for_function("document.activeElement.matches('button')")
    assert "归档" in lin.evaluate("document.activeElement.textContent")
    assert lin.url.endswith("/vault/box/1")
    lin.keyboard.press("Enter")
    lin.wait_for_selector("[data-t-toast]")


def test_the_page_is_printed_from_the_palette(inbox: Any) -> None:
    inbox.evaluate("window.print = () => { window.printed = true }")
    inbox.keyboard.press("Control+k")
    inbox.wait_for_selector(LINE)
    assert inbox.locator(HERE).count() == 0
    inbox.keyboard.type("打印")
    inbox.wait_for_selector(f"{HERE}:has(mark)")
    inbox.keyboard.press("Enter")
    inbox.wait_for_function("window.printed")
