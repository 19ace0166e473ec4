"""The very same bytes, served by a server that does nothing else: pages, assets and headers as they came."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final

#: said anew by whoever sends; a connection stays open
_OWN: Final = ("connection", "content-length", "date", "server", "transfer-encoding")
Kept = tuple[int, list[tuple[str, str]], bytes]


@contextmanager
def replaying(port: int, cookie: str) -> Iterator[str]:
    """The address of a server that answers as the one at ``port`` did when it was asked first."""
    kept: dict[str, Kept] = {}

    class Replay(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, body = kept.get(self.path) or self._first()
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _first(self) -> Kept:
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", self.path, headers={"Cookie": cookie, "Accept": "*/*"})
            got = connection.getresponse()
            headers = [pair for pair in got.getheaders() if pair[0].lower() not in _OWN]
            kept[self.path] = got.status, headers, got.read()
            connection.close()
            return kept[self.path]

        def log_message(self, *_given: object) -> None:
            """Nothing is said."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Replay)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
