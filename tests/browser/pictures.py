"""Fourteen pages in pictures: each in both languages, light and dark, as somebody of the demo bank sees it.

They lie in ``build/pictures`` to be looked at; nothing is compared with them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.desk import Desk

FOLDER: Final = Path(__file__).parents[2] / "build" / "pictures"
THEMES: Final = ("light", "dark")
LANGUAGES: Final = ("zh-CN", "en")


@dataclass(frozen=True)
class Picture:
    """A page, and the way to it."""

    name: str
    login: str
    go: Callable[[Desk], None]


def at(path: str) -> Callable[[Desk], None]:
    """By its address."""
    return lambda desk: desk.open(path)


def first_of(path: str, name: str) -> Callable[[Desk], None]:
    """By the row of a list in which this name stands."""

    def go(desk: Desk) -> None:
        desk.open(path)
        row = desk.main.locator("tbody tr", has_text=name).first
        desk.open(row.get_attribute("data-href") or "")

    return go


def drawn(path: str) -> Callable[[Desk], None]:
    """A page whose charts are to be there."""

    def go(desk: Desk) -> None:
        desk.open(path)
        desk.page.wait_for_selector("[data-drawn] canvas")

    return go


def _conflict(desk: Desk) -> None:
    """Two windows of one form: the second to be saved meets what the first changed."""
    first_of("/customers/customer", ZEYUAN)(desk)
    form, scope = f"{desk.page.url}/edit", "#f-business_scope"
    other = desk.page.context.new_page()
    for page, words in ((other, "精密轴承的制造与销售"), (desk.page, "轴承、齿轮的制造与销售")):
        page.goto(form)
        page.fill(scope, f"{words}（{desk.say.language}）")
    save = "form.t-form button.is-primary"
    other.locator(save).click()
    expect(other.locator(save)).to_have_count(0)  # saved; else the two would come at once
    other.close()
    desk.page.locator(save).click()
    desk.page.wait_for_selector(".t-diff")


ZEYUAN: Final = "泽远精密"
LIN, ZHOU, DING, SONG = "lin.xiaowen", "zhou.qiming", "ding.ning", "song.qing"
PICTURES: Final = (
    Picture("01-sign-in", "", at("/sign-in")),
    Picture("02-my-work", ZHOU, at("/")),
    Picture("03-tasks", ZHOU, at("/tasks")),
    Picture("04-customers", LIN, at("/customers/customer")),
    Picture("05-customer", LIN, first_of("/customers/customer", ZEYUAN)),
    Picture("06-application", LIN, first_of("/origination/application", "APP-2026-000010")),
    Picture("07-application-form", LIN, at("/origination/application/new")),
    Picture("08-board", LIN, at("/origination/application?look=board")),
    Picture("09-loan", LIN, first_of("/loans/loan", "LN-2026-000007")),
    Picture("10-dashboard", LIN, drawn("/dashboards/loans/portfolio")),
    Picture("11-conflict", LIN, _conflict),
    Picture("12-plugins", DING, at("/plugins")),
    Picture("13-positions", DING, at("/base/user-position")),
    Picture("14-audit", SONG, at("/audit")),
)


def take(desk: Desk, picture: Picture) -> None:
    """The window as it stands, light and dark."""
    page = desk.page
    # by the page itself: the network isn't told to be quiet where the page before was still asking when it was left
    expect(page.locator("[hx-trigger=load], .htmx-request")).to_have_count(0)
    page.evaluate("() => document.fonts.ready.then(() => true)")
    page.mouse.move(0, 0)
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        page.screenshot(path=path_of(picture, desk.say.language, theme), animations="disabled")


def path_of(picture: Picture, language: str, theme: str) -> Path:
    """Where a picture lies."""
    return FOLDER / f"{picture.name}.{language[:2]}.{theme}.png"
