"""The way of a bad loan: options entered, compared, decided by people who see what they decide on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from tenor_npl_disposal.comparing import frozen_of
from tenor_npl_disposal.records import NplCase, WayOut
from tenor_sdk import (
    Approval,
    Blocker,
    Context,
    Deadline,
    SegregationOfDuties,
    State,
    Task,
    Transition,
    Workflow,
    _,
    ask,
    guard,
)
from tenor_sdk.access import APPROVER, ASSET_PRESERVATION

opened = State(
    name="open",
    title="Options",
    task=Task(
        title="Compare the ways out",
        position=ASSET_PRESERVATION,
        unit="any",
        deadline=Deadline(working_days=10),
    ),
)
decision = State(
    name="decision",
    title="Decision",
    frozen=True,
    task=Task(title="Decide on the way out", position=APPROVER, deadline=Deadline(working_days=5)),
)
execution = State(
    name="execution",
    title="Execution",
    frozen=True,
    task=Task(title="Carry out what was decided", position=ASSET_PRESERVATION, unit="any"),
)
closed = State(name="closed", title="Closed", final="good", frozen=True)


@dataclass(frozen=True)
class Choice:
    """The way out that somebody votes for."""

    way: WayOut = ask("Way out")
    text: str = ask("Reasons", widget="long-text", default="", max_length=5000)


@guard
def options_are_entered(_ctx: Context, case: NplCase) -> Iterable[Blocker]:
    """At least two ways out stand side by side."""
    if len(case.options) < 2:
        yield Blocker(
            _("At least two ways out to compare"), href=f"/npl_disposal/npl-case/{case.id}/edit"
        )


def _freeze(_ctx: Context, case: NplCase, _inputs: None) -> None:
    case.frozen = frozen_of(case)
    text = json.dumps(case.frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    case.frozen_hash = sha256(text.encode()).hexdigest()


def _choose(_ctx: Context, case: NplCase, choice: Choice) -> None:
    case.chosen = choice.way


propose = Transition(
    name="propose", title="Propose for decision", source=opened, target=decision,
    guards=(options_are_entered,), do=_freeze, style="primary",
)  # fmt: skip
decide = Transition(
    name="decide", title="Decide", source=decision, target=execution, inputs=Choice,
    approval=Approval(
        needed=lambda _ctx, _case: 2, shown=lambda _ctx, case: [case.frozen_hash, case.chosen],
        each=_choose,
    ),
    style="primary",
)  # fmt: skip
return_to_options = Transition(
    name="return", title="Return to the options", source=decision, target=opened, reason=True
)
close = Transition(
    name="close", title="Close", source=execution, target=closed, reason=True, style="primary"
)
npl_flow = Workflow(
    NplCase.state,
    states=(opened, decision, execution, closed),
    transitions=(propose, decide, return_to_options, close),
)
propose_and_decide = SegregationOfDuties(
    title="Who proposes a way out never decides on it", steps=(propose, decide)
)
