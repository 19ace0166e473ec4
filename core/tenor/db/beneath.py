"""A condition of the kernel's own, within what a person asks.

The kernel keeps things about records beside them (the keys of search) that nobody is granted, and narrows a person's
statement by them. Such a condition is handed in whole: the guard takes it as it is, without criteria for what stands in
it, and only where the kernel made it. A select over those records themselves finds nothing, like one over any record
without grants.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal

_INTERNALS = [("condition", InternalTraversal.dp_clauseelement)]


class Beneath(ColumnElement[bool]):
    """A condition that isn't judged.

    Args:
        condition: over tables of the kernel, and the id of the record that is asked for.
    """

    __visit_name__ = "beneath"
    inherit_cache = True
    _traverse_internals = _INTERNALS

    def __init__(self, condition: ColumnElement[bool]) -> None:
        self.condition = condition
        self.type = Boolean()


@compiles(Beneath)
def _compile(element: Beneath, compiler: Any, **options: Any) -> Any:
    return compiler.process(element.condition, **options)
