"""Branches: cases within a case, that go side by side while it is in a state, and what joins them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tenor.workflow.cases import Case, Cases
from tenor.workflow.definitions import BranchSpec, Definition, TransitionSpec, titled
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Record
from tenor_sdk.workflow import Blocker

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.workflow.merging import Flow


class Branches:
    """Finds and begins them. Each is a row of its own among the cases; whoever moves one has locked the case."""

    def __init__(self, cases: Cases) -> None:
        self._cases = cases

    def of(
        self, ctx: KernelContext, record: Record, state: str, definition: Definition
    ) -> list[Case]:
        """The branches that go on in a state of a record's, in their order; no statement where it has none."""
        specs = _specs(definition, state)
        if not specs:
            return []
        found = self._cases.branches(ctx, record, [spec.name for spec in specs])
        return [found[spec.name] for spec in specs if spec.name in found]

    def enter(
        self, ctx: KernelContext, record: Record, case: Case, definition: Definition
    ) -> list[Case]:
        """Begin the branches of the state that a case has entered, each anew."""
        return [
            self._cases.begin_branch(ctx, record, case, spec.name, spec.states[0].name)
            for spec in _specs(definition, case.state)
        ]

    def resume(
        self, ctx: KernelContext, record: Record, case: Case, definition: Definition
    ) -> list[Case]:
        """Go on with the branches of the state to which a case was taken back, where each stood: what was brought in
        them stays.

        Returns:
            Those that go on; one that has ended stays as it is.
        """
        specs = _specs(definition, case.state)
        stood = {one.branch: one for one in self.of(ctx, record, case.state, definition)}
        return [
            self._cases.begin_branch(ctx, record, case, spec.name, _stood(spec, stood))
            for spec in specs
            if not _end(definition, stood.get(spec.name))
        ]

    def blockers(
        self,
        ctx: KernelContext,
        record: Record,
        definition: Definition,
        spec: TransitionSpec,
        flow: Flow,
    ) -> list[Blocker]:
        """What a join waits for."""
        if spec.joins is None:
            return []
        state = str(getattr(record, flow.column))
        specs = _specs(definition, state) if state in spec.sources else ()
        if not specs:
            return [Blocker(_("What is to be joined hasn't begun"))]
        cases = {case.branch: case for case in self.of(ctx, record, state, definition)}
        ends = {one.name: _end(definition, cases.get(one.name)) for one in specs}
        if spec.joins == "failed":
            failed = "bad" in ends.values()
            return [] if failed else [Blocker(_("No branch has failed"))]
        needed = len(specs) if spec.joins == "all" else int(spec.joins)
        well = sum(end == "good" for end in ends.values())
        if well >= needed:
            return []
        return [
            _lacking(definition, one, cases.get(one.name), ends[one.name], well, needed)
            for one in specs
            if ends[one.name] != "good"
        ]


def _specs(definition: Definition, state: str) -> Sequence[BranchSpec]:
    found = definition.state(state)
    return found.branches if found is not None else ()


def _stood(spec: BranchSpec, cases: Mapping[str, Case]) -> str:
    return cases[spec.name].state if spec.name in cases else spec.states[0].name


def _end(definition: Definition, case: Case | None) -> str:
    """How a branch has ended; empty where it goes on."""
    state = definition.state(case.state) if case is not None else None
    return state.final if state is not None else ""


def _lacking(
    definition: Definition,
    spec: BranchSpec,
    case: Case | None,
    end: str,
    well: int,
    needed: int,
) -> Blocker:
    state = definition.state(case.state) if case is not None else None
    where = titled(state.title, state.plugin) if state is not None else Text("—")
    branch = titled(spec.title, spec.plugin)
    what = _("{branch}: {state}", branch=branch, state=where)
    if end == "bad":
        return Blocker(what, why=_("This branch has failed"))
    return Blocker(
        what, why=_("{n} of the {needed} branches needed have ended", n=well, needed=needed)
    )
