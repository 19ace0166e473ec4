"""What goes says so to whoever still uses it, where they do."""

from __future__ import annotations

import pytest

from tenor_sdk.deprecation import LeavingWarning, deprecated


@deprecated(instead="double(amount)", gone_in="2.0")
def twice(amount: int) -> int:
    """Two times an amount."""
    return 2 * amount


def uses() -> int:
    return twice(21)


def test_it_goes_on_working_and_names_the_line_that_uses_it() -> None:
    with pytest.warns(LeavingWarning) as told:
        assert uses() == 42
    (warning,) = told
    assert str(warning.message) == "twice goes with 2.0: write double(amount)"
    assert (warning.filename, warning.lineno) == (__file__, uses.__code__.co_firstlineno + 1)


def test_it_keeps_its_name_and_its_words() -> None:
    assert (twice.__name__, twice.__doc__) == ("twice", "Two times an amount.")
