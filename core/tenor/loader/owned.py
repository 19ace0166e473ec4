"""What is a plugin's in the database: its tables, and the rows about it in the kernel's. The database alone is asked,
as the package may be gone already.

Whatever people decided or the law wants kept stays: the ledger and its seals, erasures, versions of who decides what,
and the counts of human numbers, so that none is given twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Inspector,
    and_,
    column,
    func,
    inspect,
    or_,
    select,
    table,
    text,
)

from tenor.loader.manifest import BASE, Manifest
from tenor_sdk.journals import GIVEN

_By = Literal["plugin", "prefix", "table", "parent", "file"]


@dataclass(frozen=True)
class Rule:
    """How rows of a table of the kernel's are known to be about a plugin.

    Args:
        table: of the kernel.
        by: the column names the plugin (``plugin``), something of its (``prefix``: ``notes.…``), a table of its
            (``table``), or a row of ``of`` that is about it (``parent``).
        column: that says so.
        anew: whether nothing points to such a row by its number, so that it may come back under another one.
    """

    table: str
    by: _By
    column: str
    of: str = ""
    anew: bool = False


#: in the order in which they go: what points to others before these
RULES: Final = (
    Rule("base_workflow_step", "parent", "case_id", "base_workflow_case"),
    Rule("base_vote", "parent", "case_id", "base_workflow_case"),
    Rule("base_task", "table", "table_name"),
    Rule("base_workflow_case", "table", "table_name"),
    Rule("base_workflow_definition", "prefix", "workflow"),
    Rule("base_held_notice", "parent", "notice_id", "base_notice"),
    Rule("base_mail", "parent", "notice_id", "base_notice"),
    Rule("base_notice", "table", "about_table"),
    Rule("base_notice_choice", "prefix", "kind", anew=True),
    Rule("base_notice_default", "prefix", "kind", anew=True),
    Rule("base_comment", "table", "table_name"),
    Rule("base_follower", "table", "table_name", anew=True),
    Rule("base_external_id", "table", "table_name", anew=True),
    Rule("base_duty", "table", "table_name", anew=True),
    Rule("base_legal_hold", "table", "table_name"),
    Rule("base_refused_row", "parent", "import_id", "base_import", anew=True),
    Rule("base_import", "prefix", "record"),
    Rule("base_bulk_row", "parent", "change_id", "base_bulk_change", anew=True),
    Rule("base_bulk_change", "prefix", "record"),
    Rule("base_custom_choice", "parent", "parent_id", "base_custom_field"),
    Rule("base_custom_field", "prefix", "record"),
    Rule("base_outside_call", "parent", "job_id", "base_job", anew=True),
    Rule("base_job", "plugin", "plugin"),
    Rule("base_outbox_event", "plugin", "plugin"),
    Rule("base_mandate", "plugin", "plugin"),
    Rule("base_watch", "plugin", "plugin", anew=True),
    Rule("base_tally", "plugin", "plugin", anew=True),
    Rule("base_breaker", "plugin", "plugin", anew=True),
    Rule("base_paused_plugin", "plugin", "plugin", anew=True),
    Rule("base_plugin_setting", "plugin", "plugin", anew=True),
    Rule("base_schedule", "prefix", "name", anew=True),
    Rule("base_user_role", "prefix", "role", anew=True),
    Rule("base_demo_played", "plugin", "plugin", anew=True),
    Rule("base_file", "file", "about_table"),
)
#: links by number that are no foreign keys: what is pointed to stays as long as who points to it does
_LOOSE: Final = (("base_job", "event_id", "base_outbox_event"), ("base_job", "mandate_id", "base_mandate"))  # fmt: skip
#: keys by which records are found, and SQLite's own index over them
_KEYS: Final = (
    "base_search_key",
    "base_search_state",
    "tenor_search",
    "tenor_search_idx",
    "tenor_search_data",
)
#: the tables that may have fewer rows afterwards, besides its own
LESS: Final = frozenset({*(rule.table for rule in RULES), *_KEYS})
_FUNCTIONS: Final = """
    SELECT proname, oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema::regnamespace
