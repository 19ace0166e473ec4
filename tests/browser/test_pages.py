"""Every page of every menu, for each position, in both languages, in light and dark, wide and narrow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from tenor.base.demo import DEMO_PASSWORD, PEOPLE
from tenor_test_support.browser import Console
from tests.browser.desk import Desk
from tests.browser.looking_over import english, faults
from tests.browser.screens import EVERYBODY, SCREENS
from tests.browser.wcag import breaches
from tests.browser.words import Words

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.house import House

#: somebody of each position
HOLDERS: Final = {position: login for login, _name, _unit, position, _where in reversed(PEOPLE)}
PLUGINS: Final = frozenset({
    "automation", "base", "channels", "collections", "credit", "customers", "documents", "errands", "loans", "notes",
    "origination", "visits",
})  # fmt: skip
TAGS: Final = frozenset({"prime", "elevated-risk", "key-account", "watched"})
#: how the tags of the shipped rules are called until the bank calls them something else; timelines tell of it
SHIPPED: Final = frozenset({"Prime customer", "Elevated risk"})
#: the demo bank's other system, and a field of its own: values of choices, and words that stand beside the Chinese ones
OWN: Final = frozenset({
    "core-banking", "Listed at", "Payroll runs through us",
    "sse", "Shanghai", "szse", "Shenzhen", "bse", "Beijing", "abroad", "Abroad",
})  # fmt: skip
#: what an author writes in a rule: a condition
RULES: Final = frozenset({'event.target == "declined"'})
#: what a Chinese page may say: plugins and tags by their codes, positions in a filter by theirs
CODES: Final = PLUGINS | TAGS | SHIPPED | OWN | RULES | set(HOLDERS)
#: the ledger says what is stored
AS_STORED: Final = "/audit"
_LOOKED_AT: Final[set[tuple[str, str]]] = set()
RECORD: Final = "#t-main tbody tr:first-child th a[href^='/']"


@contextmanager
def desk(chromium: Browser, house: House, console: Console, language: str) -> Iterator[Desk]:
    """Somebody's browser: whoever reads Chinese likes it light, whoever reads English dark."""
    context = chromium.new_context(
        locale=language,
        color_scheme="light" if language == "zh-CN" else "dark",
        viewport={"width": 1440, "height": 900},
        reduced_motion="reduce",
    )
    page = context.new_page()
    console.listen(page)
    yield Desk(page, house.url, Words(language))
    context.close()


def menus(desk: Desk) -> list[str]:
    """The addresses of all menus of all apps that a person has."""
    found: dict[str, None] = {}
    for app in hrefs(desk.page, ".t-rail a.t-app"):
        desk.open(app)
        found |= dict.fromkeys([app, *hrefs(desk.page, ".t-bar-menus a")])
    return list(found)


#: the same without showing the pages
_MENUS: Final = """async () => {
  const hrefs = (page, links) => [...page.querySelectorAll(links)].map(link => link.getAttribute("href"));
  const apps = hrefs(document, ".t-rail a.t-app");
  const pages = await Promise.all(apps.map(async app => (await fetch(app)).text()));
  const parsed = pages.map(html => new DOMParser().parseFromString(html, "text/html"));
  return [...apps, ...parsed.flatMap(page => hrefs(page, ".t-bar-menus a"))];
}"""


def hrefs(page: Page, links: str) -> list[str]:
    """Where links lead."""
    found: list[str] = page.locator(links).evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )
    return found


@pytest.mark.parametrize("position", HOLDERS)
def test_no_page_of_a_position_has_a_fault(
    chromium: Browser, console: Console, demo_bank: House, position: str
) -> None:
    """Each menu's page; in Chinese the first record of each list as well."""
    wrong: list[str] = []
    for language, names in (("zh-CN", CODES), ("en", None)):
        with desk(chromium, demo_bank, console, language) as somebody:
            somebody.sign_in(HOLDERS[position])
            records: dict[str, None] = {}
            for path in menus(somebody):
                wrong += look_over(somebody, path, names)
                records |= dict.fromkeys(hrefs(somebody.page, RECORD))
            for path in records if names is not None else ():
                wrong += look_over(somebody, path, names)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("position", HOLDERS)
def test_a_position_sees_the_screens_that_are_its_own_and_no_others(
    chromium: Browser, console: Console, demo_bank: House, position: str
) -> None:
    with desk(chromium, demo_bank, console, "zh-CN") as somebody:
        somebody.sign_in(HOLDERS[position])
        offered = set(somebody.page.evaluate(_MENUS))
        get = somebody.page.request.get
        for screen in SCREENS:
            seen = position in screen.positions | screen.beside
            status = get(somebody.url + screen.path).status
            assert status in ((200,) if seen else (403, 404)), f"{screen.path}: {status}"
            assert (screen.path in offered) == (position in screen.positions), screen.path


def test_each_position_is_asked_about_each_screen() -> None:
    assert set(HOLDERS) == set(EVERYBODY.split())
    assert {one for screen in SCREENS for one in screen.positions} <= set(HOLDERS)


