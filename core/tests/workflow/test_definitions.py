from hypothesis import given
from hypothesis import strategies as st

from tenor.workflow.definitions import (
    Definition,
    StateSpec,
    TaskSpec,
    TransitionSpec,
    canonical,
    digest,
    from_content,
)

words = st.text(max_size=12)
tasks = st.builds(
    TaskSpec,
    title=words,
    position=words,
    to_owner=st.booleans(),
    unit=st.sampled_from(["record", "any"]),
    working_days=st.none() | st.integers(0, 60),
    remind=st.booleans(),
    escalate_to=words,
)
states = st.builds(
    StateSpec,
    name=words,
    title=words,
    plugin=words,
    final=st.sampled_from(["", "good", "bad"]),
    frozen=st.booleans(),
    aside=st.booleans(),
    task=st.none() | tasks,
)
transitions = st.builds(
    TransitionSpec,
    name=words,
    title=words,
    plugin=words,
    sources=st.lists(words, max_size=3).map(tuple),
    target=words,
    guards=st.lists(words, max_size=3).map(tuple),
    reason=st.booleans(),
    automatic=st.booleans(),
    approval=st.booleans(),
    inputs=st.booleans(),
    style=words,
)
definitions = st.builds(
    Definition,
    workflow=words,
    table=words,
    title=words,
    states=st.lists(states, max_size=4).map(tuple),
    transitions=st.lists(transitions, max_size=4).map(tuple),
)


@given(definitions)
def test_a_stored_definition_reads_back_as_it_was(definition: Definition) -> None:
    again = from_content(definition.content())
    assert again == definition
    assert again.hash == definition.hash


@given(definitions, definitions)
def test_different_definitions_have_different_hashes(one: Definition, other: Definition) -> None:
    assert (one.hash == other.hash) == (one == other)


def test_what_a_later_kernel_wrote_beside_it_is_left_aside() -> None:
    state = StateSpec(name="draft", title="Draft", plugin="petitions", task=TaskSpec(title="Do"))
    definition = Definition(workflow="w", table="t", title="", states=(state,), transitions=())
    content = definition.content()
    content["states"][0]["colour"] = "red"
    content["states"][0]["task"]["colour"] = "red"
    assert from_content(content | {"language": "zh"}) == definition


@given(st.dictionaries(words, st.integers() | words | st.booleans()))
def test_the_order_of_names_does_not_change_the_hash(values: dict[str, object]) -> None:
    backwards = dict(reversed(values.items()))
    assert digest(values) == digest(backwards)
    assert " " not in canonical({"a": [1, 2]})
