"""A pace: so many at once, what wasn't used comes back, one doesn't hold up another, memory has an end."""

from datetime import timedelta

from tenor.drivers import pace as module
from tenor.drivers.pace import Pace


class Hand:
    """A clock that is moved by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def let(pace: Pace, times: int, who: str = "a") -> int:
    return sum(pace.let(who) for _ in range(times))


def test_so_many_at_once_and_no_more() -> None:
    pace = Pace(3, timedelta(seconds=30), Hand())
    assert let(pace, 10) == 3
    assert let(pace, 10, "b") == 3


def test_what_was_used_comes_back_bit_by_bit() -> None:
    clock = Hand()
    pace = Pace(3, timedelta(seconds=30), clock)
    let(pace, 10)
    clock.now += 10
    assert let(pace, 10) == 1
    clock.now += 300
    assert let(pace, 10) == 3


def test_whoever_was_longest_unheard_of_is_forgotten() -> None:
    pace = Pace(1, timedelta(hours=1), Hand())
    for number in range(module._MOST + 5):
        pace.let(number)
    assert len(pace._full_at) == module._MOST
