"""A graph in a real browser: drawn without moving anything, its names lead on, its table is there by the keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from core.tests.web.circle import Circle

LIST = "/circles/stake?look=graph"
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) sum += entry.value;
  }).observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 300);
})"""


@pytest.fixture(scope="module")
def plugins(circles: str) -> tuple[str, ...]:
    return (circles,)


@pytest.fixture
def group(circle: Circle) -> Circle:
    """A group of companies: who owns whom, and who stands for whom."""
    owned = (
        ("陈海越", "海越控股", "70"),
        ("林山", "海越控股", "30"),
        ("海越控股", "海越钢铁", "60"),
        ("海越控股", "海越物流", "100"),
        ("海越钢铁", "海越铸造", "51"),
        ("海越物流", "海越铸造", "49"),
    )
    for holder, held, share in owned:
        circle.stake(holder, held, share)
    circle.stake("海越控股", "海越铸造", how="guarantees")
    return circle


def test_it_is_drawn_without_moving_anything(lin: Any, site: str, group: Circle) -> None:
    lin.goto(site + LIST)
    lin.wait_for_selector("[data-drawn] canvas")
    assert lin.evaluate(SHIFTS) < 0.01
    expect(lin.locator(".t-chart-table")).to_be_hidden()


def test_a_name_leads_to_its_record(lin: Any, site: str, group: Circle) -> None:
    lin.goto(f"{site}/circles/company/{group.ids['海越控股']}")
    lin.wait_for_selector("[data-drawn] canvas")
    place = lin.locator(".t-chart-drawn canvas")
    size = place.bounding_box()
    # below all others stands what all links lead to, in the middle of its level
    place.click(position={"x": size["width"] / 2, "y": size["height"] - 30})
    lin.wait_for_url(f"**/circles/company/{group.ids['海越铸造']}")


def test_by_the_keyboard_the_table_is_reached_and_leads_on(
    lin: Any, site: str, group: Circle
) -> None:
    lin.goto(site + LIST)
    lin.locator("[data-t-chart-data]").focus()
    lin.keyboard.press("Enter")
    expect(lin.locator(".t-chart-table")).to_be_visible()
    lin.locator(".t-chart-table tbody a").first.focus()
    lin.keyboard.press("Enter")
    lin.wait_for_url("**/circles/company/*")


def test_the_table_is_there_before_what_draws_it(
    lin: Any, site: str, group: Circle, console: Any
) -> None:
    console.expect("later/graph")
    lin.route("**/later/graph*.js", lambda route: route.abort())
    lin.goto(site + LIST)
    button = lin.locator("[data-t-chart-data]")
    button.click()
    expect(lin.locator(".t-chart-table")).to_be_visible()
    expect(button).to_have_attribute("aria-pressed", "true")


def test_a_picture_of_it_can_be_taken_away(lin: Any, site: str, group: Circle) -> None:
    lin.goto(site + LIST)
    lin.wait_for_selector("[data-drawn] canvas")
    with lin.expect_download() as told:
        lin.locator("[data-t-chart-png]").click()
    assert told.value.suggested_filename.endswith(".png")


WORDS = """() => {
  window.words = [];
  const real = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...more) {
    window.words.push(text);
    return real.call(this, text, ...more);
  };
}"""


BRANCHES = ("扬州", "镇江", "泰州", "南通", "盐城", "常州", "无锡", "苏州", "徐州", "淮安", "宿迁")


@pytest.mark.parametrize("count", [5, len(BRANCHES)], ids=["in levels", "pulled"])
def test_names_that_differ_at_their_ends_are_told_apart(
    lin: Any, site: str, circle: Circle, count: int
) -> None:
    """Those of a group begin alike: one that has no room is cut within."""
    for place in BRANCHES[:count]:
        circle.stake("海岳", f"海岳实业集团有限责任公司{place}分公司")
    lin.add_init_script(f"({WORDS})()")
    lin.goto(site + LIST)
    lin.wait_for_selector("[data-drawn] canvas")
    words = set(lin.evaluate("window.words"))
    assert "海岳" in words
    for place in BRANCHES[:count]:
        (drawn,) = [word for word in words if word.endswith(f"{place}分公司")]
        assert drawn.startswith(("海岳实…", "海岳实业…"))
