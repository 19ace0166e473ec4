"""How a committee's votes are counted: a table of cases, and properties against an evaluator that tries everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenor.workflow.counting import Outcome, Rule, count
from tenor_sdk.approvals import Ballot, Committee

FOR, AGAINST, ABSTAIN, VETO = Ballot.FOR, Ballot.AGAINST, Ballot.ABSTAIN, Ballot.VETO
LETTERS = {"f": FOR, "a": AGAINST, "-": ABSTAIN, "v": VETO}
TWO_THIRDS = Rule(quorum=3, share=Fraction(2, 3))
CHAIR, RECUSED = 0, 4


def outcome(
    votes: str,
    rule: Rule = TWO_THIRDS,
    *,
    seats: int = 5,
    recused: tuple[int, ...] = (RECUSED,),
    closed: bool = False,
    veto: tuple[int, ...] = (CHAIR,),
) -> str:
    """Votes by member: f(or), a(gainst), - (abstains), v(eto), space (hasn't voted). Of five the last is recused."""
    given = {member: LETTERS[letter] for member, letter in enumerate(votes) if letter != " "}
    return str(count(rule, range(seats), recused, given, veto=veto, closed=closed).outcome)


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ("", "open"),
        ("ff", "open"),
        ("fff", "passed"),
        ("fffa", "passed"),
        ("faff", "passed"),
        ("aff", "open"),
        ("afff", "passed"),  # a chair's vote against is no veto
        ("faa", "refused"),  # two against of four
        (" aa", "refused"),
        ("f-f", "open"),
        ("f--", "refused"),  # who abstains is entitled, and isn't for it
        ("--f", "refused"),
        (" fff", "open"),  # the chair may still veto it
        ("vfff", "refused"),
        ("v", "refused"),
        ("fffff", "passed"),  # a vote of the recused doesn't count
        ("ff  f", "open"),
    ],
)
def test_four_who_may_vote_need_three(votes: str, expected: str) -> None:
    assert outcome(votes) == expected


@pytest.mark.parametrize(
    ("share", "votes", "expected"),
    [
        (Fraction(1, 2), "ff  ", "open"),  # enough for it, and no quorum
        (Fraction(1, 2), "ff-", "passed"),
        (Fraction(1, 2), "aaf", "open"),
        (Fraction(1, 2), "aaa", "refused"),
        (Fraction(1), "ffff", "passed"),
        (Fraction(1), "fff-", "refused"),
        (Fraction(1), "-", "refused"),
        (Fraction(1, 100), "aaa", "open"),
        (Fraction(1, 100), "aaaf", "passed"),
        (Fraction(1, 100), "aaaa", "refused"),
        (Fraction(3, 4), "fffa", "passed"),  # exactly the share is enough
        (Fraction(300001, 400000), "fffa", "refused"),
    ],
)
def test_the_share_is_exact(share: Fraction, votes: str, expected: str) -> None:
    assert outcome(votes, Rule(quorum=3, share=share)) == expected


@pytest.mark.parametrize(
    ("recused", "votes", "expected"),
    [
        ((), "fff", "open"),  # of five four are needed
        ((), "ffff", "passed"),
        ((3, 4), "ff", "open"),  # three remain: enough for it, one more must be present
        ((3, 4), "ffa", "passed"),
        ((2, 3, 4), "ff", "short"),
        ((0, 1, 2, 3, 4), "", "short"),
        ((0, 3), " ff", "open"),
        ((0, 3), " ff f", "passed"),  # a recused chair has no veto
        ((0, 3), "vff f", "passed"),
        ((2, 3, 4), "v", "refused"),
    ],
)
def test_the_recused_are_outside_the_count(
    recused: tuple[int, ...], votes: str, expected: str
) -> None:
    assert outcome(votes, recused=recused) == expected


@pytest.mark.parametrize(
    ("quorum", "recused", "votes", "expected"),
    [
        (Fraction(1, 2), (), "fff", "open"),
        (Fraction(3, 5), (3, 4), "fff", "passed"),
        (Fraction(4, 5), (3, 4), "fff", "short"),  # a share of all members, the recused too
        (5, (), "ffff", "open"),
        (6, (), "fffff", "short"),
    ],
)
def test_the_quorum_is_of_all_members(
    quorum: int | Fraction, recused: tuple[int, ...], votes: str, expected: str
) -> None:
    assert outcome(votes, Rule(quorum=quorum, share=Fraction(2, 3)), recused=recused) == expected


@pytest.mark.parametrize(
    ("votes", "expected"),
    [("fff", "open"), (" aa", "open"), ("fffa", "passed"), ("ffaa", "refused"), ("v", "refused")],
)
def test_where_it_is_counted_when_all_have_voted(votes: str, expected: str) -> None:
    assert outcome(votes, Rule(quorum=3, share=Fraction(2, 3), complete=True)) == expected


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        (" fff", "passed"),  # the chair let the time go by
        ("ff-", "refused"),
        ("fff", "passed"),
        ("ff", "open"),  # no quorum: nothing is decided by silence
        ("", "open"),
    ],
)
def test_when_its_time_is_over(votes: str, expected: str, complete: bool) -> None:
    rule = Rule(quorum=3, share=Fraction(2, 3), complete=complete)
    assert outcome(votes, rule, closed=True) == expected


@pytest.mark.parametrize("share", [0.67, Fraction(0), Fraction(4, 3), 1])
def test_a_share_is_a_fraction_of_the_whole(share: object) -> None:
    with pytest.raises(TypeError, match="share"):
        Committee(members=("m",), refusal=None, quorum=3, share=share)  # type: ignore[arg-type]  # said to be refused


