"""For developers: a revision from the difference between a plugin's records and its migrations so far."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Enum

from tenor.loader.manifest import Manifest
from tenor.loader.migrations import migrate, script_of, version_table
from tenor.loader.state import connected
from tenor_sdk.columns import AmountType, CustomType, RateType, UtcTime
from tenor_sdk.records import metadata

_OWN_TYPES = (AmountType, CustomType, RateType, UtcTime)
#: of PostgreSQL, over an expression that no record declares
SEARCH_INDEX: Final = "tenor_search"
_TEMPLATE = '''"""{message}"""

import sqlalchemy as sa
from alembic import op{imports}

revision = "{revision}"
down_revision = {down}


def upgrade() -> None:
{upgrades}


def downgrade() -> None:
{downgrades}
'''


def differences(
    connection: Connection, manifest: Manifest, beside: Sequence[Manifest]
) -> MigrationScript:
    """What the tables of one plugin lack, or have too much, against its records.

    Args:
        connection: of a database with the migrations of the plugin and of all in ``beside`` applied.
        beside: the plugins that are mapped in this process.
    """
    own = {
        name for name, table in metadata.tables.items() if table.info.get("plugin") == manifest.name
    }
    prefix = f"{manifest.name}_"
    longer = [f"{each.name}_" for each in beside if each.name.startswith(prefix)]

    def is_mine(name: str | None) -> bool:
        if name is None or name in own:
            return True
        nobodys = name not in metadata.tables and not name.endswith("_schema")
        return nobodys and name.startswith(prefix) and not name.startswith(tuple(longer))

    def include_name(name: str | None, kind: str, _parents: Any) -> bool:
        # what a database keeps beside records to search them
        return is_mine(name) if kind == "table" else name != SEARCH_INDEX

    def include_object(
        _thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any
    ) -> bool:
        return kind != "table" or is_mine(name)

    context = MigrationContext.configure(
        connection,
        opts={
            "version_table": version_table(manifest),
            "include_name": include_name,
            "include_object": include_object,
            "compare_type": _compare_type,
            "render_item": _render_item,
            "render_as_batch": True,
            "target_metadata": metadata,
            "user_module_prefix": None,
        },
    )
    return produce_migrations(context, metadata)


def _compare_type(
    _context: MigrationContext,
    _inspected: Any,
    _declared: Any,
    inspected_type: Any,
    declared_type: Any,
) -> bool | None:
    """A choice is text to the database; its length is all that could differ."""
    if isinstance(declared_type, Enum):
        return getattr(inspected_type, "length", None) != declared_type.length
    return None


def _render_item(kind: str, thing: Any, _context: AutogenContext) -> str | Literal[False]:
    """Our own column types by their names, choices as the text that they are."""
    if kind != "type":
        return False
    if isinstance(thing, _OWN_TYPES):
        return f"{type(thing).__name__}()"
    if isinstance(thing, Enum):
        return f"sa.String(length={thing.length})"
    return False


def is_empty(script: MigrationScript) -> bool:
    """Whether models and migrations agree."""
    operations = script.upgrade_ops
    return operations is None or operations.is_empty()


def describe(script: MigrationScript) -> list[str]:
    """The differences, one line each."""
    operations = script.upgrade_ops
    return [] if operations is None else [str(diff) for diff in operations.as_diffs()]


def write_revision(manifest: Manifest, order: Sequence[Manifest], message: str) -> Path | None:
    """Write the next revision of a plugin from its records; None where nothing differs.

    The database to compare with is made for the purpose, in a folder of its own, by the migrations so far. The
    plugin and those that it needs are imported and mapped already.
    """
    with _scratch(manifest, order) as connection:
        script = differences(connection, manifest, order)
    return None if is_empty(script) else _write(manifest, script, message)


def unwritten(manifest: Manifest, order: Sequence[Manifest]) -> list[str]:
    """What the migrations of a plugin lack against its records, one line each; imported and mapped already."""
    with _scratch(manifest, order) as connection:
        return describe(differences(connection, manifest, order))


@contextmanager
def _scratch(manifest: Manifest, order: Sequence[Manifest]) -> Iterator[Connection]:
    """A database made for the purpose by the migrations so far."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'scratch.db'}"
        _make(url, manifest, order)
        with connected(url) as connection:
            yield connection


def _make(url: str, manifest: Manifest, order: Sequence[Manifest]) -> None:
    """The tables to compare with; those of a neighbour that has no migrations yet, from its records."""
    migrate(url, [each for each in order if each.migrations.is_dir()], backup=False)
    bare = {each.name for each in order if not each.migrations.is_dir()} - {manifest.name}
    tables = [table for table in metadata.sorted_tables if table.info.get("plugin") in bare]
    with connected(url) as connection, connection.begin():
        metadata.create_all(connection, tables=tables)


def _write(manifest: Manifest, script: MigrationScript, message: str) -> Path:
    folder = manifest.migrations
    folder.mkdir(exist_ok=True)
    down = script_of(folder).get_current_head()
    revision = f"{int(down or '0') + 1:04d}"
    upgrades, downgrades = _code(script.upgrade_ops), _code(script.downgrade_ops)
    text = _TEMPLATE.format(
        message=message,
        revision=revision,
        down=repr(down).replace("'", '"'),
        imports=_imports(upgrades + downgrades),
        upgrades=upgrades,
        downgrades=downgrades,
    )
    path = folder / f"{revision}_{re.sub(r'[^a-z0-9]+', '_', message.lower()).strip('_')[:40]}.py"
    path.write_text(text, "utf-8")
    _format(path)
    return path


def _imports(code: str) -> str:
    """Of our own column types, those that the code names."""
    names = [each.__name__ for each in _OWN_TYPES if f"{each.__name__}(" in code]
    return f"\n\nfrom tenor_sdk.columns import {', '.join(names)}" if names else ""


def _code(operations: Any) -> str:
    """The body of one function, without Alembic's remarks."""
    code = render_python_code(operations, render_as_batch=True, render_item=_render_item)
    lines = [line for line in code.splitlines() if not line.strip().startswith(("# ###", "info={"))]
    return "\n".join(lines).rstrip() or "    pass"


def _format(path: Path) -> None:
    """As the repository wants it, where its formatter is at hand."""
    ruff = Path(sys.executable).with_name("ruff")
    if ruff.is_file():
        subprocess.run([str(ruff), "format", "-q", str(path)], check=False)
