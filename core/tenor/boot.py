"""The composition root: the story of a start, from top to bottom."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from tenor.access import Access
from tenor.audit import Audit
from tenor.clock import Clock
from tenor.db import Database
from tenor.drivers import Drivers
from tenor.events import Events
from tenor.expressions import Expressions
from tenor.files import Files
from tenor.i18n import Translator
from tenor.identity import Identity
from tenor.imports import Imports
from tenor.jobs import Jobs
from tenor.kernel import Kernel
from tenor.loader import Loader
from tenor.loader.failures import PluginFault
from tenor.notify import Notify
from tenor.records import Records
from tenor.search import Search
from tenor.settings import SettingsStore
from tenor.sweeping import unswept
from tenor.views import Views
from tenor.workflow import WorkflowEngine

if TYPE_CHECKING:
    from tenor.declarations import Declarations
    from tenor.settings import KernelSettings

log = logging.getLogger(__name__)

#: The rooms that take in declarations, in the order in which they do: what stands lower first.
ROOMS: Final = (
    "translator", "plugin_settings", "db", "access", "identity", "audit", "records", "search", "expressions", "events",
    "jobs", "notify", "files", "workflow", "drivers", "views", "imports",
)  # fmt: skip


@unswept()
def boot(
    settings: KernelSettings,
    *,
    plugins: Sequence[str] | None = None,
    clock: Clock | None = None,
    announce: Callable[[str], None] | None = None,
) -> Kernel:
    """Start an institution in this process.

    A plugin that fails on the way is left out with those that need it, and the start begins anew without it; see
    ``Kernel.failures``.

    Args:
        settings: where its database, files and mails are, and how it runs.
        plugins: exactly these and what they need, instead of the enabled ones.
        clock: instead of real time.
        announce: told the name of each plugin before it is imported, and an empty one when all are.

    Raises:
        BootError: there is no institution, its database can't be reached or the kernel's own part fails.
        SettingsError: there is no secret key.
    """
    settings = settings.but(secret_key=settings.key)
    loader = Loader(settings, plugins, announce)
    clock = clock or Clock(settings.time_zone, settings.business_date)
    while True:
        declarations = loader.load()
        try:
            kernel = furnished(settings, loader, declarations, clock)
        except PluginFault as fault:
            loader.drop(fault.failure)
        else:
            for failure in loader.failures:
                log.error(
                    "plugin %s is left out: %s %s", failure.plugin, failure.cause, failure.remedy
                )
            return kernel


def furnished(
    settings: KernelSettings, loader: Loader, declarations: Declarations, clock: Clock
) -> Kernel:
    """The kernel with everything that these plugins declare in service.

    Raises:
        PluginFault: a room doesn't take what one of them declares.
    """
    kernel = _with_rooms(settings, loader, declarations, clock)
    try:
        _furnish(kernel, declarations)
    except BaseException:
        kernel.db.dispose()
        raise
    return kernel


def _with_rooms(
    settings: KernelSettings, loader: Loader, declarations: Declarations, clock: Clock
) -> Kernel:
    """The kernel with its rooms, still empty."""
    return Kernel(
        settings=settings,
        clock=clock,
        loader=loader,
        declarations=declarations,
        db=Database(settings.database),
        translator=Translator(),
        plugin_settings=SettingsStore(),
        access=Access(),
        identity=Identity(),
        audit=Audit(),
        events=Events(),
        jobs=Jobs(),
        notify=Notify(),
        files=Files(),
        records=Records(),
        search=Search(),
        expressions=Expressions(),
        workflow=WorkflowEngine(),
        drivers=Drivers(),
        views=Views(),
        imports=Imports(),
    )


def _furnish(kernel: Kernel, declarations: Declarations) -> None:
    """Tell the rooms of each other, then hand each its declarations."""
    kernel.loader.attach(kernel)
    rooms = [getattr(kernel, name) for name in ROOMS]
    for room in rooms:
        room.attach(kernel)
    for room in rooms:
        with kernel.loader.blaming():
            room.load(declarations)
