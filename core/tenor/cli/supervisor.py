"""The supervisor: a process that imports no plugin and starts one that does. On a newer generation of the set of
plugins, a new child is started and, once it is ready, the old one finishes what it has begun and ends. No code is ever
reloaded inside a process. A child that hangs in a plugin's import is ended, and started again without that plugin; so
is one that the import ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final, Literal

from tenor.loader.failures import BootError
from tenor.loader.manifest import BASE
from tenor.loader.state import read_state
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.settings import KernelSettings

Kind = Literal["serve", "worker", "relay"]

#: seconds between two looks at the generation and the child
_PAUSE: Final = 0.5
#: a child that ended within so many seconds didn't start; so many of them in a row, and we give up
_SHORT_LIFE: Final = 10.0
_MOST_DEATHS: Final = 3
#: seconds for a child to finish what it has begun
_PATIENCE: Final = 40.0


@dataclass
class Child:
    """A process that runs one generation.

    Args:
        process: it.
        generation: which one it began with.
        ready: set once it serves.
        importing: the plugin that it was importing last.
        within: the plugin whose import isn't over.
    """

    process: subprocess.Popen[bytes]
    generation: int
    began: float
    ready: Event = field(default_factory=Event)
    importing: str = ""
    within: str = ""

    def listen(self, pipe: int) -> None:
        """Hear what it says of its start, until it ends."""
        with os.fdopen(pipe, "rb", buffering=0) as said:
            for line in iter(said.readline, b""):
                word, _space, rest = line.decode().strip().partition(" ")
                if word == "ready":
                    self.ready.set()
                elif word == "importing":
                    self.within = rest
                    self.importing = rest or self.importing

    def end(self) -> None:
        """Ask it to finish, and wait; one that doesn't is killed."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Supervisor:
    """Keeps one child running.

    Args:
        settings: of the institution.
        kind: what the child does.
        options: further words of its command line.
        tell: where a line for the administrator goes.
    """

    def __init__(
        self,
        settings: KernelSettings,
        kind: Kind,
        options: Sequence[str],
        tell: Callable[[Text | str], None],
    ) -> None:
        self.settings = settings
        self.kind = kind
        self.options = list(options)
        self.tell = tell
        self.over = Event()
        self.left_out: list[str] = []
        self._deaths = 0
        self._died_at = ""
        # nobody else has the writing end: when we are gone, however we went, a child that reads sees the end
        self._life, self._ours = os.pipe()
        self._socket = _listening(settings) if kind == "serve" else None

    @property
    def url(self) -> str:
        """Where it can be reached."""
        assert self._socket is not None
        port = self._socket.getsockname()[1]
        return self.settings.base_url or f"http://{self.settings.host}:{port}"

    def run(self, when_ready: Callable[[], None] = lambda: None) -> int:
        """Supervise until told to end (Ctrl-C, SIGTERM); the exit status."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.over.set())
        child = self._start()
        told = False
        while not self.over.wait(_PAUSE):
            if child.ready.is_set() and not told:
                when_ready()
                told = True
            following = self._followed(child)
            if following is None:
                return 1
            child = following
        child.end()
        return 0

    def _followed(self, child: Child) -> Child | None:
        """The child to look at from now on: this one, or the one that replaces it; None: we give up."""
        if child.process.poll() is not None:
            return self._after_death(child)
        if not child.ready.is_set():
            return self._hung(child) if self._is_late(child) else child
        if self._newest() > child.generation:
            return self._replaced(child)
        return child

    def _after_death(self, child: Child) -> Child | None:
        lived = monotonic() - child.began
        self._deaths = self._deaths + 1 if lived < _SHORT_LIFE or not child.ready.is_set() else 1
        at, before, self._died_at = child.within, self._died_at, child.within
        if at and at == before and at != BASE and at not in self.left_out:
            return self._without(at)
        if self._deaths >= _MOST_DEATHS:
            self.tell(_("It ended {n} times in a row; giving up.", n=self._deaths))
            return None
        self.tell(_("It ended unexpectedly and is started again."))
        return self._start()

    def _without(self, plugin: str) -> Child:
        """Start again without a plugin whose import ends the process behind Python's back: what raises is contained
        inside, what crashes isn't."""
        self.left_out.append(plugin)
        self._deaths = 0
        self.tell(
            _("The process ends while plugin {plugin} is imported, which is left out.", plugin=plugin)
        )  # fmt: skip
        return self._start()

    def _is_late(self, child: Child) -> bool:
        return monotonic() - child.began > self.settings.start_timeout

    def _hung(self, child: Child) -> Child | None:
        """Its start takes too long: end it, and leave out the plugin at which it stands."""
        child.process.kill()
        child.process.wait()
        if not child.importing or child.importing in self.left_out:
            self.tell(_("It didn't start within {n} seconds.", n=self.settings.start_timeout))
            return None
        self.left_out.append(child.importing)
        self.tell(
            _("Plugin {plugin} didn't finish its start within {n} seconds and is left out.",
              plugin=child.importing, n=self.settings.start_timeout)
        )  # fmt: skip
        return self._start()

    def _replaced(self, child: Child) -> Child:
        """Start the next generation; when it is ready, let the old one finish. If it isn't, the old one stays."""
        following = self._start()
        while not following.ready.wait(_PAUSE):
            if following.process.poll() is not None or self._is_late(following):
                following.end()
                self.tell(_("The new set of plugins doesn't start; the old one goes on."))
                child.generation = following.generation
                return child
            if self.over.is_set():
                break
        Thread(target=child.end, name="tenor-drain", daemon=True).start()
        self.tell(_("Generation {n} of the plugins is running.", n=following.generation))
        return following

    def _newest(self) -> int:
        try:
            return read_state(self.settings.database).generation
        except BootError:
            return 0

    def _start(self) -> Child:
        hear, speak = os.pipe()
        passed = [speak, self._life]
        words = [sys.executable, "-m", "tenor.cli", "child", self.kind]
        words += ["--ready", str(speak), "--life", str(self._life)]
        if self._socket is not None:
            words += ["--socket", str(self._socket.fileno())]
            passed.append(self._socket.fileno())
        process = subprocess.Popen(
            [*words, *self.options], pass_fds=passed, env=self._environment()
        )
        os.close(speak)
        child = Child(process, self._newest(), monotonic())
        Thread(target=child.listen, args=(hear,), name="tenor-listen", daemon=True).start()
        return child

    def _environment(self) -> dict[str, str]:
        environment = dict(os.environ)
        if self.left_out:
            already = [name for name in self.settings.leave_out if name not in self.left_out]
            environment["TENOR_LEAVE_OUT"] = ",".join([*already, *self.left_out])
        if self.kind == "serve":
            environment["TENOR_BASE_URL"] = self.url
        return environment


def _listening(settings: KernelSettings) -> socket.socket:
    """The socket on which every child listens in turn, so that nobody is refused while one replaces another.

    Raises:
        BootError: the address is taken.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        place = f"{settings.host}:{settings.port}"
        raise BootError(
            f"can't listen on {place}: {error.strerror}; TENOR_PORT=0 takes a free one"
        ) from error
    listening.listen(128)
    return listening
