"""Figures as files hold them: with the sign of a currency before or behind, and read in a time that ends."""

from __future__ import annotations

from time import process_time

import pytest

from tenor.records.written import Written
from tenor_sdk.errors import Invalid


@pytest.mark.parametrize(
    ("cell", "figure"),
    [("5元", "5"), ("5 \u3000元", "5"), ("(5 元)", "-5"), ("¥ 5", "5"), ("-5 元", "-5")],
)
def test_the_sign_of_the_currency_is_left_out(cell: str, figure: str) -> None:
    assert Written("amount")(cell) == figure


def test_a_cell_of_blanks_is_looked_through_once() -> None:
    begun = process_time()
    with pytest.raises(Invalid):
        Written("amount")(f"1{' ' * 30_000}x")
    assert process_time() - begun < 1
