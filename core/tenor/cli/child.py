"""The process that the supervisor starts: a kernel of one generation, that serves, works or relays until told to end.
What it has begun by then it finishes."""

from __future__ import annotations

import argparse
import os
import signal
import socket
from threading import Event, Thread
from time import monotonic, time
from typing import TYPE_CHECKING, Any, Final

from waitress import create_server, wasyncore
from waitress.task import WSGITask

from tenor.cli.place import Place
from tenor.cli.words import Commands
from tenor.sweeping import rest, settle

if TYPE_CHECKING:
    from tenor.kernel import Kernel
    from tenor.settings import KernelSettings

#: seconds in which requests that have begun are finished
_DRAIN: Final = 30.0
#: a connection on which nothing came or went for so many seconds is idle
_QUIET: Final = 1.5


def add(commands: Commands) -> None:
    parser = commands.add_parser("child")
    parser.set_defaults(run=_child)
    parser.add_argument("kind", choices=("serve", "worker", "relay"))
    parser.add_argument("--ready", type=int, required=True)
    parser.add_argument("--life", type=int, required=True)
    parser.add_argument("--socket", type=int)
    parser.add_argument("--toolbar", action="store_true")
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--processes", type=int, default=0)
    parser.add_argument("--metrics-port", type=int, default=0)


def _child(place: Place, options: argparse.Namespace) -> int:
    rest()
    over = Event()
    # Ctrl-C reaches the whole group: the supervisor hears it and tells us in its own words
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    Thread(target=_outlive_nobody, args=(options.life,), name="tenor-life", daemon=True).start()
    with place.kernel(lambda name: _say(options, f"importing {name}")) as kernel:
        act = {"serve": _serve, "worker": _work, "relay": _relay}[options.kind]
        if options.metrics_port:
            _tell_a_monitor(kernel, options.metrics_port, over)
        act(kernel, options, over)
    return 0


def _tell_a_monitor(kernel: Kernel, port: int, over: Event) -> None:
    """Beside the work, of a process that answers no other requests."""
    from tenor.web.monitored import tell

    Thread(target=tell, args=(kernel, port, over), name="tenor-metrics", daemon=True).start()


def _outlive_nobody(life: int) -> None:
    """When the supervisor is gone, however it went, end as if it had asked for it."""
    os.read(life, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _say(options: argparse.Namespace, word: str) -> None:
    """A line to the supervisor."""
    os.write(options.ready, f"{word}\n".encode())


def _ready(options: argparse.Namespace) -> None:
    """All that was made for the start is made."""
    settle()
    _say(options, "ready")


def proxy_options(settings: KernelSettings) -> dict[str, Any]:
    """Whom the server believes about where a request comes from: nobody, or the one proxy that the settings name."""
    options: dict[str, Any] = {"clear_untrusted_proxy_headers": True}
    if settings.trusted_proxy:
        options["trusted_proxy"] = settings.trusted_proxy
        options["trusted_proxy_headers"] = {"x-forwarded-for"}
    return options


def _serve(kernel: Kernel, options: argparse.Namespace, over: Event) -> None:
    """Answer requests; in the embedded mode the worker runs in a thread beside."""
    from tenor.web import create_app

    channels: dict[int, Any] = {}
    app = create_app(kernel)
    if options.toolbar:
        from tenor.web.toolbar import Toolbar

        Toolbar(kernel).install(app)
    server = create_server(
        app,
        map=channels,
        sockets=[socket.socket(fileno=options.socket)],
        threads=kernel.settings.threads,
        ident="",
        channel_timeout=60,
        **proxy_options(kernel.settings),
    )
    worker = kernel.jobs.worker() if kernel.settings.mode == "embedded" else None
    if worker is not None:
        worker.start()
    _ready(options)
    while not over.is_set():
        wasyncore.loop(timeout=0.5, map=channels, count=1)
    _drain(server, channels)
    if worker is not None:
        worker.stop()


def _drain(server: Any, channels: dict[int, Any]) -> None:
    """Take no more connections, finish what has begun, then close what is idle.

    A connection that was taken a moment ago has a request on its way: to close it would be felt as a reset.
    """
    server.accepting = False
    for channel in server.active_channels.values():
        channel.task_class = last_task
    patience = monotonic() + _DRAIN
    while monotonic() < patience and any(map(_is_busy, server.active_channels.values())):
        wasyncore.loop(timeout=0.1, map=channels, count=1)
    server.task_dispatcher.shutdown()


def last_task(channel: Any, request: Any) -> Any:
    """An answer after which the connection is closed, so that a browser that goes on asking asks the new process."""
    task = WSGITask(channel, request)
    request.headers["CONNECTION"] = "close"
    return task


def _is_busy(channel: Any) -> bool:
    recently = time() - channel.last_activity < _QUIET
    return bool(channel.requests or channel.total_outbufs_len or recently)


def _work(kernel: Kernel, options: argparse.Namespace, over: Event) -> None:
    if kernel.settings.mode == "distributed":
        from tenor.jobs.celery_app import run_worker

        _ready(options)
        run_worker(kernel, threads=options.threads, processes=options.processes)
        return
    worker = kernel.jobs.worker()
    worker.start()
    _ready(options)
    over.wait()
    worker.stop()


def _relay(kernel: Kernel, options: argparse.Namespace, over: Event) -> None:
    from tenor.jobs.celery_app import relay

    _ready(options)
    relay(kernel).run(over)
