"""What those who watch over the site ask, who prove it by a token: never open to everybody, on no machine."""

from __future__ import annotations

from hmac import compare_digest
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, jsonify, make_response, request

if TYPE_CHECKING:
    from tenor.events import Timing
    from tenor.web.web import Web

PATH: Final = "/metrics"


def routes(at: Blueprint, web: Web) -> None:
    """For a monitor; with ``plugin`` what the command on this machine shows of one."""

    @at.get(PATH)
    def watched() -> Response:
        if not _proved(web):
            return _refused()
        plugin = request.args.get("plugin")
        if plugin is not None:
            timings = web.kernel.events.timings.of_plugin(plugin)
            return jsonify(timings=[told(each) for each in timings])
        from tenor.web.metrics import Metrics

        text, media_type = Metrics(web.kernel, web.requests).text()
        response = make_response(text)
        response.headers["Content-Type"] = media_type
        return response


def _proved(web: Web) -> bool:
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    settings = web.kernel.settings
    tokens = [settings.own_metrics_token, *([settings.metrics_token] if settings.metrics_token else [])]  # fmt: skip
    matches = [compare_digest(given.encode(), token.encode()) for token in tokens]
    return scheme.lower() == "bearer" and any(matches)


def _refused() -> Response:
    response = jsonify(status=401)
    response.status_code = 401
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def told(timing: Timing) -> dict[str, Any]:
    """What a callback came to in this process in the last hour, in seconds."""
    lately = timing.lately
    return {
        "kind": timing.kind,
        "name": timing.name,
        "calls": lately.calls,
        "failed": lately.failed,
        "median": lately.median,
        "p95": lately.p95,
        "slowest": lately.slowest,
    }
