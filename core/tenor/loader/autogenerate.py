"""For developers: a revision from the difference between a plugin's records and its migrations so far."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import MigrationScript, UpgradeOps
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Enum

from tenor.loader.manifest import Manifest
from tenor.loader.migrations import migrate, script_of, version_table
from tenor.loader.state import connected
from tenor_sdk.columns import AmountType, RateType, UtcTime
from tenor_sdk.records import metadata

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

    def include_name(name: str | None, kind: str, parents: Any) -> bool:
        return kind != "table" or is_mine(name)

    def include_object(
        thing: Any, name: str | None, kind: str, reflected: bool, other: Any
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
    context: MigrationContext,
    inspected: Any,
    declared: Any,
    inspected_type: Any,
    declared_type: Any,
) -> bool | None:
    """A choice is text to the database; its length is all that could differ."""
    if isinstance(declared_type, Enum):
        return getattr(inspected_type, "length", None) != declared_type.length
    return None


def _render_item(kind: str, thing: Any, context: AutogenContext) -> str | Literal[False]:
    """Our own column types by their names, choices as the text that they are."""
    if kind != "type":
        return False
    if isinstance(thing, AmountType | RateType | UtcTime):
        context.imports.add(f"from tenor_sdk.columns import {type(thing).__name__}")
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
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'scratch.db'}"
        migrate(url, [each for each in order if each.migrations.is_dir()], backup=False)
        with connected(url) as connection:
            script = differences(connection, manifest, order)
            return None if is_empty(script) else _write(manifest, script, message)


def _write(manifest: Manifest, script: MigrationScript, message: str) -> Path:
    folder = manifest.migrations
    folder.mkdir(exist_ok=True)
    down = script_of(folder).get_current_head()
    revision = f"{int(down or '0') + 1:04d}"
    imports: set[str] = set()
    upgrades, downgrades = (
        _code(operations, imports) for operations in (script.upgrade_ops, script.downgrade_ops)
    )
    text = _TEMPLATE.format(
        message=message,
        revision=revision,
        down=repr(down).replace("'", '"'),
        imports=_import_lines(imports),
        upgrades=upgrades,
        downgrades=downgrades,
    )
    path = folder / f"{revision}_{re.sub(r'[^a-z0-9]+', '_', message.lower()).strip('_')[:40]}.py"
    path.write_text(text, "utf-8")
    return path


def _import_lines(imports: set[str]) -> str:
    names = sorted(line.rpartition(" ")[2] for line in imports)
    return f"\nfrom tenor_sdk.columns import {', '.join(names)}" if names else ""


def _code(operations: UpgradeOps | Any, imports: set[str]) -> str:
    """The body of one function, without Alembic's remarks."""
    context = {"imports": imports, "render_as_batch": True, "render_item": _render_item}
    code = render_python_code(operations, **context)
    lines = [line for line in code.splitlines() if not line.strip().startswith("# ###")]
    return "\n".join(f"    {line}" if line.strip() else "" for line in lines)
