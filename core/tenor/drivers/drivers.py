"""Drivers: found by entry points ``tenor.drivers.<kind>`` of distributions whose plugin runs, chosen by a setting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, Any, TypeVar

from packaging.utils import canonicalize_name

from tenor.drivers.callbacks import CallbackDoor
from tenor_sdk.drivers import Driver, DriverKind
from tenor_sdk.errors import NotFound, Refused

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel

T = TypeVar("T")


@dataclass(frozen=True)
class Offer:
    """A driver that is installed and whose plugin runs.

    Args:
        kind: the family.
        name: of its entry point, by which it is chosen.
        plugin: that brings it.
        point: where it is.
    """

    kind: str
    name: str
    plugin: str
    point: EntryPoint


class Drivers:
    """The families that plugins publish, and who offers to fill them."""

    def __init__(self) -> None:
        self.kinds: dict[str, DriverKind[Any]] = {}
        self._offers: dict[str, dict[str, Offer]] = {}
        self._classes: dict[Offer, type[Any]] = {}
        self.callbacks = CallbackDoor()

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.callbacks.attach(kernel)

    def load(self, declarations: Declarations) -> None:
        """Take in the families, and find the drivers of those plugins that run."""
        self.kinds = {kind.name: kind for kind in declarations.of(DriverKind)}
        self.callbacks.load(declarations)
        running: dict[str, str] = {
            canonicalize_name(self.kernel.loader.installed[each.name].distribution): each.name
            for each in declarations.plugins
        }
        points = self.kernel.loader.points
        self._offers = {
            name: _offers(name, points.select(group=f"tenor.drivers.{name}"), running)
            for name in self.kinds
        }

    def offers(self, kind: str) -> list[Offer]:
        """The drivers that can be chosen, by name."""
        return [offer for _, offer in sorted(self._offers.get(kind, {}).items())]

    def chosen(self, ctx: KernelContext, kind: DriverKind[Any]) -> str:
        """The name of the driver that is in use; empty where there is none.

        The administrator's choice, else that of ``tenor.toml``, else the only one there is, else the only one that the
        family's own plugin brings: a stranger's that is enabled besides takes nothing out of use.
        """
        offered = self._offers.get(kind.name, {})
        stored: Mapping[str, Any] = self.kernel.plugin_settings.raw(ctx, "base")
        for name in (stored.get(_setting(kind.name)), self.kernel.settings.drivers.get(kind.name)):
            if name:
                return str(name) if name in offered else ""
        own = [offer.name for offer in offered.values() if offer.plugin == kind.plugin]
        return next((names[0] for names in ([*offered], own) if len(names) == 1), "")

    def choose(self, ctx: KernelContext, kind: str, name: str) -> None:
        """Choose a driver for the institution.

        Raises:
            NotFound: ``no-such-driver``.
            Forbidden: without the permission to change settings.
        """
        if name not in self._offers.get(kind, {}):
            raise NotFound("no-such-driver", kind=kind, name=name)
        self.kernel.plugin_settings.put(ctx, "base", _setting(kind), name)

    def driver(self, ctx: KernelContext, kind: DriverKind[T]) -> T:
        """A driver of ``kind`` for this context.

        Raises:
            Refused: ``no-driver`` where none is installed, enabled and chosen.
        """
        name = self.chosen(ctx, kind)
        offer = self._offers.get(kind.name, {}).get(name)
        if offer is None:
            raise Refused("no-driver", kind=kind.title)
        made: T = self._class(offer, kind)(ctx)
        return made

    def _class(self, offer: Offer, kind: DriverKind[Any]) -> type[Any]:
        if offer not in self._classes:
            loaded = offer.point.load()
            if not (isinstance(loaded, type) and issubclass(loaded, kind.interface)):
                raise TypeError(f"{offer.point.value} isn't a {kind.interface.__name__}")
            if issubclass(loaded, Driver):
                loaded.name = loaded.name or offer.name
            self._classes[offer] = loaded
        return self._classes[offer]


def _setting(kind: str) -> str:
    return f"driver.{kind}"


def _offers(
    kind: str, points: Iterable[EntryPoint], running: Mapping[str, str]
) -> dict[str, Offer]:
    found: dict[str, Offer] = {}
    for point in points:
        plugin = running.get(canonicalize_name(point.dist.name)) if point.dist else None
        if plugin is not None:
            found[point.name] = Offer(kind, point.name, plugin, point)
    return dict(sorted(found.items()))
