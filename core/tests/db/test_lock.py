"""The lock before writing on SQLite: first come, first served."""

from __future__ import annotations

import os
import stat
import sys
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Thread

import pytest

from tenor.db.database import Database
from tenor.db.file_turn import FileTurn
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


def test_a_process_that_writes_without_a_break_lets_in_another_that_waits(tmp_path: Path) -> None:
    """Two locks on one file stand for two processes: each opens it by itself."""
    busy, other = (FairLock(FileTurn(tmp_path / "bank.db")) for _ in range(2))
    order: list[str] = []
    busy.acquire()

    def take() -> None:
        other.acquire()
        order.append("other")
        other.release()

    thread = Thread(target=take)
    thread.start()
    _wait_until_somebody_waits(tmp_path / "bank.db-next")
    busy.release()
    busy.acquire()
    order.append("busy")
    busy.release()
    thread.join()
    assert order == ["other", "busy"]


def _wait_until_somebody_waits(path: Path) -> None:
    with path.open("rb") as file:
        while True:
            try:
                flock(file, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                return
            flock(file, LOCK_UN)


def test_a_turn_that_another_process_keeps_is_a_conflict_and_leaves_the_threads_theirs(
    tmp_path: Path,
) -> None:
    first, second = (FairLock(FileTurn(tmp_path / "bank.db")) for _ in range(2))
    first.acquire()
    with pytest.raises(Conflict, match="database-busy"):
        second.acquire(timeout=0.01)
    first.release()
    second.acquire(timeout=0.01)
    second.release()


def test_a_killed_process_leaves_no_turn_taken(tmp_path: Path) -> None:
    path = tmp_path / "bank.db"
    program = (
        "import sys; from pathlib import Path; from tenor.db.file_turn import FileTurn;"
        "FileTurn(Path(sys.argv[1])).take(5); print('mine', flush=True); sys.stdin.read()"
    )
    with Popen(
        [sys.executable, "-c", program, str(path)], stdin=PIPE, stdout=PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "mine\n"
        lock = FairLock(FileTurn(path))
        with pytest.raises(Conflict):
            lock.acquire(timeout=0.01)
        process.kill()
        lock.acquire(timeout=10)
        lock.release()


def test_who_writes_to_a_file_has_its_turn_among_the_processes(tmp_path: Path) -> None:
    path = tmp_path / "bank.db"
    database, other = Database(f"sqlite:///{path}"), FileTurn(path)
    with database.raw():
        assert not other.take(0)
    assert other.take(0)
    other.give_up()
    with database.raw(write=False):
        assert other.take(0)
    other.close()
    database.dispose()


def test_whoever_may_use_the_database_may_take_turns_at_it(tmp_path: Path) -> None:
    """An administrator's command may be the first to write; the service goes on as somebody else."""
    path = tmp_path / "bank.db"
    path.touch()
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 1234, 1234)
    turn = FileTurn(path)
    assert turn.take(0)
    turn.close()
    for ending in ("-next", "-turn"):
        made, database = path.with_name(f"bank.db{ending}").stat(), path.stat()
        assert (made.st_uid, made.st_gid) == (database.st_uid, database.st_gid)
        assert stat.S_IMODE(made.st_mode) == 0o640


def test_a_strict_umask_keeps_nobody_of_the_database_from_its_turns(tmp_path: Path) -> None:
    path = tmp_path / "bank.db"
    path.touch()
    path.chmod(0o660)
    before = os.umask(0o077)
    try:
        turn = FileTurn(path)
        assert turn.take(0)
        turn.close()
    finally:
        os.umask(before)
    for file in _files_of(path):
        assert stat.S_IMODE(file.stat().st_mode) == 0o660


@pytest.mark.parametrize("ending", ["-next", "-turn"])
def test_what_a_link_in_their_place_leads_to_is_left_alone(tmp_path: Path, ending: str) -> None:
    """The account of the service owns the folder; what an administrator runs there mustn't give it anything."""
    path, secret = tmp_path / "bank.db", tmp_path / "secret"
    path.touch()
    secret.touch(0o600)
    if os.geteuid() == 0:
        os.chown(path, 1234, 1234)
    path.with_name(f"bank.db{ending}").symlink_to(secret)
    before = secret.stat()
    turn = FileTurn(path)
    with pytest.raises(Conflict, match="no-turns-here"):
        turn.take(0)
    turn.close()
    assert secret.stat() == before


def test_a_file_of_turns_that_was_there_keeps_its_owner(tmp_path: Path) -> None:
    """It may be another name of a file that is somebody else's."""
    path, secret = tmp_path / "bank.db", tmp_path / "secret"
    path.touch()
    path.chmod(0o666)
    secret.touch(0o600)
    if os.geteuid() == 0:
        os.chown(path, 1234, 1234)
    path.with_name("bank.db-turn").hardlink_to(secret)
    mine = secret.stat().st_uid
    turn = FileTurn(path)
    assert turn.take(0)
    turn.close()
    assert (secret.stat().st_uid, stat.S_IMODE(secret.stat().st_mode)) == (mine, 0o600)


def test_a_pipe_in_their_place_keeps_nobody_waiting(tmp_path: Path) -> None:
    path = tmp_path / "bank.db"
    for file in _files_of(path):
        os.mkfifo(file)
    turn = FileTurn(path)
    assert turn.take(0)
    turn.close()


def _files_of(path: Path) -> list[Path]:
    return [path.with_name(f"{path.name}{ending}") for ending in ("-next", "-turn")]
