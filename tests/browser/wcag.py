"""What axe finds wrong with a page by WCAG 2.2, levels A and AA."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.browser.looking_over import WIDTHS

if TYPE_CHECKING:
    from playwright.sync_api import Page

_PACKAGES: Final = Path(__file__).parents[2] / "tools" / "assets" / "node_modules"
_AXE: Final = (_PACKAGES / "axe-core" / "axe.min.js").read_text("utf-8")
#: a menu that the bar cuts stands under "More" as well, whole: the equivalent control that 2.5.8 allows
_RUN: Final = """async () => {
  const { violations } = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    resultTypes: ["violations"],
    elementRef: true,
  });
  const cut = (id, { element }) => id === "target-size" && element.closest(".t-bar-menus");
  return violations.flatMap(({ id, nodes }) =>
    nodes.filter((node) => !cut(id, node)).map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}"""


def breaches(page: Page) -> list[str]:
    """The rule and the element of each breach, at each width."""
    found: list[str] = []
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        if not page.evaluate("'axe' in window"):
            page.evaluate(_AXE)
        found += page.evaluate(_RUN)
    return list(dict.fromkeys(found))
