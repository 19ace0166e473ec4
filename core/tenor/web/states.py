"""The states of a workflow as signs: a title, and a dot whose shape says how far a case is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenor.kernel import Kernel
    from tenor_sdk.records import Record
    from tenor_sdk.workflow import State


@dataclass(frozen=True)
class Sign:
    """A state as a list shows it.

    Args:
        title: English; translated by ``plugin``'s catalogue.
        shape: ``hollow`` not begun, ``half`` running, ``full`` done, ``waiting`` aside, ``refused`` ended badly.
    """

    title: str
    plugin: str
    shape: str


def sign_of(kernel: Kernel, record: type[Record], name: str) -> Sign | None:
    """The sign of a state; None where no enabled plugin has it."""
    flow = kernel.workflow.flow(record)
    state = flow.state(name) if flow is not None else None
    if flow is None or state is None:
        return None
    return Sign(state.title, state.plugin, _shape(state, first=name == flow.initial))


def _shape(state: State, *, first: bool) -> str:
    if state.final:
        return "full" if state.final == "good" else "refused"
    if state.aside:
        return "waiting"
    return "hollow" if first else "half"
