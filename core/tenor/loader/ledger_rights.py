"""Rights of PostgreSQL's roles on the tables that are append-only: nobody but their owner may change what stands there.

Which tables these are the database says: those whose triggers refuse every change, the ledger's and the journals'.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, text

_TABLES: Final = """
    SELECT DISTINCT c.oid, c.oid::regclass::text AS name, c.relowner, c.relacl
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE p.proname = 'base_refuse_change'
"""
#: who else holds a right on such a table, or on a column of it, by which rows could be changed
_HELD: Final = f"""
    WITH ours AS ({_TABLES}), held AS (
        SELECT o.name, o.relowner, (aclexplode(o.relacl)).* FROM ours o
        UNION ALL
        SELECT o.name, o.relowner, (aclexplode(a.attacl)).* FROM ours o JOIN pg_attribute a ON a.attrelid = o.oid
    )
    SELECT DISTINCT name, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS role
    FROM held
    WHERE grantee <> relowner AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
    ORDER BY 1, 2
"""  # noqa: S608 -- of the statement above
_OPEN: Final = f"""
    SELECT name FROM ({_TABLES}) AS ours
    WHERE pg_has_role(relowner, 'USAGE') OR has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')
        OR has_any_column_privilege(oid, 'UPDATE')
    ORDER BY name
"""  # noqa: S608 -- likewise


def close(connection: Connection) -> None:
    """Take from every role but the owner what would let it change rows. As the owner, within a plan of migrations:
    whatever grants rights on tables to come grants these too."""
    if connection.dialect.name != "postgresql":
        return
    for name, role in connection.execute(text(_HELD)).all():
        # names as the database quotes them; to take a right of the table takes it of its columns too
        connection.exec_driver_sql(
            f"REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER ON {name} FROM {role}"
        )


def open_tables(connection: Connection) -> tuple[str, list[str]]:
    """The role that is connected, and the append-only tables that it could change. Of SQLite none are told: there
    whoever has the file can."""
    if connection.dialect.name != "postgresql":
        return "", []
    role: Any = connection.execute(text("SELECT current_user")).scalar_one()
    return str(role), list(connection.execute(text(_OPEN)).scalars())
