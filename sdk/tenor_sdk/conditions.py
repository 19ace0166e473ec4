"""Conditional fields: what a record's form shows, asks for or keeps as it is, by the values of the record itself.

::

    fixed_rate = When(Loan, 'kind == "fixed" && amount > money("1000000", "CNY")',
        visible=(Loan.rate,), required=(Loan.rate,), read_only=(Loan.base,))

The text is an expression (``tenor_sdk.expressions``) over the record's own declared fields and ``today``; it is checked
when the plugin is loaded. It is asked of the record as it would be: what stands there, with what is handed in; of lines
row by row. It is asked by the right of the plugin's author, whoever reads: nothing but its truth is used. What can't be
answered, as something that it names isn't known, isn't true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenor_sdk.declare import Declaration, caller

if TYPE_CHECKING:
    from tenor_sdk.records import Record


@dataclass(frozen=True, eq=False, init=False)
class When(Declaration):
    """Fields that are shown, required or read-only while a condition holds.

    Args:
        record: whose fields they are.
        text: the condition: an expression over fields of the record that it declares itself.
        visible: are on its page and in its form only while it holds; what isn't shown keeps its value. It is nothing
            about rights, and neither the API nor an import knows of it.
        required: a record can't be made or changed so that it holds and one of these is empty: by a form, over the API,
            in a file and by code alike. What was so before stays until somebody changes what it is about.
        read_only: can't be given another value while it holds; code of plugins may, as with ``readonly`` fields. A new
            record has what the field begins with.
    """

    record: type[Record]
    text: str
    visible: tuple[Any, ...]
    required: tuple[Any, ...]
    read_only: tuple[Any, ...]

    def __init__(
        self,
        record: type[Record],
        text: str,
        *,
        visible: Sequence[Any] = (),
        required: Sequence[Any] = (),
        read_only: Sequence[Any] = (),
    ) -> None:
        given = {"record": record, "text": text, "visible": tuple(visible), "required": tuple(required)}  # fmt: skip
        for name, value in {"origin": caller(), **given, "read_only": tuple(read_only)}.items():
            object.__setattr__(self, name, value)
