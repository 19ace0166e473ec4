"""Files of firms and loans, taken in by a relationship manager."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tenor.imports import Entry
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor_sdk.records import Record
from tenor_test_support.plugins import describe, on_the_path

PLUGINS = Path(__file__).parent / "plugins"
LIN = "lin.xiaowen"


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The plugin ``stock``, as pip would have installed it."""
    site = tmp_path_factory.mktemp("imports-site")
    describe(site, "stock")
    with on_the_path(PLUGINS, site):
        yield "stock"


@pytest.fixture(scope="module")
def plugins(stock: str) -> tuple[str, ...]:
    return (stock,)


def as_csv(*rows: Sequence[Any], encoding: str = "utf-8") -> bytes:
    """A CSV of these rows."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(*rows: Sequence[Any], merge: str = "") -> bytes:
    """A workbook of these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    if merge:
        book.active.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Desk:
    """Where somebody imports files.

    Args:
        who: their login.
    """

    def __init__(self, kernel: Kernel, who: str = LIN) -> None:
        self.kernel, self.who = kernel, who

    def take(
        self,
        record: str,
        content: bytes,
        *,
        name: str = "file.csv",
        dry: bool = False,
        told: Callable[[Entry], None] | None = None,
        **said: Any,
    ) -> Entry:
        """Import a file; the journal's entry when it is over."""
        file = io.BytesIO(content)
        room, actor = self.kernel.imports, actor_of(self.kernel, self.who)
        with self.kernel.context(actor, write=True) as ctx:
            entry = room.propose(ctx, self.kind(record), name, file, **said)
            room.begin(ctx, entry, dry=dry)
        return room.go(actor, entry.id, file=file, told=told)

    def kind(self, record: str) -> type[Record]:
        """A kind of record of the plugin."""
        return self.kernel.records.find("stock", record)

    def refused(self, entry: Entry) -> dict[int, str]:
        """The rows of an import that were refused, with the reasons."""
        with self.kernel.db.raw(write=False) as connection:
            return {
                row.row: row.reasons
                for row in self.kernel.imports.journal.refused(connection, entry.id)
            }

    def rows(self, record: str, *fields: str) -> list[tuple[Any, ...]]:
        """What stands there, in the order in which it came."""
        from sqlalchemy import select

        kind: Any = self.kind(record)
        with self.kernel.context(actor_of(self.kernel, self.who), write=False) as ctx:
            found = ctx.session.scalars(select(kind).order_by(kind.id)).all()
            return [tuple(getattr(each, name) for name in fields) for each in found]


@pytest.fixture
def desk(institution: Kernel) -> Desk:
    return Desk(institution)
