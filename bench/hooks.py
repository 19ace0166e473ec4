"""Asking twenty implementations of a hook, against pluggy alone: ours is timed, each implementation a procedure of its
plugin and a part that can fail by itself.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.figures import Figure
from bench.installing import installed

ROUNDS: Final = 15
CALLS: Final = 400


def figures() -> Iterator[Figure]:
    """Microseconds of CPU a dispatch, beyond pluggy's."""
    with tempfile.TemporaryDirectory() as folder, installed("chorus", Path(folder)):
        yield _measured(Path(folder))


def _measured(folder: Path) -> Figure:
    from tenor.loader.stage import actor_of
    from tenor.testing.institution import build, start
    from tenor_sdk.hooks import call_hook

    url = f"sqlite:///{folder}/chorus.db"
    build(url, ["chorus"], folder)
    kernel = start(url, ["chorus"], folder)
    sing: Any = import_module("tenor_chorus.public").sing
    ask = _pluggy()
    beyond: list[float] = []
    with kernel.context(actor_of(kernel, "lin.xiaowen"), write=True) as ctx:
        assert call_hook(ctx, sing, note=1) == ask(ctx=ctx, note=1)[::-1]
        for _round in range(ROUNDS):
            ours = _each(lambda: call_hook(ctx, sing, note=1))
            beyond.append(ours - _each(lambda: ask(ctx=ctx, note=1)))
        timings = kernel.events.timings.of_plugin("chorus")
        assert sum(each.calls for each in timings) > ROUNDS * CALLS
    kernel.db.dispose()
    return Figure(
        part=5, work="a hook of twenty, timed, beyond pluggy's own, CPU", unit="us",
        value=median(beyond) * 1e6, bar=20, runs=ROUNDS,
    )  # fmt: skip


def _pluggy() -> Callable[..., list[int]]:
    """The same functions, asked by pluggy."""
    import pluggy

    voices: Any = import_module("tenor_chorus.hooks")

    class Published:
        """The hook."""

        @pluggy.HookspecMarker("chorus")
        def sing(self, ctx: object, note: int) -> int:
            """As the plugin publishes it."""
            raise NotImplementedError

    manager = pluggy.PluginManager("chorus")
    manager.add_hookspecs(Published)
    for place in range(voices.VOICES):
        part = pluggy.HookimplMarker("chorus")(voices.voice(place))
        manager.register(type("Part", (), {"sing": staticmethod(part)}), f"voice {place}")
    found: Callable[..., list[int]] = manager.hook.sing
    return found


def _each(ask: Callable[[], object]) -> float:
    begun = time.process_time()
    for _again in range(CALLS):
        ask()
    return (time.process_time() - begun) / CALLS
