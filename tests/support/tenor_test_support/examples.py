"""How many examples a property is tried with whose every example is dear."""

from __future__ import annotations

from hypothesis import settings

#: of Hypothesis itself, for what says nothing
_USUAL = 100


def examples(count: int) -> int:
    """So many in the everyday profile, and a hundred times as many in a soak.

    Args:
        count: of examples, every day. A number written into ``max_examples`` holds in a soak as well.
    """
    return settings().max_examples * count // _USUAL
