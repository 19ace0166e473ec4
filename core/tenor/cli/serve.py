"""``tenor serve``, ``tenor worker``, ``tenor relay``: each supervises a child."""

from __future__ import annotations

import argparse

from tenor.cli import child
from tenor.cli.place import Place
from tenor.cli.supervisor import Kind, Supervisor
from tenor.cli.words import Commands, command
from tenor.loader.failures import BootError
from tenor_sdk.i18n import _


def add(commands: Commands) -> None:
    command(commands, "serve", _serve, "serve the site; Ctrl-C stops it")
    worker = command(commands, "worker", _worker, "run jobs (distributed: from Redis)")
    worker.add_argument("--threads", type=int, default=4, help="jobs at once")
    words = "instead of threads, processes of one job each, ended when its time is over"
    worker.add_argument("--processes", type=int, default=0, help=words)
    relay = command(commands, "relay", _relay, "hand jobs to Redis, for workers elsewhere")
    for one in (worker, relay):
        words = "where a monitor may read /metrics of it (by default nowhere)"
        one.add_argument("--metrics-port", type=int, default=0, help=words)
    child.add(commands)


def _serve(place: Place, options: argparse.Namespace) -> int:
    return serve(place, _config(options))


def serve(place: Place, options: list[str]) -> int:
    """Serve the institution of these settings until Ctrl-C."""
    place.there_is_one()
    supervisor = Supervisor(place.settings, "serve", options, place.say)

    def ready() -> None:
        place.say(_("Tenor serves at {url} (Ctrl-C stops it)", url=supervisor.url))

    return supervisor.run(ready)


def _worker(place: Place, options: argparse.Namespace) -> int:
    if options.processes and place.settings.mode != "distributed":
        raise BootError("tenor worker --processes is for mode distributed")
    if options.processes and options.metrics_port:
        raise BootError("--metrics-port is for threads: each of --processes counts by itself")
    at_once = ["--threads", str(options.threads), "--processes", str(options.processes)]
    return _beside(place, "worker", [*at_once, *_metrics(options), *_config(options)])


def _relay(place: Place, options: argparse.Namespace) -> int:
    if not place.settings.redis_url:
        raise BootError("tenor relay needs redis_url")
    return _beside(place, "relay", [*_metrics(options), *_config(options)])


def _beside(place: Place, kind: Kind, options: list[str]) -> int:
    place.there_is_one()
    words = _("Tenor's {kind} runs (Ctrl-C stops it)", kind=kind)
    return Supervisor(place.settings, kind, options, place.say).run(lambda: place.say(words))


def _metrics(options: argparse.Namespace) -> list[str]:
    return ["--metrics-port", str(options.metrics_port)] if options.metrics_port else []


def _config(options: argparse.Namespace) -> list[str]:
    return ["--config", str(options.config)] if options.config else []
