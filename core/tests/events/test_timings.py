"""How often callbacks were called, and how they fared."""

import pytest

from tenor.events.timings import Timings


def test_calls_and_failures_are_counted_by_callback() -> None:
    timings = Timings()
    for _ in range(3):
        with timings.timed("handler", "loans", "on_paid"):
            pass
    with pytest.raises(ValueError, match="no"), timings.timed("handler", "loans", "on_paid"):
        raise ValueError("no")
    with timings.timed("hook", "npl", "options"):
        pass
    (paid,) = timings.of_plugin("loans")
    assert (paid.calls, paid.failed) == (4, 1)
    assert paid.seconds >= paid.slowest > 0
    assert {timing.name for timing in timings.all()} == {"on_paid", "options"}
