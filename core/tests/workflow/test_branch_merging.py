"""Branches, joins and time-outs that can't be put into service say so when plugins are loaded."""

from __future__ import annotations

from typing import Any

import pytest

from core.tests.workflow.test_merging import declare
from tenor.workflow import WorkflowError
from tenor.workflow.definitions import Definition, from_content
from tenor.workflow.merging import Flow, merge
from tenor_sdk.workflow import WorkflowPatch

LEGAL = """
from tenor_sdk import Branch
reading = State(name="reading", title="Reading")
read = State(name="read", title="Read", final="good")
confirm = Transition(name="confirm", title="Confirm", source=reading, target=read)
legal = Branch(name="legal", title="Legal", states=(reading, read), transitions=(confirm,))
"""
SIDE = """
looking = State(name="looking", title="Looking")
looked = State(name="looked", title="Looked", final="good")
look = Transition(name="look", title="Look", source=looking, target=looked)
side = Branch(name="side", title="Side", states=(looking, looked), transitions=(look,))
"""
HOST = (
    LEGAL
    + """
draft = State(name="draft", title="Draft")
checks = State(name="checks", title="Checks", branches=(legal,))
done = State(name="done", title="Done", final="good")
submit = Transition(name="submit", title="Submit", source=draft, target=checks)
join = Transition(name="join", title="Join", source=checks, target=done, joins="all")
flow = Workflow(Petition.state, states=(draft, checks, done), transitions=(submit, join))
"""
)
NAMES = ("draft", "checks", "done", "submit", "join", "flow", "legal", "confirm", "reading")


def host(change: tuple[str, str] = ("", "")) -> dict[str, Any]:
    old, new = change
    assert old in HOST
    return declare("host", HOST.replace(old, new) if old else HOST)


def merged(base: dict[str, Any], *patches: WorkflowPatch) -> Flow:
    return merge(base["flow"], patches)


def patch(source: str, base: dict[str, Any]) -> WorkflowPatch:
    known = {name: base[name] for name in NAMES}
    found: WorkflowPatch = declare("guest", "from tenor_sdk import Branch\n" + source, **known)[
        "patch"
    ]
    return found


def fault(base: dict[str, Any], *patches: WorkflowPatch) -> WorkflowError:
    with pytest.raises(WorkflowError) as caught:
        merged(base, *patches)
    return caught.value


def test_a_branch_is_part_of_the_definition_and_of_its_hash() -> None:
    with_branch, without = merged(host()).definition, merged(host(('title="Legal"', 'title="Law"')))
    assert [branch.name for branch in with_branch.branches] == ["legal"]
    assert with_branch.branch_of("confirm") == "legal"
    assert with_branch.hash != without.definition.hash


def test_a_stored_definition_with_branches_reads_back_as_it_was() -> None:
    definition = merged(host()).definition
    again = from_content(definition.content())
    assert again == definition
    assert again.hash == definition.hash


def test_what_came_later_says_nothing_where_it_is_not_used() -> None:
    """So that a definition that was stored before keeps its hash."""
    content = merged(host()).definition.content()
    draft, checks = content["states"][:2]
    assert "branches" not in draft
    assert "branches" in checks
    assert not {"after", "joins", "returns", "recall"} & set(content["transitions"][0])
    inner = checks["branches"][0]
    assert "branches" not in inner["states"][0]
    assert "joins" not in inner["transitions"][0]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (', joins="all"', "", "no transition joins the branches of the state 'checks'"),
        ('joins="all"', "joins=2", "'join' takes 2 of 1 branches"),
        ("source=checks, target=done, j", "source=(draft, checks), target=done, j", "which has none"),
        ('name="reading"', 'name="draft"', "the state 'draft' is declared twice"),
        ('name="confirm"', 'name="submit"', "the transition 'submit' is declared twice"),
        ('title="Read", final="good"', 'title="Read", final="bad"', "never ends well"),
        ('title="Reading")', 'title="Reading", frozen=True)', "is frozen, as only the record's own can"),
        ("target=read)", "target=read, joins=1)", "is a transition of a branch"),
        ("target=read)", "target=read, after=0)", "is a time-out, so nobody presses it, yet it has no"),
        ("target=read)", "target=read, after=2, reason=True)", "yet it takes a reason"),
        ("target=read)", "target=read, undo=print)", "has an undo=, yet it can't be recalled"),
    ],
)  # fmt: skip
def test_what_cannot_be_says_so_with_file_and_line(old: str, new: str, words: str) -> None:
    error = fault(host((old, new)))
    assert words in str(error)
    assert "/plugins/tenor_host/workflow.py:" in str(error)


def test_no_case_begins_with_branches() -> None:
    changed = HOST.replace('name="draft"', 'name="old"').replace('name="checks"', 'name="draft"')
    changed = changed.replace("states=(draft, checks, done)", "states=(checks, done)")
    error = fault(
        declare("host", changed.replace("transitions=(submit, join)", "transitions=(join,)"))
    )
    assert "a case begins in the state 'draft'" in str(error)


def test_a_state_has_one_time_out() -> None:
    more = "flow = Workflow("
    source = (
        'one = Transition(name="one", title="One", source=draft, target=done, after=3)\n'
        'two = Transition(name="two", title="Two", source=draft, target=done, after=5)\n'
    )
    changed = HOST.replace(more, source + more).replace(
        "(submit, join)", "(submit, join, one, two)"
    )
    error = fault(declare("host", changed))
    assert "the state 'draft' has two time-outs" in str(error)


# -- patches ----------------------------------------------------------------------------------------------------------


def test_a_plugin_adds_a_branch_beside_those_of_the_host() -> None:
    base = host()
    added = patch(SIDE + "patch = WorkflowPatch(flow, branches=((checks, side),))", base)
    flow = merged(base, added)
    assert [(one.name, one.plugin) for one in flow.definition.branches] == [
        ("legal", "host"), ("side", "guest"),
    ]  # fmt: skip
    assert flow.transitions["look"].plugin == "guest"


def test_a_plugin_adds_a_guard_to_a_step_of_the_hosts_branch() -> None:
    base = host()
    source = """
@guard
def is_fine(ctx, petition):
    return ()
patch = WorkflowPatch(flow, guards=((confirm, is_fine),))
"""
    spec = merged(base, patch(source, base)).definition.transition("confirm")
    assert spec is not None
    assert spec.guards == ("guest.is_fine",)


def test_a_branch_goes_only_where_the_host_has_some() -> None:
    base = host()
    added = patch(SIDE + "patch = WorkflowPatch(flow, branches=((draft, side),))", base)
    error = fault(base, added)
    assert error.plugin == "guest"
    assert "which isn't a state with branches of" in str(error)


def test_two_plugins_with_one_name_for_a_branch_are_both_named() -> None:
    base = host()
    added = patch(
        SIDE.replace('"side"', '"legal"')
        + "patch = WorkflowPatch(flow, branches=((checks, side),))",
        base,
    )
    error = fault(base, added)
    assert error.plugin == "guest"
    assert "/plugins/tenor_host/" in str(error)
    assert "/plugins/tenor_guest/" in str(error)


def test_a_case_of_an_earlier_kernel_reads_as_one_without_branches() -> None:
    old = {
        "workflow": "w", "table": "t", "title": "",
        "states": [{"name": "draft", "title": "Draft", "plugin": "p", "task": None}],
        "transitions": [{"name": "go", "title": "Go", "plugin": "p", "sources": ["draft"], "target": "draft",
                         "guards": []}],
    }  # fmt: skip
    definition: Definition = from_content(old)
    assert definition.branches == ()
    assert definition.time_out("draft") is None
