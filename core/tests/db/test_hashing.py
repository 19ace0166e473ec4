"""The arithmetic of the ledger: one text for one value, one root for one order, a path for each leaf."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor.audit.hashing import (
    BEHALF,
    HEADER,
    entry_digest,
    field_hash,
    field_hashes,
    new_listed_salt,
    salt_of,
    value_hash,
)
from tenor.audit.merkle import Root, paths, root_by, root_of

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
leaves = st.lists(st.text("0123456789abcdef", min_size=4, max_size=4), min_size=1, max_size=40)


@pytest.mark.hypothesis
@given(before=values, after=values)
def test_a_field_is_hashed_over_its_one_text(before: Any, after: Any) -> None:
    pair = [before, after]
    told = json.dumps(pair, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        expected = sha256(f"salt:field:{told}".encode()).hexdigest()
    except UnicodeEncodeError:  # half of a surrogate pair, which no database takes either
        return
    assert field_hashes("salt", {"field": pair}) == {"field": expected}


@pytest.mark.hypothesis
@given(texts=st.lists(st.text(), min_size=8, max_size=8), number=st.none() | st.integers())
def test_an_entry_is_hashed_over_its_one_text(texts: list[str], number: int | None) -> None:
    head: dict[str, Any] = dict.fromkeys((*HEADER, *BEHALF), number)
    head |= dict(zip(HEADER, texts, strict=False))
    said = {name: value for name, value in head.items() if name in HEADER or value is not None}
    hashes = {text: text[::-1] for text in texts}
    told = json.dumps([said, hashes], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        expected = sha256(told.encode()).hexdigest()
    except UnicodeEncodeError:  # half of a surrogate pair
        return
    assert entry_digest(head, hashes) == expected


@pytest.mark.hypothesis
@given(leaves=leaves)
def test_each_leaf_leads_to_the_root_on_its_path(leaves: list[str]) -> None:
    root = root_of(leaves)
    for place, path in paths(leaves, range(len(leaves))).items():
        assert root_by(leaves[place], path) == root
        assert root_by(f"{leaves[place]}x", path) != root


def test_a_root_can_be_asked_for_at_any_time() -> None:
    root = Root()
    for n in range(1, 20):
        root.add(str(n))
        assert root.value() == root_of(str(each) for each in range(1, n + 1))
    assert Root().value() == sha256(b"").hexdigest()


def test_an_inner_node_does_not_stand_for_a_leaf() -> None:
    assert root_of(["a", "b", "c"]) != root_of([root_of(["a", "b"]), "c"])


def listed(salts: Any, values: list[str]) -> list[str]:
    """The hash of each value that stood in a row."""
    stood = zip(salts["each"], values, strict=True)
    return [value_hash(each, "subject", n, value) for n, (each, value) in enumerate(stood)]


def test_a_list_of_hashes_is_no_value_that_is_such_a_list() -> None:
    salt = new_listed_salt()
    said = field_hashes(salt, {"subject": [["one", "two"], "all"]})
    own = salt_of(salt, "subject", [["one", "two"], "all"])
    hashes = [listed(own, ["one", "two"]), "all"]
    plain = field_hashes("", {"subject": hashes}, {"subject": own["own"]})
    assert plain != said
    assert field_hashes("", {"subject": [["one", "two"], "all"]}, {"subject": own}) == said


def test_lists_of_older_entries_are_hashed_as_they_were() -> None:
    salt = f"kl{'0' * 32}"
    pair = [["one", "two"], "all"]
    own = salt_of(salt, "subject", pair)
    assert set(own) == {"own", "each"}
    hashes = [listed(own, ["one", "two"]), "all"]
    assert field_hashes(salt, {"subject": pair}) == {
        "subject": field_hash(own["own"], "subject", hashes)
    }


@pytest.mark.parametrize("pair", [None, 5, [], ["one"], {"list": []}, "ab", ["a", "b", "c"]])
def test_what_is_no_value_before_and_after_is_refused(pair: Any) -> None:
    with pytest.raises(ValueError, match="no value before and after"):
        field_hashes("k", {"subject": pair})