"""
#: behind a plugin's name, of demo data that it plays after all others
_LAST: Final = " (last)"


@dataclass(frozen=True)
class Owned:
    """What is one plugin's.

    Args:
        plugin: its name.
        tables: its own, by name, the one of its version among them.
        links: columns of its tables that point to the kernel's files.
    """

    plugin: str
    tables: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()

    def where(self, rule: Rule) -> Any:
        """Which rows of a table of the kernel's are about it."""
        said: ColumnElement[Any] = column(rule.column)
        if rule.by == "plugin":
            return said.in_((self.plugin, f"{self.plugin}{_LAST}"))
        if rule.by == "prefix":
            prefix = f"{self.plugin}."
            return func.substr(said, 1, len(prefix)) == prefix
        if rule.by == "parent":
            parent = next(each for each in RULES if each.table == rule.of)
            return said.in_(asked(rule.of, "id").where(self.where(parent)))
        about = said.in_(self.tables)
        return or_(about, and_(said == "", self._linked())) if rule.by == "file" else about

    def _linked(self) -> Any:
        """Files that are said to be about nothing, where it is the plugin's rows, or its imports, that name them."""
        imports = next(each for each in RULES if each.table == "base_import")
        named = [
            *(asked(its, name) for its, name in self.links),
            asked("base_import", "file_id").where(self.where(imports)),
        ]
        return or_(*(column("id").in_(each) for each in named))


def asked(name: str, *columns: str) -> Any:
    """A statement that reads columns of a table as the database keeps them."""
    return select(*(column(each) for each in columns)).select_from(table(name))


# -- whose a table is --------------------------------------------------------------------------------------------------


