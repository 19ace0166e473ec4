"""Conflicts of workflows fail when plugins are loaded, and name both plugins with file and line."""

from __future__ import annotations

from typing import Any

import pytest
from tenor_petitions.records import Petition

from tenor.declarations import Declarations
from tenor.workflow import WorkflowError
from tenor.workflow.declared import check_committees, flows_of
from tenor.workflow.duties import rules_of
from tenor.workflow.merging import Flow, merge
from tenor_sdk.access import SegregationOfDuties
from tenor_sdk.workflow import Workflow, WorkflowPatch

HOST = """
draft = State(name="draft", title="Draft")
review = State(name="review", title="Review")
done = State(name="done", title="Done", final="good")
submit = Transition(name="submit", title="Submit", source=draft, target=review)
finish = Transition(name="finish", title="Finish", source=review, target=done)
flow = Workflow(Petition.state, states=(draft, review, done), transitions=(submit, finish))
"""
IMPORTS = """
from tenor_petitions.records import Petition
from tenor_sdk import State, Transition, Workflow, WorkflowPatch, guard, SegregationOfDuties, Approval, ask
"""


def declare(plugin: str, source: str, **known: Any) -> dict[str, Any]:
    """What the source of a plugin declares, as if it stood in its file."""
    file = f"/plugins/tenor_{plugin}/workflow.py"
    names: dict[str, Any] = {"__name__": f"tenor_{plugin}.workflow"}
    exec(compile(IMPORTS, file, "exec"), names)  # noqa: S102 -- a plugin of the test
    names |= known
    exec(compile(source, file, "exec"), names)  # noqa: S102 -- likewise
    return names


def host() -> dict[str, Any]:
    return declare("host", HOST)


def known(names: dict[str, Any]) -> dict[str, Any]:
    return {name: names[name] for name in ("draft", "review", "done", "submit", "finish", "flow")}


def patch(plugin: str, source: str, base: dict[str, Any]) -> WorkflowPatch:
    found: WorkflowPatch = declare(plugin, source, **known(base))["patch"]
    return found


def merged(base: dict[str, Any], *patches: WorkflowPatch) -> Flow:
    return merge(base["flow"], patches)


def fault(base: dict[str, Any], *patches: WorkflowPatch) -> WorkflowError:
    with pytest.raises(WorkflowError) as caught:
        merged(base, *patches)
    return caught.value


CHECK = """
check = State(name="check", title="Check")
confirm = Transition(name="confirm", title="Confirm", source=check, target=done)
patch = WorkflowPatch(flow, states=((check, review),), transitions=(confirm,), reroute=((finish, check),))
"""


def test_a_patch_puts_its_stage_where_it_says() -> None:
    base = host()
    flow = merged(base, patch("visits", CHECK, base))
    assert list(flow.states) == ["draft", "review", "check", "done"]
    targets = {each.name: each.target for each in flow.definition.transitions}
    assert targets == {"submit": "review", "finish": "check", "confirm": "done"}
    assert flow.initial == "draft"


def test_two_stages_after_the_same_one_stand_in_load_order() -> None:
    base = host()
    second = """
probe = State(name="probe", title="Probe")
go = Transition(name="go", title="Go", source=review, target=probe)
on = Transition(name="on", title="On", source=probe, target=done)
patch = WorkflowPatch(flow, states=((probe, review),), transitions=(go, on))
"""
    flow = merged(base, patch("visits", CHECK, base), patch("probes", second, base))
    assert list(flow.states) == ["draft", "review", "check", "probe", "done"]


def test_the_same_declarations_give_the_same_hash_and_a_patch_another() -> None:
    base = host()
    again = host()
    assert merged(base).definition.hash == merged(again).definition.hash
    assert (
        merged(base, patch("visits", CHECK, base)).definition.hash != merged(base).definition.hash
    )


