"""When a worker counts as deaf: messages wait, it has nothing to do, and takes none."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import dataclass, field

import pytest
from redis import Redis

from tenor.jobs.hearing import Hearing


@dataclass
class Ear:
    """A worker's hearing, and a clock that is put forward by hand."""

    now: float = 0.0
    hearing: Hearing = field(init=False)

    def __post_init__(self) -> None:
        self.hearing = Hearing(30, clock=lambda: self.now)

    def after(self, seconds: float, waiting: int | None) -> bool:
        self.now += seconds
        return self.hearing.listen(waiting)


@pytest.fixture
def ear() -> Ear:
    made = Ear()
    assert not made.hearing.listen(3)
    return made


def test_an_idle_worker_for_which_messages_wait_is_deaf_after_a_while(ear: Ear) -> None:
    assert not ear.after(29, waiting=3)
    assert ear.after(1, waiting=3)


def test_one_that_took_a_message_meanwhile_hears(ear: Ear) -> None:
    ear.now += 20
    with ear.hearing.job():
        pass
    assert not ear.after(20, waiting=3)
    assert not ear.after(20, waiting=3)


def test_one_that_is_busy_isnt_deaf_however_long_its_job_takes(ear: Ear) -> None:
    with ear.hearing.job():
        assert not ear.after(60, waiting=3)
        assert not ear.after(60, waiting=3)
    assert not ear.after(1, waiting=3)


@pytest.mark.parametrize("waiting", [0, None])
def test_where_nothing_waits_or_redis_is_away_nobody_is_deaf(ear: Ear, waiting: int | None) -> None:
    assert not ear.after(60, waiting)
    assert not ear.after(1, waiting=3)
    assert not ear.after(29, waiting=3)


WORKER = """
import signal, sys
from tenor.jobs.hearing import Hearing, Watch
Watch(Hearing(0.1), sys.argv[1], ["tenor.deaf"], pause=0.05).start()
signal.pause()
"""


def test_a_deaf_worker_says_so_and_ends(redis_url: str) -> None:
    with Redis.from_url(redis_url) as redis:
        redis.lpush("tenor.deaf", "a message")
        ended = subprocess.run(
            [sys.executable, "-c", WORKER, redis_url],
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
        redis.delete("tenor.deaf")
    assert ended.returncode == -signal.SIGTERM
    assert "to be started anew" in ended.stderr
