"""Times in a histogram: a quantile is within one step of the exact one; the last hour is told apart from all before."""

from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from tenor.meters import LAST, SLICE, SLICES, Meter, Times, end_of, step_of

SECONDS = st.floats(min_value=0, max_value=200, allow_nan=False)


def _told(seconds: list[float]) -> Times:
    steps: dict[int, int] = {}
    for each in seconds:
        steps[step_of(each)] = steps.get(step_of(each), 0) + 1
    return Times(len(seconds), 0, sum(seconds), max(seconds, default=0.0), steps)


@given(st.lists(SECONDS, min_size=1), st.floats(min_value=0.01, max_value=1))
def test_a_quantile_is_within_one_step_of_the_exact_one(seconds: list[float], share: float) -> None:
    exact = sorted(seconds)[max(1, ceil(share * len(seconds))) - 1]
    read = _told(seconds).quantile(share)
    assert read is not None
    assert abs(step_of(read) - step_of(exact)) <= 1
    assert read >= exact or step_of(read) == step_of(exact)


@given(SECONDS)
def test_a_time_lies_between_the_ends_of_its_step(seconds: float) -> None:
    step = step_of(seconds)
    assert step == LAST or seconds <= end_of(step)
    assert step == 0 or seconds >= end_of(step - 1) * (1 - 1e-9)


@given(st.integers(min_value=8, max_value=LAST - 1))
def test_a_step_is_a_quarter_of_its_time_at_most(step: int) -> None:
    before, end = round(end_of(step - 1) * 1e6), round(end_of(step) * 1e6)
    assert before < end <= before + before // 4


def test_steps_follow_one_another() -> None:
    ends = [end_of(step) for step in range(LAST)]
    assert ends == sorted(set(ends))


def test_how_many_took_no_longer_than_a_bound_is_exact_at_the_end_of_a_step() -> None:
    told = _told([0.0001, 0.0005, 0.001, 0.003, 150.0])
    assert [told.within(2**power / 1e6) for power in (7, 9, 11, 13, 26)] == [1, 2, 3, 4, 4]


def test_what_is_older_than_an_hour_counts_only_in_the_sum() -> None:
    meter = Meter()
    meter.count(0.0, True, 3.0)
    meter.count(SLICE, False, SLICE + 1.0)
    assert (meter.lately(SLICE).calls, meter.lately(SLICE).slowest) == (2, 3.0)
    later = SLICE * SLICES
    assert (meter.lately(later).calls, meter.lately(later).slowest) == (1, 1.0)
    meter.count(later * 2, False, later * 2 + 0.5)
    assert meter.lately(later * 2).calls == 1
    ever = meter.ever()
    assert (ever.calls, ever.failed, ever.slowest, ever.seconds) == (3, 1, 3.0, 4.5)


def test_nothing_counted_has_no_quantile() -> None:
    assert Meter().lately().p95 is None
    assert Meter().average() is None
