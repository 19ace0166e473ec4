"""A rehearsal in a process of its own: ``python -m tenor.loader.rehearsal customers loans`` imports and maps these
plugins, without a database, and says what fails: ``<plugin>: <cause>``, exit status 1."""

from __future__ import annotations

import sys

from tenor.declarations import Declarations
from tenor.loader.collect import collect, integrations_of, loaded, modules_of
from tenor.loader.failures import words_of
from tenor.loader.manifest import find
from tenor.loader.order import order
from tenor_sdk.records import registry_of


def main(names: list[str]) -> int:
    """Rehearse; the exit status."""
    installed, _unreadable = find()
    arranged = order(names, installed)
    for failure in arranged.failures:
        print(f"{failure.plugin}: {failure.cause}", flush=True)  # noqa: T201 -- the answer of this process
        return 1
    declarations = Declarations(plugins=[loaded(manifest) for manifest in arranged.plugins])
    for manifest in arranged.plugins:
        try:
            collect(manifest, modules_of(manifest), declarations)
            collect(manifest, integrations_of(manifest, arranged.names), declarations)
            registry_of(manifest.name).configure(cascade=True)
        except BaseException as error:  # noqa: BLE001 -- sys.exit at import is a failure like any other
            print(f"{manifest.name}: {words_of(error)}", flush=True)  # noqa: T201 -- likewise
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
