"""How somebody works a page: with the mouse, or with the keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Locator
    from playwright.sync_api import Keyboard as PlaywrightKeyboard


class Hands(Protocol):
    """What they do with a link, a button, a field."""

    def press(self, place: Locator, times: int = 1) -> None:
        """Press a link or a button, so many times at once."""

    def fill(self, field: Locator, text: str) -> None:
        """Put a text into a field, in place of what stands there."""

    def choose(self, field: Locator, option: str) -> None:
        """Choose an option of a list by its words."""

    def take(self, option: Locator) -> None:
        """Take what a picker, in whose field the focus is, has found."""

    def attach(self, field: Locator, file: Path | FilePayload) -> None:
        """Give a file."""


class Mouse:
    """Clicks."""

    def press(self, place: Locator, times: int = 1) -> None:
        place.click(click_count=times)

    def fill(self, field: Locator, text: str) -> None:
        field.fill(text)

    def choose(self, field: Locator, option: str) -> None:
        field.select_option(label=option)

    def take(self, option: Locator) -> None:
        option.click(timeout=4_000)

    def attach(self, field: Locator, file: Path | FilePayload) -> None:
        field.set_input_files(file)


#: the focus goes to what comes before the place in the order of Tab: whoever had come there by Tab is there, too
_TO_BEFORE: Final = """place => {
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];
  const reached = all.filter(one =>
    one === place || (one.tabIndex >= 0 && !one.disabled && !one.closest(".ts-wrapper") &&
      one.checkVisibility({ visibilityProperty: true })));
  const before = reached[reached.indexOf(place) - 1];
  if (before) before.focus();
  else document.activeElement?.blur();
}"""
_SHOWS_IT: Final = """place => {
  if (document.activeElement !== place) return null;
  const rings = [place, place.closest(".ts-control"), place.closest("label")].filter(Boolean);
  return rings.some(one => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" || style.boxShadow !== "none";
  });
}"""
#: scrollable parts take the focus as well, between two things that can be pressed
_FEW: Final = 8


class Keyboard:
    """Tabs to everything, and sees there that it has the focus; never clicks."""

    def press(self, place: Locator, times: int = 1) -> None:
        keys = self._reach(place)
        if times == 1:
            place.press("Enter")  # waits for the page that comes of it, as a click does
        else:
            for _each in range(times):
                keys.press("Enter")

    def fill(self, field: Locator, text: str) -> None:
        keys = self._reach(field)
        keys.press("Control+a")
        if text:
            keys.insert_text(text)
        else:
            keys.press("Delete")

    def choose(self, field: Locator, option: str) -> None:
        keys = self._reach(field)
        labels = field.locator("option").evaluate_all("all => all.map(one => one.text.trim())")
        keys.press("Home")
        for _each in labels:
            if field.evaluate("list => list.selectedOptions[0].text.trim()") == option:
                return
            keys.press("ArrowDown")
        expect(field.locator("option:checked")).to_have_text(option)

    def take(self, option: Locator) -> None:
        page = option.page
        option.wait_for(timeout=4_000)
        for _each in range(_FEW):
            if "active" in (option.get_attribute("class") or "").split():
                page.keyboard.press("Enter")
                return
            page.keyboard.press("ArrowDown")
        raise AssertionError("the arrows don't come to what was found")

    def attach(self, field: Locator, file: Path | FilePayload) -> None:
        # the browser is told that files are given to it well before it is asked for one
        with field.page.expect_file_chooser() as chooser:
            self._reach(field).press("Space")
        chooser.value.set_files(file)

    def _reach(self, place: Locator) -> PlaywrightKeyboard:
        page = place.page
        place.wait_for()
        if place.evaluate("place => document.activeElement === place"):
            return page.keyboard
        place.evaluate(_TO_BEFORE)
        for _each in range(_FEW):
            page.keyboard.press("Tab")
            shows = place.evaluate(_SHOWS_IT)
            if shows is not None:
                assert shows, f"{place} has the focus and doesn't show it"
                return page.keyboard
        raise AssertionError(f"Tab doesn't come to {place}")
