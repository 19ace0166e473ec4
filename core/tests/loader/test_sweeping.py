"""While an institution starts nothing looks for garbage; afterwards it is looked for as before, however it ended."""

from __future__ import annotations

import gc

import pytest

from tenor.sweeping import unswept


def test_nothing_is_looked_for_meanwhile() -> None:
    with unswept():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_is_looked_for_again_after_a_start_that_failed() -> None:
    with pytest.raises(ZeroDivisionError), unswept():
        _ = 1 / 0
    assert gc.isenabled()


def test_the_outermost_says_when() -> None:
    with unswept():
        with unswept():
            pass
        assert not gc.isenabled()
