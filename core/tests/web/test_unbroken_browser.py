"""Days, times and the numbers of records aren't broken over lines, however narrow their place is."""

from __future__ import annotations

from typing import Any

from tenor.kernel import Kernel
from tenor_sdk.testing import as_actor
from tenor_test_support.browser import opened

#: the days, times and numbers of a timeline that stand on more than one line; by how much its page is too wide
_BROKEN = """() => {
  const found = [], texts = document.createTreeWalker(document.querySelector('.t-timeline'), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    for (const one of node.data.matchAll(/(?:[A-Z]{2,}-)?\\d{4}-\\d+(?:-\\d+)?(?: \\d\\d:\\d\\d)?/g)) {
      const range = document.createRange();
      range.setStart(node, one.index);
      range.setEnd(node, one.index + one[0].length);
      const tops = [...range.getClientRects()].filter((each) => each.width).map((each) => Math.round(each.top));
      if (new Set(tops).size > 1) found.push(one[0]);
    }
  }
  const root = document.documentElement;
  return [found, Math.max(0, root.scrollWidth - root.clientWidth)];
}"""


def test_a_day_is_whole_at_every_width(lin: Any, site: str, box: Any, institution: Kernel) -> None:
    from tenor_vault.records import Box

    box(name="APP-2026-000001")
    ctx: Any
    with as_actor(institution, "lin.xiaowen") as ctx:
        said = "APP-2026-000002, 2026-06-29 – 2026-07-10, LN-2026-0007, 2026-08-01 09:30"
        institution.records.update(ctx, ctx.session.get_one(Box, 1), {"name": said})
    opened(lin, f"{site}/vault/box/1")
    for width in range(320, 400, 10):
        lin.set_viewport_size({"width": width, "height": 800})
        assert lin.evaluate(_BROKEN) == [[], 0], width
