"""Whether migrations and records agree."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tenor.loader.autogenerate import describe, differences
from tenor.loader.founding import arranged
from tenor.loader.manifest import Manifest
from tenor.loader.migrations import downgrade, migrate
from tenor.loader.state import connected
from tenor.testing.tables import make_tables

if TYPE_CHECKING:
    from tenor.kernel import Kernel


def differing(kernel: Kernel, manifest: Manifest) -> Iterator[str]:
    """What the tables that the migrations made lack against the records, or have too much."""
    beside = kernel.loader.order.plugins
    with connected(kernel.settings.owner) as connection:
        for line in describe(differences(connection, manifest, beside)):
            yield f"{manifest.name}: records and migrations differ: {line}"


def there_and_back(manifest: Manifest) -> Iterator[str]:
    """Up, down and up again, on a database made for it: nothing is left behind, nothing is missing."""
    order = arranged([manifest.name])
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'scratch.db'}"
        make_tables(url, order)
        downgrade(url, manifest)
        with connected(url) as connection:
            for name in connection.dialect.get_table_names(connection):
                if name.startswith(f"{manifest.name}_") and name != f"{manifest.name}_schema":
                    yield f"{manifest.name}: its migrations leave {name} behind on the way down"
        migrate(url, [manifest], backup=False)
