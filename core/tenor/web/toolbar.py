"""The toolbar of ``tenor dev``: what a request asked of the database, of plugins and of the guard, and its time.

It is put into pages by ``tenor dev`` alone; no setting brings it into an institution that works.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from threading import local
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Response, request
from sqlalchemy import event

from tenor.web.templating import environment
from tenor.web.visit import visit
from tenor_sdk.errors import TenorError
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.events.timings import Key
    from tenor.kernel import Kernel

#: requests without a page of their own (a form that was sent, a fragment) are kept until the next page, up to so many
_EARLIER: Final = 5
_END: Final = "</body>"


@dataclass
class Seen:
    """What one request did.

    Args:
        statements: each with its milliseconds.
        callbacks: kind, plugin, name and milliseconds of whatever plugins brought.
        decisions: what was asked of the guard, and its answer.
    """

    what: str
    began: float = field(default_factory=perf_counter)
    statements: list[tuple[str, float]] = field(default_factory=list)
    callbacks: list[tuple[str, str, str, float]] = field(default_factory=list)
    decisions: list[tuple[str, str]] = field(default_factory=list)
    milliseconds: float = 0.0

    @property
    def database(self) -> float:
        """Milliseconds in the database."""
        return sum(took for _statement, took in self.statements)

    @property
    def grouped(self) -> list[tuple[str, int, float]]:
        """Each statement once, how often it ran and its milliseconds in all, in the order of the first."""
        often = Counter(statement for statement, _took in self.statements)
        took: dict[str, float] = {}
        for statement, each in self.statements:
            took[statement] = took.get(statement, 0) + each
        return [(statement, times, took[statement]) for statement, times in often.items()]


class Toolbar:
    """Watches the requests of one kernel.

    Args:
        kernel: whose engines, callbacks and guard it listens to from now on.
    """

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._jinja = environment(kernel)
        self._now = local()
        self._earlier: deque[Seen] = deque(maxlen=_EARLIER)

    @property
    def seen(self) -> Seen | None:
        """The request of this thread; None for a job."""
        return getattr(self._now, "seen", None)

    def install(self, app: Flask) -> None:
        """Listen, and put it into every page."""
        for engine in (self._kernel.db.reader, self._kernel.db.writer):
            event.listen(engine, "before_cursor_execute", self._begin_statement)
            event.listen(engine, "after_cursor_execute", self._end_statement)
        self._kernel.events.timings.listener = self._called
        self._wrap(self._kernel.access, "may", self._asked)
        self._wrap(self._kernel.access, "judge", self._judged)
        app.before_request_funcs.setdefault(None, []).insert(0, self._come)
        app.after_request(self._go)

    @staticmethod
    def _wrap(room: object, name: str, around: Callable[..., Any]) -> None:
        setattr(room, name, around(getattr(room, name)))

    # -- what is heard ----------------------------------------------------------------------------------------------

    def _begin_statement(self, *words: Any) -> None:
        self._now.statement = perf_counter()

    def _end_statement(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if self.seen is not None:
            took = (perf_counter() - self._now.statement) * 1000
            self.seen.statements.append((statement, took))

    def _called(self, callback: Key, seconds: float) -> None:
        if self.seen is not None:
            self.seen.callbacks.append((*callback, seconds * 1000))

    def _asked(self, inner: Callable[..., bool]) -> Callable[..., bool]:
        def may(ctx: Any, what: Any, verb: str = "", record: Any = None) -> bool:
            answer = inner(ctx, what, verb, record)
            self._decided(f"{verb or 'use'} {_named(what)}{_which(record)}", "yes" if answer else "no")  # fmt: skip
            return answer

        return may

    def _judged(self, inner: Callable[..., Any]) -> Callable[..., Any]:
        def judge(state: Any, record: Any, verb: str) -> Any:
            answer = "yes"
            try:
                return inner(state, record, verb)
            except TenorError as refused:
                answer = refused.key
                raise
            finally:
                self._decided(f"{verb} {_named(type(record))}{_which(record)}", answer)

        return judge

    def _decided(self, question: str, answer: str) -> None:
        if self.seen is not None:
            self.seen.decisions.append((question, answer))

    # -- requests ---------------------------------------------------------------------------------------------------

    def _come(self) -> None:
        self._now.seen = Seen(f"{request.method} {request.full_path.rstrip('?')}")

    def _go(self, response: Response) -> Response:
        seen, self._now.seen = self.seen, None
        if seen is None or request.path.startswith("/static/"):
            return response
        seen.milliseconds = (perf_counter() - seen.began) * 1000
        timing = f"total;dur={seen.milliseconds:.1f}, db;dur={seen.database:.1f}"
        response.headers["Server-Timing"] = timing
        if response.mimetype == "text/html" and not response.is_streamed:
            page = response.get_data(as_text=True)
            if _END in page:
                response.set_data(page.replace(_END, self._told(seen) + _END, 1))
                return response
        self._earlier.append(seen)
        return response

    def _told(self, seen: Seen) -> str:
        earlier = list(self._earlier)
        self._earlier.clear()
        template = self._jinja.get_template("parts/toolbar.html")
        return template.render(requests=[seen, *reversed(earlier)], failed=self._failed())

    def _failed(self) -> list[str]:
        """What is left out, and why: whoever looks for its pages learns it where they would be."""
        say = partial(self._kernel.translator.text, language=visit().language)
        told = (
            _("{plugin}: {cause}", plugin=each.plugin, cause=each.cause)
            for each in self._kernel.failures
        )
        return [say(each) for each in told]


def _named(what: Any) -> str:
    return str(getattr(what, "__name__", "") or getattr(what, "title", ""))


def _which(record: Any) -> str:
    return "" if record is None else f" {record.__dict__.get('id') or '(new)'}"
