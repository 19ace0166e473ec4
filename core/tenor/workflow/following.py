"""A record follows its task to whoever has it, where its state says so; see ``tenor_sdk.workflow.Task``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenor.context import KernelContext


def follow(ctx: KernelContext, row: Mapping[str, Any], user_id: int | None) -> None:
    """Let whoever has a task now look after its record; ledgered as whoever acts, whatever they may do with the record.

    Args:
        row: of the task.
        user_id: None where it waits for its group.
    """
    kernel = ctx.kernel
    kind = kernel.records.by_table.get(row["table_name"])
    flow = kernel.workflow.flows.get(kind) if kind is not None else None
    state = flow.definition.state(row["stage"]) if flow is not None else None
    if kind is None or state is None or state.task is None or not state.task.owner_follows:
        return
    inside = kernel.access.procedure(ctx, kind.__plugin__, "follow the task")
    with inside, kernel.db.sibling(ctx.session) as session:
        record: Any = session.get(kind, row["record_id"])
        if record is not None and record.owner_id != user_id:
            record.owner_id = user_id
