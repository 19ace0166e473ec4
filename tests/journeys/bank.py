"""A bank that really runs: made, started and read by the ``tenor`` command, in either of the two set-ups.

*Embedded* is one process, ``tenor serve``, on SQLite, its worker a thread. *Distributed* is PostgreSQL, Redis, and
``tenor serve``, ``tenor relay`` and ``tenor worker`` (Celery), each with its supervisor.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from signal import SIGTERM
from typing import Final, TypeVar

from tenor_test_support import process
from tenor_test_support.mail import SmtpSink
from tests.journeys.people import Person

TODAY: Final = date(2026, 6, 30)
PASSWORD: Final = "haiyue-2026"
INSTITUTION: Final = "海岳商业银行"
PATIENCE: Final = 90.0
PLUGINS: Final = ("customers", "credit", "origination", "documents", "esign_ca", "loans")
LENDER: Final = {
    "lender_name": "海岳商业银行股份有限公司",
    "lender_credit_code": "91990000TN0009012T",
    "lender_address": "云州市滨江大道1号",
    "lender_representative": "顾岩",
}
_SERVES = re.compile(r"(http://[\d.]+:\d+)")
_SAYS: Final = {
    "serve": _SERVES,
    "demo": _SERVES,
    "worker": re.compile("worker"),
    "relay": re.compile("relay"),
}


class Started:
    """A ``tenor`` process, which ends with this one, and what it says.

    Args:
        command: its words, such as ``demo --people-only``.
        python: of which environment it runs.
    """

    def __init__(
        self, command: str, environment: Mapping[str, str], log: Path, python: str = sys.executable
    ) -> None:
        self.word, self.log = command.split(maxsplit=1)[0], log
        with log.open("wb") as said:
            words = [python, "-m", "tenor.cli", *command.split()]
            self.process = process.start(words, log=said, environment=environment)

    @property
    def said(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def wait(self) -> str:
        """Until it says that it runs; the address of ``serve``."""
        found = wait_until(lambda: _SAYS[self.word].search(self.said), self._told)
        return found[0]

    def children(self) -> list[Path]:
        """The processes in which it does its work at the moment."""
        own = Path(f"/proc/{self.process.pid}")
        numbers = (own / "task" / own.name / "children").read_text("utf-8").split()
        return [own.with_name(number) for number in numbers]

    def _told(self) -> str:
        state = self.process.poll()
        assert state is None, f"tenor {self.word} ended with {state}:\n{self.said}"
        return f"tenor {self.word} doesn't say that it runs:\n{self.said}"

    def end(self) -> None:
        """As an administrator ends it; whoever doesn't in time is killed."""
        if self.process.poll() is None:
            self.process.send_signal(SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Bank:
    """The demo bank's people at work in a running system.

    Args:
        folder: its home.
        mails: the mail server to which it sends.
        more: of its environment, beyond what both set-ups share.
        python: that runs its commands and processes.
    """

    def __init__(
        self, folder: Path, mails: SmtpSink, more: Mapping[str, str], python: str = sys.executable
    ) -> None:
        self.folder, self.mails, self.python = folder, mails, python
        self.url = ""
        self.started: list[Started] = []
        self._people: dict[str, Person] = {}
        self.environment = {
            "PATH": os.environ["PATH"],
            "TENOR_HOME": str(folder),
            "TENOR_LANG": "en",
            "TENOR_INSTITUTION": INSTITUTION,
            "TENOR_BUSINESS_DATE": TODAY.isoformat(),
            "TENOR_PORT": (port := str(process.free_port())),
            "TENOR_BASE_URL": f"http://127.0.0.1:{port}",  # in mails, which a worker elsewhere sends
            "TENOR_SMTP_HOST": mails.host,
            "TENOR_SMTP_PORT": str(mails.port),
            "TENOR_SMTP_SENDER": "tenor@haiyue.example",
            **more,
        }

    def command(self, *words: str, given: str = "", expect: int = 0) -> str:
        """What ``tenor …`` prints."""
        done = subprocess.run(
            [self.python, "-m", "tenor.cli", *words],
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == expect, f"tenor {words}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, *words: str) -> None:
        """Start ``tenor serve`` and its like, and wait until they run."""
        mine = [
            Started(word, self.environment, self.folder / f"{word}.log", self.python)
            for word in words
        ]
        self.started += mine
        for each in mine:
            said = each.wait()
            if each.word == "serve":
                self.url = said

    def switch(self, how: str, plugin: str, login: str) -> None:
        """Somebody enables or disables a plugin; wait until no process has the plugins of before.

        One right answer wouldn't do: old and new answer side by side until the old has finished what it began.
        """
        with self.replacing(f"plugin {how} {plugin}"):
            self.command("plugin", how, plugin, "--as", login)

    @contextmanager
    def replacing(self, what: str) -> Iterator[None]:
        """Something that replaces what runs: afterwards no process of before is there any more."""
        before = [child for each in self.started for child in each.children()]
        yield
        gone = f"{what} doesn't replace what runs"
        wait_until(lambda: not any(child.exists() for child in before), gone)

    def end(self) -> None:
        """End what was started."""
        for each in self.started:
            each.end()
        self.started.clear()

    def person(self, login: str) -> Person:
        """One of its people, with a token of their own."""
        if login not in self._people:
            token = self.command("token", "create", login, "--name", "journey").strip()
            self._people[login] = Person(self.url, login, token)
        return self._people[login]

    def known(self, tokens: Mapping[str, str]) -> None:
        """The people whose tokens are made already."""
        self._people |= {login: Person(self.url, login, token) for login, token in tokens.items()}


@contextmanager
def running(
    folder: Path,
    more: Mapping[str, str],
    *,
    processes: Sequence[str] = ("serve",),
    plugins: Sequence[str] = PLUGINS,
) -> Iterator[Bank]:
    """A bank for as long as the block lasts.

    Args:
        more: of its environment.
        processes: what runs, as words of the command.
        plugins: with which it begins.
    """
    with ExitStack() as stack:
        mails = stack.enter_context(SmtpSink())
        bank = Bank(folder, mails, more)
        bank.command("init", *plugins)
        tokens = settle(bank.environment)
        stack.callback(bank.end)
        bank.start(*processes)
        bank.known(tokens)
        yield bank


def settle(environment: Mapping[str, str]) -> dict[str, str]:
    """The demo's people with its password, the lender's name for contracts; a token for each person, by login.

    In this process, as two dozen starts of the command would take a minute.
    """
    from tenor.base.demo import PEOPLE
    from tenor.base.services import set_password_hash
    from tenor.boot import boot
    from tenor.identity.passwords import hashed
    from tenor.loader.manifest import BASE
    from tenor.loader.stage import actor_of, play
    from tenor.settings import KernelSettings

    kernel = boot(KernelSettings.load(environ=environment))
    try:
        assert not kernel.failures, kernel.failures
        play(kernel, [BASE])
        kept = hashed(PASSWORD)
        with kernel.context(kernel.access.system_actor(), write=True) as ctx:
            for person in PEOPLE:
                set_password_hash(ctx, person[0], kept)
        with kernel.context(actor_of(kernel, "ding.ning"), write=True) as ctx:
            for name, value in LENDER.items():
                kernel.plugin_settings.put(ctx, "documents", name, value)
        return {
            person[0]: kernel.identity.create_token(actor_of(kernel, person[0]), "journey")
            for person in PEOPLE
        }
    finally:
        kernel.db.dispose()


T = TypeVar("T")


def wait_until(found: Callable[[], T | None], told: Callable[[], str] | str = "") -> T:
    """What ``found`` finds, once it does.

    Raises:
        AssertionError: nothing came in time, with what ``told`` says of it.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        result = found()
        if result:
            return result
        words = told() if callable(told) else told
        assert time.monotonic() < deadline, words or "it didn't happen in time"
        time.sleep(0.05)
