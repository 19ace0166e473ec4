"""What a schedule and a retry may say; a slip is an error of the plugin that makes it, at import, with its line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, time, timedelta

import pytest

from tenor_sdk.jobs import Daily, Every, Retry, job


@pytest.mark.parametrize(
    "slip",
    [
        Every,
        lambda: Every(minutes=0),
        lambda: Every(minutes=-5),
        lambda: Every(hours=1, minutes=-60),
        lambda: Daily(at=time(20, 0, tzinfo=UTC)),
        lambda: Retry(times=0),
        lambda: Retry(pause=timedelta(seconds=-1)),
        lambda: job(time_limit=timedelta()),
    ],
)
def test_a_schedule_or_retry_that_makes_no_sense_is_refused(slip: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="a "):
        slip()


def test_a_distance_is_the_sum_of_its_parts() -> None:
    assert Every(hours=1, minutes=2, seconds=3).distance == timedelta(seconds=3723)


def test_each_pause_is_twice_the_one_before_and_none_is_longer_than_a_day() -> None:
    retry = Retry(times=1000, pause=timedelta(minutes=10))
    minutes = [retry.pause_after(failures) / timedelta(minutes=1) for failures in (1, 2, 3, 8, 999)]
    assert minutes == [10, 20, 40, 1280, 1440]
