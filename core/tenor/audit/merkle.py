"""The tree over the leaves of a seal: its root in flat memory, the path that proves one leaf, and back to the root.
Pure. Inner nodes are marked apart from leaves, lest one stand for the other (RFC 6962, section 2.1); a last node
without a pair goes up alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

#: an inner step of a path: on which side the neighbour stands, and its hash
Step = tuple[str, str]


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _level(leaves: Iterable[str]) -> list[str]:
    return [_hash(f"0:{leaf}") for leaf in leaves]


def _above(level: Sequence[str]) -> list[str]:
    pairs = zip(level[::2], level[1::2], strict=False)
    return [_hash(f"1:{left}{right}") for left, right in pairs] + list(
        level[len(level) - len(level) % 2 :]
    )


class Root:
    """A root that leaves are added to one after the other; it keeps one hash a level."""

    def __init__(self) -> None:
        self.count = 0
        self._peaks: list[str] = []

    def add(self, leaf: str) -> None:
        node, count = _hash(f"0:{leaf}"), self.count
        while count & 1:
            node = _hash(f"1:{self._peaks.pop()}{node}")
            count >>= 1
        self._peaks.append(node)
        self.count += 1

    def value(self) -> str:
        """The root over what was added so far."""
        if not self._peaks:
            return _hash("")
        peaks = list(self._peaks)
        node = peaks.pop()
        while peaks:
            node = _hash(f"1:{peaks.pop()}{node}")
        return node


def root_of(leaves: Iterable[str]) -> str:
    """The root over digests, in order."""
    root = Root()
    for leaf in leaves:
        root.add(leaf)
    return root.value()


def paths(leaves: Sequence[str], wanted: Iterable[int]) -> dict[int, list[Step]]:
    """For each of these places the neighbours on the way to the root, lowest first."""
    found: dict[int, list[Step]] = {place: [] for place in wanted}
    level, at = _level(leaves), {place: place for place in found}
    while len(level) > 1:
        for place, node in at.items():
            beside = node ^ 1
            if beside < len(level):
                found[place].append(("left" if beside < node else "right", level[beside]))
            at[place] = node // 2
        level = _above(level)
    return found


def root_by(leaf: str, path: Iterable[Sequence[str]]) -> str:
    """The root to which a leaf leads on its path."""
    node = _hash(f"0:{leaf}")
    for side, beside in path:
        node = _hash(f"1:{beside}{node}" if side == "left" else f"1:{node}{beside}")
    return node
