"""A plugin that leaves: disabled it keeps all, removed it takes its own alone, brought back it is as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from tenor.boot import boot
from tenor.loader.bringing_back import bring_back
from tenor.loader.lifecycle import disable
from tenor.loader.manifest import BASE, find
from tenor.loader.owned import Tables
from tenor.loader.removing import plan_remove, remove
from tenor.loader.stage import actor_of, play
from tenor.loader.state import connected
from tenor_sdk.errors import TenorError

if TYPE_CHECKING:
    from tenor.kernel import Kernel
    from tenor.settings import KernelSettings

#: of the demo's people, who administers it
_WHO: Final = "ding.ning"


def leaving(kernel: Kernel, plugin: str) -> Iterator[str]:
    """It is disabled, removed and brought back, with the demo's data. What can't be removed for a reason that isn't its
    own (it keeps a journal, something of it is on hold) is disabled alone."""
    play(kernel)
    settings = kernel.settings
    before = _counted(settings)
    own = {name: rows for (owner, name), rows in before.items() if owner == plugin}
    # tables of the kernel, and the index of the search, lose what is about the plugin
    others = {
        name: rows for (owner, name), rows in before.items() if owner not in (plugin, BASE, "")
    }
    with kernel.context(actor_of(kernel, _WHO), write=True) as ctx:
        disable(kernel, ctx, plugin)
    yield from _changes("disabled", own, settings)
    if plan_remove(settings, plugin).refusals:
        return
    alone = boot(settings, plugins=(), clock=kernel.clock)
    try:
        remove(alone, actor_of(alone, _WHO), plugin)
        left = {name for _owner, name in _counted(settings)}
        yield from (f"removed, it leaves {name} behind" for name in sorted(left & own.keys()))
        yield from _changes("removed", others, settings)
        bring_back(alone, actor_of(alone, _WHO), plugin)
        yield from _changes("brought back", own, settings)
    except TenorError as error:
        yield f"it can't be removed and brought back: {error}"
    finally:
        alone.db.dispose()


def _counted(settings: KernelSettings) -> dict[tuple[str, str], int]:
    """The rows of every table, by whose it is and its name."""
    with connected(settings.database) as connection:
        tables = Tables(connection, find()[0])
        return {(tables.owner(name), name): tables.count(name) for name in tables.names}


def _changes(how: str, before: Mapping[str, int], settings: KernelSettings) -> Iterator[str]:
    now = {name: rows for (_owner, name), rows in _counted(settings).items()}
    for name, rows in before.items():
        if now.get(name, 0) != rows:
            yield f"{how}: {name} had {rows} rows and has {now.get(name, 0)}"
