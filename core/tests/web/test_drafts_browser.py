"""A form that is open when its session ends brings by itself what is typed in it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tenor.kernel import Kernel
from tenor_sdk.testing import as_actor
from tenor_test_support.browser import opened

LIN, NEW = "lin.xiaowen", "/vault/box/new"


def test_a_form_that_is_open_brings_what_is_in_it_and_says_so(
    lin: Any, site: str, person: Any, institution: Kernel, console: Any
) -> None:
    console.expect("401")  # what the bell hears
    opened(lin, f"{site}{NEW}")
    lin.fill("#f-name", "typed and left")
    token = next(each["value"] for each in lin.context.cookies() if each["name"] == "tenor_session")
    institution.identity.sign_out(token)
    lin.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    lin.wait_for_selector("[data-t-ended]")
    assert "已填写的内容已为您保留" in lin.inner_text("[data-t-ended]")
    assert (
        lin.get_attribute("[data-t-ended] a", "href") == "/sign-in?next=%2Fvault%2Fbox%2Fnew&kept=1"
    )
    assert "typed and left" in person(LIN).get(NEW)


def test_a_comment_that_is_being_written_brings_itself_and_an_empty_one_doesnt(
    lin: Any, site: str, person: Any, box: Any, institution: Kernel, console: Any
) -> None:
    console.expect("401")
    box()
    box(name="another")
    opened(lin, f"{site}/vault/box/1")
    lin.fill(".t-compose textarea", "half a thought")
    token = next(each["value"] for each in lin.context.cookies() if each["name"] == "tenor_session")
    institution.identity.sign_out(token)
    lin.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    lin.wait_for_selector("[data-t-ended]")
    to = lin.get_attribute("[data-t-ended] a", "href")
    assert to == "/sign-in?next=%2Fvault%2Fbox%2F1&kept=1"
    assert "half a thought" in person("lin.xiaowen").get("/vault/box/1")
    assert "此前填写的内容已恢复" not in person("lin.xiaowen").get("/vault/box/2")


def test_a_comment_that_is_here_again_is_before_ones_eyes_and_takes_no_focus(
    lin: Any, site: str, box: Any, institution: Kernel
) -> None:
    box()
    lin.set_viewport_size({"width": 390, "height": 500})
    with as_actor(institution, LIN) as ctx:
        who = ctx.actor.id
    institution.identity.drafts.keep(who, "/vault/box/1/comments", [("text", "half a thought")])
    opened(lin, f"{site}/vault/box/1")
    field = lin.locator(".t-compose textarea")
    expect(field).to_have_value("half a thought")
    expect(field).not_to_be_focused()
    told = lin.locator(".t-notice", has_text="此前填写的内容已恢复")
    expect(told).to_have_count(1)
    expect(told).to_be_in_viewport()
    told.get_by_role("link").click()
    expect(field).to_be_in_viewport()
    told.get_by_role("button").click()
    expect(told).to_have_count(0)
    expect(field).to_have_value("")
