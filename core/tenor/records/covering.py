"""Whether an index holds all by which the rows of a page are chosen and sorted.

Then their ids are found in the index alone, and of the table only the rows of the page are read; without one, to find
the ids first would read the table twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, Index, Table
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.sql.visitors import iterate

from tenor_sdk.records import Record


def covered(record: type[Record], expressions: Iterable[ColumnElement[Any]]) -> bool:
    """Whether one index of the record's table holds every column of the expressions, and the id."""
    table = record.__table__
    asked = {table.c.id.name}
    for expression in expressions:
        # an attribute has no parts; what it stands for in a statement has
        element = getattr(expression, "__clause_element__", None)
        for part in iterate(expression if element is None else element()):
            if isinstance(part, SelectBase):  # what it reads stands in no index of this table
                return False
            if isinstance(part, ColumnClause):
                if part.table is None or part.table != table:
                    return False
                asked.add(part.name)
    return any(asked <= held for held in _held(table))


def _held(table: Table) -> Iterable[set[str]]:
    """The columns of each index that holds every row's values as they are."""
    for index in table.indexes:
        if _is_whole(index) and all(isinstance(each, Column) for each in index.expressions):
            yield {column.name for column in index.columns}


def _is_whole(index: Index) -> bool:
    """Whether it has every row, not only those of a condition."""
    return all(
        index.dialect_options[dialect].get("where") is None for dialect in ("postgresql", "sqlite")
    )
