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
from tenor.loader import grants, lifecycle
from tenor.loader.collect import collect, integrations_of, loaded, modules_of, unload
from tenor.loader.failures import BootError, Failure, PluginFault
from tenor.loader.lifecycle import ChangePlan
from tenor.loader.manifest import BASE, GROUP, Manifest
from tenor.loader.mapped import DeclarationError, check_mapped
from tenor.loader.order import closure
from tenor.loader.patching import Originals
from tenor.loader.revisions import fault_of
from tenor.loader.state import connected, is_there, read_revisions
from tenor.loader.survey import Survey
from tenor_sdk.declare import Declaration, plugin_of
from tenor_sdk.i18n import _
from tenor_sdk.records import Record, registry_of

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor.loader.grants import Decision
    from tenor.settings import KernelSettings

log = logging.getLogger(__name__)


class Loader(Survey):
    """Finds, orders, imports and collects; afterwards the plugins page asks it what is installed and what a change
    would bring.

    Args:
        settings: of this institution.
        plugins: exactly these and what they need, instead of the enabled ones; for tests.
        announce: told the name of each plugin before it is imported, and an empty one when all are.
    """

    def __init__(
        self,
        settings: KernelSettings,
        plugins: Sequence[str] | None = None,
        announce: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(settings, plugins)
        self._announce = announce or (lambda _name: None)
        # connects to nothing: what is listened to on all engines is heard by it
        self._engine = make_engine(settings.database, write=False)

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def load(self) -> Declarations:
        """What the plugins declare, those left out that can't run.

        Raises:
            BootError: there is no institution here, or the kernel's own part is at fault.
        """
        if not is_there(self.settings.database):
            raise BootError(_("There is no institution here yet; tenor init makes one."))
        self.hold_to_lock()
        self.hold_to_grants()
        while True:
            self.order = self.arranged()
            try:
                with connected(self.settings.database) as connection:
                    return self._declared(connection)
            except PluginFault as fault:
                self.drop(fault.failure)

    def drop(self, failure: Failure) -> None:
        """Leave a plugin out, with those that need it; what was imported of them is thrown away.

        Raises:
            BootError: it is the kernel's own.
        """
        if failure.plugin == BASE:
            raise words.of_the_kernel(failure)
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

    def plan_enable(self, name: str) -> ChangePlan:
        """What enabling it would bring."""
        return lifecycle.foreseen(self, lifecycle.plan_enable(self, name))

    def plan_disable(self, name: str) -> ChangePlan:
        """What disabling it would bring."""
        return lifecycle.foreseen(self, lifecycle.plan_disable(self, name))

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

    def _declared(self, connection: Connection) -> Declarations:
        current = read_revisions(self.settings.database, self.order.names)
        for manifest in self.order.plugins:
            _check_current(manifest, current.get(manifest.name))
        declarations = self.gathered()
        for manifest in self.order.plugins:
            _check_tables(manifest, declarations, connection)
        return declarations

    def gathered(self) -> Declarations:
        """What the plugins of the order declare, imported and mapped.

        Raises:
            PluginFault: one of them can't be.
        """
        declarations = Declarations(plugins=[loaded(manifest) for manifest in self.order.plugins])
        originals = Originals()
        for manifest in self.order.plugins:
            self._gather(manifest, modules_of(manifest), declarations)
            originals.keep({manifest.package})
        for manifest in self.order.plugins:
            beside = integrations_of(manifest, self.order.names)
            if beside:
                self._gather(manifest, beside, declarations)
        self._announce("")
        _check_prefixes(declarations, self.order.names)
        _check_patched(originals, self.order.names)
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
        text = words.text_of(error)
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


def _check_current(manifest: Manifest, current: str | None) -> None:
    fault = fault_of(manifest, current)
    if fault is not None:
        raise PluginFault(fault)


def _check_patched(originals: Originals, names: Collection[str]) -> None:
    """Undo what plugins put in the place of others' code, and name the first that did; at the next attempt the next."""
    found = [*originals.patched()]
    for each in found:
        each.undo()
    for each in found:
        if each.by in names:
            raise PluginFault(words.patches_another(each.by, each.what))
        log.error(
            "%s was replaced while plugins were imported; it stands again as it was", each.what
        )


def _check_prefixes(declarations: Declarations, names: Collection[str]) -> None:
    """Whose a table is, is told by its name when nobody can be asked any more: a plugin whose own name begins like a
    table of another's would take that along when it is removed."""
    for record in declarations.records:
        table, own = record.__tablename__, record.__plugin__
        for other in names:
            if len(other) > len(own) and table.startswith(f"{other}_"):
                raise PluginFault(words.claims_a_table(other, table, own))


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
