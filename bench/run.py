"""Every performance figure we have: printed, and written to bench/results.json. `make bench`; words narrow it.

Ours and the bare version run interleaved in processes of their own, and CPU is compared before wall time: on a shared
machine it is what others disturb least.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from bench import (
    boots,
    callbacks,
    guard,
    hooks,
    inbox,
    jobs,
    ledger,
    search,
    sizes,
    starts,
    transfers,
)
from bench.figures import Figure, keep, show
from bench.over_http import measure
from bench.pages import clicks, cost, seen
from bench.peers import measure as peers

MEASURED: dict[str, Callable[[], Iterator[Figure]]] = {
    "starts": starts.figures,
    "boots": boots.figures,
    "sizes": sizes.figures,
    "guard": guard.figures,
    "callbacks": callbacks.figures,
    "hooks": hooks.figures,
    "search": search.figures,
    "ledger": ledger.figures,
    "transfers": transfers.figures,
    "inbox": inbox.figures,
    "jobs": jobs.figures,
    "requests": measure.figures,
    "pages": cost.figures,
    "seen": seen.figures,
    "clicks": clicks.figures,
    "peers": peers.figures,
}


def main(wanted: list[str]) -> None:
    """Measure, print, write."""
    taken: list[Figure] = []
    for name, figures in MEASURED.items():
        if wanted and name not in wanted:
            continue
        for figure in figures():
            show(figure)
            taken.append(figure)
    keep(taken)


if __name__ == "__main__":
    main(sys.argv[1:])
