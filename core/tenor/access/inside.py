"""Inside a plugin's door."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from tenor.db.state import Procedure, state_of

if TYPE_CHECKING:
    from types import TracebackType

    from tenor.context import KernelContext


class Inside(AbstractContextManager[None]):
    """While a procedure is gone through. A class, as a generator would cost as much again as all that it does."""

    __slots__ = ("_behalf", "_procedure", "_session", "_state")

    def __init__(self, ctx: KernelContext, procedure: Procedure) -> None:
        self._session = ctx.session
        self._procedure = procedure

    def __enter__(self) -> None:
        self._state = state = state_of(self._session)
        self._session.flush()
        self._behalf = state.behalf
        state.stack.append(self._procedure)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._session.flush()
        finally:
            self._state.stack.pop()
            self._state.behalf = self._behalf