class Tables:
    """The tables of a database, and whose each is.

    Args:
        connection: to the database.
        installed: the plugins that are installed; those that aren't are known by what they left.
    """

    def __init__(self, connection: Connection, installed: Mapping[str, Manifest]) -> None:
        self.connection = connection
        self.installed = installed
        self.inspector: Inspector = inspect(connection)
        self.names = sorted(self.inspector.get_table_names())

    @cached_property
    def plugins(self) -> frozenset[str]:
        """Every plugin that is installed, was enabled at some time or has tables."""
        states = self.connection.execute(asked("base_plugin_state", "name"))
        versions = {name.removesuffix("_schema") for name in self.names if name.endswith("_schema")}
        return frozenset({*self.installed, *states.scalars(), *versions, BASE})

    def owner(self, name: str) -> str:
        """The plugin whose table it is: of those whose name begins so, the longest; empty: nobody's."""
        return max(
            (each for each in self.plugins if name.startswith(f"{each}_")), key=len, default=""
        )

    def of(self, plugin: str) -> Owned:
        """What is a plugin's."""
        own = tuple(name for name in self.names if self.owner(name) == plugin)
        links = [(its, name) for its, name, to in self.keys(own) if to == "base_file"]
        return Owned(plugin, own, tuple(links))

    def keys(self, names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """The foreign keys of tables: table, column, and the table that is pointed to."""
        for name in names:
            yield from self._keys.get(name, ())

    @cached_property
    def _keys(self) -> dict[str, list[tuple[str, str, str]]]:
        found = self.inspector.get_multi_foreign_keys()
        return {
            name: [(name, key["constrained_columns"][0], key["referred_table"]) for key in keys]
            for (_schema, name), keys in found.items()
        }

    def columns(self, name: str) -> list[str]:
        """The columns of a table that hold something; what the database computes isn't among them."""
        return [each["name"] for each in self.inspector.get_columns(name) if "computed" not in each]

    def count(self, name: str, where: ColumnElement[bool] | None = None) -> int:
        """How many rows a table has."""
        counted = select(func.count()).select_from(table(name))
        counted = counted if where is None else counted.where(where)
        return int(self.connection.execute(counted).scalar_one())

    # -- what stands in the way ----------------------------------------------------------------------------------------

    def dependants(self, plugin: str) -> list[str]:
        """The plugins that would have to go before it, in this order: those with tables that point to its own, or
        that are installed, need it and have tables; and those that depend on these."""
        needs: dict[str, set[str]] = {each: set() for each in self.plugins - {BASE}}
        with_tables = {self.owner(name) for name in self.names}
        for its, _column, to in self.keys(self.names):
            one, other = self.owner(its), self.owner(to)
            if one != other and one in needs and other in needs:
                needs[one].add(other)
        for name, manifest in self.installed.items():
            if name in needs and name in with_tables:
                needs[name] |= set(manifest.requires) & needs.keys()
        return list(_upwards(plugin, needs))

    def journals(self, owned: Owned) -> list[str]:
        """Its tables whose rows are leaves of the seals: these stay whole."""
        sealed = asked("base_seal_member", "table_name").distinct()
        known = set(self.connection.execute(sealed.where(column("table_name") != "")).scalars())
        return [
            name
            for name in owned.tables
            if name in known or (set(GIVEN) <= set(self.columns(name)) and self.count(name))
        ]

    def held(self, owned: Owned) -> int:
        """How many legal holds are on its records, or on records of others to which its own belong."""
        holds = asked("base_legal_hold", "table_name", "record_id")
        found = self.connection.execute(holds.where(column("ended_at").is_(None))).all()
        links = [*self.keys(owned.tables)] if found else []
        return sum(
            name in owned.tables
            or any(to == name and self.count(its, column(key) == row) for its, key, to in links)
            for name, row in found
        )


def _upwards(plugin: str, needs: Mapping[str, set[str]]) -> Iterator[str]:
    """All that depends on a plugin, those first on which nobody does."""
    above, waiting = set[str](), [plugin]
    while waiting:
        below = waiting.pop()
        more = {name for name, its in needs.items() if below in its} - above - {plugin}
        above |= more
        waiting.extend(more)
    while above:
        free = sorted(
            name for name in above if not any(name in needs[each] for each in above - {name})
        )
        yield from free or sorted(above)  # a circle goes together
        above -= set(free or above)


# -- taking it ---------------------------------------------------------------------------------------------------------


def mark(connection: Connection, owned: Owned) -> dict[str, int]:
    """Note in tables of this connection which rows of the kernel's are about a plugin: what says so will be gone with
    its own tables. How many they are, by table."""
    counts = {}
    for rule in RULES:
        marked = marks(rule.table)
        connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {marked} (id BIGINT PRIMARY KEY)")
        found = asked(rule.table, "id").where(owned.where(rule))
        noted = table(marked, column("id")).insert().from_select(["id"], found)
        counts[rule.table] = connection.execute(noted).rowcount
    return {name: count for name, count in counts.items() if count}


def marks(name: str) -> str:
    """Where the rows of a table are noted."""
    return f"going_{name}"


def take(tables: Tables, owned: Owned, marked: Collection[str], *, for_good: bool = False) -> None:
    """Drop its tables and delete the rows that were marked, but those to which something that stays points.

    Args:
        marked: the kernel's tables in which there are such rows.
        for_good: whether nothing of it comes back. Else on SQLite the last row of a table stays too: another would get
            its number.
    """
    connection = tables.connection
    _drop(tables, owned)
    _forget_keys(connection, owned)
    gone = frozenset(owned.tables)
    to_stay = connection.dialect.name == "sqlite" and not for_good
    pointed: dict[str, list[tuple[str, str]]] = {}
    links = tables.keys(name for name in tables.names if name not in gone)
    for name, its, to in (*links, *_LOOSE):
        pointed.setdefault(to, []).append((name, its))
    for rule in (each for each in RULES if each.table in marked):
        gone_rows = _deleting(rule.table, pointed.get(rule.table, ()), to_stay=to_stay)
        connection.execute(gone_rows)


def _forget_keys(connection: Connection, owned: Owned) -> None:
    """By which its records are found; they are made anew where it comes back."""
    from tenor.search.kinds import first_of, last_of

    keys, states = (
        table("base_search_key", column("id")),
        table("base_search_state", column("table_name")),
    )
    for name in owned.tables:
        first = first_of(name)
        connection.execute(keys.delete().where(keys.c.id.between(first, last_of(first))))
    connection.execute(states.delete().where(states.c.table_name.in_(owned.tables)))


def _deleting(name: str, pointed: Sequence[tuple[str, str]], *, to_stay: bool) -> Any:
    rows = table(name, column("id"))
    going = asked(marks(name), "id")
    gone = rows.delete().where(rows.c.id.in_(going))
    for number, (other, key) in enumerate(pointed):
        pointing = table(other, column(key), column("id")).alias(f"pointing_{number}")
        there = select(pointing.c.id).where(pointing.c[key] == rows.c.id)
        gone = gone.where(~there.exists())
    if to_stay:
        numbered = table(name, column("id")).alias("numbered")
        gone = gone.where(rows.c.id < select(func.max(numbered.c.id)).scalar_subquery())
    return gone


def _drop(tables: Tables, owned: Owned) -> None:
    """Its tables together, whichever points to which; on PostgreSQL also the functions that it made for them."""
    connection = tables.connection
    quote = connection.dialect.identifier_preparer.quote
    quoted = [quote(name) for name in owned.tables if name in tables.names]
    if connection.dialect.name == "sqlite":
        for name in quoted:
            connection.exec_driver_sql(f"DROP TABLE {name}")
        return
    if quoted:
        connection.exec_driver_sql(f"DROP TABLE {', '.join(quoted)}")
    for name, called in connection.execute(text(_FUNCTIONS)).all():
        if tables.owner(name) == owned.plugin:
            connection.exec_driver_sql(f"DROP FUNCTION {called}")
