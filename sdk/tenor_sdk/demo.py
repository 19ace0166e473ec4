"""Demo data: what a plugin brings to the demo institution, made by the same services that staff use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tenor_sdk.context import Context

F = TypeVar("F", bound=Callable[..., Any])


class Stage(Protocol):
    """On which the demo is played: a person acts on a day, in a transaction of their own."""

    def as_(self, login: str, *, on: date | None = None) -> AbstractContextManager[Context]:
        """As the user with this login; ``on`` moves the act to that day, in its office hours."""
        ...

    def run_jobs(self) -> None:
        """Let every job that is due run."""
        ...


@dataclass(frozen=True)
class DemoLabel:
    """The label of a function that plays demo data."""

    order: int
    last: bool = False


def demo(*, order: int = 50, last: bool = False) -> Callable[[F], F]:
    """Label ``(stage) -> None`` in ``demo.py`` as demo data; played in load order, then by ``order``. Idempotent: it
    is played once for an institution.

    Args:
        last: whether it needs what other plugins play: it comes after them all, and where only some are played not.
    """

    def label(function: F) -> F:
        function.__tenor_demo__ = DemoLabel(order, last)  # type: ignore[attr-defined]  # a label on a function
        return function

    return label