def test_two_plugins_that_reroute_the_same_step_are_both_named() -> None:
    base = host()
    other = CHECK.replace('"check"', '"probe"').replace('"confirm"', '"settle"')
    error = fault(base, patch("visits", CHECK, base), patch("probes", other, base))
    assert error.plugin == "probes"
    assert str(error) == (
        "'finish' of petitions.petition is rerouted by two plugins: "
        "visits (/plugins/tenor_visits/workflow.py:4) and probes (/plugins/tenor_probes/workflow.py:4)"
    )


def test_two_plugins_with_a_stage_of_one_name_are_both_named() -> None:
    base = host()
    error = fault(base, patch("visits", CHECK, base), patch("probes", CHECK, base))
    assert error.plugin == "probes"
    assert "the state 'check' is declared twice" in str(error)
    assert "visits (/plugins/tenor_visits/workflow.py:2)" in str(error)
    assert "probes (/plugins/tenor_probes/workflow.py:2)" in str(error)


MISFITS = {
    "a transition of the host's name": (
        """
x = Transition(name="submit", title="X", source=review, target=done)
patch = WorkflowPatch(flow, transitions=(x,))
""",
        "the transition 'submit' is declared twice: host (/plugins/tenor_host/workflow.py:5) and visits",
    ),
    "a state that nothing leads to": (
        """
lost = State(name="lost", title="Lost", final="bad")
patch = WorkflowPatch(flow, states=((lost, review),))
""",
        "no way leads to the state 'lost'",
    ),
    "a state that nothing leads out of": (
        """
trap = State(name="trap", title="Trap")
go = Transition(name="go", title="Go", source=review, target=trap)
patch = WorkflowPatch(flow, states=((trap, review),), transitions=(go,))
""",
        "it isn't final, yet no way leads out of the state 'trap'",
    ),
    "a state that isn't there": (
        """
other = State(name="other", title="Other")
go = Transition(name="go", title="Go", source=review, target=other)
patch = WorkflowPatch(flow, transitions=(go,))
""",
        "names the state 'other' (/plugins/tenor_visits/workflow.py:2), which isn't part of",
    ),
    "a state that only has the name of one": (
        """
same = State(name="review", title="The name alone")
go = Transition(name="go", title="Go", source=same, target=done)
patch = WorkflowPatch(flow, transitions=(go,))
""",
        "names the state 'review' (/plugins/tenor_visits/workflow.py:2), which isn't part of",
    ),
    "a place that isn't there": (
        """
a = State(name="a", title="A", final="good")
b = State(name="b", title="B")
patch = WorkflowPatch(flow, states=((a, b),))
""",
        "the state 'a' stands after 'b', which isn't a state of petitions.petition, host (",
    ),
    "a guard without its label": (
        """
def unlabelled(ctx, record): return ()
patch = WorkflowPatch(flow, guards=((finish, unlabelled),))
""",
        "visits (/plugins/tenor_visits/workflow.py:3): unlabelled isn't labelled: put @guard on it",
    ),
    "a reroute within the host": (
        "patch = WorkflowPatch(flow, reroute=((finish, done),))",
        "'finish' can be rerouted to a state of the patch only, which 'done' isn't",
    ),
    "a guard of its own transition, in the wrong place": (
        """
@guard
def fine(ctx, record): return ()
own = Transition(name="own", title="Own", source=review, target=done)
patch = WorkflowPatch(flow, transitions=(own,), guards=((own, fine),))
""",
        "'own' (/plugins/tenor_visits/workflow.py:4) isn't a transition of petitions.petition, host (",
    ),
    "an automatic transition with a reason": (
        """
auto = Transition(name="auto", title="Auto", source=review, target=done, automatic=True, reason=True)
patch = WorkflowPatch(flow, transitions=(auto,))
""",
        "'auto' is automatic, so nobody presses it, yet it takes a reason",
    ),
}