@pytest.mark.parametrize("quorum", [0, -1, 2.5, True, Fraction(6, 5)])
def test_a_quorum_is_people_or_a_share(quorum: object) -> None:
    with pytest.raises(TypeError, match="quorum"):
        Committee(members=("m",), refusal=None, quorum=quorum, share=Fraction(1))  # type: ignore[arg-type]  # said to be refused


# -- against an evaluator that tries everything -----------------------------------------------------------------------

Case = tuple[Rule, frozenset[int], frozenset[int], dict[int, Ballot], frozenset[int]]
_SHARES = st.builds(
    lambda part, whole: Fraction(min(part, whole), whole), st.integers(1, 7), st.integers(1, 7)
)


@st.composite
def cases(
    draw: st.DrawFn,
) -> Case:
    seats = frozenset(range(draw(st.integers(1, 5))))
    some = st.frozensets(st.sampled_from(sorted(seats)))
    recused, veto = draw(some), draw(st.frozensets(st.sampled_from(sorted(seats)), max_size=1))
    voted = draw(some)
    ballots = {
        member: draw(
            st.sampled_from(
                [FOR, AGAINST, ABSTAIN, VETO] if member in veto else [FOR, AGAINST, ABSTAIN]
            )
        )
        for member in sorted(voted)
    }
    quorum = draw(st.integers(1, 5) | _SHARES)
    rule = Rule(quorum=quorum, share=draw(_SHARES), complete=draw(st.booleans()))
    return rule, seats, recused, ballots, veto


def passes(
    rule: Rule, seats: frozenset[int], entitled: frozenset[int], ballots: Mapping[int, Ballot]
) -> bool:
    """Whether it passes if nobody says anything more; by the words of the rule."""
    cast = [ballots[member] for member in entitled if member in ballots]
    present = Fraction(len(cast), len(seats)) if isinstance(rule.quorum, Fraction) else len(cast)
    favour = sum(1 for ballot in cast if ballot is FOR)
    return (
        VETO not in cast
        and present >= rule.quorum
        and favour > 0
        and Fraction(favour, len(entitled)) >= rule.share
    )


def futures(
    entitled: frozenset[int], ballots: Mapping[int, Ballot], veto: frozenset[int], *, silent: bool
) -> Iterator[dict[int, Ballot]]:
    """Whatever those may do who haven't voted; ``silent``: also not to vote."""
    left = sorted(entitled - ballots.keys())
    ways = [
        [FOR, AGAINST, ABSTAIN, *([VETO] if member in veto else []), *([None] if silent else [])]
        for member in left
    ]
    for said in product(*ways):
        yield {
            **ballots,
            **{who: what for who, what in zip(left, said, strict=True) if what is not None},
        }


def naive(
    rule: Rule,
    seats: frozenset[int],
    recused: frozenset[int],
    ballots: Mapping[int, Ballot],
    veto: frozenset[int],
) -> Outcome:
    entitled = seats - recused
    votes = {member: ballot for member, ballot in ballots.items() if member in entitled}
    if VETO in votes.values():
        return Outcome.REFUSED
    quorum = rule.quorum * len(seats) if isinstance(rule.quorum, Fraction) else rule.quorum
    if len(entitled) < quorum:
        return Outcome.SHORT
    if rule.complete and votes.keys() != entitled:
        return Outcome.OPEN
    ends = {
        passes(rule, seats, entitled, end) for end in futures(entitled, votes, veto, silent=True)
    }
    if len(ends) > 1:
        return Outcome.OPEN
    return Outcome.PASSED if ends == {True} else Outcome.REFUSED


@settings(max_examples=400, deadline=None)
@given(cases())
def test_it_is_decided_when_nothing_can_change_it(case: Case) -> None:
    rule, seats, recused, ballots, veto = case
    assert count(rule, seats, recused, ballots, veto=veto).outcome is naive(
        rule, seats, recused, ballots, veto
    )


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_votes_says_nothing(case: Case, random: Random) -> None:
    rule, seats, recused, ballots, veto = case
    other = list(ballots.items())
    random.shuffle(other)
    assert count(rule, seats, recused, dict(other), veto=veto) == count(
        rule, seats, recused, ballots, veto=veto
    )


@settings(max_examples=300)
@given(cases(), st.data())
def test_recusing_never_lowers_the_quorum(case: Case, data: st.DataObject) -> None:
    rule, seats, recused, ballots, veto = case
    more = recused | data.draw(st.frozensets(st.sampled_from(sorted(seats))))
    before, after = (count(rule, seats, out, ballots, veto=veto) for out in (recused, more))
    assert after.quorum == before.quorum
    if after.outcome is Outcome.PASSED:
        assert after.present >= before.quorum


@settings(max_examples=300)
@given(cases(), st.data())
def test_recusing_who_is_for_it_never_lets_it_pass(case: Case, data: st.DataObject) -> None:
    rule, seats, recused, ballots, veto = case
    favour = sorted(who for who, ballot in ballots.items() if ballot is FOR and who not in recused)
    if not favour or count(rule, seats, recused, ballots, veto=veto).outcome is Outcome.PASSED:
        return
    out = recused | {data.draw(st.sampled_from(favour))}
    assert count(rule, seats, out, ballots, veto=veto).outcome is not Outcome.PASSED


@settings(max_examples=300)
@given(cases())
def test_what_is_decided_stays_so_whatever_is_said_then(case: Case) -> None:
    rule, seats, recused, ballots, veto = case
    before = count(rule, seats, recused, ballots, veto=veto).outcome
    for member in sorted(seats - recused - ballots.keys()) if before is not Outcome.OPEN else ():
        for ballot in (FOR, AGAINST, ABSTAIN):
            more = {**ballots, member: ballot}
            assert count(rule, seats, recused, more, veto=veto).outcome is before
