"""What all views of the API share: a context as the token's person, one effect for a key, refusals in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Response, g, jsonify, make_response, request

from tenor.api import problems
from tenor.api.once import Answer, fingerprint, once
from tenor.api.reporting import Asker, put_on_record
from tenor.api.requests import actor_of, body_of
from tenor_sdk.errors import TenorError

if TYPE_CHECKING:
    from werkzeug.exceptions import HTTPException

    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

PREFIX = "/api/v1"


class Frame:
    """Opens a context as the token's person, and does what the web would do."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    @contextmanager
    def _context(self, *, write: bool, actor: ActorData | None = None) -> Iterator[KernelContext]:
        who = actor or partial(actor_of, self.kernel, request)
        with self.kernel.context(who, write=write, request_id=g.request_id) as ctx:
            asked = request.accept_languages.best_match(["zh-CN", "en"])
            g.language, g.asked_by = asked or ctx.actor.language, ctx.actor
            yield ctx

    def _write(
        self,
        act: Callable[[KernelContext, dict[str, Any]], Answer],
        still: Callable[[KernelContext, dict[str, Any]], object] = lambda _ctx, _answer: None,
    ) -> Response:
        """A writing request: the body is read before the transaction begins, and a key makes it one effect.

        Args:
            still: asked before an answer is given again: raises where it tells of what the person can't read any more.
        """
        actor = actor_of(self.kernel, request) if self.kernel.db.writers_wait else None
        body = body_of(request)
        key, print_ = (
            request.headers.get("Idempotency-Key", ""),
            fingerprint(request.method, request.path, body, request.headers.get("If-Match", "")),
        )
        with self._context(write=True, actor=actor) as ctx:
            answer, status = once(
                ctx, key, print_, lambda: act(ctx, body), lambda told: still(ctx, told)
            )
        return tagged(make_response(jsonify(answer), status), answer)

    def told(self, error: TenorError) -> Response:
        """A refusal as RFC 9457."""
        return problems.answer(self.kernel, error, g.request_id, g.get("language", ""))

    def told_http(self, error: HTTPException) -> Response:
        """An error of HTTP itself, such as a body that is too large."""
        return self.told(problems.http_error(error))

    def broken(self, error: Exception) -> Response:
        """A fault of ours: a number to ask for, nothing of the inside."""
        self.put_on_record(error)
        wrapped = TenorError(problems.FAULT)
        wrapped.status = 500  # type: ignore[misc]  # of this one instance
        return self.told(wrapped)

    def put_on_record(self, error: BaseException) -> None:
        """Keep a report for whose token it was, who opens it by the number that the answer holds."""
        asker = Asker(g.request_id, g.get("language", ""), g.get("asked_by"))
        put_on_record(self.kernel, error, asker)


def tagged(made: Response, shown: Mapping[str, Any]) -> Response:
    """The answer with the version that it shows as its ETag."""
    version = shown.get("version") or (shown.get("record") or {}).get("version")
    if version:
        made.headers["ETag"] = f'"{version}"'
    return made
