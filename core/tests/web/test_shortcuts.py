"""Shortcuts: told on a sheet where the page has their place; none fires while something is typed."""

from __future__ import annotations

from typing import Any

import pytest

from tenor_test_support.browser import held, opened

LIN = "lin.xiaowen"
KEY = """(field, key) => field.dispatchEvent(
    new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true, isComposing: true}))"""


@pytest.fixture
def boxes(box: Any) -> None:
    box(name="box 1")


@pytest.fixture
def listed(lin: Any, site: str, boxes: None) -> Any:
    """A list to be on."""
    opened(lin, f"{site}/vault/box")
    return lin


def test_the_sheet_is_a_page_too_and_letters_are_switched_off_on_it(person: Any) -> None:
    lin = person(LIN)
    assert "单个字母和符号是快捷键" in lin.get("/shortcuts")
    lin.press("/shortcuts", "/me/preferences", letters="off")
    page = lin.get("/shortcuts")
    assert "单个字母和符号不起作用" in page
    assert '<body data-letters="off"' in page


def test_whether_letters_are_shortcuts_is_the_persons_own_in_every_browser(person: Any) -> None:
    person(LIN).press("/shortcuts", "/me/preferences", letters="off")
    assert '<body data-letters="off"' in person(LIN).get("/")
    assert "data-letters" not in person("shen.bai").get("/")
    person(LIN).press("/shortcuts", "/me/preferences", letters="on")
    assert "data-letters" not in person(LIN).get("/")


def test_what_a_browser_said_before_holds_until_the_person_says_otherwise(person: Any) -> None:
    lin = person(LIN)
    lin.client.set_cookie("tenor_letters", "off", domain="localhost")
    assert '<body data-letters="off"' in lin.get("/")
    lin.press("/shortcuts", "/me/preferences", letters="on")
    assert "data-letters" not in lin.get("/")


def told(page: Any) -> list[str]:
    page.wait_for_selector("#t-shortcuts[open]")
    found: list[str] = page.locator("#t-shortcuts dt").all_inner_texts()
    return ["".join(each.split()) for each in found]


def test_a_question_mark_tells_what_the_page_has_and_nothing_else(listed: Any, site: str) -> None:
    listed.keyboard.press("?")
    assert told(listed) == ["CtrlK", "?", "Esc", "↑↓", "空格", "↵", "/", "N"]
    listed.keyboard.press("Escape")
    listed.wait_for_selector("#t-shortcuts", state="detached")
    opened(listed, f"{site}/vault/box/1")
    listed.keyboard.press("?")
    assert told(listed) == ["CtrlK", "?", "Esc", "E"]


def test_a_sheet_that_is_asked_for_twice_before_it_comes_comes_once(listed: Any) -> None:
    asked: list[str] = []
    listed.on("request", lambda request: asked.append(request.url))
    with held(listed, "**/shortcuts?*"):
        listed.keyboard.press("?")
        listed.keyboard.press("?")
    listed.wait_for_selector("#t-shortcuts[open]")
    assert len([url for url in asked if "/shortcuts?" in url]) == 1


def test_letters_press_what_they_name_but_not_where_one_types(listed: Any) -> None:
    listed.keyboard.press("/")
    assert listed.evaluate("document.activeElement.id") == "t-list-search"
    listed.keyboard.type("n?")
    assert listed.input_value("#t-list-search") == "n?"
    listed.locator("body").evaluate(KEY, "n")
    assert listed.url.endswith("/vault/box")
    listed.locator("#t-main").focus()
    listed.keyboard.press("n")
    listed.wait_for_url("**/vault/box/new")


def test_whoever_switched_letters_off_presses_nothing_by_them(listed: Any) -> None:
    listed.keyboard.press("?")
    listed.click("#t-shortcuts button[name=letters]")
    listed.wait_for_selector("body[data-letters=off]")
    listed.wait_for_load_state()
    assert listed.url.endswith("/vault/box")
    for key in ("n", "/", "?"):
        listed.keyboard.press(key)
    assert listed.evaluate("document.activeElement.id") != "t-list-search"
    assert listed.locator("dialog").count() == 0
    listed.keyboard.press("Control+k")
    listed.wait_for_selector("#t-palette[open]")
