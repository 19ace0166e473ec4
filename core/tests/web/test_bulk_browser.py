"""All rows of a filter changed in a browser: seen on their way, found again, with and without script."""

from __future__ import annotations

from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor.views.bulk_course import CHUNK
from tenor_sdk.testing import as_actor, run_jobs

LIST = "/vault/box"
MANY = 620
#: chunks of a job here, so that it is seen on its way
FEW = 4


@pytest.fixture
def many(institution: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    """More boxes than a preview tries."""
    from tenor_vault.records import Box

    monkeypatch.setattr("tenor.views.bulk_course.AT_A_STRETCH", FEW)
    with as_actor(institution, "lin.xiaowen") as ctx:
        whose = {"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id}
        ctx.session.add_all([Box(name=f"box {number}", **whose) for number in range(MANY)])


def begin(page: Any, site: str) -> None:
    """Choose all that the filter shows, and press what the preview offers."""
    page.goto(f"{site}{LIST}?filter=name+~+box")
    page.locator("tbody .t-check").first.check()
    page.locator("input[name=_all]").check()
    page.locator("[formaction$='/bulk/archive']").click()
    page.wait_for_url("**/bulk/archive")
    assert "已试行前 500 条" in page.locator("#t-main").inner_text()
    page.locator("form[action$='/bulk/archive'] button.is-primary").click()
    page.wait_for_url(f"**{LIST}/bulk/1")


@pytest.mark.usefixtures("many")
def test_six_hundred_rows_are_seen_on_their_way_stopped_and_gone_on_with(
    lin: Any, site: str, institution: Kernel
) -> None:
    begin(lin, site)
    lin.evaluate("window.still = true")
    institution.jobs.run_due(limit=1)
    lin.get_by_text(f"已完成 {FEW * CHUNK}/{MANY}").wait_for()
    assert lin.evaluate("window.still") is True
    lin.locator("form[action$='/stop'] button").click()
    lin.locator("form[action$='/resume'] button").wait_for()
    run_jobs(institution)
    lin.locator("form[action$='/resume'] button").click()
    lin.locator("form[action$='/stop'] button").wait_for()
    run_jobs(institution)
    lin.get_by_text(f"已完成 {MANY}/{MANY}").wait_for()
    assert str(MANY) in lin.locator(".t-figures").inner_text()


@pytest.mark.usefixtures("many")
def test_a_page_without_script_asks_for_itself_anew(
    lin: Any, site: str, institution: Kernel
) -> None:
    plain = lin.context.browser.new_context(java_script_enabled=False)
    plain.add_cookies(lin.context.cookies())
    page = plain.new_page()
    page.set_default_timeout(10_000)
    begin(page, site)
    run_jobs(institution)
    page.get_by_text(f"已完成 {MANY}/{MANY}").wait_for()
    plain.close()


@pytest.mark.usefixtures("many")
def test_whoever_is_signed_out_while_they_look_signs_in_to_the_same_page(
    lin: Any, site: str, institution: Kernel, console: Any
) -> None:
    console.expect("401")
    begin(lin, site)
    (token,) = (one["value"] for one in lin.context.cookies() if one["name"] == "tenor_session")
    institution.identity.sign_out(token)
    lin.wait_for_url("**/sign-in?next=/vault/box/bulk/1")
    assert lin.locator("main").count() == 1
