"""What a monitor reads of this process and of the institution, in the text format of Prometheus.

Labels are names of routes, plugins and callbacks, of which the code has so many and no more: never an id, a person or
anything that somebody typed. Imported with the first that asks: a start doesn't wait for what brings the format.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from tenor.events.breakers import read_open
from tenor.events.rows import table_of
from tenor.identity.records import SignIn
from tenor.jobs.figures import figures

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tenor.kernel import Kernel
    from tenor.meters import Times
    from tenor.web.requests import Requests

#: steps of the histograms: powers of two in microseconds, at which steps of ours end
_REQUESTS: Final = tuple(2**power / 1e6 for power in range(10, 25))
_STATEMENTS: Final = tuple(2**power / 1e6 for power in range(6, 23, 2))
_CALLBACKS: Final = tuple(2**power / 1e6 for power in range(7, 26, 2))
_CALLBACK: Final = ("plugin", "kind", "callback")
_sign_in: Final = table_of(SignIn)


class Metrics(Collector):
    """Collects what stands in the answer to a monitor.

    Args:
        requests: those that this process answered.
    """

    def __init__(self, kernel: Kernel, requests: Requests) -> None:
        self._kernel, self._requests = kernel, requests

    def text(self) -> tuple[bytes, str]:
        """Everything, and its media type."""
        registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=registry)
        registry.register(self)
        return generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4

    def collect(self) -> Iterator[Metric]:
        """Each family of figures."""
        yield from self._process()
        with self._kernel.db.raw(write=False) as connection:
            found = [*self._institution(connection), *self._left_out(connection)]
        yield from found
        yield from self._timed()
        yield from self._callbacks()

    # -- what stands ------------------------------------------------------------------------------------------------

    def _process(self) -> Iterator[Metric]:
        kernel = self._kernel
        told = {"version": version("tenor"), "mode": kernel.settings.mode}
        yield InfoMetricFamily("tenor_build", "Which kernel this process runs.", told)
        words = "Of the set of enabled plugins with which this process started."
        yield _gauge("tenor_generation", words, kernel.generation)
        words = "Whether the kernel's own part alone runs."
        yield _gauge("tenor_safe_mode", words, kernel.safe_mode)
        plugins = GaugeMetricFamily(
            "tenor_plugins", "Plugins that are enabled.", labels=("status",)
        )
        plugins.add_metric(("running",), len(kernel.declarations.plugins))
        plugins.add_metric(("failed",), len(kernel.failures))
        yield plugins
        in_use = GaugeMetricFamily(
            "tenor_db_connections_in_use", "Connections to the database that are in use.", labels=("access",)
        )  # fmt: skip
        for access, engine in (("read", kernel.db.reader), ("write", kernel.db.writer)):
            pool: Any = engine.pool
            in_use.add_metric((access,), pool.checkedout())
        yield in_use

    def _institution(self, connection: Connection) -> Iterator[Metric]:
        stand = figures(self._kernel, connection)
        jobs = GaugeMetricFamily("tenor_jobs", "Jobs that aren't over.", labels=("state",))
        for state in ("due", "later", "running", "in_parts", "parked"):
            jobs.add_metric((state,), getattr(stand, state))
        yield jobs
        words = "For how long the oldest job that is due has been."
        yield _gauge("tenor_jobs_oldest_due_seconds", words, stand.oldest_due)
        words = "For how long the oldest job that may run waits to be taken."
        yield _gauge("tenor_outbox_lag_seconds", words, stand.lag)
        open_ones = select(func.count()).where(_sign_in.c.expires_at > self._kernel.clock.now())
        signed_in = connection.execute(open_ones).scalar_one()
        yield _gauge("tenor_sessions", "Browsers that are signed in.", signed_in)

    def _left_out(self, connection: Connection) -> Iterator[Metric]:
        family = GaugeMetricFamily(
            "tenor_plugin_callback_open", "Callbacks that are left out, as they kept failing.", labels=_CALLBACK
        )  # fmt: skip
        installed = self._kernel.loader.installed
        versions = {name: manifest.version for name, manifest in installed.items()}
        for kind, plugin, name in read_open(connection, versions):
            family.add_metric((plugin, kind, name), 1)
        yield family

    # -- what took time ---------------------------------------------------------------------------------------------

    def _timed(self) -> Iterator[Metric]:
        known = self._requests.known
        asked = {labels: meter.ever() for labels, meter in known.items()}
        labels: tuple[str, ...] = ("route", "method", "status")
        name = "tenor_http_request_duration_seconds"
        yield _histogram(name, "Requests that were answered.", labels, asked, _REQUESTS)
        statements = self._kernel.db.statements
        ran = {(access,): meter.ever() for access, meter in statements.items()}
        name = "tenor_db_statement_duration_seconds"
        yield _histogram(name, "Statements that were run.", ("access",), ran, _STATEMENTS)
        failed = {(access,): meter.failures for access, meter in statements.items()}
        yield _counter("tenor_db_statement_failures", "Statements that failed.", ("access",), failed)  # fmt: skip

    def _callbacks(self) -> Iterator[Metric]:
        events = self._kernel.events
        called = {(each.plugin, each.kind, each.name): each.ever for each in events.timings.all()}
        name = "tenor_plugin_callback_duration_seconds"
        yield _histogram(name, "Calls of what plugins bring.", _CALLBACK, called, _CALLBACKS)
        failed = {labels: times.failed for labels, times in called.items()}
        name = "tenor_plugin_callback_failures"
        yield _counter(name, "Calls out of which an error came.", _CALLBACK, failed)
        skipped = {
            (plugin, kind, name): times
            for (kind, plugin, name), times in events.breakers.skipped.items()
        }
        name = "tenor_plugin_callback_left_out"
        yield _counter(name, "Calls that weren't made, as they kept failing.", _CALLBACK, skipped)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value)


def _counter(name: str, words: str, labels: tuple[str, ...], values: Mapping[Any, int]) -> Metric:
    family = CounterMetricFamily(name, words, labels=labels)
    for each, value in values.items():
        family.add_metric(each, value)
    return family


def _histogram(
    name: str,
    words: str,
    labels: tuple[str, ...],
    found: Mapping[Any, Times],
    bounds: tuple[float, ...],
) -> Metric:
    family = HistogramMetricFamily(name, words, labels=labels)
    for each, times in found.items():
        steps = [(str(bound), times.within(bound)) for bound in bounds]
        family.add_metric(each, [*steps, ("+Inf", times.calls)], times.seconds)
    return family
