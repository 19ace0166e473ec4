"""The words of states for lists, without a statement a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from tenor.events.rows import table_of
from tenor.workflow.definitions import from_content, titled
from tenor.workflow.records import WorkflowDefinition
from tenor_sdk.i18n import Text

if TYPE_CHECKING:
    from tenor.kernel import Kernel
    from tenor.workflow.merging import Flow

_definitions: Final = table_of(WorkflowDefinition)


class Titles:
    """Titles by workflow and state. Those of states that are gone, or whose plugin is off, are read once, from the
    definitions of cases that began with them."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self._former: dict[str, dict[str, Text]] = {}

    def of(self, flow: Flow | None, name: str) -> Text:
        """The title of a state; its name where no definition ever had it."""
        if flow is None:
            return Text(name)
        state = flow.state(name)
        if state is not None:
            return titled(state.title, state.plugin)
        if flow.name not in self._former:
            self._former[flow.name] = self._read(flow.name)
        return self._former[flow.name].get(name) or Text(name)

    def _read(self, workflow: str) -> dict[str, Text]:
        statement = select(_definitions.c.content).where(_definitions.c.workflow == workflow)
        with self.kernel.db.raw(write=False) as connection:
            stored = connection.execute(statement.order_by(_definitions.c.id)).scalars().all()
        return {
            state.name: titled(state.title, state.plugin)
            for content in stored
            for state in from_content(content).every_state.values()
        }
