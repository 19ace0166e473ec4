"""Authorities, workflows and committees as a form offers them: each by its key, with its title."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from tenor.workflow.definitions import titled

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.context import Context
    from tenor_sdk.i18n import Text
    from tenor_sdk.records import Record


def authorities(ctx: Context) -> Iterator[tuple[str, Text]]:
    """The authorities that plugins in service declare."""
    known = cast("KernelContext", ctx).kernel.workflow.authorities.declared
    for key, authority in sorted(known.items()):
        yield key, titled(authority.title, authority.plugin)


def workflows(ctx: Context) -> Iterator[tuple[str, Text]]:
    """The workflows of plugins in service whose states bring tasks."""
    flows = cast("KernelContext", ctx).kernel.workflow.flows.values()
    for flow in sorted(flows, key=lambda one: one.name):
        if any(state.task is not None for state in flow.definition.every_state.values()):
            yield flow.name, titled(flow.definition.title, flow.record.__plugin__)


def committees(ctx: Context) -> Iterator[tuple[str, Text]]:
    """The committees that plugins in service declare."""
    for key, one in cast("KernelContext", ctx).kernel.workflow.committee_rules.declared.items():
        yield key, one.title


def stages(ctx: Context, version: Record | None) -> Iterator[tuple[str, Text]]:
    """The states of a version's workflow that bring tasks, those of branches too."""
    name = getattr(version, "workflow", "")
    for flow in cast("KernelContext", ctx).kernel.workflow.flows.values():
        if flow.name == name:
            for state in flow.definition.every_state.values():
                if state.task is not None:
                    yield state.name, titled(state.title, state.plugin)
