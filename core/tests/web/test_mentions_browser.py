"""People offered while a name is typed in a comment: by the keys alone, never while an input method composes, and no
worse without script."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from core.tests.web.test_composing_browser import A_WHILE, InputMethod
from tenor.access.records import User
from tenor.kernel import Kernel
from tenor_sdk.testing import as_actor, make_user
from tenor_test_support.browser import held, opened

BOX = "/vault/box/1"
FIELD = ".t-compose textarea"
LINE = ".t-naming [role=option]"
CHOSEN = f"{LINE}[aria-selected=true]"
#: the list, once it goes by all that was typed
ANSWERED = ".t-naming [role=listbox]:not([aria-busy=true])"
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
    opened(lin, f"{site}{BOX}?tab=1")
    lin.asked = []
    lin.on("request", lambda request: lin.asked.append(request.url))
    lin.focus(FIELD)
    return lin


def chosen(page: Any) -> str:
    """The name that Enter takes, once those are there who are meant by what was typed."""
    page.wait_for_selector(ANSWERED)
    return str(page.inner_text(f"{CHOSEN} bdi"))


def test_the_script_comes_with_the_first_sign(writing: Any) -> None:
    writing.keyboard.type("the key")
    assert not [url for url in writing.asked if "naming" in url]
    with writing.expect_request("**/later/naming*"):
        writing.keyboard.type(" @")


def test_a_name_is_taken_by_the_keys_alone(writing: Any) -> None:
    writing.keyboard.type("请@ran")
    first = chosen(writing)
    assert writing.get_attribute(FIELD, "aria-activedescendant") == (
        writing.get_attribute(CHOSEN, "id")
    )
    assert writing.get_attribute(FIELD, "aria-controls") == (
        writing.get_attribute(".t-naming [role=listbox]", "id")
    )
    writing.keyboard.press("ArrowDown")
    second = chosen(writing)
    assert {first, second} == set(READERS.values())
    writing.keyboard.press("ArrowDown")
    assert chosen(writing) == first
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


def test_enter_before_the_answer_takes_who_is_meant_by_the_last_letter(writing: Any) -> None:
    writing.keyboard.type("@r")
    chosen(writing)
    with held(writing, "**/people?q=ran*"):
        writing.keyboard.insert_text("an.er")
        writing.keyboard.press("Enter")
        expect(writing.locator(FIELD)).to_have_value("@ran.er")
    expect(writing.locator(FIELD)).to_have_value("@冉二 ")


def test_enter_before_the_answer_is_a_line_where_nobody_was_meant(writing: Any) -> None:
    writing.keyboard.type("@r")
    chosen(writing)
    with held(writing, "**/people?q=robody*"):
        writing.keyboard.insert_text("obody")
        writing.keyboard.press("Enter")
    expect(writing.locator(FIELD)).to_have_value("@robody\n")
    writing.keyboard.type("!")
    expect(writing.locator(FIELD)).to_have_value("@robody\n!")


def test_enter_before_the_answer_is_a_line_where_somebody_types_on(writing: Any) -> None:
    writing.keyboard.type("@r")
    chosen(writing)
    writing.keyboard.insert_text("obody")
    writing.keyboard.press("Enter")
    writing.keyboard.insert_text("x")
    expect(writing.locator(FIELD)).to_have_value("@robody\nx")


def test_who_was_walked_to_stays_chosen_when_the_answer_comes(writing: Any) -> None:
    writing.keyboard.type("@ran")
    first = chosen(writing)
    with held(writing, "**/people?q=ran.*"):
        writing.keyboard.insert_text(".")
        writing.keyboard.press("ArrowDown")
    assert {first, chosen(writing)} == set(READERS.values())


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
    assert chosen(writing) in READERS.values()
    unable = writing.locator(f"{LINE}[aria-disabled=true]")
    assert unable.inner_text().endswith("无权查看此记录")
    unable.click(force=True)
    assert writing.input_value(FIELD) == "@ran"
    writing.keyboard.press("Escape")
    writing.keyboard.type(".san")
    writing.wait_for_timeout(A_WHILE)
    assert writing.locator(LINE).count() == 0
    writing.keyboard.type(" @ran.san")
    writing.wait_for_selector(f"{CHOSEN}[aria-disabled=true]")
    writing.keyboard.press("Enter")
    expect(writing.locator(FIELD)).to_have_value("@ran.san @ran.san\n")


def test_an_address_and_whoever_is_not_there_open_nothing(writing: Any) -> None:
    writing.keyboard.type("a@")
    writing.wait_for_timeout(A_WHILE)
    assert not [url for url in writing.asked if "/people" in url]
    with writing.expect_response("**/people?q=*"):
        writing.keyboard.type("b.example @nobody")
    writing.wait_for_selector(ANSWERED, state="attached")
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
