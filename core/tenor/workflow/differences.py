"""What would have become of a step that a case took, on another definition. Pure: values in, values out.

What the definition alone decides is said; what would have to be asked again today (guards, other records) isn't
guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tenor.workflow.definitions import ApprovalSpec, Definition, TransitionSpec
from tenor_sdk.approvals import Ballot

#: what would have been otherwise: the step is gone, begins or leads elsewhere
GONE, BEGINS, LEADS = "gone", "begins", "leads"
#: an approval is asked for now, or no more, or asks otherwise; those who decided aren't enough for it
ASKED, UNASKED, ASKS, TOO_FEW = "asked", "unasked", "asks", "too-few"
#: one person did what is kept apart now; what was taken back can't be
APART, FOR_GOOD = "apart", "for-good"
#: it goes by itself now, or no more; its time is another, or was over before; other branches go on beside it
ITSELF, TIME, OVER, BESIDE = "itself", "time", "over", "beside"
#: what can't be known: a guard or a wait is there or gone; another step might have gone by itself; what was asked
GUARDED, UNGUARDED, WAITS, INSTEAD, NOT_KEPT = (
    "guarded", "unguarded", "waits", "instead", "not-kept",
)  # fmt: skip
UNKNOWN: Final = frozenset({GUARDED, UNGUARDED, WAITS, INSTEAD, NOT_KEPT})


@dataclass(frozen=True)
class Ballots:
    """The votes that led to a step: on which transition, by how many people, and what the last of them kept."""

    transition: str
    present: int
    agreed: int
    basis: Mapping[str, Any]


@dataclass(frozen=True)
class Passage:
    """A step as it is on record, with what of its case is needed to go it again.

    Args:
        straight_to: whence the case had been returned with ``returns="straight"``.
        ballots: None where nobody voted.
    """

    transition: str
    source: str
    target: str
    kind: str
    entered_at: datetime
    left_at: datetime
    straight_to: str = ""
    ballots: Ballots | None = None


@dataclass(frozen=True)
class Difference:
    """Something that would have been otherwise.

    Args:
        way: see above.
        transition: of which step.
        before, after: what was and what would have been, by ``way``: names of states or guards, an ``ApprovalSpec``.
    """

    way: str
    transition: str
    before: Any = None
    after: Any = None

    @property
    def known(self) -> bool:
        """Whether it would have gone another way, and not only might."""
        return self.way not in UNKNOWN


Due = Callable[[datetime, int], datetime]


def differences(
    passage: Passage, before: Definition | None, now: Definition, due: Due
) -> Iterator[Difference]:
    """What of a step would have been otherwise.

    Args:
        before: the definition by which it was gone; None where that isn't known.
        due: when so many working days after a moment are over.
    """
    if passage.kind == "migration":
        return
    name = passage.transition
    spec, was = now.transition(name), before.transition(name) if before is not None else None
    if spec is None:
        yield Difference(GONE, name)
    elif passage.kind == "recall":
        if was is not None and was.recall and not spec.recall:
            yield Difference(FOR_GOOD, name)
    else:
        yield from _way(passage, spec, now)
        yield from _approval(passage, was, spec, before, now)
        yield from _asked_of_others(was, spec)
        yield from _by_itself(passage, was, spec)
    yield from _of_the_state(passage, before, now, due)


def _way(passage: Passage, spec: TransitionSpec, now: Definition) -> Iterator[Difference]:
    if passage.source not in spec.sources:
        yield Difference(BEGINS, spec.name, (passage.source,), spec.sources)
    target = now.target(spec, passage.straight_to)
    if target != passage.target:
        yield Difference(LEADS, spec.name, (passage.target,), (target,))


# -- approvals -------------------------------------------------------------------------------------------------------


def _approval(
    passage: Passage,
    was: TransitionSpec | None,
    spec: TransitionSpec,
    before: Definition | None,
    now: Definition,
) -> Iterator[Difference]:
    """What was decided by votes may have been another step than the one that was gone: a committee's refusal."""
    ballots = passage.ballots
    if ballots is not None and ballots.transition != spec.name:
        voted = now.transition(ballots.transition)
        if voted is None:
            yield Difference(GONE, ballots.transition)
            return
        spec, was = voted, before.transition(voted.name) if before is not None else None
    asked = ballots is not None or (was is not None and was.approval)
    if was is None and not asked:
        if spec.approval:
            yield Difference(NOT_KEPT, spec.name, None, spec.asks)
    elif asked != spec.approval:
        way = ASKED if spec.approval else UNASKED
        yield Difference(way, spec.name, was.asks if was is not None else None, spec.asks)
    elif asked and spec.asks is not None:
        yield from _asked_otherwise(was.asks if was is not None else None, spec, ballots)


