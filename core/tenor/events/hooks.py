"""Hooks: which implementations a specification has, kept and checked by pluggy under our own labels."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter, isroutine, signature
from typing import TYPE_CHECKING, Any

from pluggy import HookimplOpts, HookspecOpts, PluginManager, PluginValidationError

from tenor.db.state import Procedure
from tenor.events.timings import Key
from tenor_sdk.hooks import HookImpl, HookSpec

if TYPE_CHECKING:
    from tenor.declarations import Labelled


class HookError(Exception):
    """A hook that can't be called as it is declared; the message names plugin, function and hook.

    Args:
        plugin: whose declaration is at fault; empty where it is the caller's.
    """

    def __init__(self, message: str, plugin: str = "") -> None:
        super().__init__(message)
        self.plugin = plugin


@dataclass(frozen=True, slots=True)
class Implementation:
    """One plugin's part in a hook.

    Args:
        procedure: as which it is called: of its plugin, by the hook's name.
        takes: the names of the arguments that it asks for.
        name: its place in its plugin, by which its calls are counted.
        by_place: whether it can be handed them without their names, which takes half the time.
    """

    procedure: Procedure
    function: Callable[..., Any]
    takes: tuple[str, ...]
    name: str
    by_place: bool

    @property
    def plugin(self) -> str:
        return self.procedure.plugin

    @property
    def key(self) -> Key:
        """By which its calls are counted."""
        return "hook", self.plugin, self.name

    def call(self, offered: Mapping[str, object]) -> Any:
        """Call it with those of the offered arguments that it names."""
        if self.by_place:
            return self.function(*[offered[name] for name in self.takes])
        return self.function(**{name: offered[name] for name in self.takes})


class _Labels(PluginManager):
    """Pluggy, reading the SDK's labels instead of its own markers."""

    def __init__(self, labels: Mapping[object, HookSpec | HookImpl]) -> None:
        super().__init__("tenor")
        self._labels = labels

    def parse_hookspec_opts(self, module_or_class: object, name: str) -> HookspecOpts | None:
        if not isinstance(self._label(module_or_class, name), HookSpec):
            return None
        return HookspecOpts(
            firstresult=False, historic=False, warn_on_impl=None, warn_on_impl_args=None
        )

    def parse_hookimpl_opts(self, plugin: object, name: str) -> HookimplOpts | None:
        label = self._label(plugin, name)
        if not isinstance(label, HookImpl):
            return None
        return HookimplOpts(
            wrapper=False, hookwrapper=False, optionalhook=False, tryfirst=False, trylast=False,
            specname=label.spec,
        )  # fmt: skip

    def _label(self, holder: object, name: str) -> HookSpec | HookImpl | None:
        found = getattr(holder, name)
        return self._labels.get(found) if isroutine(found) else None


class Hooks:
    """The specifications of the enabled plugins and who implements them, in load order.

    Raises:
        HookError: an implementation of a hook that nobody publishes, or with an argument that it doesn't have.
    """

    def __init__(self, specs: Iterable[Labelled], impls: Iterable[Labelled]) -> None:
        self._arguments: dict[str, frozenset[str]] = {}
        self._offered: dict[str, frozenset[str]] = {}
        self._known: dict[str, tuple[Implementation, ...]] = {}
        specs, impls = list(specs), list(impls)
        published = {found.label.name: found.function for found in specs}
        self._required = {found.label.name for found in specs if found.label.required}
        labels = _Labels({found.function: found.label for found in (*specs, *impls)})
        if published:
            labels.add_hookspecs(type("Published", (), published))
        owners = {_register(labels, found): found for found in impls}
        _check(labels, owners)
        for name, spec in published.items():
            self._arguments[name] = frozenset(signature(spec).parameters)
            self._offered[name] = self._arguments[name] | {"ctx"}
            found = getattr(labels.hook, name).get_hookimpls()
            self._known[name] = tuple(
                _implementation(owners[impl.plugin_name], name, self._arguments[name])
                for impl in found
            )

    def required(self, name: str) -> bool:
        """Whether nobody's part in a hook may be left out."""
        return name in self._required

    def of(self, name: str, offered: Collection[str]) -> Sequence[Implementation]:
        """The implementations of a hook, in load order.

        Args:
            offered: the names of the arguments with which it is called, ``ctx`` among them.

        Raises:
            HookError: no enabled plugin publishes it, or its specification has other arguments.
        """
        if name not in self._known:
            raise HookError(f"no enabled plugin publishes the hook {name!r}")
        expected = self._offered[name]
        if len(offered) != len(expected) or not expected.issuperset(offered):
            asked, given = sorted(self._arguments[name]), sorted(offered)
            raise HookError(f"the hook {name!r} takes {asked}, not {given}")
        return self._known[name]


def _register(labels: _Labels, found: Labelled) -> str:
    function = found.function
    name = f"{found.plugin}: {function.__module__}.{function.__qualname__}"
    try:
        labels.register(type("Part", (), {function.__name__: function}), name)
    except PluginValidationError as error:
        # the lines before only name the function and the hook again
        raise _misfit(name, found, str(error).strip().splitlines()[-1]) from None
    return name


def _check(labels: _Labels, owners: Mapping[str, Labelled]) -> None:
    """No implementation of a hook that nobody publishes: a slip of the pen, or its plugin isn't enabled."""
    try:
        labels.check_pending()
    except PluginValidationError as error:
        name = labels.get_name(error.plugin) or ""
        raise _misfit(name, owners[name], "no enabled plugin publishes it") from None


def _implementation(found: Labelled, hook: str, arguments: frozenset[str]) -> Implementation:
    parameters = signature(found.function).parameters
    beyond = sorted(parameters.keys() - arguments)
    if beyond:
        name = f"{found.plugin}: {found.function.__module__}.{found.function.__qualname__}"
        raise _misfit(name, found, f"it has no argument {', '.join(beyond)}")
    by_place = all(each.kind is Parameter.POSITIONAL_OR_KEYWORD for each in parameters.values())
    procedure = Procedure(found.plugin, hook)
    name = f"{found.function.__module__}.{found.function.__qualname__}"
    return Implementation(procedure, found.function, tuple(parameters), name, by_place)


def _misfit(name: str, found: Labelled, reason: str) -> HookError:
    return HookError(f"{name}, of the hook {found.label.spec!r}: {reason}", found.plugin)
