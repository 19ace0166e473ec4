"""People at the pages, as a plugin's tests have them."""

from __future__ import annotations

import pytest

from tenor.kernel import Kernel
from tenor_errands.records import Errand
from tenor_errands.services import add_errand
from tenor_sdk.testing import as_actor, visit


def test_somebody_presses_a_button(institution: Kernel) -> None:
    with as_actor(institution, "lin.xiaowen") as ctx:
        number = add_errand(ctx, "Fetch the seal").id
    page = f"/errands/errand/{number}"
    lin = visit(institution, "lin.xiaowen")
    answer = lin.press(page, f"{page}/transitions/start")
    assert (answer.status_code, answer.location) == (303, page)
    with as_actor(institution, "lin.xiaowen", write=False) as ctx:
        assert ctx.session.get_one(Errand, number).state == "under-way"


def test_another_status_than_expected_fails_with_the_page(institution: Kernel) -> None:
    with pytest.raises(AssertionError, match="404"):
        visit(institution, "lin.xiaowen").get("/errands/errand/1")
