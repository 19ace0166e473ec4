"""What is installed and enabled here and what keeps it from running, found without importing any plugin."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Literal

from tenor.loader import failures as words
from tenor.loader import grants, locking
from tenor.loader.failures import Failure
from tenor.loader.manifest import BASE, Brought, Manifest, find
from tenor.loader.order import Order, closure, order
from tenor.loader.revisions import fault_of
from tenor.loader.state import is_there, read_revisions, read_state

if TYPE_CHECKING:
    from tenor.settings import KernelSettings

PluginStatus = Literal["running", "failed", "disabled", "waiting"]


@dataclass(frozen=True, kw_only=True)
class PluginRow:
    """A plugin as the list and the plugins page show it.

    Args:
        name, title, category, version, summary: of its manifest and distribution.
        status: ``running``; ``failed``, with ``failure``; ``disabled``; ``waiting``: enabled since this process began.
        critical: whether the institution must not run without it.
        requires: plugins that it needs; ``needed_by``: enabled ones that need it.
        asks: what it wants beyond its own records; ``granted``: what of that it may.
    """

    name: str
    title: str
    category: str
    version: str
    summary: str
    status: PluginStatus
    critical: bool
    requires: tuple[str, ...]
    needed_by: tuple[str, ...]
    asks: tuple[str, ...]
    granted: tuple[str, ...] = ()
    failure: Failure | None = None


class Survey:
    """What pip's metadata, the literals of the manifests, the migrations' numbers and the database say.

    Args:
        settings: of this institution.
        plugins: exactly these and what they need, instead of the enabled ones; for tests.
    """

    def __init__(self, settings: KernelSettings, plugins: Sequence[str] | None = None) -> None:
        self.settings = settings
        #: what the installed distributions bring, read once: each question reads the files of all of them
        self.points: Brought = entry_points()
        self.installed, self.unreadable = find(self.points)
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

    def examine(self) -> None:
        """Find what keeps enabled plugins from running: requirements and tables."""
        if not is_there(self.settings.database):
            return
        self.hold_to_lock()
        self.hold_to_grants()
        found = order(self.enabled, self.installed, self.broken).plugins
        current = read_revisions(self.settings.database, [each.name for each in found])
        for manifest in found:
            fault = fault_of(manifest, current.get(manifest.name))
            if fault is not None:
                self.broken[manifest.name] = fault
        self.order = self.arranged()

    def arranged(self) -> Order:
        """The order, or ``base`` alone where a critical plugin can't run, or somebody wants it so."""
        if self.put_into_safe_mode:
            return Order([self.installed[BASE]])
        arranged = order(self.enabled, self.installed, self.broken)
        out = {failure.plugin for failure in arranged.failures} | set(self.broken)
        if any(self.installed[name].stated.critical for name in out if name in self.installed):
            self.safe_mode = True
            arranged = Order([self.installed[BASE]], arranged.failures)
        return arranged

    def overview(self) -> list[PluginRow]:
        """Every installed plugin and how it fares, and those that are enabled without being installed."""
        failures = {failure.plugin: failure for failure in (*self.unreadable, *self.failures)}
        names = sorted({*self.installed, *failures})
        now = self._enabled_now()
        return [self._row(name, failures.get(name), now) for name in names]

    def _enabled_now(self) -> frozenset[str]:
        """What is enabled by now: it may have changed since, and the process that runs it is still to come."""
        return (
            self.enabled if self._given else frozenset(read_state(self.settings.database).enabled)
        )

    def _row(self, name: str, failure: Failure | None, now: Collection[str]) -> PluginRow:
        manifest: Manifest | None = self.installed.get(name)
        return PluginRow(
            name=name,
            title=manifest.title if manifest else name,
            category=manifest.stated.category if manifest else "",
            version=manifest.version if manifest else "",
            summary=manifest.summary if manifest else "",
            status=self._status(name, failure, now),
            critical=bool(manifest and manifest.stated.critical),
            requires=tuple(sorted(manifest.requires)) if manifest else (),
            needed_by=self.needing(name, self.enabled),
            asks=manifest.stated.asks if manifest else (),
            granted=tuple(sorted(self.granted(name))) if manifest else (),
            failure=failure,
        )

    def _status(self, name: str, failure: Failure | None, now: Collection[str]) -> PluginStatus:
        enabled = name == BASE or name in self.enabled
        if failure is not None and (enabled or failure.stage == "manifest"):
            return "failed"
        if not enabled:
            return "waiting" if name in now else "disabled"
        if name != BASE and name not in now:
            return "disabled"
        return "running" if name in self.order.names or not self.order.names else "waiting"

    def needing(self, name: str, enabled: Collection[str]) -> tuple[str, ...]:
        """Which of the enabled plugins need this one."""
        known = set(enabled) & set(self.installed)
        return tuple(sorted(other for other in known if name in self.installed[other].requires))
