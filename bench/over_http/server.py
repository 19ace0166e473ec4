"""One process with four threads that answers for one side: `server.py ours|bare PORT ADDRESS FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from waitress import serve


def main(side: str, port: str, url: str, folder: str) -> None:
    """Serve until killed."""
    if side == "bare":
        from bench.over_http.bare import create_app

        app = create_app(url)
    else:
        from bench.installing import installed
        from tenor.testing.institution import start
        from tenor.web import create_app as site

        installed("book", Path(folder))
        app = site(start(url, ["book"], Path(folder)))
    serve(app, host="127.0.0.1", port=int(port), threads=4, ident="")


if __name__ == "__main__":
    main(*sys.argv[1:])
