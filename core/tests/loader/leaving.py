"""A plugin that leaves: put on a shelf, enabled, used, disabled; and all that the database holds, to be compared."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, MetaData, column, func, inspect, select, table

from tenor.kernel import Kernel
from tenor.loader import bringing_back, removing
from tenor.loader.lifecycle import disable, enable, record_state, upgrade_tables
from tenor.loader.removing import Removed
from tenor.loader.stage import actor_of
from tenor.loader.state import connected
from tenor.testing import as_actor
from tenor_sdk.errors import Refused

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf

ADMIN = "ding.ning"
LETTER = b"%PDF-1.7 a letter about a thing\n"
RECORDS = """
from sqlalchemy.orm import Mapped
from tenor_sdk import Record, field

class Thing(Record):
    name: Mapped[str] = field()
"""
MIGRATION = """
import sqlalchemy as sa
from alembic import op
revision = "0001"
down_revision = None

def upgrade():
    op.create_table("{name}_thing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("name", sa.String, nullable=False), sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True)), sa.Column("created_by_id", sa.BigInteger),
        sa.Column("changed_at", sa.DateTime(timezone=True)), sa.Column("changed_by_id", sa.BigInteger),
        {more})

def downgrade():
    op.drop_table("{name}_thing")
"""
LINK = 'sa.Column("of_id", sa.BigInteger, sa.ForeignKey("{name}_thing.id"))'
SECOND = """
import sqlalchemy as sa
from alembic import op
revision = "0002"
down_revision = "0001"

def upgrade():
    op.add_column("{name}_thing", sa.Column("colour", sa.String, server_default="none"))
"""
#: tables that tell of the removal itself, or count it
TELLING = {"base_ledger_entry", "base_generation", "base_access_epoch", "base_custom_epoch"}


def put_on_record(kernel: Kernel, *names: str) -> None:
    """Enable plugins without rehearsing it."""
    upgrade_tables(kernel.loader, names)
    with as_actor(kernel, ADMIN) as ctx:
        record_state(kernel, ctx, enable=names)


def on_shelf(
    shelf: "Shelf", name: str, more: str = "", requires: tuple[str, ...] = (), version: str = "1.0"
) -> Path:
    files = {
        "records.py": RECORDS,
        "migrations/0001_first.py": MIGRATION.format(name=name, more=more),
    }
    return shelf.plugin(name, files, requires=requires, version=version)


def switch(kernel: Kernel, name: str, *, on: bool) -> None:
    with as_actor(kernel, ADMIN) as ctx:
        (enable if on else disable)(kernel, ctx, name)


def use(kernel: Kernel) -> None:
    """Things, and of each room of the kernel something about them."""
    thing = import_module("tenor_host.records").Thing
    other = import_module("tenor_host_other.records").Thing
    names = ("first", "𬭸 \\ 'quoted'\n\"twice\"\t", "third")
    with as_actor(kernel, "system") as ctx:
        with kernel.access.procedure(ctx, "host", "use"):
            ctx.session.add_all([thing(name=name) for name in names])
        with kernel.access.procedure(ctx, "host_other", "use"):
            ctx.session.add(other(name="another's"))
    with as_actor(kernel, "system") as ctx:
        file = kernel.files.store(ctx, "letter.pdf", LETTER, None)
        files = table("base_file", *map(column, ("id", "about_table", "about_id")))
        told = files.update().values(about_table="host_thing", about_id=1)
        kernel.db.execute(ctx.session, told.where(files.c.id == file.id))
    _tell_of_them(kernel)


def _tell_of_them(kernel: Kernel) -> None:
    stamps = stamped("2026-06-30 02:00:00")
    with kernel.db.raw() as connection:
        for number, about in enumerate(("host_thing", "host_other_thing", "host_thing"), 1):
            said = {"table_name": about, "record_id": number, "text": f"note {number}"}
            insert(connection, "base_comment", {**said, **stamps})
            insert(connection, "base_external_id", {
                "table_name": about, "record_id": number, "source": "old", "value": f"{about}-{number}", **stamps
            })  # fmt: skip
        for plugin in ("host", "host_other"):
            insert(connection, "base_plugin_setting", {
                "plugin": plugin, "name": "colour", "value": '"red"', "hidden": "{}", **stamps
            })  # fmt: skip


def stamped(at: str) -> dict[str, Any]:
    """What each row of the kernel's says besides."""
    return {"version": 1, "created_at": at, "changed_at": at}


def insert(connection: Connection, name: str, values: dict[str, Any]) -> None:
    rows = table(name, *(column(each) for each in values))
    connection.execute(rows.insert().values(**values))


def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """What stands in each table."""
    with connected(url) as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        return {
            name: sorted(map(tuple, connection.execute(select(one))), key=str)
            for name, one in metadata.tables.items()
            if name not in TELLING and not name.startswith(("base_search", "tenor_search"))
        }


def tables(url: str) -> set[str]:
    with connected(url) as connection:
        return set(inspect(connection).get_table_names())


def count(url: str, name: str, **where: Any) -> int:
    with connected(url) as connection:
        counted = select(func.count()).select_from(table(name))
        told = counted.where(*(column(each) == value for each, value in where.items()))
        return int(connection.execute(told).scalar_one())


def remove(kernel: Kernel, name: str = "host", who: str = ADMIN) -> Removed:
    return removing.remove(kernel, actor_of(kernel, who), name)


def restore(kernel: Kernel, name: str = "host", source: Path | None = None) -> None:
    bringing_back.bring_back(kernel, actor_of(kernel, ADMIN), name, source)


def purge(kernel: Kernel, name: str = "host") -> None:
    removing.purge(kernel, actor_of(kernel, ADMIN), name)


def acts(kernel: Kernel) -> list[tuple[str, str]]:
    with as_actor(kernel, "song.qing", write=False) as ctx:
        found = kernel.audit.search(ctx, table="base_plugin_state")
    return [(each.kind, each.actor_name) for each in found if each.kind.startswith("plugin-")]


def reasons(refused: Refused) -> str:
    assert refused.key == "plugin-plan"
    return str(refused.values["reasons"])
