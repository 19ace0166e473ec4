"""One process, four threads, for one side: `python -m bench.over_http.server ours|bare PORT URL FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from waitress import serve

from bench.installing import installed


def main(side: str, port: str, url: str, folder: str) -> None:
    """Serve until killed."""
    with installed("book", Path(folder)):
        app = _bare(url) if side == "bare" else _ours(url, Path(folder))
        serve(app, host="127.0.0.1", port=int(port), threads=4, ident="")


def _bare(url: str) -> object:
    from bench.over_http.bare import create_app

    return create_app(url)


def _ours(url: str, folder: Path) -> object:
    from tenor.testing.institution import start
    from tenor.web import create_app

    return create_app(start(url, ["book"], folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
