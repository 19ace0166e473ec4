"""Script in names, marks that turn a line, names of 10,000 characters, rare characters, amounts of 10^15, 500 tags: no
page breaks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.looking_over import WIDTHS
from tests.browser.rough import MOST, NAMES, SCRIPT, TAGS, TURNED, UNBROKEN, roughen
from tests.browser.test_pages import desk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from playwright.sync_api import Browser, FilePayload, Page

    from tenor_test_support.browser import Console
    from tests.browser.desk import Desk

LOOK: Final = (Path(__file__).parent / "rough.js").read_text("utf-8").rstrip().removesuffix(";")
LISTS: Final = ("/customers/customer", "/origination/application", "/loans/loan")
PAGES: Final = (
    "/", "/tasks", "/inbox", *LISTS, "/customers/customer?industry=C34&look=chart", "/customers/customer/columns",
    "/origination/application?look=board", "/origination/application?look=pivot", "/loans/loan?look=board",
    "/loans/loan?look=calendar&look_at=2026-07", "/loans/loan?look=calendar&look_by=week", "/loans/loan?look=chart",
    "/loans/loan?look=pivot", "/dashboards/loans/portfolio", "/dashboards/origination/pipeline", "/search?q=WWW",
    *(f"/customers/customer/{each}" for each in (1, 4, 8, 9, 5)), "/customers/customer/8/edit",
    "/customers/customer/9/why", "/origination/application/11", "/origination/application/12/edit", "/loans/loan/1",
)  # fmt: skip
RUN: Final = (
    "/base/unit",
    "/base/unit/8",
    "/base/user",
    "/base/user/6",
    "/base/user-position",
    "/jobs",
)


@pytest.fixture(scope="module")
def rough_bank(demo_as_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo bank, its names, amounts and tags as nobody would enter them."""
    folder = tmp_path_factory.mktemp("rough")
    shutil.copytree(demo_as_made, folder, dirs_exist_ok=True)
    roughen(folder)
    house = House(folder)
    house.command("search", "rebuild")
    with house.serving():
        yield house


def broken(page: Page) -> list[str]:
    """What is wrong at each width."""
    found: list[str] = []
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        found += page.evaluate(LOOK)
    return list(dict.fromkeys(found))


def walk(somebody: Desk, paths: tuple[str, ...]) -> list[str]:
    """What is wrong, and where."""
    wrong: list[str] = []
    for path in paths:
        somebody.open(path)
        wrong += [f"{path}: {fault}" for fault in broken(somebody.page)]
    return wrong


@pytest.mark.parametrize("unit", ["one", "ten-thousand"])
def test_no_page_breaks(chromium: Browser, console: Console, rough_bank: House, unit: str) -> None:
    """All of them with amounts in yuan, the lists in ten thousands too; and what runs the house."""
    with desk(chromium, rough_bank, console, "zh-CN") as lin:
        lin.sign_in("lin.xiaowen")
        chosen = lin.page.locator(f".is-unit button[value={unit}]")
        chosen.click()
        expect(chosen).to_have_attribute("aria-pressed", "true")
        wrong = walk(lin, PAGES if unit == "one" else ("/", *LISTS, "/loans/loan?look=pivot"))
    if unit == "one":
        with desk(chromium, rough_bank, console, "en") as ding:
            ding.sign_in("ding.ning")
            wrong += walk(ding, RUN)
    assert not wrong, "\n".join(wrong)


