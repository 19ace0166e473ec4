from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_loans.domain.allocation import (
    ART_561,
    INTEREST_FIRST,
    PRINCIPAL_FIRST,
    Allocation,
    Component,
    Direction,
    Due,
    Order,
    allocate,
)
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, total

DAY = date(2025, 3, 21)


def owed(vectors: dict[str, Any]) -> Due:
    amounts = vectors["allocation_50000"]["dues"]
    return Due("1", DAY, {Component(name): Amount.of(text) for name, text in amounts.items()})


def parts(allocation: Allocation) -> dict[str, str]:
    paid = {component.value: allocation.paid(component).text() for component in Component}
    return paid | {"unapplied": allocation.unapplied.text()}


@pytest.mark.parametrize(
    ("order", "vector"),
    [
        (ART_561, "civil_code_561"),
        (INTEREST_FIRST, "interest_before_penalty"),
        (PRINCIPAL_FIRST, "non_accrual_principal_first"),
    ],
)
def test_fifty_thousand_pay_what_the_agreed_order_says(
    vectors: dict[str, Any], order: Order, vector: str
) -> None:
    paid = allocate(Amount.of(50_000), [owed(vectors)], order)
    assert parts(paid) == vectors["allocation_50000"][vector]


def test_an_overpayment_stays_unapplied_and_no_balance_turns_negative(
    vectors: dict[str, Any],
) -> None:
    paid = allocate(Amount.of(1_100_000), [owed(vectors)])
    assert parts(paid) == vectors["allocation_50000"]["overpay_1100000"]


@pytest.mark.parametrize(
    ("direction", "vector"),
    [
        (Direction.VERTICAL, "vertical_oldest_first"),
        (Direction.HORIZONTAL, "horizontal_all_interest_first"),
    ],
)
def test_two_overdue_instalments_are_paid_one_after_the_other_or_part_by_part(
    vectors: dict[str, Any], direction: Direction, vector: str
) -> None:
    dues = [
        Due("2", DAY, {Component.INTEREST: Amount.of(90), Component.PRINCIPAL: Amount.of(500)}),
        Due(
            "1",
            DAY - timedelta(days=31),
            {Component.INTEREST: Amount.of(100), Component.PRINCIPAL: Amount.of(500)},
        ),
    ]
    lines = allocate(Amount.of(650), dues, direction=direction).lines
    expected = vectors["allocation_650_two_overdue_instalments"][vector]
    assert [[int(line.ref), line.component.value, line.amount.text()] for line in lines] == [
        line for line in expected if line[2] != "0.00"
    ]


def test_costs_of_enforcement_are_paid_before_an_older_instalment() -> None:
    dues = [
        Due("1", DAY, {Component.PRINCIPAL: Amount.of(500)}),
        Due("charge-7", DAY + timedelta(days=40), {Component.FEES: Amount.of(30)}),
    ]
    lines = allocate(Amount.of(100), dues).lines
    assert [(line.ref, line.amount.text()) for line in lines] == [
        ("charge-7", "30.00"),
        ("1", "70.00"),
    ]


@pytest.mark.parametrize("order", [ART_561[:4], (*ART_561[:4], Component.FEES)])
def test_an_order_that_leaves_a_part_out_is_refused(order: Order) -> None:
    with pytest.raises(Invalid) as refused:
        allocate(Amount(1), [], order)
    assert refused.value.key == "incomplete-order"


def test_a_negative_receipt_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        allocate(Amount(-1), [])
    assert refused.value.key == "negative-receipt"


amounts = st.integers(0, 10**9).map(Amount)
owing = st.builds(
    Due,
    st.uuids().map(str),
    st.dates(date(2025, 1, 1), date(2026, 1, 1)),
    st.dictionaries(st.sampled_from(Component), amounts),
)


@given(
    amounts,
    st.lists(owing, max_size=8),
    st.permutations(list(Component)).map(tuple),
    st.sampled_from(Direction),
)
def test_a_receipt_is_paid_out_to_the_last_fen_and_nothing_is_paid_twice(
    receipt: Amount, dues: list[Due], order: Order, direction: Direction
) -> None:
    allocation = allocate(receipt, dues, order, direction)
    assert total(line.amount for line in allocation.lines) + allocation.unapplied == receipt
    open_amounts = {(due.ref, part): due.open(part) for due in dues for part in Component}
    assert all(
        Amount(0) < line.amount <= open_amounts[line.ref, line.component]
        for line in allocation.lines
    )
    assert len({(line.ref, line.component) for line in allocation.lines}) == len(allocation.lines)
    if allocation.unapplied:
        assert total(line.amount for line in allocation.lines) == total(due.total for due in dues)
