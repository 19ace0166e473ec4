"""The loader: from the set of enabled plugins to what they declare, one broken plugin harming nobody else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import EntryPoint
from traceback import walk_tb
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import SQLAlchemyError
from stevedore.named import NamedExtensionManager

from tenor.db.engine import make_engine
from tenor.declarations import Declarations, Labelled
from tenor.loader import failures as words
from tenor.loader import grants, lifecycle, locking
from tenor.loader.collect import collect, integrations_of, loaded, modules_of, unload
from tenor.loader.failures import BootError, Failure, PluginFault
from tenor.loader.lifecycle import ChangePlan, PluginRow
from tenor.loader.manifest import BASE, GROUP, Manifest, find
from tenor.loader.mapped import DeclarationError, check_mapped
from tenor.loader.migrations import is_current
from tenor.loader.order import Order, closure, order
from tenor.loader.state import connected, is_there, read_state
from tenor_sdk.declare import Declaration, plugin_of
from tenor_sdk.records import Record, registry_of

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor.loader.grants import Decision
    from tenor.settings import KernelSettings

log = logging.getLogger(__name__)


class Loader:
    """Finds, orders, imports and collects; afterwards the plugins page asks it what is installed and what a change
    would bring.

    Args:
        settings: of this institution.
        plugins: exactly these and what they need, instead of the enabled ones; for tests.
        announce: told the name of each plugin before it is imported.
    """

    def __init__(
        self,
        settings: KernelSettings,
        plugins: Sequence[str] | None = None,
        announce: Callable[[str], None] | None = None,
    ) -> None:
        self.settings = settings
        self._announce = announce or (lambda _name: None)
        self.installed, self.unreadable = find()
        self.state = read_state(settings.database)
        self._given = plugins is not None
        enabled = self.state.enabled if plugins is None else closure(plugins, self.installed)
        self.enabled: frozenset[str] = frozenset(enabled)
        self.broken: dict[str, Failure] = {
            name: words.told_to_leave_out(name)
            for name in settings.leave_out
            if name in self.enabled
        }
        #: why somebody put the institution into safe mode; empty: nobody did
        self.put_into_safe_mode = self.state.safe_mode if plugins is None else ""
        self.safe_mode = bool(self.put_into_safe_mode)
        self.order = Order()
        # connects to nothing: what is listened to on all engines is heard by it
        self._engine = make_engine(settings.database, write=False)

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def hold_to_lock(self) -> None:
        """Leave out what isn't as it was locked, where this place has a lock.

        Raises:
            BootError: it is the kernel itself.
        """
        self.broken |= locking.left_out(self.settings, self.installed, self.enabled)

    def hold_to_grants(self) -> None:
        """Leave out what asks for more than somebody decided on."""
        if not self._given:
            self.broken |= grants.waiting(self.state, self.installed, self.enabled)

    def granted(self, name: str) -> frozenset[str]:
        """What a plugin may do beyond its own records; one that a test named may do what it asks for."""
        manifest = self.installed[name]
        if self._given:
            return frozenset(manifest.stated.asks)
        return grants.granted(self.state, manifest)

    @property
    def failures(self) -> list[Failure]:
        """Every plugin that is enabled and doesn't run, with its cause."""
        unreadable = [each for each in self.unreadable if each.plugin in self.enabled]
        found = [*unreadable, *self.broken.values(), *self.order.failures]
        return list({failure.plugin: failure for failure in reversed(found)}.values())[::-1]

    def load(self) -> Declarations:
        """What the plugins declare, those left out that can't run.

        Raises:
            BootError: there is no institution here, or the kernel's own part is at fault.
        """
        if not is_there(self.settings.database):
            raise BootError("there is no institution here yet; tenor init makes one")
        self.hold_to_lock()
        self.hold_to_grants()
        while True:
            self.order = self._arranged()
            try:
                with connected(self.settings.database) as connection:
                    return self._declared(connection)
            except PluginFault as fault:
                self.drop(fault.failure)

    def examine(self) -> None:
        """Find, without importing any, what keeps enabled plugins from running: requirements and tables."""
        if not is_there(self.settings.database):
            return
        self.hold_to_lock()
        self.hold_to_grants()
        with connected(self.settings.database) as connection:
            for manifest in order(self.enabled, self.installed, self.broken).plugins:
                if not is_current(manifest, connection):
                    self.broken[manifest.name] = words.pending_migration(manifest.name)
        self.order = self._arranged()

    def drop(self, failure: Failure) -> None:
        """Leave a plugin out, with those that need it; what was imported of them is thrown away.

        Raises:
            BootError: it is the kernel's own.
        """
        if failure.plugin == BASE:
            raise BootError(f"{failure.cause} {failure.remedy}\n{failure.detail}")
        log.error("plugin %s is left out: %s", failure.plugin, failure.cause)
        self.broken[failure.plugin] = failure
        for manifest in reversed(self.order.plugins):
            if failure.plugin in (
                manifest.name,
                *manifest.stated.optional,
            ) or failure.plugin in closure([manifest.name], self.installed):
                unload(manifest)

    @contextmanager
    def blaming(self) -> Iterator[None]:
        """While a room takes in the declarations: an error is laid to the plugin whose declaration it is about."""
        try:
            yield
        except PluginFault:
            raise
        except Exception as error:
            name, place = self._culprit(error), ""
            if name is None:
                name, place = _held_on_the_way(error, set(self.order.names) - {BASE})
            if name is None:
                raise
            raise PluginFault(words.failed_declaration(name, error, place)) from error

    # -- for the plugins page and the command line ----------------------------------------------

    def overview(self) -> list[PluginRow]:
        """Every installed plugin and how it fares."""
        return lifecycle.overview(self)

    def plan_enable(self, name: str) -> ChangePlan:
        """What enabling it would bring."""
        return lifecycle.plan_enable(self, name)

    def plan_disable(self, name: str) -> ChangePlan:
        """What disabling it would bring."""
        return lifecycle.plan_disable(self, name)

    def enable(
        self, ctx: KernelContext, name: str, decision: Decision = grants.UNSAID
    ) -> ChangePlan:
        """Enable it after this transaction; see ``lifecycle.enable``."""
        return lifecycle.enable(self.kernel, ctx, name, decision)

    def decide(self, ctx: KernelContext, name: str, decision: Decision) -> None:
        """Grant or deny it what it asks for; see ``lifecycle.decide``."""
        lifecycle.decide(self.kernel, ctx, name, decision)

    def disable(self, ctx: KernelContext, name: str) -> ChangePlan:
        """Disable it with this transaction; see ``lifecycle.disable``."""
        return lifecycle.disable(self.kernel, ctx, name)

    # -- one attempt ----------------------------------------------------------------------------

    def _arranged(self) -> Order:
        """The order, or ``base`` alone where a critical plugin can't run, or somebody wants it so."""
        if self.put_into_safe_mode:
            return Order([self.installed[BASE]])
        arranged = order(self.enabled, self.installed, self.broken)
        out = {failure.plugin for failure in arranged.failures} | set(self.broken)
        if any(self.installed[name].stated.critical for name in out if name in self.installed):
            self.safe_mode = True
            arranged = Order([self.installed[BASE]], arranged.failures)
        return arranged

    def _declared(self, connection: Connection) -> Declarations:
        names = self.order.names
        declarations = Declarations(plugins=[loaded(manifest) for manifest in self.order.plugins])
        for manifest in self.order.plugins:
            _check_current(manifest, connection)
            self._gather(manifest, modules_of(manifest), declarations)
        for manifest in self.order.plugins:
            beside = integrations_of(manifest, names)
            if beside:
                self._gather(manifest, beside, declarations)
        for manifest in self.order.plugins:
            _check_tables(manifest, declarations, connection)
        return declarations

    def _gather(self, manifest: Manifest, modules: Iterable[str], into: Declarations) -> None:
        """Import one plugin's modules, collect from them, and configure its mappers.

        A plugin may end the process while it is imported (``sys.exit``): that too is its failure alone.
        """
        self._announce(manifest.name)
        try:
            _enter(manifest)
            collect(manifest, modules, into)
            registry_of(manifest.name).configure(cascade=True)
            check_mapped(manifest.name, self._engine)
        except KeyboardInterrupt:
            raise
        except (SQLAlchemyError, DeclarationError) as error:
            raise PluginFault(words.failed_mapping(manifest.name, error)) from error
        except BaseException as error:
            raise PluginFault(words.failed_import(manifest.name, error)) from error

    def _culprit(self, error: BaseException) -> str | None:
        """Whose declaration an error is about: it says so, its traceback leads there, or its text names the file."""
        names = set(self.order.names) - {BASE}
        said = getattr(error, "plugin", None)
        if said in names:
            return str(said)
        for module in _modules_on_the_way(error):
            if module in names:
                return module
        text = str(error)
        folders = {manifest.name: str(manifest.folder) for manifest in self.order.plugins}
        return next((name for name in names if folders[name] in text), None)


