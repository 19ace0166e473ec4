"""Which lines cover a case: properties that hold whatever a board decides."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor.workflow.limit_text import read_limits, write_limits
from tenor.workflow.limits import Cover, Figure, LineSpec, cover, line, line_of, reached
from tenor_sdk.authority import Authority, Dimension, Measure
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Money

GRADES = ("A", "B", "C")
MOST = 2**63 - 1


def _nothing(_ctx: Any, _record: Any) -> None:
    return None


DIMENSIONS = (
    Dimension("amount", title="Amount", kind=Measure.MONEY, of=_nothing),
    Dimension("months", title="Term", kind=Measure.MONTHS, of=_nothing),
    Dimension("grade", title="Grade", kind=Measure.GRADE, of=_nothing, order=GRADES),
    Dimension(
        "kind", title="Kind", kind=Measure.CHOICE, of=_nothing,
        choices=(("plain", "Plain"), ("secured", "Secured")),
    ),
)  # fmt: skip

amounts = st.integers(0, 50).map(lambda n: Money(n, "CNY"))
limit_sets = st.fixed_dictionaries(
    {},
    optional={
        "amount": amounts,
        "months": st.integers(0, 20),
        "grade": st.sampled_from(GRADES),
        "kind": st.sets(st.sampled_from(("plain", "secured")), min_size=1).map(
            lambda kinds: tuple(sorted(kinds))
        ),
    },
)
lines_of = st.builds(
    line,
    st.sampled_from(("head", "director", "member")),
    st.integers(1, 3),
    st.sampled_from(("", "chair")),
    limit_sets,
)
line_sets = st.lists(lines_of, max_size=6)
figure_sets = st.fixed_dictionaries(
    {
        "amount": st.builds(Figure, st.none() | amounts),
        "months": st.builds(Figure, st.integers(0, 20)),
        "grade": st.builds(Figure, st.none() | st.sampled_from(GRADES)),
        "kind": st.builds(Figure, st.sampled_from(("plain", "secured"))),
    }
)


def covering(lines: list[LineSpec], figures: dict[str, Figure]) -> Cover:
    return cover(lines, DIMENSIONS, figures)


@given(line_sets, figure_sets, st.integers(0, 20))
def test_a_greater_amount_never_brings_a_decider_in(
    lines: list[LineSpec], figures: dict[str, Figure], more: int
) -> None:
    value = figures["amount"].value
    if not isinstance(value, Money):
        return
    greater = {**figures, "amount": Figure(Money(value.minor + more, "CNY"))}
    assert set(covering(lines, greater).lines) <= set(covering(lines, figures).lines)


@given(line_sets.filter(bool), figure_sets, st.data())
def test_a_lower_limit_never_brings_a_decider_in(
    lines: list[LineSpec], figures: dict[str, Figure], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(lines) - 1))
    lower = dict(lines[place].limits)
    standing = lower.get("amount")
    most = standing.minor if isinstance(standing, Money) else 50
    lower["amount"] = Money(data.draw(st.integers(0, most)), "CNY")
    one = lines[place]
    lowered = [
        *lines[:place],
        line(one.position, one.people, one.among, lower),
        *lines[place + 1 :],
    ]
    before = covering(lines, figures)
    after = covering(lowered, figures)
    assert len(after.lines) <= len(before.lines)
    assert set(after.positions) <= set(before.positions)


@given(line_sets, figure_sets, st.data())
def test_the_order_of_lines_says_nothing(
    lines: list[LineSpec], figures: dict[str, Figure], data: st.DataObject
) -> None:
    other = data.draw(st.permutations(lines))
    assert covering(other, figures) == covering(lines, figures)


@given(line_sets, figure_sets)
def test_what_is_not_known_leaves_only_who_decides_without_a_limit(
    lines: list[LineSpec], figures: dict[str, Figure]
) -> None:
    found = covering(lines, {**figures, "grade": Figure(None)})
    limited = any("grade" in dict(one.limits) for one in lines)
    assert ("grade" in found.unknown) is limited
    if limited:
        assert all(not one.limits for one in found.lines)


@given(line_sets)
def test_a_line_is_kept_as_json_and_read_again(lines: list[LineSpec]) -> None:
    assert [line_of(one.content()) for one in lines] == lines


@given(limit_sets)
def test_limits_are_written_as_text_and_read_again(limits: dict[str, Any]) -> None:
    assert read_limits(write_limits(limits, DIMENSIONS), DIMENSIONS) == limits


TEN_MILLION = line("head", 1, "", {"amount": Money.of("10000000", "CNY")})


@pytest.mark.parametrize(("minor", "within"), [(-1, True), (0, True), (1, False)])
def test_exactly_the_limit_is_within_it_and_a_fen_more_is_not(minor: int, within: bool) -> None:
    figure = Figure(Money(Money.of("10000000", "CNY").minor + minor, "CNY"))
    assert bool(covering([TEN_MILLION], {"amount": figure}).lines) is within


def test_another_currency_is_within_no_limit_unless_somebody_converts_it() -> None:
    dollars = Money.of("1", "USD")
    assert not covering([TEN_MILLION], {"amount": Figure(dollars)}).lines
    converted = Figure(dollars, None, {"CNY": Money.of("7.20", "CNY")})
    assert covering([TEN_MILLION], {"amount": converted}).lines


def test_a_limit_that_no_declaration_knows_closes_the_others() -> None:
    strange = line("member", 1, "", {"mood": "good"})
    free = line("board", 3, "", {})
    found = covering([TEN_MILLION, strange, free], {"amount": Figure(Money(1, "CNY"))})
    assert (found.lines, found.unknown) == ((free,), ("mood",))


def test_a_sum_beyond_64_bits_is_above_every_limit() -> None:
    most = line("head", 1, "", {"amount": Money(MOST, "CNY")})
    assert covering([most], {"amount": Figure(Money(MOST, "CNY"))}).lines
    assert not covering([most], {"amount": Figure(Money(MOST + 1, "CNY"))}).lines


# -- votes ------------------------------------------------------------------------------------------------------------

TWO = line("member", 2, "chair", {})
ALONE = line("head", 1, "", {})


def left(lines: list[LineSpec], votes: dict[int, set[str]]) -> int:
    found = reached(Cover(tuple(lines)), {user: frozenset(held) for user, held in votes.items()})
    assert found is not None
    return found.left


@pytest.mark.parametrize(
    ("votes", "wanted"),
    [
        ({}, 2),
        ({1: {"member"}}, 1),
        ({1: {"member"}, 2: {"member"}}, 1),  # the chair is among neither
        ({1: {"member"}, 2: {"chair"}}, 0),
        ({1: {"member", "chair"}}, 1),  # one person is one person
        ({1: {"member", "chair"}, 2: {"member"}}, 0),
        ({1: {"head"}}, 2),  # of another line
    ],
)
def test_votes_count_for_the_line_whose_position_they_were_put_in_with(
    votes: dict[int, set[str]], wanted: int
) -> None:
    assert left([TWO], votes) == wanted


def test_any_line_that_is_reached_decides() -> None:
    found = reached(Cover((TWO, ALONE)), {1: frozenset({"head"})})
    assert found is not None
    assert (found.line, found.left) == (ALONE, 0)


def test_where_no_line_covers_nobody_decides() -> None:
    assert reached(Cover(()), {1: frozenset({"head"})}) is None


# -- as people write them ---------------------------------------------------------------------------------------------


def test_limits_are_read_as_people_write_them() -> None:
    text = "amount ≤ 10,000,000.00 CNY；grade >= B; kind in secured, plain\nmonths<=36"
    assert read_limits(text, DIMENSIONS) == {
        "amount": Money.of("10000000", "CNY"),
        "grade": "B",
        "kind": ("plain", "secured"),
        "months": 36,
    }
    assert read_limits(" ; ", DIMENSIONS) == {}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("amount <= -1 CNY", "limit-negative"),
        ("amount <= 92233720368547758.08 CNY", "not-an-amount"),
        ("amount <= 9223372036854775.999 CNY", "too-many-decimals"),
        ("amount <= 10000000000000000 KWD", "not-an-amount"),
        ("amount <= 9300000000000000 KWD", "limit-too-large"),
        ("amount <= ten CNY", "not-an-amount"),
        ("amount <= 10", "limit-unreadable"),
        ("amount >= 10 CNY", "limit-unreadable"),
        ("amount <= 10 yuan", "limit-unreadable"),
        ("amount", "limit-unreadable"),
        ("amount <=", "limit-unreadable"),
        ("months <= 1.5", "limit-unreadable"),
        ("months <= -1", "limit-negative"),
        ("months <= 1201", "limit-too-large"),
        ("months <= 99999999999999999999999999999999", "limit-unreadable"),
        ("grade >= D", "limit-not-a-grade"),
        ("grade <= A", "limit-unreadable"),
        ("kind in golden", "limit-not-a-choice"),
        ("kind in ,", "limit-not-a-choice"),
        ("mood >= good", "limit-unknown"),
        ("months <= 1; months <= 2", "limit-twice"),
        ("'; drop table base_user; --", "limit-unreadable"),
    ],
)  # fmt: skip
def test_what_can_not_be_a_limit_is_refused_and_says_why(text: str, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_limits(text, DIMENSIONS)
    assert refused.value.key == key


@given(st.text(max_size=60))
def test_no_text_makes_reading_fall_over(text: str) -> None:
    with suppress(Invalid):
        assert isinstance(read_limits(text, DIMENSIONS), dict)


# -- declarations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"name": "Amount"},
        {"name": ""},
        {"kind": Measure.GRADE},
        {"kind": Measure.CHOICE},
    ],
)
def test_a_dimension_that_can_not_be_is_refused_where_it_is_declared(values: Any) -> None:
    with pytest.raises(TypeError):
        replace(DIMENSIONS[0], **values)


def test_an_authority_has_each_dimension_once() -> None:
    with pytest.raises(TypeError):
        Authority("all", title="All", dimensions=(DIMENSIONS[0], DIMENSIONS[0]))
    with pytest.raises(TypeError):
        Authority("All of it", title="All", dimensions=())
