"""A decision tree as data, and the path that a customer takes through it."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from tenor_credit.domain.errors import ModelInvalid

OPERATORS: Mapping[str, Callable[[Fraction, Fraction], bool]] = MappingProxyType(
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
)


@dataclass(frozen=True, slots=True)
class Decision:
    """A leaf: the grade on which the path ends."""

    grade: str


@dataclass(frozen=True, slots=True)
class Node:
    """A question: is ``field`` ``op`` ``threshold``? Each answer, *missing* included, leads to a node or decides."""

    id: str
    field: str
    op: str
    threshold: Fraction
    yes: Decision | str
    no: Decision | str
    missing: Decision | str

    def answer(self, value: Fraction | None) -> str:
        """``yes``, ``no`` or ``missing``."""
        if value is None:
            return "missing"
        return "yes" if OPERATORS[self.op](value, self.threshold) else "no"

    def branch(self, answer: str) -> Decision | str:
        """Where an answer leads."""
        return {"yes": self.yes, "no": self.no, "missing": self.missing}[answer]


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes from ``root``; every path ends.

    Raises ModelInvalid with the node: ``node-repeated``, ``node-unknown``, ``node-unreachable``, ``operator-unknown``,
    ``tree-has-cycle``.
    """

    id: str
    root: str
    nodes: tuple[Node, ...]
    digest: str

    def __post_init__(self) -> None:
        by_id = {node.id: node for node in self.nodes}
        if len(by_id) != len(self.nodes):
            raise ModelInvalid("node-repeated", tree=self.id)
        for node in self.nodes:
            if node.op not in OPERATORS:
                raise ModelInvalid("operator-unknown", node=node.id, found=node.op)
        seen = _reached(by_id, self.root, ())
        if lost := sorted(set(by_id) - seen):
            raise ModelInvalid("node-unreachable", node=lost[0])

    def node(self, id_: str) -> Node:
        """The node with this id."""
        return next(node for node in self.nodes if node.id == id_)


def _reached(nodes: Mapping[str, Node], start: str, above: tuple[str, ...]) -> set[str]:
    """The nodes below `start` and itself."""
    if start in above:
        raise ModelInvalid("tree-has-cycle", node=start)
    if start not in nodes:
        raise ModelInvalid("node-unknown", node=start)
    seen = {start}
    for answer in ("yes", "no", "missing"):
        branch = nodes[start].branch(answer)
        if isinstance(branch, str):
            seen |= _reached(nodes, branch, (*above, start))
    return seen


@dataclass(frozen=True, slots=True)
class Step:
    """One question on the path, with the value that it met and the answer."""

    node: str
    field: str
    op: str
    threshold: Fraction
    value: Fraction | None
    answer: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a customer came out, and by which path."""

    tree: str
    digest: str
    grade: str
    path: tuple[Step, ...]


def decide(tree: Tree, values: Mapping[str, Fraction | None]) -> Verdict:
    """Follow the tree with these values by field; one that is absent is missing."""
    path: list[Step] = []
    here: Decision | str = tree.root
    while isinstance(here, str):
        node = tree.node(here)
        value = values.get(node.field)
        answer = node.answer(value)
        path.append(Step(node.id, node.field, node.op, node.threshold, value, answer))
        here = node.branch(answer)
    return Verdict(tree.id, tree.digest, here.grade, tuple(path))