@pytest.mark.parametrize(("source", "said"), MISFITS.values(), ids=MISFITS)
def test_a_patch_that_does_not_fit_is_laid_to_its_plugin(source: str, said: str) -> None:
    base = host()
    error = fault(base, patch("visits", source, base))
    assert said in str(error)
    assert error.plugin == "visits"


def test_a_patch_that_cuts_off_a_stage_of_the_host_is_at_fault_itself() -> None:
    base = host()
    cut = """
end = State(name="end", title="End", final="good")
patch = WorkflowPatch(flow, states=((end, draft),), reroute=((submit, end),))
"""
    error = fault(base, patch("visits", cut, base))
    assert error.plugin == "visits"
    assert "no way leads to the state 'review'" in str(error)
    assert "rerouted by visits (/plugins/tenor_visits/workflow.py:3)" in str(error)


def test_two_guards_of_one_name_are_not_taken_for_each_other() -> None:
    base = host()
    one = "@guard\ndef fine(ctx, record): return ()\npatch = WorkflowPatch(flow, guards=((finish, fine),))"
    error = fault(base, patch("visits", one, base), patch("visits", one, base))
    assert "two guards are called 'visits.fine'" in str(error)


def test_the_state_field_begins_where_the_workflow_does() -> None:
    source = HOST.replace('State(name="draft"', 'State(name="begin"')
    error = fault(declare("host", source))
    assert "Petition.state must be state_field('begin')" in str(error)


def test_a_record_has_one_workflow() -> None:
    declarations = Declarations(values=[host()["flow"], declare("other", HOST)["flow"]])
    with pytest.raises(
        WorkflowError, match=r"Petition has two workflows: host \(.*\) and other \("
    ):
        flows_of(declarations)


def test_a_patch_of_a_workflow_that_is_not_in_service_is_an_error() -> None:
    base = host()
    declarations = Declarations(values=[patch("visits", CHECK, base)])
    with pytest.raises(WorkflowError, match="isn't in service"):
        flows_of(declarations)


def flows(base: dict[str, Any]) -> Any:
    workflow: Workflow = base["flow"]
    return {Petition: merge(workflow)}


def rule(source: str, base: dict[str, Any]) -> SegregationOfDuties:
    found: SegregationOfDuties = declare("host", source, **known(base))["rule"]
    return found


def test_duties_that_name_a_step_of_no_workflow_are_an_error() -> None:
    base = host()
    lone = 'x = Transition(name="x", title="X", source=draft, target=done)\n'
    wrong = rule(lone + 'rule = SegregationOfDuties(title="T", steps=(submit, x))', base)
    with pytest.raises(WorkflowError, match=r"'x' .* is a transition of no workflow in service"):
        rules_of([wrong], flows(base))


def test_duties_that_forbid_nothing_are_an_error() -> None:
    base = host()
    wrong = rule('rule = SegregationOfDuties(title="T", steps=(submit,))', base)
    with pytest.raises(WorkflowError, match="it forbids nothing"):
        rules_of([wrong], flows(base))


REFUSED = """
from fractions import Fraction
from tenor_sdk.approvals import Committee
bad = State(name="bad", title="Bad", final="bad")
refuse = Transition(name="refuse", title="Refuse", source=review, target=bad, recall=True)
resolve = Transition(
    name="resolve", title="Resolve", source=review, target=done,
    approval=Approval(
        shown=lambda ctx, record: {},
        committee=Committee(members=("m",), quorum=1, share=Fraction(1), refusal=refuse),
    ),
)
patch = WorkflowPatch(flow, states=((bad, done),), transitions=(refuse, resolve))
"""


def test_what_a_committee_refuses_is_nobodys_to_take_back() -> None:
    base = host()
    flow = merged(base, patch("visits", REFUSED, base))
    with pytest.raises(WorkflowError) as caught:
        check_committees([flow])
    assert "the refusal 'refuse'" in str(caught.value)
    assert "can be taken back, so that one member alone would undo" in str(caught.value)
