"""Chinese as an input method gives it, letters before the word: nothing is looked for, sent or opened early."""

from __future__ import annotations

from typing import Any

import pytest

from tenor_test_support.browser import opened

#: longer than any field waits before it looks for what was typed
A_WHILE = 600


class InputMethod:
    """One that composes in Chromium itself, so that pages get the events of a real one.

    Args:
        page: whose field has the focus.
    """

    def __init__(self, page: Any) -> None:
        self.page = page
        self.devtools = page.context.new_cdp_session(page)

    def compose(self, letters: str) -> None:
        """Letters that stand there underlined, one after the other."""
        for end in range(1, len(letters) + 1):
            self._press("Process", letters[end - 1])
            self.devtools.send(
                "Input.imeSetComposition",
                {"text": letters[:end], "selectionStart": end, "selectionEnd": end},
            )

    def press(self, key: str) -> None:
        """A key that the input method takes for itself, to choose a word."""
        self._press("Process", key)

    def commit(self, word: str) -> None:
        """The word that was meant."""
        self.devtools.send("Input.insertText", {"text": word})

    def _press(self, key: str, code: str) -> None:
        named = {"key": key, "code": code, "windowsVirtualKeyCode": 229}
        for kind in ("rawKeyDown", "keyUp"):
            self.devtools.send("Input.dispatchKeyEvent", {"type": kind, **named})


@pytest.fixture
def shelf(box: Any, lin: Any, site: str) -> Any:
    """Lin's list of boxes, and what it asks for from now on."""
    for name in ("保险箱", "金条"):
        box(name=name)
    opened(lin, f"{site}/vault/box")
    lin.asked = []
    lin.on("request", lambda request: lin.asked.append(request.url))
    return lin


def _compose_and_enter(page: Any, letters: str, word: str) -> None:
    """While the letters are composed, Enter asks nothing; the second one is the page's."""
    method = InputMethod(page)
    method.compose(letters)
    method.press("Enter")
    page.wait_for_timeout(A_WHILE)
    assert page.asked == []
    method.commit(word)
    page.keyboard.press("Enter")


def test_the_box_of_a_list_looks_for_the_word_alone(shelf: Any) -> None:
    shelf.focus("#t-list-search")
    _compose_and_enter(shelf, "jin'tiao", "金条")
    shelf.wait_for_url("**q=**")
    assert "金条" in shelf.inner_text("#t-main tbody")


def test_the_search_on_top_opens_its_palette_and_looks_for_the_word_alone(shelf: Any) -> None:
    shelf.keyboard.press("Control+k")
    shelf.wait_for_selector("#t-palette [role=option]")
    before = len(shelf.asked)
    method = InputMethod(shelf)
    method.compose("jin")
    for key in ("ArrowDown", "Enter", "Escape"):
        method.press(key)
    shelf.wait_for_timeout(A_WHILE)
    assert shelf.asked[before:] == []
    assert shelf.locator("#t-palette").is_visible()
    method.commit("金条")
    shelf.wait_for_selector("#t-palette [role=option]:has(mark)")


def test_no_letter_is_a_shortcut(shelf: Any) -> None:
    keys = shelf.locator("[aria-keyshortcuts]").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-keyshortcuts')).filter(key => key.length === 1)"
    )
    assert keys
    shelf.focus("#t-main")
    method, here = InputMethod(shelf), shelf.url
    for key in keys:
        method.press(key)
    shelf.wait_for_timeout(A_WHILE)
    assert (shelf.url, shelf.asked, shelf.locator("dialog[open]").count()) == (here, [], 0)


def test_a_picker_asks_for_the_word_alone_and_chooses_nothing_before(shelf: Any, site: str) -> None:
    opened(shelf, f"{site}/vault/box/1/edit")
    with shelf.expect_response("**/suggest?q="):
        shelf.click("#f-keeper_id + .ts-wrapper input")
    shelf.asked.clear()
    method = InputMethod(shelf)
    method.compose("zhou")
    for key in ("ArrowDown", "Enter"):
        method.press(key)
    shelf.wait_for_timeout(A_WHILE)
    assert shelf.asked == []
    assert shelf.input_value("#f-keeper_id") == ""
    method.commit("周")
    shelf.locator(".ts-dropdown .option", has_text="周启明").click()
    assert shelf.input_value("#f-keeper_id") != ""


def test_no_form_is_sent(shelf: Any, site: str) -> None:
    opened(shelf, f"{site}/vault/box/new")
    shelf.wait_for_selector("#f-keeper_id + .ts-wrapper")
    shelf.focus("#f-name")
    shelf.asked.clear()
    _compose_and_enter(shelf, "xiang", "箱")
    shelf.wait_for_url("**/vault/box/3")
    assert "箱" in shelf.inner_text("#t-main")
