"""The settings of a plugin take the width that there is."""

from __future__ import annotations

from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor_test_support.browser import opened


@pytest.mark.parametrize(("width", "beside"), [(390, 1), (1440, 3), (1920, 3)])
def test_settings_stand_beside_each_other(
    lin: Any, site: str, institution: Kernel, width: int, beside: int
) -> None:
    token = institution.identity._open("ding.ning", "")
    lin.context.add_cookies([{"name": "tenor_session", "value": token, "url": site}])
    lin.set_viewport_size({"width": width, "height": 900})
    opened(lin, f"{site}/settings/base")
    grid = lin.locator(".t-form-grid").first
    fields = grid.locator(":scope > *").evaluate_all(
        "(all) => all.map((each) => Math.round(each.getBoundingClientRect().top))"
    )
    assert fields.count(fields[0]) == beside
    root = "document.documentElement"
    assert lin.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0
