"""How many statements an engine runs, and how long they take."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

from tenor.meters import Meter

if TYPE_CHECKING:
    from sqlalchemy import ExceptionContext


def count_statements(engine: Engine) -> Meter:
    """Count what ``engine`` runs from now on. What fails is counted as failed, without its time."""
    meter = Meter()

    @event.listens_for(engine, "before_cursor_execute")
    def begin(
        connection: Any, cursor: Any, statement: str, given: Any, context: Any, many: bool
    ) -> None:
        context.tenor_began = perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def end(
        connection: Any, cursor: Any, statement: str, given: Any, context: Any, many: bool
    ) -> None:
        meter.count(context.tenor_began, False, perf_counter())

    @event.listens_for(engine, "handle_error")
    def fail(error: ExceptionContext) -> None:
        meter.failures += 1

    return meter
