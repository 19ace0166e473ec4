"""From where somebody comes: what the server takes for a client's address, with a proxy in front and without."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest
from waitress import create_server

from tenor.cli.child import proxy_options
from tenor.settings import KernelSettings

PROXY, OFFICE = "10.0.0.2", "203.0.113.9"


def seen(settings: KernelSettings, came_from: str, forwarded: str) -> Any:
    """The client's address as the application is told it."""
    told: dict[str, Any] = {}

    def application(environ: dict[str, Any], _start: Any) -> list[bytes]:
        told.update(environ)
        return []

    request = {
        "REMOTE_ADDR": came_from,
        "REMOTE_HOST": came_from,
        "HTTP_X_FORWARDED_FOR": forwarded,
    }
    channels: dict[int, Any] = {}
    with closing(
        create_server(application, port=0, map=channels, **proxy_options(settings))
    ) as server:
        server.application({**request, "wsgi.url_scheme": "http"}, lambda *_answer: None)
        server.task_dispatcher.shutdown()
    return told["REMOTE_ADDR"]


@pytest.mark.parametrize(
    ("trusted", "came_from", "forwarded", "address"),
    [
        ("", PROXY, OFFICE, PROXY),
        (PROXY, PROXY, OFFICE, OFFICE),
        (PROXY, PROXY, f"1.2.3.4, {OFFICE}", OFFICE),
        (PROXY, "198.51.100.1", OFFICE, "198.51.100.1"),
    ],
    ids=["no proxy is named", "the proxy says it", "a client claims it", "not the proxy says it"],
)
def test_only_the_named_proxy_is_believed_about_where_somebody_comes_from(
    trusted: str, came_from: str, forwarded: str, address: str
) -> None:
    assert seen(KernelSettings(trusted_proxy=trusted), came_from, forwarded) == address