def test_such_names_are_typed_told_found_and_printed(
    chromium: Browser, console: Console, rough_bank: House
) -> None:
    """A comment, a changed field, a saved filter and a file's name by hand; then the palette, and paper."""
    with desk(chromium, rough_bank, console, "zh-CN") as lin:
        page = lin.page
        lin.sign_in("lin.xiaowen")
        lin.open("/customers/customer/13")
        page.locator("textarea[name=text]").fill(f"{SCRIPT}\n{TURNED}\n{UNBROKEN[:3000]}")
        file: FilePayload = {
            "name": f"{TURNED}.pdf",
            "mimeType": "application/pdf",
            "buffer": b"%PDF-1.4",
        }
        page.locator(".t-compose input[type=file]").set_input_files(file)
        page.locator(".t-compose button").click()
        expect(page.locator("details.t-said")).to_have_count(1)
        lin.open("/customers/customer/13/edit")
        page.fill("#f-name", SCRIPT)
        page.fill("#f-address", TURNED)
        page.locator("form.t-form button.is-primary").click()
        page.wait_for_url("**/customers/customer/13")
        assert broken(page) == []
        lin.open("/customers/customer?industry=C39")
        page.locator(".t-tabs a[href*='/saved/new']").click()
        page.fill("#f-name", SCRIPT[:40])
        page.keyboard.press("Enter")
        page.wait_for_url("**&saved=*")
        assert broken(page) == []
        page.keyboard.press("Control+k")
        page.keyboard.type("𬭸")
        page.wait_for_selector("#t-palette mark")
        assert page.evaluate("document.querySelector('#t-palette').scrollWidth <= innerWidth")
        page.keyboard.press("Escape")
        lin.open("/customers/customer/8")
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 794, "height": 1123})
        assert page.evaluate("document.documentElement.scrollWidth") <= 794


def test_all_of_it_can_be_read(chromium: Browser, console: Console, rough_bank: House) -> None:
    """What is cut in one place stands whole in another: a long name on its record's page, tags behind a press."""
    with desk(chromium, rough_bank, console, "zh-CN") as lin:
        lin.sign_in("lin.xiaowen")
        lin.open("/customers/customer/9")
        page = lin.page
        assert page.locator(".t-fields dd", has_text=UNBROKEN).first.evaluate(
            "dd => dd.scrollHeight <= dd.clientHeight + 4"
        )
        page.locator(".t-facts summary").click()
        tags = page.locator(".t-facts .t-tag")
        expect(tags).to_have_count(TAGS.count(",") + 1)
        expect(tags.last).to_be_visible()
        assert f"{MOST // 100:,}.00" in page.inner_text("#t-main")
        lin.open("/customers/customer/4")
        assert "\u202e" in NAMES[1]
        assert "\u202e" not in page.inner_text("#t-main h1")


PLANTED: Final[Mapping[str, Callable[[Page], object]]] = {
    "script": lambda page: page.evaluate("() => { window.ran = 1 }"),
    "too wide": lambda page: planted(page, "W" * 500),
    "lines": lambda page: planted(page, "名" * 5_000, "t-facet-option"),
    "turned": lambda page: planted(page, "\u202e1,234.00"),
    "two lines": lambda page: planted(page, "1,234.00 1,234.00", "t-num", width="40px"),
    "is cut": lambda page: planted(page, "1,234,567,890.00", "t-num", width="40px"),
    "nowhere whole": lambda page: planted(page, "名 " * 500, "t-clip"),
}


def planted(page: Page, text: str, name: str = "", width: str = "auto") -> None:
    """Put a text into the page, in an element of a class that holds it to a width."""
    page.evaluate(
        """([text, name, width]) => {
          const [box, it] = [document.createElement("div"), document.createElement("div")];
          it.textContent = text;
          it.className = name;
          it.style.setProperty("display", name === "t-num" ? "inline" : "");
          box.style.setProperty("width", width);
          if (width !== "auto" && !text.includes(" ")) box.style.setProperty("overflow", "hidden");
          if (text.includes(" ") && name === "t-num") it.style.setProperty("white-space", "normal");
          box.append(it);
          document.getElementById("t-main").append(box);
        }""",
        [text, name, width],
    )


def test_each_planted_break_is_found(
    chromium: Browser, console: Console, rough_bank: House
) -> None:
    with desk(chromium, rough_bank, console, "zh-CN") as somebody:
        somebody.sign_in("ding.ning")
        missed = []
        for fault, plant in PLANTED.items():
            somebody.open("/shortcuts")
            plant(somebody.page)
            if fault not in "; ".join(broken(somebody.page)):
                missed.append(fault)
        assert missed == []
