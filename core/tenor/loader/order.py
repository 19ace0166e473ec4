"""In which order plugins are loaded: those that are needed first, neighbours by name; and which can't be."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from tenor.loader.failures import Failure, left_out
from tenor.loader.manifest import BASE, Manifest, satisfies, unmet_kernel
from tenor_sdk.i18n import _


@dataclass
class Order:
    """The plugins to load, in order, and why the others aren't among them."""

    plugins: list[Manifest] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [manifest.name for manifest in self.plugins]


def closure(names: Iterable[str], installed: Mapping[str, Manifest]) -> set[str]:
    """``names`` with all that they need, as far as it is installed."""
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in wanted:
            continue
        wanted.add(name)
        if name in installed:
            waiting.extend(installed[name].requires)
    return wanted


def order(
    enabled: Iterable[str], installed: Mapping[str, Manifest], broken: Collection[str] = ()
) -> Order:
    """Arrange the enabled plugins; ``base`` is always the first, and those that broke before aren't tried again.

    An ``optional`` neighbour that is enabled comes before whoever works together with it, unless that would make a
    circle: so its classes are there when ``integrations/<neighbour>.py`` is imported.
    """
    result = Order()
    wanted = {BASE, *enabled}
    usable = _usable(wanted, set(broken), installed, result.failures)
    hard = {name: {BASE, *installed[name].requires} - {name} for name in usable}
    soft = {name: set(installed[name].stated.optional) & usable for name in usable}
    for names in (_sorted(hard, soft), _sorted(hard, {})):
        result.plugins = [installed[name] for name in names]
        if len(names) == len(usable):
            break
    for name in sorted(usable - set(result.names)):
        result.failures.append(_circle(name, sorted(usable - set(result.names))))
    return result


def _usable(
    wanted: set[str], broken: set[str], installed: Mapping[str, Manifest], failures: list[Failure]
) -> set[str]:
    """Those whose requirements are all installed, enabled, of the right version and usable themselves."""
    usable = {name for name in wanted if name in installed}
    failures.extend(_not_installed(name) for name in sorted(wanted - usable - broken))
    usable -= broken
    while True:
        for name in sorted(usable):
            failure = _unmet(installed[name], usable, wanted, installed)
            if failure is not None:
                failures.append(failure)
                usable.discard(name)
                break
        else:
            return usable


def _unmet(
    manifest: Manifest, usable: set[str], wanted: set[str], installed: Mapping[str, Manifest]
) -> Failure | None:
    lacking = unmet_kernel(manifest)
    if lacking is not None:
        return _version(manifest.name, str(lacking[0]), lacking[1])
    for other, requirement in sorted(manifest.requires.items()):
        if other not in installed:
            return _requires(manifest.name, str(requirement))
        if other not in wanted:
            return _disabled(manifest.name, other)
        if not satisfies(installed[other], requirement):
            return _version(manifest.name, str(requirement), installed[other].version)
        if other not in usable:
            return left_out(manifest.name, other)
    return None


def _sorted(hard: Mapping[str, set[str]], soft: Mapping[str, set[str]]) -> list[str]:
    """Topological, the smallest name first among those that can come next; what is in a circle is left out."""
    waiting = {name: hard[name] | (soft.get(name, set()) - {name}) for name in hard}
    ready = [name for name, needs in waiting.items() if not needs]
    heapq.heapify(ready)
    done: list[str] = []
    while ready:
        name = heapq.heappop(ready)
        done.append(name)
        for other, needs in waiting.items():
            if name in needs:
                needs.discard(name)
                if not needs:
                    heapq.heappush(ready, other)
    return done


def _not_installed(name: str) -> Failure:
    distribution = f"tenor-{name.replace('_', '-')}"
    return Failure(
        plugin=name,
        stage="requirements",
        cause=_("It is enabled, but not installed."),
        remedy=_("Install it: pip install {distribution}", distribution=distribution),
    )


def _requires(name: str, requirement: str) -> Failure:
    return Failure(
        plugin=name,
        stage="requirements",
        cause=_("It needs {other}, which isn't installed.", other=requirement),
        remedy=_("Install it: pip install {distribution}", distribution=requirement),
    )


def _disabled(name: str, other: str) -> Failure:
    return Failure(
        plugin=name,
        stage="requirements",
        cause=_("It needs {other}, which isn't enabled.", other=other),
        remedy=_("Enable it: tenor plugin enable {other}", other=other),
        because_of=other,
    )


def _version(name: str, requirement: str, found: str) -> Failure:
    return Failure(
        plugin=name,
        stage="requirements",
        cause=_("It needs {other}; installed is {found}.", other=requirement, found=found),
        remedy=_("Install it: pip install {distribution}", distribution=requirement),
    )


def _circle(name: str, names: list[str]) -> Failure:
    return Failure(
        plugin=name,
        stage="order",
        cause=_("These plugins need each other in a circle: {names}", names=", ".join(names)),
        remedy=_("Install versions without that circle, or disable one of them."),
    )