def _asked_otherwise(
    was: ApprovalSpec | None, spec: TransitionSpec, ballots: Ballots | None
) -> Iterator[Difference]:
    now = spec.asks
    assert now is not None  # asked before
    if was == now:
        return
    people = None
    if ballots is not None:
        people = ballots.present if now.committee else ballots.agreed
    if people is not None and people < now.least:
        yield Difference(TOO_FEW, spec.name, was, now)
        return
    otherwise = True if was is not None else _by_votes(now, ballots)
    if otherwise is None:
        yield Difference(NOT_KEPT, spec.name, None, now)
    elif otherwise:
        yield Difference(ASKS, spec.name, was, now)


def _by_votes(now: ApprovalSpec, ballots: Ballots | None) -> bool | None:
    """Whether an approval asks otherwise than what its votes kept; None where they don't tell."""
    if ballots is None:
        return None
    basis = ballots.basis
    rule: Mapping[str, Any] | None = basis.get("committee")
    if basis.get("authority", "") != now.authority or ("steps" in basis) != bool(now.parts):
        return True
    if (rule is not None and not now.committee) or (
        rule is None and now.committee and not now.authority
    ):
        return True
    if rule is not None and not now.authority:
        known = (rule.get("quorum"), rule.get("share"), rule.get("complete"))
        if known != (now.quorum, now.share, now.complete):
            return True
    by_lines = bool(now.authority) and not now.committee
    return False if by_lines else None


# -- what is asked of others, and what goes by itself ----------------------------------------------------------------


def _asked_of_others(was: TransitionSpec | None, spec: TransitionSpec) -> Iterator[Difference]:
    if was is None:
        if spec.guards or spec.waits:
            yield Difference(NOT_KEPT, spec.name, None, spec.guards)
        return
    added = _without(spec.guards, was.guards)
    gone = _without(was.guards, spec.guards)
    if added:
        yield Difference(GUARDED, spec.name, (), added)
    if gone:
        yield Difference(UNGUARDED, spec.name, gone, ())
    if (was.waits, was.joins) != (spec.waits, spec.joins):
        yield Difference(WAITS, spec.name)


def _by_itself(
    passage: Passage, was: TransitionSpec | None, spec: TransitionSpec
) -> Iterator[Difference]:
    if was is None:
        return
    if was.by_itself != spec.by_itself:
        yield Difference(ITSELF, spec.name)
    elif passage.kind == "time-out" and was.after != spec.after:
        yield Difference(TIME, spec.name, was.after, spec.after)


def _of_the_state(
    passage: Passage, before: Definition | None, now: Definition, due: Due
) -> Iterator[Difference]:
    """What the state in which the case stood has besides."""
    source = passage.source
    yield from _over(passage, before, now, due)
    if before is None:
        return
    stood_by = {_automatic(each) for each in before.leading_from(source)}
    for each in now.leading_from(source):
        if each.automatic and each.name != passage.transition and _automatic(each) not in stood_by:
            yield Difference(INSTEAD, each.name)
    state, was = now.state(source), before.state(source)
    if state is not None and was is not None:
        beside = tuple(one.name for one in state.branches)
        if beside != (stood := tuple(one.name for one in was.branches)):
            yield Difference(BESIDE, passage.transition, stood, beside)


def _over(
    passage: Passage, before: Definition | None, now: Definition, due: Due
) -> Iterator[Difference]:
    """Whether the time of the state would have been over before the step."""
    ends = now.time_out(passage.source)
    if ends is None or ends.after is None or passage.kind == "time-out":
        return
    ended = before.time_out(passage.source) if before is not None else None
    if ended is not None and ended.after == ends.after:
        return
    if due(passage.entered_at, ends.after) < passage.left_at:
        yield Difference(INSTEAD if ends.guards else OVER, ends.name)


def _automatic(spec: TransitionSpec) -> tuple[Any, ...]:
    """When it goes by itself, as far as the definition says."""
    return spec.name, spec.automatic, frozenset(spec.guards), spec.waits, spec.joins


def _without(some: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in some if one not in others)


def ballots_of(votes: Sequence[Any]) -> Ballots | None:
    """The votes of one step as a value: those on the transition of the last of them."""
    if not votes:
        return None
    last = votes[-1]
    own = [one for one in votes if one.transition == last.transition]
    agreed = {one.user_id for one in own if one.ballot == Ballot.FOR}
    present = {one.user_id for one in own}
    return Ballots(last.transition, len(present), len(agreed), last.authority or {})
