"""A form whose fields go by one another, in a browser that runs script: by the keyboard, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from core.tests.web.lending import LIN, NEW, lending, loans
from tenor.kernel import Kernel
from tenor_sdk.testing import as_actor
from tenor_test_support.browser import held, opened

__all__ = ["lending"]


@pytest.fixture(scope="module")
def plugins(lending: str) -> tuple[str, ...]:
    return (lending,)


def test_fields_come_and_go_while_somebody_types_on(
    lin: Any, site: str, institution: Kernel
) -> None:
    opened(lin, f"{site}{NEW}")
    lin.focus("#f-name")
    lin.keyboard.type("ten years")
    lin.keyboard.press("Tab")
    lin.keyboard.press("ArrowUp")  # of floating and fixed
    lin.keyboard.press("Tab")
    lin.keyboard.type("2000000")
    expect(lin.locator("#f-rate")).to_have_count(0)  # while it is typed nothing moves
    lin.keyboard.press("Tab")
    rate, base = lin.locator("#f-rate"), lin.locator("[data-part=base]")
    expect(rate).to_have_attribute("required", "")
    expect(base.locator(".t-fixed")).to_have_text("LPR")
    expect(lin.locator("#f-amount")).to_have_value("2,000,000")
    assert lin.evaluate("document.querySelector('form.t-form').dataset.dirty") == "1"
    rate.focus()
    lin.keyboard.type("4.35")
    # what was typed is there again when its field is
    lin.select_option("#f-kind", "floating")
    expect(rate).to_have_count(0)
    expect(lin.locator("#f-base")).to_have_value("LPR")
    lin.fill("#f-base", "SHIBOR")
    lin.select_option("#f-kind", "fixed")
    expect(rate).to_have_value("4.35")
    lin.focus("#f-rate")
    lin.keyboard.press("Enter")
    lin.wait_for_url("**/lending/loan/1")
    (made,) = loans(institution)
    assert (made.name, made.rate.percent_text(), made.base) == ("ten years", "4.35", "LPR")


def test_whoever_has_gone_on_keeps_their_place(lin: Any, site: str) -> None:
    opened(lin, f"{site}{NEW}")
    lin.check("#f-urgent")
    expect(lin.locator("#f-reason")).to_have_attribute("required", "")
    with lin.expect_response(lambda answer: answer.request.method == "POST"):
        lin.focus("#f-due_on")
        lin.keyboard.type("20260101")
        lin.keyboard.press("Tab")
        lin.keyboard.press("Tab")
        lin.keyboard.type("they wait")
    expect(lin.locator("#f-due_on")).to_have_value("2026-01-01")
    expect(lin.locator("#f-reason")).to_have_value("they wait")
    expect(lin.locator("#f-reason")).to_be_focused()


def test_tab_leads_to_what_comes_and_it_is_said(lin: Any, site: str) -> None:
    """The answer comes after the key: whoever has done no more since goes on where they would have gone."""
    opened(lin, f"{site}{NEW}")
    said = lin.locator("[data-t-moved]")
    lin.select_option("#f-kind", "fixed")
    lin.fill("#f-amount", "2000000")
    lin.focus("#f-amount")
    lin.keyboard.press("Tab")
    expect(lin.locator("#f-rate")).to_be_focused()
    expect(said).to_have_text("现在显示的字段： Fixed rate")
    lin.fill("#f-amount", "2")
    lin.focus("#f-amount")
    lin.keyboard.press("Tab")  # to the rate, which goes: to what is behind it
    expect(lin.locator("#f-base")).to_be_focused()
    expect(said).to_have_text("不再显示的字段： Fixed rate")


def test_lines_ask_while_they_are_filled_in(lin: Any, site: str, institution: Kernel) -> None:
    opened(lin, f"{site}{NEW}")
    lin.fill("#f-name", "with steps")
    lin.fill("#f-steps-0-what", "look")
    lin.locator("[data-t-add]").click()
    cell = lin.locator("[data-part='steps-1-cost']")
    expect(cell).to_be_empty()
    lin.locator("#f-steps-1-what").focus()
    lin.keyboard.type("sign")
    lin.keyboard.press("Tab")
    lin.keyboard.press("Space")
    lin.keyboard.press("Tab")
    proof = lin.locator("#f-steps-1-proof")
    expect(proof).to_have_attribute("required", "")
    expect(proof).to_be_focused()
    expect(lin.locator("[data-part='steps-1-place'] .t-fixed")).to_have_text("branch")
    expect(lin.locator("[data-t-moved]")).to_contain_text("#2 Cost")
    expect(lin.locator("#f-steps-0-proof")).not_to_have_attribute("required", "")
    lin.keyboard.type("a paper")
    lin.fill("#f-steps-1-cost", "5")
    lin.uncheck("#f-steps-1-done")
    expect(cell).to_be_empty()
    lin.check("#f-steps-1-done")
    expect(lin.locator("#f-steps-1-cost")).to_have_value("5")  # as it was when it went
    lin.locator("form.t-form button.is-primary").click()
    lin.wait_for_url("**/lending/loan/1")
    (made,) = loans(institution)
    with as_actor(institution, LIN, write=False) as ctx:
        steps = [
            (one.what, one.proof, one.place)
            for one in ctx.session.get_one(type(made), made.id).steps
        ]
    assert steps == [("look", None, "branch"), ("sign", "a paper", "branch")]


def test_a_line_added_before_the_answer_comes_costs_nobody_their_place(lin: Any, site: str) -> None:
    opened(lin, f"{site}{NEW}")
    lin.evaluate("window.still = true")
    with held(lin, f"**{NEW}"):
        lin.check("#f-steps-0-done")
        lin.locator("[data-t-add]").click()
        lin.focus("#f-steps-1-what")
        lin.keyboard.type("sign")
    expect(lin.locator("#f-steps-0-proof")).to_have_attribute("required", "")
    expect(lin.locator("#f-steps-1-what")).to_be_focused()
    expect(lin.locator("#f-steps-1-what")).to_have_value("sign")
    assert lin.evaluate("window.still") is True


def test_enter_in_a_field_by_which_others_go_saves(lin: Any, site: str, institution: Kernel) -> None:  # fmt: skip
    opened(lin, f"{site}{NEW}")
    lin.fill("#f-name", "short")
    lin.focus("#f-amount")
    lin.keyboard.type("5")
    lin.keyboard.press("Enter")
    lin.wait_for_url("**/lending/loan/1")
    assert [one.amount.text() for one in loans(institution)] == ["5.00"]


def test_where_the_answer_doesnt_come_the_form_is_sent_to_be_shown_again(
    lin: Any, site: str, console: Any
) -> None:
    console.expect("ERR_FAILED")
    opened(lin, f"{site}{NEW}")
    lin.fill("#f-name", "kept")
    lin.route(
        f"**{NEW}",
        lambda route: (
            route.abort() if route.request.resource_type == "fetch" else route.continue_()
        ),
    )
    lin.check("#f-urgent")
    expect(lin.locator("#f-reason")).to_have_attribute("required", "")
    expect(lin.locator("#f-name")).to_have_value("kept")
