"""What is told of a decision of several people: who may vote, who said what, who is recused and why, what it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenor.workflow.approvals import part_title
from tenor.workflow.authorities import Ruling
from tenor.workflow.committee_rules import in_words, whence
from tenor.workflow.committees import Sitting
from tenor.workflow.counting import Count, Outcome
from tenor.workflow.definitions import titled
from tenor.workflow.limit_text import joined, nearest, who_text
from tenor.workflow.records import Vote
from tenor.workflow.sequences import Progress
from tenor.workflow.tallies import Tally
from tenor_sdk.approvals import Ballot
from tenor_sdk.i18n import Text, _, ngettext
from tenor_sdk.workflow import Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A member of a committee as they are told of.

    Args:
        ballot: what they said; None where they haven't.
        recused: why they are outside the count; None where they aren't.
        veto: whether they have one.
    """

    user_id: int
    name: str
    ballot: Ballot | None
    opinion: str
    recused: Text | None
    veto: bool


@dataclass(frozen=True, kw_only=True)
class Part:
    """A step of an approval, with its votes of those that it takes."""

    title: Text
    held: int
    people: int
    open: bool


@dataclass(frozen=True, kw_only=True)
class Decision:
    """How a decision stands.

    Args:
        rule: by what it passes, in words.
        by: of a committee the version that states the rule, and since when; None of a decision in steps.
        authority: the version of the authority by which a case is the committee's, and what of it is beyond everybody
            else; None where no authority says so.
        standing: what has been said so far, in words.
        lacks: what is missing, in words; of what is passed, what holds it up.
        seats: of a committee; ``parts`` of a decision in steps.
        ballots: what the person who looks may say.
        shown: the hash that a vote hands back.
    """

    how: Transition
    outcome: Outcome
    rule: Text
    by: Text | None
    authority: Text | None
    standing: Text
    lacks: Sequence[Text]
    seats: Sequence[Seat]
    parts: Sequence[Part]
    ballots: Sequence[Ballot]
    shown: str


def decision(
    ctx: KernelContext,
    how: Transition,
    tally: Tally,
    ballots: Sequence[Ballot],
    held_up: Sequence[Text] = (),
) -> Decision | None:
    """What is told of a tally; None of one that is neither a committee's nor in steps.

    Args:
        held_up: what stands in the way of what a committee passed.
    """
    by = None
    if tally.sitting is not None:
        by = _("By the committee’s rule, {whence}: {rule}",
               whence=whence(tally.sitting.in_force), rule=in_words(tally.sitting.in_force))  # fmt: skip
        names = ctx.kernel.access.names(ctx, sorted(tally.sitting.seats))
        counted = tally.sitting.count
        rule = takes(counted)
        standing = standing_of(counted)
        lacks = [*_lacks(tally.sitting, names), *held_up]
        seats = _seats(ctx, tally.sitting, names)
    elif tally.progress is not None:
        lacks, seats = _to_come(how, tally.progress), []
        rule = (
            _("One step after the other")
            if tally.progress.in_order
            else _("All steps, side by side")
        )
        standing = _(
            "{n} of the {needed} needed agree", n=tally.votes, needed=tally.progress.needed
        )
    else:
        return None
    return Decision(
        how=how, outcome=tally.outcome, rule=rule, by=by,
        authority=_authority(tally.basis, tally.sitting), standing=standing, lacks=lacks, seats=seats,
        parts=_parts(how, tally.progress), ballots=ballots, shown=tally.shown,
    )  # fmt: skip


def _authority(ruling: Ruling | None, sitting: Sitting | None) -> Text | None:
    """Why a case is the committee's: by which version, and what of it is beyond the widest of the others' lines."""
    if ruling is None or ruling.in_force is None or sitting is None:
        return None
    version, covering = ruling.in_force, ruling.cover.lines
    title = titled(ruling.authority.title, ruling.authority.plugin)
    since = whence(version)
    theirs = {one.position for one in covering}
    others = [one for one in version.lines if one.position not in theirs]
    if not others:
        return _("Before the committee by {authority}, {whence}", authority=title, whence=since)
    line, beyond = nearest(others, ruling.authority, ruling.figures)
    return _(
        "Before the committee by {authority}, {whence}: beyond {who} ({limits})",
        authority=title, whence=since, who=who_text(line), limits=joined(beyond, _("none")),
    )  # fmt: skip


def _numbers(counted: Count) -> dict[str, int]:
    return {
        "entitled": len(counted.entitled),
        "present": counted.present,
        "votes_for": counted.votes_for,
        "against": counted.against,
        "abstained": counted.abstained,
        "needed": counted.needed,
        "quorum": counted.quorum,
    }


def takes(counted: Count) -> Text:
    """What something takes to pass, in words."""
    return _("It passes with {needed} for it and {quorum} who vote", **_numbers(counted))


def standing_of(counted: Count) -> Text:
    """How far a count is, in words."""
    return _(
        "{present} of the {entitled} who may vote have: {votes_for} for, {against} against, {abstained} abstained",
        **_numbers(counted),
    )


def _lacks(sitting: Sitting, names: Mapping[int, str]) -> list[Text]:
    counted = sitting.count
    if counted.outcome is Outcome.SHORT:
        return [
            _(
                "Only {entitled} may vote, and {quorum} have to: nothing can be decided",
                **_numbers(counted),
            )
        ]
    if counted.outcome is not Outcome.OPEN:
        return []
    found = []
    if counted.needed > counted.votes_for:
        n = counted.needed - counted.votes_for
        found.append(ngettext("{n} vote more for it", "{n} votes more for it", n))
    if counted.quorum > counted.present:
        n = counted.quorum - counted.present
        found.append(
            ngettext("{n} more who votes, for the quorum", "{n} more who vote, for the quorum", n)
        )
    found += [
        _("What {name} says, who has a veto", name=names.get(member, ""))
        for member in sorted(sitting.vetoers & counted.missing)
    ]
    if counted.missing:
        people = joined([Text(names.get(each, "")) for each in sorted(counted.missing)], _("none"))
        found.append(_("Not voted yet: {people}", people=people))
    return found


def _seats(ctx: KernelContext, sitting: Sitting, names: Mapping[int, str]) -> list[Seat]:
    """The members by their names; why a rule recuses one is for those whose business it is."""
    acting = ctx.kernel.access.standing.counts_for(ctx)
    inside = bool(acting & sitting.count.entitled) or ctx.kernel.access.may(ctx, Vote, "read")
    found = []
    for member in sorted(sitting.seats, key=lambda each: (names.get(each, ""), each)):
        recusal = sitting.recused.get(member)
        why = None
        if recusal is not None:
            open_to_all = not recusal.by_rule or inside or member in acting
            why = recusal.why if open_to_all else _("A rule says so")
        found.append(
            Seat(
                user_id=member,
                name=names.get(member, ""),
                ballot=sitting.ballots.get(member) if recusal is None else None,
                opinion=sitting.opinions.get(member, "") if recusal is None else "",
                recused=why,
                veto=member in sitting.vetoers and recusal is None,
            )
        )
    return found


def _to_come(how: Transition, far: Progress) -> list[Text]:
    found = []
    for place in far.open:
        n = far.people[place] - far.held[place]
        step = part_title(how, place)
        found.append(ngettext("{step}: {n} person more", "{step}: {n} people more", n, step=step))
    return found


def _parts(how: Transition, far: Progress | None) -> list[Part]:
    if far is None:
        return []
    return [
        Part(
            title=part_title(how, place),
            held=far.held[place],
            people=people,
            open=place in far.open,
        )
        for place, people in enumerate(far.people)
    ]
