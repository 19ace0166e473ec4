"""Whether a rule may act on what happened, by what led to it; and when it has failed too often."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

#: rules that may follow on each other; what a sixth would do is no longer what anybody had in mind
DEEPEST: Final = 5
#: failures in a row after which a rule is paused
MOST_FAILURES: Final = 3
_MARK: Final = "automation.rule-"


def cause_of(rule_id: int) -> str:
    """How a rule stands in a chain of causes."""
    return f"{_MARK}{rule_id}"


def barred(rule_id: int, causes: Sequence[str]) -> Literal["", "own-doing", "too-deep"]:
    """Why a rule doesn't act on what came of ``causes``; empty where it does.

    ``own-doing``: it led there itself, directly or through others. ``too-deep``: too many rules follow on each other.
    """
    if cause_of(rule_id) in causes:
        return "own-doing"
    deep = sum(cause.startswith(_MARK) for cause in causes)
    return "too-deep" if deep >= DEEPEST else ""


def failing(latest_first: Sequence[bool]) -> bool:
    """Whether the latest runs all failed.

    Args:
        latest_first: for each run that acted or tried to, whether it failed.
    """
    return len(latest_first) >= MOST_FAILURES and all(latest_first[:MOST_FAILURES])
