"""Whether a dated fact was corrected, whoever may see the correction.

Rules about rows are added to every record that a statement reads. What was corrected out of somebody's sight would so
stand before them; hence this condition, which the guard of statements takes as it is. It says nothing but whether a row
of the same kind, and so of the same parent, corrects the one that is read.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Alias, Boolean, ColumnElement, Date, bindparam, inspect, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal

_INTERNALS = [
    ("corrected", InternalTraversal.dp_clauseelement),
    ("known", InternalTraversal.dp_clauseelement),
]


class Superseded(ColumnElement[bool]):
    """A condition on facts. What it asks the database is made of its two parts when it is compiled, and of nothing
    else.

    Args:
        record: a kind of ``Dated``, or an alias of it, that the statement around it reads.
        known: corrections that were recorded on this business date or before; None for all.

    Attributes:
        corrected: the id of the facts that are read.
        known: that date, as a parameter.

    Raises:
        TypeError: an alias over a statement, which nobody would judge within this condition.
    """

    __visit_name__ = "superseded"
    inherit_cache = True
    _traverse_internals = _INTERNALS

    def __init__(self, record: Any, known: date | None) -> None:
        # tables, not records: to a select over these SQLAlchemy would add the rules of whoever reads
        corrected, table = inspect(record).selectable, inspect(record).mapper.local_table
        plain = corrected is table or (type(corrected) is Alias and corrected.element is table)
        if not plain:
            raise TypeError("facts are read as of a day from their record, or a plain alias of it")
        self.corrected: Any = corrected.c.id
        self.known: Any = None if known is None else bindparam(None, known, type_=Date())
        self.type = Boolean()


@compiles(Superseded)
def _compile(element: Superseded, compiler: Any, **options: Any) -> Any:
    corrected = element.corrected.table
    table = corrected.element if isinstance(corrected, Alias) else corrected
    later = table.alias()
    found = select(later.c.id).where(later.c.supersedes_id == element.corrected)
    if element.known is not None:
        found = found.where(later.c.known_on <= element.known)
    return compiler.process(found.correlate(corrected).exists(), **options)
