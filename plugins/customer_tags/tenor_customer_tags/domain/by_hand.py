"""Tags that a person sets: only with a reason, and only until a day."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class TagByHand:
    """A tag that a person wants to set, from the day ``since`` up to and with ``until``."""

    tag: str
    reason: str
    since: date
    until: date | None


def by_hand_problems(wanted: TagByHand, on: date, longest_days: int = 366) -> tuple[str, ...]:
    """Why a tag can't be set by hand on the business date `on`; empty when it can.

    Keys: ``reason-missing``, ``end-date-missing``, ``ends-before-start``, ``already-ended``, ``lasts-too-long`` (more
    than `longest_days`).
    """
    problems = [] if wanted.reason.strip() else ["reason-missing"]
    if wanted.until is None:
        return (*problems, "end-date-missing")
    if wanted.until < wanted.since:
        problems.append("ends-before-start")
    if wanted.until < on:
        problems.append("already-ended")
    if (wanted.until - wanted.since).days > longest_days:
        problems.append("lasts-too-long")
    return tuple(problems)


def holds_on(tag: TagByHand, day: date) -> bool:
    """Whether a tag set by hand is held on `day`: its last day included."""
    return tag.until is not None and tag.since <= day <= tag.until
