"""How far a decision in several steps has come, one after the other or side by side.

Pure. Each vote says in which steps its person could have a part; it counts in one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far the steps are.

    Args:
        people: how many each takes.
        held: how many votes each has.
        in_order: whether a step waits for those before it.
        given: the votes, each with the steps that its person may have a part in.
    """

    people: tuple[int, ...]
    held: tuple[int, ...]
    in_order: bool
    given: tuple[frozenset[int], ...] = ()

    @property
    def open(self) -> tuple[int, ...]:
        """The steps that take votes now."""
        wanting = tuple(
            place for place, needed in enumerate(self.people) if self.held[place] < needed
        )
        return wanting[:1] if self.in_order else wanting

    def takes(self, steps: frozenset[int]) -> bool:
        """Whether a vote more of somebody who may have a part in these steps would count."""
        more = progress(self.people, (*self.given, steps), in_order=self.in_order)
        return more.votes > self.votes

    @property
    def done(self) -> bool:
        return not self.open

    @property
    def votes(self) -> int:
        return sum(self.held)

    @property
    def needed(self) -> int:
        return sum(self.people)


def progress(people: Sequence[int], votes: Sequence[frozenset[int]], *, in_order: bool) -> Progress:
    """How far votes have come; one that finds no place where it was put in counts nowhere.

    Args:
        people: how many each step takes.
        votes: in the order in which they were put in, each with the steps that its person may have a part in.
    """
    held = _one_by_one(people, votes) if in_order else _side_by_side(people, votes)
    return Progress(tuple(people), tuple(held), in_order, tuple(votes))


def _one_by_one(people: Sequence[int], votes: Sequence[frozenset[int]]) -> list[int]:
    held = [0] * len(people)
    for steps in votes:
        now = next((place for place, needed in enumerate(people) if held[place] < needed), None)
        if now in steps and now is not None:
            held[now] += 1
    return held


def _side_by_side(people: Sequence[int], votes: Sequence[frozenset[int]]) -> list[int]:
    """The greatest number of votes that find a place each: whoever could fill two leaves one to who can't."""
    placed: dict[int, int] = {}  # vote → step

    def free(step: int) -> bool:
        return sum(1 for other in placed.values() if other == step) < people[step]

    def place(vote: int, tried: set[int]) -> bool:
        for step in sorted(votes[vote] - tried):
            tried.add(step)
            others = [other for other, held in placed.items() if held == step]
            if free(step) or any(place(other, tried) for other in others):
                placed[vote] = step
                return True
        return False

    for vote in range(len(votes)):
        place(vote, set())
    held = list(placed.values())
    return [held.count(step) for step in range(len(people))]
