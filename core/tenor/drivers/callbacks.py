"""What providers tell by themselves: let in at a pace, proved by the driver, taken in once, put on record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from tenor.declarations import check_called
from tenor.drivers.pace import Pace
from tenor.identity.failures import where_from
from tenor_sdk.callbacks import Callbacks, CalledBack
from tenor_sdk.errors import Conflict, Forbidden, NotFound, Refused, TenorError

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel
    from tenor_sdk.callbacks import Callback

#: below the site's address; a family's name follows
PLACE: Final = "callbacks"
#: bytes of a body; providers send reports by the hundred, of some hundred bytes each
LARGEST: Final = 512 * 1024
_MINUTE: Final = timedelta(minutes=1)


class TooMany(TenorError):
    """More from one address than anybody has to tell.

    Attributes:
        seconds: after which it may try again.
    """

    status = 429
    seconds: ClassVar[int] = 10


class NotNow(TenorError):
    """A critical plugin doesn't run; it may be the one whose provider calls."""

    status = 503
    seconds: ClassVar[int] = 60


class Unproved(Forbidden):
    """A driver doesn't believe a callback, or can't read it.

    Args:
        error: the driver's, whose key and words it keeps.
    """

    def __init__(self, error: Refused) -> None:
        super().__init__(error.key, **error.values)
        self.module = error.module


@dataclass(frozen=True)
class Taken:
    """What a provider is answered.

    Args:
        new: how much of what it told wasn't known.
        answer, media_type: as the driver says.
    """

    new: int
    answer: str
    media_type: str


class CallbackDoor:
    """Lets the providers in use call back.

    Attributes:
        pace: requests from one address, in each process.
        told: of what was refused, what is put on record: whoever calls decides how often that would be.
    """

    def __init__(self) -> None:
        self.known: dict[str, Callbacks[Any]] = {}
        self.pace = Pace(600, _MINUTE)
        self.told = Pace(1, _MINUTE)

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def load(self, declarations: Declarations) -> None:
        """Take in who takes callbacks.

        Raises:
            TypeError: a family isn't the plugin's own, has no drivers that are called back, or is declared twice.
        """
        self.known = {}
        for each in declarations.of(Callbacks):
            kind = each.kind
            if kind.plugin != each.plugin or not issubclass(kind.interface, CalledBack):
                raise TypeError(
                    f"{each.origin}: {kind.name} isn't a family of {each.plugin}’s that is called back"
                )
            if kind.name in self.known:
                raise TypeError(f"{each.origin}: the callbacks of {kind.name} are taken twice")
            check_called(each.take, "ctx", "news")
            self.known[kind.name] = each

    def offered(self, ctx: KernelContext) -> list[tuple[Callbacks[Any], str, str]]:
        """Who may be called back: the declaration, the driver in use (empty where there is none), the address."""
        return [
            (each, self.kernel.drivers.chosen(ctx, each.kind), f"{self.kernel.settings.url}/{PLACE}/{name}")
            for name, each in sorted(self.known.items())
        ]  # fmt: skip

    def receive(self, name: str, callback: Callback, address: str, request_id: str = "") -> Taken:
        """Take a provider's callback.

        Args:
            name: of the family.
            address: from where it comes.

        Raises:
            TooMany: ``too-many-callbacks``.
            NotNow: ``safe-mode``.
            NotFound: ``not-found``: no such family, or none of its drivers is in use.
            Unproved: the driver doesn't believe it, with the driver's key.
        """
        if not self.pace.let(where_from(address)):
            raise TooMany("too-many-callbacks")
        if self.kernel.safe_mode:
            raise NotNow("safe-mode")
        found = self.known.get(name)
        if found is None:
            raise NotFound("not-found")
        # proved before anything may be written: who proves nothing never holds up who writes
        driver, news = self._read(found, callback, request_id)
        try:
            new = self._take(found, driver, news, request_id)
        except Conflict:  # the same came twice at once: the other was first, and now it is known
            new = self._take(found, driver, news, request_id)
        return Taken(new, driver.callback_answer, driver.callback_answer_type)

    def _read(self, found: Callbacks[Any], callback: Callback, request_id: str) -> tuple[Any, Any]:
        """The driver's class, and what the driver has read."""
        actor = self.kernel.access.service(found.plugin)
        with self.kernel.context(actor, write=False, request_id=request_id) as ctx:
            try:
                driver = self.kernel.drivers.driver(ctx, found.kind)
            except Refused:
                raise NotFound("not-found") from None
            try:
                with self._within(ctx, found, "parse_callback"):
                    return type(driver), driver.parse_callback(callback, ctx.now)
            except Refused as error:
                self._note_refused(ctx, found, error)
                raise Unproved(error) from error

    def _take(self, found: Callbacks[Any], driver: Any, news: Any, request_id: str) -> int:
        actor = self.kernel.access.service(found.plugin)
        with self.kernel.context(actor, write=True, request_id=request_id) as ctx:
            with self._within(ctx, found, "callback"):
                new = found.take(ctx, news)
            if new:
                values = {"family": found.kind.name, "driver": driver.name, "new": new}
                self.kernel.audit.note(ctx, "callback", **values)
        return new

    @contextmanager
    def _within(self, ctx: KernelContext, found: Callbacks[Any], name: str) -> Iterator[None]:
        """As any of a plugin's callbacks: timed, as a procedure of that plugin."""
        with (
            self.kernel.events.timings.timed("callback", found.plugin, f"{found.kind.name}.{name}"),
            self.kernel.access.procedure(ctx, found.plugin, name),
        ):
            yield

    def _note_refused(self, ctx: KernelContext, found: Callbacks[Any], error: Refused) -> None:
        if self.told.let((found.kind.name, error.key)):
            self.kernel.audit.note(
                ctx, "callback-refused", reason=error.key, family=found.kind.name
            )
