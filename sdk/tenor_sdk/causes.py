"""Of what something came: a chain that is carried along from act to event to job, however many plugins lie between.

Who lets staff say what follows from what names itself in the chain, and looks there before it acts, so that nothing
goes round in circles.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from tenor_sdk.context import Context


def causes_of(ctx: Context) -> tuple[str, ...]:
    """What led to what is being done, the first cause first; empty where a person or a clock did."""
    return port_of(ctx).causes(ctx)


def caused_by(ctx: Context, cause: str) -> AbstractContextManager[None]:
    """What is done within it, and every job that comes of it, is put down to ``cause`` as well.

    Args:
        cause: a name that its plugin knows again: ``"automation.rule-7"``.
    """
    return port_of(ctx).caused_by(ctx, cause)
