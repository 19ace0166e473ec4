"""People offered while a name is typed in a comment: by the keys alone, never while an input method composes, and no
worse without script."""

from __future__ import annotations

from typing import Any

import pytest

from core.tests.web.test_composing_browser import A_WHILE, InputMethod
from tenor.access.records import User
from tenor.kernel import Kernel
from tenor_sdk.testing import as_actor, make_user

BOX = "/vault/box/1"
FIELD = ".t-compose textarea"
LINE = ".t-naming [role=option]"
CHOSEN = f"{LINE}[aria-selected=true]"
READERS = {"ran.yi": "冉一", "ran.er": "冉二"}


@pytest.fixture
def readers(box: Any, institution: Kernel) -> None:
    """Two who read the box."""
    box()
    for login, name in READERS.items():
        make_user(institution, login, roles=["vault.appraiser"])
        with as_actor(institution, "ding.ning") as ctx:
            ctx.session.query(User).filter(User.login == login).one().name = name


@pytest.fixture
def writing(lin: Any, site: str, readers: None) -> Any:
    """Lin about to comment, and what her page asks for from now on."""
    lin.goto(f"{site}{BOX}?tab=1", wait_until="networkidle")
    lin.asked = []
    lin.on("request", lambda request: lin.asked.append(request.url))
    lin.focus(FIELD)
    return lin


def test_the_script_comes_with_the_first_sign(writing: Any) -> None:
    writing.keyboard.type("the key")
    assert not [url for url in writing.asked if "naming" in url]
    with writing.expect_request("**/later/naming*"):
        writing.keyboard.type(" @")


def test_a_name_is_taken_by_the_keys_alone(writing: Any) -> None:
    writing.keyboard.type("请@ran")
    writing.wait_for_selector(CHOSEN)
    first = writing.inner_text(f"{CHOSEN} bdi")
    assert writing.get_attribute(FIELD, "aria-activedescendant") == (
        writing.get_attribute(CHOSEN, "id")
    )
    assert writing.get_attribute(FIELD, "aria-controls") == (
        writing.get_attribute(".t-naming [role=listbox]", "id")
    )
    writing.keyboard.press("ArrowDown")
    second = writing.inner_text(f"{CHOSEN} bdi")
    assert {first, second} == set(READERS.values())
    writing.keyboard.press("ArrowDown")
    assert writing.inner_text(f"{CHOSEN} bdi") == first
    writing.keyboard.press("ArrowUp")
    writing.keyboard.press("Enter")
    assert writing.input_value(FIELD) == f"请@{second} "
    assert writing.locator(LINE).count() == 0
    writing.keyboard.type("看")
    writing.keyboard.press("Control+Enter")
    writing.wait_for_selector(".t-said .t-mention")
    assert writing.inner_text(".t-said") == f"请@{second} 看"


def test_escape_closes_and_enter_is_a_line_again(writing: Any) -> None:
    writing.keyboard.type("@ran")
    writing.wait_for_selector(CHOSEN)
    writing.keyboard.press("Escape")
    assert writing.locator(LINE).count() == 0
    assert writing.get_attribute(FIELD, "aria-activedescendant") is None
    writing.keyboard.press("Enter")
    assert writing.input_value(FIELD) == "@ran\n"


def test_a_click_takes_a_name_and_the_focus_stays(writing: Any) -> None:
    writing.keyboard.type("@ran")
    writing.locator(LINE, has_text="冉二").click()
    writing.keyboard.type("x")
    assert writing.input_value(FIELD) == "@冉二 x"


def test_whoever_cannot_see_the_record_is_marked_and_cant_be_chosen(
    writing: Any, institution: Kernel
) -> None:
    make_user(institution, "ran.san")
    writing.keyboard.type("@ran")
    writing.wait_for_selector(CHOSEN)
    unable = writing.locator(f"{LINE}[aria-disabled=true]")
    assert unable.inner_text().endswith("无权查看此记录")
    assert writing.inner_text(f"{CHOSEN} bdi") in READERS.values()
    unable.click(force=True)
    assert writing.input_value(FIELD) == "@ran"
    writing.keyboard.press("Escape")
    writing.keyboard.type(".san")
    writing.wait_for_timeout(A_WHILE)
    assert writing.locator(LINE).count() == 0
    writing.keyboard.type(" @ran.san")
    writing.wait_for_selector(f"{CHOSEN}[aria-disabled=true]")
    writing.keyboard.press("Enter")
    assert writing.input_value(FIELD) == "@ran.san @ran.san\n"


def test_an_address_and_whoever_is_not_there_open_nothing(writing: Any) -> None:
    writing.keyboard.type("a@")
    writing.wait_for_timeout(A_WHILE)
    assert not [url for url in writing.asked if "/people" in url]
    with writing.expect_response("**/people?q=*"):
        writing.keyboard.type("b.example @nobody")
    asked = len([url for url in writing.asked if "/people" in url])
    writing.keyboard.type(" at all, as it is typed on")
    writing.wait_for_timeout(A_WHILE)
    assert len([url for url in writing.asked if "/people" in url]) == asked


def test_nothing_is_asked_and_no_key_counts_while_an_input_method_composes(writing: Any) -> None:
    with writing.expect_response("**/people?q="):
        writing.keyboard.type("@")
    writing.wait_for_timeout(A_WHILE)
    writing.asked.clear()
    method = InputMethod(writing)
    method.compose("ran")
    for key in ("ArrowDown", "Enter", "Escape"):
        method.press(key)
    writing.wait_for_timeout(A_WHILE)
    assert writing.asked == []
    assert writing.locator(LINE).count() == 0
    method.commit("冉")
    writing.wait_for_selector(CHOSEN)
    writing.locator(LINE, has_text="冉一").click()
    assert writing.input_value(FIELD) == "@冉一 "


def test_where_people_cannot_be_had_the_name_is_typed(writing: Any, console: Any) -> None:
    console.expect("ERR_FAILED")
    writing.route("**/people?*", lambda route: route.abort())
    writing.keyboard.type("@冉一 ")
    writing.wait_for_timeout(A_WHILE)
    writing.keyboard.press("Control+Enter")
    writing.wait_for_selector(".t-said .t-mention")


def test_without_script_a_name_is_typed_and_who_was_not_told_is_said(
    lin: Any, site: str, readers: None
) -> None:
    session = lin.context.cookies()
    with lin.context.browser.new_context(java_script_enabled=False) as plain:
        plain.add_cookies(session)
        page = plain.new_page()
        page.goto(f"{site}{BOX}?tab=1")
        page.fill(FIELD, "@冉一 @沈柏")
        page.click(".t-compose button")
        page.wait_for_selector(".t-said .t-mention")
        assert "沈柏 无权查看此记录，未予通知" in page.inner_text(".t-notices")