def look_over(desk: Desk, path: str, names: Iterable[str] | None) -> list[str]:
    """What is wrong with a page, and where that is. By WCAG one page of a kind is looked at, once in each language: it
    takes long."""
    desk.open(path)
    names = None if path == AS_STORED else names
    found, kind = faults(desk.page, names=names), (re.sub("[0-9]+", "1", path), desk.say.language)
    if kind not in _LOOKED_AT:
        _LOOKED_AT.add(kind)
        found += breaches(desk.page)
    return [f"{path} in {desk.say.language}: {fault}" for fault in found]


def test_the_sign_in_page_has_no_fault(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    for language in ("zh-CN", "en"):
        names = {"haiyue"} if language == "zh-CN" else None
        with desk(chromium, demo_bank, console, language) as stranger:
            stranger.open("/sign-in")
            assert faults(stranger.page, names=names) + breaches(stranger.page) == []


PLANTED: Final = {
    "no label": lambda page: plant(page, "<input>"),
    "2 headings": lambda page: plant(page, "<h1>Another</h1>"),
    "no name": lambda page: plant(page, "<button></button>"),
    "twice": lambda page: plant(page, "<i id=t-main></i>"),
    "in English": lambda page: plant(page, "<p>已还 Paid back</p>"),
    "too wide": lambda page: page.evaluate(
        "document.querySelector('h1').style.setProperty('min-width', '2000px')"
    ),
    "scrolled away": lambda page: page.evaluate(
        "document.querySelector('.t-shell').style.setProperty('height', '3000px')"
    ),
}


def plant(page: Page, html: str) -> None:
    """Put something into the page."""
    page.evaluate(
        "html => document.querySelector('#t-main').insertAdjacentHTML('beforeend', html)", html
    )


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(
    chromium: Browser, console: Console, demo_bank: House, fault: str
) -> None:
    put: Callable[[Page], None] = PLANTED[fault]
    with desk(chromium, demo_bank, console, "zh-CN") as somebody:
        somebody.sign_in("lin.xiaowen")
        put(somebody.page)
        assert fault in "; ".join(faults(somebody.page, names=CODES))


@pytest.mark.parametrize(
    ("html", "rule"),
    [("<p class=planted>pale</p>", "color-contrast"), ("<p lang=klingon1>tlh</p>", "valid-lang")],
)
def test_a_planted_breach_of_wcag_is_found(
    chromium: Browser, console: Console, demo_bank: House, html: str, rule: str
) -> None:
    with desk(chromium, demo_bank, console, "zh-CN") as somebody:
        somebody.open("/sign-in")
        plant(somebody.page, html)
        somebody.page.evaluate(
            "document.querySelector('.planted')?.style.setProperty('color', '#eee')"
        )
        assert rule in "; ".join(breaches(somebody.page))


@pytest.mark.parametrize(
    "html", ["<p style='color: red'>red</p>", "<img src=x onerror='alert(1)'>"]
)
def test_a_planted_breach_of_the_policy_is_heard(
    chromium: Browser, demo_bank: House, html: str
) -> None:
    console = Console()
    with desk(chromium, demo_bank, console, "zh-CN") as somebody:
        somebody.open("/sign-in")
        with somebody.page.expect_console_message(
            lambda said: "Content Security Policy" in said.text
        ):
            somebody.page.evaluate("html => document.body.innerHTML = html", html)
    assert "Content Security Policy" in "; ".join(console.unexpected())


def test_codes_amounts_and_units_are_no_english() -> None:
    texts = [
        "APP-2026-000001",
        "origination.workflow.release",
        "20,000,000.00 CNY",
        "9 KB",
        "lin@haiyue.example",
    ]
    assert english(texts) == []


def test_the_keyboard_is_enough_to_sign_in_and_enter_a_customer(
    chromium: Browser, console: Console, demo_bank: House
) -> None:
    with desk(chromium, demo_bank, console, "zh-CN") as lin:
        page, say = lin.page, lin.say
        lin.open("/sign-in")
        tab_to(page, "f-login")
        page.keyboard.type("lin.xiaowen")
        tab_to(page, "f-password")
        page.keyboard.type(DEMO_PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{lin.url}/")
        lin.speak("zh-CN")  # whatever she had read before
        follow(page, say("Customers", "customers"))
        follow(page, say("New {what}", what=say.within(say("Customer", "customers"))))
        for field, text in {
            "f-name": "键盘机械有限公司",
            "f-credit_code": demo_code(),
            "f-industry": "C34",
            "f-representative": "钱键",
        }.items():
            tab_to(page, field)
            page.keyboard.type(text)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/customers/customer/[0-9]+$"))
        lin.sees("键盘机械有限公司", demo_code())


def demo_code() -> str:
    """The code of a customer whom the demo doesn't have."""
    from tenor_customers.demo_files import demo_uscc

    return demo_uscc(777)


_FOCUS: Final = """() => {
  const here = document.activeElement, style = getComputedStyle(here);
  return {
    id: here.id, text: here.innerText?.trim() ?? "",
    seen: here === document.body || style.outlineStyle !== "none" || style.boxShadow !== "none"
  };
}"""


def follow(page: Page, text: str) -> None:
    """Tab to a link, and go there."""
    here = page.url
    tab_to(page, text)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != here)


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what has this id or these words has the focus, and shows it."""
    for _press in range(120):
        focus = page.evaluate(_FOCUS)
        if wanted in (focus["id"], focus["text"]):
            assert focus["seen"], f"{wanted} has the focus and doesn't show it"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab doesn't come to {wanted}")
