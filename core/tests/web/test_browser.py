"""The pages in a real browser: nothing on the console, no breach of the policy, and they do what they say."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tenor.kernel import Kernel
from tenor_sdk import Amount, Rate
from tenor_sdk.testing import as_actor, run_jobs
from tenor_test_support.browser import held, opened


@pytest.fixture
def full(box: Any, institution: Kernel) -> None:
    from tenor_errands.public import add_errand

    for number in range(3):
        box(name=f"box {number}", value=Amount.of("100"), fee=Rate.of("0.01"), items=["ring"])
    with as_actor(institution, "lin.xiaowen") as ctx:
        add_errand(ctx, "fetch the deed")


PAGES = (
    "/", "/inbox", "/vault/box", "/vault/box/1", "/vault/box/1?tab=1", "/vault/box/1/edit", "/vault/box/new",
    "/vault/box/1/why", "/vault/box/1/delete", "/vault/box/1/reveal/holder_identity", "/vault/box/1/actions/revalue",
    "/errands/errand", "/errands/errand/1", "/search?q=box", "/me", "/vault/tour/1", "/vault/box/import",
)  # fmt: skip


@pytest.mark.usefixtures("full")
def test_no_page_breaks_the_policy_or_complains(lin: Any, site: str) -> None:
    for path in PAGES:
        answer = opened(lin, site + path)
        assert answer.status == 200, path


@pytest.mark.usefixtures("full")
def test_a_list_is_narrowed_without_leaving_the_page(lin: Any, site: str) -> None:
    opened(lin, f"{site}/vault/box")
    lin.evaluate("window.still = true")
    lin.get_by_text("Papers", exact=True).first.click()
    lin.wait_for_url("**kind=papers**")
    lin.wait_for_selector(".t-chip")
    assert lin.evaluate("window.still") is True


@pytest.mark.usefixtures("full")
def test_of_two_ways_to_look_at_a_list_the_last_one_counts(lin: Any, site: str) -> None:
    opened(lin, f"{site}/vault/box")
    with held(lin, "**kind=papers**"):
        lin.get_by_text("Papers", exact=True).first.click()
        with lin.expect_event("requestfailed", lambda asked: "kind=papers" in asked.url):
            lin.locator("thead a[href*='sort=']").first.click()
        lin.wait_for_url("**sort=**")
    expect(lin.locator("html:not(.t-waiting) #t-main")).to_have_count(1)
    assert "kind=papers" not in lin.url


@pytest.mark.usefixtures("full")
def test_a_form_with_lines_is_filled_in_and_saved(lin: Any, site: str) -> None:
    opened(lin, f"{site}/vault/box/new")
    lin.fill("#f-name", "made in a browser")
    lin.fill("#f-value", "1234567.5")
    lin.fill("#f-items-0-what", "ring")
    lin.fill("#f-items-0-pieces", "2")
    lin.click("button[name=_add]")
    lin.fill("#f-items-1-what", "chain")
    lin.fill("#f-items-1-pieces", "3")
    lin.click("form.t-form button.is-primary")
    lin.wait_for_url("**/vault/box/4")
    assert "1,234,567.50" in lin.content()
    assert "chain" in lin.content()


@pytest.mark.usefixtures("full")
def test_a_refused_form_puts_the_focus_on_what_is_wrong(lin: Any, site: str, console: Any) -> None:
    console.expect("422")
    opened(lin, f"{site}/vault/box/new")
    lin.fill("#f-fee", "a lot")
    lin.click("form.t-form button.is-primary")
    lin.wait_for_selector("#t-errors")
    expect(lin.locator("#t-errors")).to_be_focused()
    expect(lin.locator("#f-fee")).to_have_value("a lot")


@pytest.mark.usefixtures("full")
def test_a_person_is_found_by_typing(lin: Any, site: str) -> None:
    opened(lin, f"{site}/vault/box/1/edit")
    picker = lin.locator("#f-keeper_id + .ts-wrapper input")
    picker.click()
    picker.fill("zhou")
    lin.locator(".ts-dropdown .option", has_text="周启明").click()
    lin.click("form.t-form button.is-primary")
    lin.wait_for_url("**/vault/box/1")
    assert "周启明" in lin.content()


@pytest.mark.usefixtures("full")
def test_enter_takes_the_person_that_was_found(lin: Any, site: str) -> None:
    opened(lin, f"{site}/vault/box/1/edit")
    picker = lin.locator("#f-keeper_id + .ts-wrapper")
    picker.locator("input").click()
    picker.locator(".option").nth(1).wait_for()
    picker.locator("input").fill("zhou")
    lin.wait_for_function(
        "() => document.querySelectorAll('#f-keeper_id + .ts-wrapper .option').length === 1"
    )
    lin.keyboard.press("Enter")
    expect(picker).to_contain_text("周启明")


CHOOSE_WHILE_TYPING = """(which) => {
    const picker = document.querySelector("#f-keeper_id").tomselect;
    picker.control_input.value = "zhou";
    picker.control_input.dispatchEvent(new Event("input"));
    picker.dropdown.querySelector(which).click();
}"""
QUIET = """() => {
    const picker = document.querySelector("#f-keeper_id").tomselect;
    return !picker.refreshTimeout && !picker.loading;
}"""


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("which", [".option:not(.selected)", ".option.selected"])
def test_a_picker_stays_shut_after_a_choice_whose_letters_are_still_looked_for(
    lin: Any, site: str, which: str
) -> None:
    opened(lin, f"{site}/vault/box/1/edit")
    lin.click("#f-keeper_id + .ts-wrapper input")
    offered = lin.locator("#f-keeper_id + .ts-wrapper .option")
    offered.first.click()
    lin.click("#f-keeper_id + .ts-wrapper input")
    offered.nth(1).wait_for()
    lin.evaluate(CHOOSE_WHILE_TYPING, which)
    lin.wait_for_function(QUIET)
    assert not offered.first.is_visible()


@pytest.mark.usefixtures("full")
def test_whoever_is_in_a_select_when_its_picker_comes_goes_on_in_the_picker(
    lin: Any, site: str
) -> None:
    with held(lin, "**/tom-select*.js"):
        lin.goto(f"{site}/vault/box/1/edit", wait_until="domcontentloaded")
        lin.focus("#f-keeper_id")
    picker = lin.locator("#f-keeper_id + .ts-wrapper")
    expect(picker.locator("input")).to_be_focused()
    lin.keyboard.type("zhou")
    expect(picker.locator(".option")).to_have_text(["周启明"])


@pytest.mark.usefixtures("full")
def test_what_is_offered_goes_by_the_letters_whichever_answer_comes_last(
    lin: Any, site: str
) -> None:
    opened(lin, f"{site}/vault/box/1/edit")
    picker = lin.locator("#f-keeper_id + .ts-wrapper")
    offered = picker.locator(".option")
    with lin.expect_response("**/suggest?q="), held(lin, "**/suggest?q="):
        picker.locator("input").click()
        picker.locator("input").fill("zhou")
        expect(offered).to_have_text(["周启明"])
    lin.wait_for_function(QUIET)
    expect(offered).to_have_text(["周启明"])


@pytest.mark.usefixtures("full")
def test_a_picker_that_was_left_stays_shut_when_its_answer_comes(lin: Any, site: str) -> None:
    opened(lin, f"{site}/vault/box/1/edit")
    with lin.expect_response("**/suggest?q=*"), held(lin, "**/suggest?q=*"):
        lin.click("#f-keeper_id + .ts-wrapper input")
        lin.keyboard.press("Escape")
    lin.wait_for_function(QUIET)
    assert not lin.locator("#f-keeper_id + .ts-wrapper .ts-dropdown").is_visible()


@pytest.mark.usefixtures("full")
def test_smart_buttons_count_after_the_page_is_shown(lin: Any, site: str) -> None:
    opened(lin, f"{site}/vault/box/1")
    expect(lin.locator(".t-smart b")).to_have_text("0")


@pytest.mark.usefixtures("full")
def test_whoever_is_at_a_smart_button_when_it_is_counted_stays_there(lin: Any, site: str) -> None:
    button = lin.locator(".t-smart a").first
    with held(lin, "**/vault/box/1/buttons"):
        lin.goto(f"{site}/vault/box/1")
        button.focus()
    expect(button).to_contain_text("0")
    expect(button).to_be_focused()


@pytest.mark.usefixtures("full")
def test_a_case_is_moved_by_a_button(lin: Any, site: str) -> None:
    opened(lin, f"{site}/errands/errand/1")
    lin.click("form[action$='/transitions/start'] button")
    lin.wait_for_selector(".t-toast")
    expect(lin.locator(".t-stage[aria-current=step]")).to_contain_text("进行中")


def test_somebody_signs_in_with_a_password(site: str, page: Any, institution: Kernel) -> None:
    from tenor.base.demo import DEMO_PASSWORD
    from tenor.base.services import set_password_hash
    from tenor.identity import passwords

    with as_actor(institution, "system") as ctx:
        set_password_hash(ctx, "lin.xiaowen", passwords.hashed(DEMO_PASSWORD))
    opened(page, f"{site}/vault/box")
    page.fill("#f-login", "lin.xiaowen")
    page.fill("#f-password", DEMO_PASSWORD)
    page.click("button.is-primary")
    page.wait_for_url("**/vault/box")
    page.click("[popovertarget=t-me]")
    page.click("form[action='/sign-out'] button")
    page.wait_for_url("**/sign-in")


def test_an_empty_month_says_so_where_its_days_arent_drawn(lin: Any, site: str) -> None:
    opened(lin, f"{site}/vault/box?look=calendar&look_at=2031-01")
    said = lin.get_by_text("本月没有记录。")
    expect(said).to_be_hidden()
    lin.set_viewport_size({"width": 390, "height": 844})
    expect(said).to_be_visible()


def test_a_file_is_taken_in_on_a_narrow_screen(lin: Any, site: str, institution: Kernel) -> None:
    lin.set_viewport_size({"width": 390, "height": 844})
    opened(lin, f"{site}/vault/box/import")
    content = b"Name,Value\nfirst,12.50\nsecond,much\n"
    file = {"name": "boxes.csv", "mimeType": "text/csv", "buffer": content}
    lin.set_input_files("#f-file", file)
    lin.click("#t-main button.is-primary")
    lin.wait_for_url("**/import/*")
    for press in ("try", "take"):
        assert lin.evaluate("document.documentElement.scrollWidth") <= 390
        lin.click(f"button[value={press}]")
        lin.wait_for_selector("button[value=stop]")
        run_jobs(institution)
        # the page asks for itself anew as long as the file is on its way
        lin.wait_for_selector("button[value=stop]", state="detached")
    assert lin.evaluate("document.documentElement.scrollWidth") <= 390
    with lin.expect_download() as kept:
        lin.click("a[href$='/refused']")
    assert kept.value.suggested_filename == "boxes.refused.csv"
    opened(lin, f"{site}/vault/box")
    assert "first" in lin.inner_text("tbody")
