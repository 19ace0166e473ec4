"""Mandates (授权委托): a person lets a plugin do jobs in their name, with their own rights of the day and no more.

The person gives it themselves, in an act of their own; what was delegated to them isn't part of it. It ends when they
or the plugin end it, and when they leave: what waits under it then isn't done any more. Whatever is done under it is
ledgered as theirs and as the plugin's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from tenor_sdk.context import Context
    from tenor_sdk.records import Record


def give_mandate(ctx: Context, purpose: str) -> int:
    """Have the person who acts let the plugin, in whose procedure this is called, do jobs in their name; its id.

    Args:
        purpose: for what, as the ledger tells it.

    Raises:
        Forbidden: ``no-person``, where a service acts; outside a procedure.
    """
    return port_of(ctx).give_mandate(ctx, purpose)


def end_mandate(ctx: Context, mandate: int) -> None:
    """End it: by whoever gave it, or in a procedure of its plugin. Ending one twice is nothing.

    Raises:
        NotFound: there is none, for whoever asks.
    """
    port_of(ctx).end_mandate(ctx, mandate)


def mandate_stands(ctx: Context, mandate: int) -> bool:
    """Whether jobs are done under it today: it wasn't ended, and who gave it hasn't left.

    Args:
        mandate: any number; of one that there isn't it is no.
    """
    return port_of(ctx).mandate_stands(ctx, mandate)


def enqueue_under(
    ctx: Context,
    mandate: int,
    job: Callable[..., Any],
    /,
    *,
    at: datetime | None = None,
    key: str | None = None,
    **arguments: object,
) -> int:
    """As ``ctx.enqueue``, in the name of whoever gave the mandate; of its plugin's jobs only.

    Raises:
        Refused: ``mandate-over``: it was ended, or who gave it has left.
        Forbidden: another plugin's job.
    """
    return port_of(ctx).enqueue_under(ctx, mandate, job, arguments, at, key)


def change_record(ctx: Context, record: Record, values: Mapping[str, object]) -> None:
    """Within a job under a mandate: change a record of any plugin as its form would, by the person's own grant.

    Args:
        values: by field, as the API takes them.

    Raises:
        Forbidden: without the right, or outside such a job.
        Invalid: errors by field. Refused: ``frozen``. NotFound: the person can't read it.
    """
    port_of(ctx).change_record(ctx, record, values)


def check_change(ctx: Context, record: Record, values: Mapping[str, object]) -> None:
    """Raise what ``change_record`` would for the person who acts; nothing is changed, and no mandate is needed."""
    port_of(ctx).check_change(ctx, record, values)
