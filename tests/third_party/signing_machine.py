"""The machine of a certification authority that signs for whoever has an account there: one for each first part of an
address. It runs by itself, in an institution's environment, and says on which port."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from inspect import signature
from typing import Any
from zoneinfo import ZoneInfo

from tenor_signet.wire import made, plain

from tenor_esign_ca.drivers import SigningDriver
from tenor_esign_ca.embedded import EmbeddedSigning
from tenor_esign_ca.stores import MemoryStore
from tenor_sdk import TenorError


def account() -> EmbeddedSigning:
    return EmbeddedSigning(
        MemoryStore(), MemoryStore(), institution="Signet", zone=ZoneInfo("Asia/Shanghai")
    )


ACCOUNTS: dict[str, EmbeddedSigning] = defaultdict(account)


class Machine(BaseHTTPRequestHandler):
    """Answers each question of a driver as the authority does."""

    def do_POST(self) -> None:
        _, name, what = self.path.split("/")
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        types = signature(getattr(SigningDriver, what)).parameters
        values = {key: made(types[key].annotation, value) for key, value in given.items()}
        try:
            self._say(200, plain(getattr(ACCOUNTS[name], what)(**values)))
        except TenorError as error:
            said = {
                "refusal": type(error).__name__,
                "key": error.key,
                "values": plain(error.values),
            }
            self._say(422, said)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _say(self, status: int, said: Any) -> None:
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Machine)
    # whoever began it waits for its address
    sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()
