"""Institutions for tests: a database made once by the migrations, a kernel on a copy of it, a clock that stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tenor.boot import boot
from tenor.clock import StoppedClock
from tenor.loader.failures import unfinished
from tenor.loader.founding import arranged, enable_first, prepare_folders
from tenor.loader.manifest import BASE, find
from tenor.loader.stage import actor_of, play
from tenor.settings import KernelSettings
from tenor.testing.tables import make_tables

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor_sdk.callbacks import Callback

#: ten in the morning of the demo's day, in Shanghai
INSTANT: Final = datetime(2026, 6, 30, 2, 0, tzinfo=UTC)


def settings_for(url: str, folder: Path) -> KernelSettings:
    """The settings of an institution in a test."""
    return KernelSettings(
        institution="海岳商业银行",
        database_url=url,
        data_dir=folder,
        secret_key="a key that signs for tests only, long enough for all",  # noqa: S106 -- opens nothing
        base_url="http://tenor.test",
    )


def build(url: str, plugins: Sequence[str], folder: Path) -> None:
    """Make a database with the tables of these plugins, the plugins enabled, and the demo's people; to be copied."""
    settings = settings_for(url, folder)
    prepare_folders(settings)
    manifests = arranged(plugins)
    make_tables(settings.owner, manifests)
    enable_first(settings, [manifest.name for manifest in manifests])
    kernel = start(url, plugins, folder)
    try:
        play(kernel, [BASE])
    finally:
        stop(kernel)


def start(url: str, plugins: Sequence[str], folder: Path) -> Kernel:
    """A kernel on a database; plugins that fail are failures of the test's set-up.

    Raises:
        AssertionError: naming plugin and cause.
    """
    settings = settings_for(url, folder)
    prepare_folders(settings)
    kernel = boot(settings, plugins=plugins, clock=StoppedClock(INSTANT))
    complaints = [f"{each.plugin}: {each.cause}\n{each.detail}" for each in kernel.failures]
    if complaints:
        raise AssertionError("\n".join(complaints)) from unfinished(kernel.failures[0])
    return kernel


def stop(kernel: Kernel) -> None:
    """Close its connections."""
    kernel.db.dispose()


def installed() -> list[str]:
    """Every plugin that is installed."""
    return sorted(set(find()[0]) - {BASE})


@contextmanager
def as_actor(
    kernel: Kernel, login: str, on: date | None = None, write: bool = True
) -> Iterator[KernelContext]:
    """A context of this user."""
    with kernel.context(actor_of(kernel, login, on), write=write, today=on) as ctx:
        yield ctx


@contextmanager
def on_date(kernel: Kernel, day: date) -> Iterator[None]:
    """Another day, ten in the morning."""
    clock = kernel.clock
    assert isinstance(clock, StoppedClock)
    before = clock.instant
    clock.move(datetime.combine(day, time(10), clock.zone))
    try:
        yield
    finally:
        clock.move(before)


def make_user(
    kernel: Kernel,
    login: str,
    positions: Sequence[tuple[str, str]] = (),
    unit: str = "HQ",
    roles: Sequence[str] = (),
) -> int:
    """A further person."""
    from tenor.base.services import add_user

    with as_actor(kernel, "system") as ctx:
        return add_user(ctx, login, login, unit=unit, positions=positions, roles=roles)


def run_jobs(kernel: Kernel) -> int:
    """Let every job run that is due."""
    return kernel.jobs.run_due()


def call_back(kernel: Kernel, family: str, callback: Callback) -> int:
    """Let a provider call back."""
    return kernel.drivers.callbacks.receive(family, callback, "127.0.0.1").new
