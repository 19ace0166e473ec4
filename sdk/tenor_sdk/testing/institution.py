"""An institution in a test, and who acts in it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from tenor_sdk.callbacks import Callback
    from tenor_sdk.context import Context
    from tenor_sdk.i18n import Text


class Institution(Protocol):
    """A running institution: the kernel behind it is handed to the functions of this module."""

    @property
    def generation(self) -> int:
        """Of its set of enabled plugins."""
        ...


@dataclass(frozen=True)
class Judged:
    """A rule of a rung, and what of a plugin doesn't keep it: see ``tenor plugin check``.

    Args:
        rung: ``sound``, ``explained`` or ``proven``.
        words: the rule.
        broken: one line each; none where it is kept.
    """

    rung: str
    words: Text
    broken: tuple[str, ...]


class Answer(Protocol):
    """What a form that was sent is answered."""

    @property
    def status_code(self) -> int: ...
    @property
    def location(self) -> str | None: ...
    @property
    def text(self) -> str: ...


class Visitor(Protocol):
    """Somebody who is signed in, at the pages of the institution. Each method asserts the status that it expects."""

    def get(self, path: str, status: int = 200) -> str:
        """A page, as HTML."""
        ...

    def form(self, path: str, action: str | None = None) -> dict[str, Any]:
        """The fields of a form as the page fills them in; by default that which is sent to the page itself."""
        ...

    def send(self, path: str, fields: dict[str, Any], status: int = 303) -> Answer:
        """Send a form."""
        ...

    def press(self, page: str, action: str, status: int = 303, **fields: Any) -> Answer:
        """Fill in the form of a page that is sent to ``action``, and send it."""
        ...


class Provider(Protocol):
    """What the kernel brings under the entry point ``tenor.testing``."""

    def build(self, url: str, plugins: Sequence[str], folder: Path) -> None: ...
    def start(self, url: str, plugins: Sequence[str], folder: Path) -> Institution: ...
    def stop(self, institution: Institution) -> None: ...
    def installed(self) -> list[str]: ...
    def as_actor(
        self, institution: Institution, login: str, on: date | None, write: bool
    ) -> AbstractContextManager[Context]: ...
    def on_date(self, institution: Institution, day: date) -> AbstractContextManager[None]: ...
    def make_user(
        self,
        institution: Institution,
        login: str,
        positions: Sequence[tuple[str, str]],
        unit: str,
        roles: Sequence[str],
    ) -> int: ...
    def run_jobs(self, institution: Institution) -> int: ...
    def visit(self, institution: Institution, login: str) -> Visitor: ...
    def quality(self, plugin: str, folder: Path) -> Sequence[Judged]: ...
    def call_back(self, institution: Institution, family: str, callback: Callback) -> int: ...
    def check(self, name: str, institution: Institution | None, plugin: str) -> list[str]: ...


@cache
def provider() -> Provider:
    """The kernel that is installed beside the SDK.

    Raises:
        LookupError: there is none.
    """
    found = next(iter(entry_points(group="tenor.testing")), None)
    if found is None:
        raise LookupError("no kernel is installed here: pip install tenor")
    loaded: Any = found.load()
    return cast("Provider", loaded)


def as_actor(
    institution: Institution, login: str, *, on: date | None = None, write: bool = True
) -> AbstractContextManager[Context]:
    """Act as a person: ``with as_actor(institution, "lin.xiaowen") as ctx: …``, one transaction, committed at its end.

    Args:
        login: of the demo's people, or of ``make_user``; ``system`` is the kernel itself.
        on: another business date for this act.
        write: False gets a context that can't write.
    """
    return provider().as_actor(institution, login, on, write)


def on_date(institution: Institution, day: date) -> AbstractContextManager[None]:
    """While the block lasts it is this day, ten in the morning at the institution."""
    return provider().on_date(institution, day)


def make_user(
    institution: Institution,
    login: str,
    *,
    positions: Sequence[tuple[str, str]] = (),
    unit: str = "HQ",
    roles: Sequence[str] = (),
) -> int:
    """A further person; their id.

    Args:
        positions: each with the code of the unit in which it is held: ``[("risk-officer", "HQ")]``.
        unit: the code of the unit to which they belong (``HQ``, ``YZ``, ``LH`` …).
        roles: keys of roles given beyond those of the positions: ``["notes.note-author"]``.
    """
    return provider().make_user(institution, login, positions, unit, roles)


def run_jobs(institution: Institution) -> int:
    """Let every job run that is due; how many did."""
    return provider().run_jobs(institution)


def visit(institution: Institution, login: str) -> Visitor:
    """Sign somebody in at the pages: ``visit(institution, "lin.xiaowen").press(page, action)``.

    The pages are the real ones, asked without a browser; what a script does there isn't done.
    """
    return provider().visit(institution, login)


def call_back(institution: Institution, family: str, callback: Callback) -> int:
    """Let the provider in use of a family of drivers call back, as over HTTP; how much of what it told is new.

    Raises:
        Forbidden: the driver doesn't believe it, with the driver's key.
        NotFound: no such family, or none of its drivers is in use.
    """
    return provider().call_back(institution, family, callback)
