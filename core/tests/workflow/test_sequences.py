"""How far the steps of a decision are: a table, and that side by side nobody's place is taken without need."""

from __future__ import annotations

from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenor.workflow.sequences import progress

ONE, TWO, BOTH, NONE = frozenset({0}), frozenset({1}), frozenset({0, 1}), frozenset[int]()


@pytest.mark.parametrize(
    ("votes", "held", "now"),
    [
        ([], (0, 0), (0,)),
        ([ONE], (1, 0), (1,)),
        ([TWO], (0, 0), (0,)),  # before its turn
        ([ONE, TWO], (1, 1), (1,)),
        ([ONE, BOTH, TWO], (1, 2), ()),
        ([BOTH, ONE, TWO], (1, 1), (1,)),
        ([NONE, ONE], (1, 0), (1,)),
    ],
)
def test_one_after_the_other(
    votes: list[frozenset[int]], held: tuple[int, ...], now: tuple[int, ...]
) -> None:
    far = progress([1, 2], votes, in_order=True)
    assert (far.held, far.open, far.done) == (held, now, not now)


@pytest.mark.parametrize(
    ("votes", "held", "now"),
    [
        ([], (0, 0), (0, 1)),
        ([TWO], (0, 1), (0, 1)),
        ([TWO, TWO], (0, 2), (0,)),
        ([TWO, TWO, TWO], (0, 2), (0,)),
        ([BOTH, ONE], (1, 1), (1,)),  # who could do both leaves the first to who can't
        ([BOTH, BOTH, ONE], (1, 2), ()),
        ([BOTH, BOTH, BOTH], (1, 2), ()),
    ],
)
def test_side_by_side(
    votes: list[frozenset[int]], held: tuple[int, ...], now: tuple[int, ...]
) -> None:
    far = progress([1, 2], votes, in_order=False)
    assert (far.held, far.open, far.done) == (held, now, not now)


_VOTES = st.lists(st.frozensets(st.integers(0, 2)), max_size=4)
_PEOPLE = st.lists(st.integers(1, 2), min_size=3, max_size=3)


def most(people: list[int], votes: list[frozenset[int]]) -> int:
    """The most votes that can have a place, by trying every way to place them."""
    ways = product(*[[*sorted(steps), None] for steps in votes])
    fits = [way for way in ways if all(way.count(step) <= people[step] for step in range(3))]
    return max(sum(step is not None for step in way) for way in fits)


@settings(max_examples=300)
@given(_PEOPLE, _VOTES)
def test_side_by_side_as_many_count_as_can(people: list[int], votes: list[frozenset[int]]) -> None:
    assert progress(people, votes, in_order=False).votes == most(people, votes)


@given(_PEOPLE, _VOTES)
def test_side_by_side_the_order_says_nothing(
    people: list[int], votes: list[frozenset[int]]
) -> None:
    counts = {progress(people, list(other), in_order=False).votes for other in permutations(votes)}
    assert len(counts) == 1


@given(_PEOPLE, _VOTES, st.booleans())
def test_no_step_has_more_than_it_takes(
    people: list[int], votes: list[frozenset[int]], in_order: bool
) -> None:
    far = progress(people, votes, in_order=in_order)
    assert all(held <= needed for held, needed in zip(far.held, people, strict=True))
