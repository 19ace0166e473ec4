"""Tiles of a dashboard fill their rows, at every width, and leave what stands in them its room."""

from __future__ import annotations

from typing import Any

import pytest

from tenor_test_support.browser import opened

#: a page of so many tiles, one of them wide: of each where it begins, its width and that of all
_LAID = """([count, wide]) => {
  const tile = (place) => `<section class="t-sheet${place === wide ? ' is-wide' : ''}">tile</section>`;
  const main = document.querySelector("main");
  main.innerHTML = `<div class="t-tiles">${[...Array(count).keys()].map(tile).join("")}</div>`;
  const all = main.firstChild.getBoundingClientRect();
  return [...main.firstChild.children].map((each) => each.getBoundingClientRect())
    .map((each) => [Math.round(each.top), each.left - all.left, each.width, all.width]);
}"""
_NONE = -1


@pytest.mark.parametrize("width", [390, 1280, 1440, 1920, 2560])
@pytest.mark.parametrize(("count", "wide"), [(1, _NONE), (4, 2), (7, _NONE)])
def test_tiles_fill_their_rows(lin: Any, site: str, width: int, count: int, wide: int) -> None:
    lin.set_viewport_size({"width": width, "height": 900})
    opened(lin, f"{site}/tasks")
    laid = lin.evaluate(_LAID, [count, wide])
    rows: dict[int, list[Any]] = {}
    for top, left, size, whole in laid:
        rows.setdefault(top, []).append((left, size, whole))
    for row in rows.values():
        assert len(row) <= 3
        left, size, whole = row[-1]
        assert abs(left + size - whole) < 1  # up to the end of it
        assert all(size >= min(whole, 440) - 1 for _left, size, whole in row)
    if width > 1000 and count == 7:
        assert max(map(len, rows.values())) == (2 if width < 1600 else 3)