class _One(NamedExtensionManager[object]):
    """One entry point, by which its manifest was just found: stevedore keeps a list on disk whose time stamps are
    minutes wide, and to read all that is installed anew for each plugin takes longer than to load it."""

    def __init__(self, point: EntryPoint, on_failure: Callable[..., None]) -> None:
        self._point = point
        super().__init__(GROUP, [point.name], on_load_failure_callback=on_failure)

    def list_entry_points(self) -> list[EntryPoint]:
        return [self._point]


def _enter(manifest: Manifest) -> None:
    """Load a plugin's entry point: its ``__init__``, nothing else."""

    def fail(_manager: object, _point: EntryPoint, error: BaseException) -> None:
        raise error

    _One(manifest.point, fail)


def _check_current(manifest: Manifest, connection: Connection) -> None:
    if not is_current(manifest, connection):
        raise PluginFault(words.pending_migration(manifest.name))


def _check_tables(manifest: Manifest, declarations: Declarations, connection: Connection) -> None:
    """A plugin without migrations may have no records; in tests, its tables were made by other means."""
    if manifest.migrations.is_dir():
        return
    own = [
        record.__tablename__
        for record in declarations.records
        if record.__plugin__ == manifest.name
    ]
    if own and not set(own) <= set(inspect(connection).get_table_names()):
        raise PluginFault(words.without_migrations(manifest.name))


def _held_on_the_way(error: BaseException, names: Collection[str]) -> tuple[str | None, str]:
    """Whose declaration a room held when it failed, the innermost first, and where that stands: a slip that no room
    foresaw is its plugin's all the same, and mustn't keep the others from starting."""
    for frame, _line in reversed([*walk_tb(error.__traceback__)]):
        for value in frame.f_locals.values():
            if isinstance(value, Declaration) and value.plugin in names:
                return value.plugin, str(value.origin)
            if isinstance(value, type) and issubclass(value, Record) and value is not Record:
                if getattr(value, "__plugin__", "") in names:
                    return value.__plugin__, str(value.__origin__)
            elif isinstance(value, Labelled) and value.plugin in names:
                code = value.function.__code__
                return value.plugin, f"{code.co_filename}:{code.co_firstlineno}"
    return None, ""


def _modules_on_the_way(error: BaseException) -> list[str]:
    """The plugins whose frames are on the traceback, the innermost first."""
    found: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        with suppress(ValueError):
            found.insert(0, plugin_of(str(trace.tb_frame.f_globals.get("__name__", ""))))
        trace = trace.tb_next
    return found
