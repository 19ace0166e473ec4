from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tenor.workflow.assignment import Group, Holder, Load, choose, group_of

BRANCH, HEAD_OFFICE = 8, 1
zhou, he, lin = Holder(11, HEAD_OFFICE), Holder(12, HEAD_OFFICE), Holder(13, BRANCH)
moments = st.datetimes(timezones=st.just(UTC))
loads = st.dictionaries(
    st.integers(1, 9), st.builds(Load, st.integers(0, 9), st.none() | moments), min_size=1
)


def at(day: int) -> datetime:
    return datetime(2026, 6, day, tzinfo=UTC)


def test_fewest_open_tasks_get_the_next_one() -> None:
    choice = choose([11, 12], {11: Load(9, at(1)), 12: Load(6, at(29))})
    assert choice.user_id == 12
    assert str(choice.why) == "Fewest open tasks: 6 against 9"


def test_among_equally_busy_people_the_longest_idle_gets_it() -> None:
    assert choose([11, 12], {11: Load(3, at(29)), 12: Load(3, at(2))}).user_id == 12


def test_who_never_had_a_task_comes_before_who_had_one() -> None:
    assert choose([11, 12], {11: Load(0, at(1)), 12: Load()}).user_id == 12


def test_the_only_one_gets_it() -> None:
    assert choose([11], {}).user_id == 11


def test_where_nobody_can_take_it_it_is_the_groups() -> None:
    assert choose([], {}).user_id is None


def test_the_nearest_unit_with_a_holder_counts() -> None:
    assert group_of([zhou, he, lin], [BRANCH, HEAD_OFFICE]) == Group(BRANCH, (13,))
    assert group_of([zhou, he], [BRANCH, HEAD_OFFICE]) == Group(HEAD_OFFICE, (11, 12))


def test_who_is_on_leave_is_passed_over_for_the_unit_above() -> None:
    away = Holder(13, BRANCH, on_leave=True)
    assert group_of([zhou, away], [BRANCH, HEAD_OFFICE]) == Group(HEAD_OFFICE, (11,))


def test_who_did_a_segregated_step_does_not_get_the_task() -> None:
    assert group_of([zhou, he], [HEAD_OFFICE], barred={11}) == Group(HEAD_OFFICE, (12,), (11,))


def test_where_every_holder_is_barred_the_nearest_group_keeps_it() -> None:
    assert group_of([zhou, lin], [BRANCH, HEAD_OFFICE], {11, 13}) == Group(BRANCH, (), (13,))


def test_a_task_of_any_unit_goes_to_holders_everywhere() -> None:
    assert group_of([zhou, he, lin], None) == Group(None, (11, 12, 13))


def test_a_position_beside_the_line_is_held_for_the_whole_institution() -> None:
    assert group_of([Holder(11, 5)], [BRANCH, HEAD_OFFICE]) == Group(None, (11,))


@given(loads)
def test_nobody_with_fewer_open_tasks_is_passed_over(known: dict[int, Load]) -> None:
    chosen = choose(sorted(known), known).user_id
    assert chosen is not None
    assert known[chosen].open_tasks == min(load.open_tasks for load in known.values())


@given(loads, st.randoms())
def test_the_order_in_which_people_are_listed_decides_nothing(
    known: dict[int, Load], random: object
) -> None:
    shuffled = list(known)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis' random
    assert choose(shuffled, known) == choose(sorted(known), known)


@given(
    st.lists(st.tuples(st.integers(1, 20), st.integers(1, 4))),
    st.sets(st.integers(1, 20)),
    st.sets(st.integers(1, 20)),
)
def test_nobody_on_leave_and_nobody_barred_is_ever_able(
    held: list[tuple[int, int]], away: set[int], barred: set[int]
) -> None:
    holders = [Holder(user, unit, user in away) for user, unit in held]
    group = group_of(holders, [1, 2, 3, 4], barred)
    assert not set(group.members) & (barred | away)
    assert bool(group.members) == any(user not in barred | away for user, _ in held)
