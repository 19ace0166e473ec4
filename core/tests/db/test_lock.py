"""The lock before writing on SQLite: first come, first served."""

from __future__ import annotations

from threading import Thread

import pytest

from tenor.db.lock import FairLock
from tenor_sdk import Conflict


def test_the_turn_goes_to_whoever_asked_first() -> None:
    lock, order, threads = FairLock(), [], []
    lock.acquire()

    def take(name: int) -> None:
        lock.acquire()
        order.append(name)
        lock.release()

    for name in range(5):
        thread = Thread(target=take, args=(name,))
        thread.start()
        threads.append(thread)
        while len(lock._waiting) <= name:
            pass
    lock.release()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_a_turn_that_does_not_come_is_a_conflict() -> None:
    lock = FairLock()
    lock.acquire()
    with pytest.raises(Conflict, match="database-busy"):
        lock.acquire(timeout=0.01)
    lock.release()
    lock.acquire(timeout=0.01)
