"""How long requests take, by route, method and status; a route and not an address, so that they stay few."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, g, request

from tenor.meters import Meter

if TYPE_CHECKING:
    from collections.abc import Mapping

#: route, method, status
Asked = tuple[str, str, str]

_METHODS: Final = frozenset(("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"))
_NOWHERE: Final = "none"


class Requests:
    """The requests that this process answered."""

    def __init__(self) -> None:
        self._known: dict[Asked, Meter] = {}

    def install(self, app: Flask) -> None:
        """Count from now on."""
        app.before_request_funcs.setdefault(None, []).insert(0, self._come)
        app.after_request(self._go)

    @property
    def known(self) -> Mapping[Asked, Meter]:
        return dict(self._known)

    @staticmethod
    def _come() -> None:
        g.began = perf_counter()

    def _go(self, response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule is not None else _NOWHERE
        method = request.method if request.method in _METHODS else "OTHER"
        asked = (route, method, str(response.status_code))
        meter = self._known.get(asked) or self._known.setdefault(asked, Meter())
        meter.count(g.began, response.status_code >= 500, perf_counter())
        return response
