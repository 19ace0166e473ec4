"""Money that comes in: what it pays, what is owed afterwards, and what a correction makes of it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tenor_loans.domain.allocation import Component
from tenor_loans.permissions import take_over_loans
from tenor_loans.positions import position_of
from tenor_loans.records import Instalment, Loan, Posting
from tenor_loans.services import (
    Receipt,
    Undo,
    book_repayment,
    reverse_posting,
)
from tenor_loans.sheets import balances, postings_table, preview_of_repayment, schedule_table
from tenor_sdk import Amount
from tenor_sdk.errors import Forbidden, Invalid, Refused
from tenor_sdk.testing import Institution, run_jobs

pytestmark = pytest.mark.both_databases

DUE = date(2026, 3, 20)
#: after the last due date, which is a Saturday
PAID = date(2027, 3, 22)
INTEREST = "2433333.33"


def repay(cast: Any, loan: int, amount: str, on: date, value_date: date | None = None) -> int:
    with cast.act("gao.jie", on) as ctx:
        receipt = Receipt(Amount.of(amount), value_date, "")
        return int(book_repayment(ctx, ctx.session.get(Loan, loan), receipt).id)


def position(cast: Any, loan: int, as_of: date, known_on: date | None = None) -> Any:
    with cast.act("song.qing", as_of) as ctx:
        return position_of(ctx, ctx.session.get(Loan, loan), as_of, known_on=known_on)


def test_a_loan_taken_over_stands_as_it_did(cast: Any, jinlan: int) -> None:
    late = position(cast, jinlan, date(2026, 4, 19))
    assert late.days_past_due == 30
    assert late.due(Component.PRINCIPAL).text() == "5000000.00"
    assert late.due(Component.PENALTY).text() == "30000.00"
    assert late.due(Component.INTEREST) == Amount(0)


def test_a_payment_pays_penalty_first_and_a_correction_by_value_date_keeps_both_versions(
    cast: Any, jinlan: int
) -> None:
    paid = repay(cast, jinlan, "2030000", date(2026, 4, 20))
    first = position(cast, jinlan, date(2026, 4, 20))
    assert first.due(Component.PRINCIPAL).text() == "3001000.00"
    with cast.act("gao.jie", date(2026, 4, 22)) as ctx:
        reverse_posting(ctx, ctx.session.get(Posting, paid), Undo("起息日有误"))
    repay(cast, jinlan, "2030000", date(2026, 4, 22), value_date=date(2026, 4, 18))
    corrected = position(cast, jinlan, date(2026, 4, 22))
    as_known_before = position(cast, jinlan, date(2026, 4, 22), known_on=date(2026, 4, 21))
    assert corrected.due(Component.PRINCIPAL).text() == "2999000.00"
    assert as_known_before.due(Component.PRINCIPAL).text() == "3001000.00"


def test_the_claim_on_a_base_date_adds_up_to_the_fen(cast: Any, jinlan: int) -> None:
    repay(cast, jinlan, "2030000", date(2026, 4, 18))
    claim = position(cast, jinlan, date(2026, 6, 23))
    assert claim.claim.text() == "48608586.80"


def test_the_preview_shows_each_part_and_books_nothing(cast: Any, jinlan: int) -> None:
    table: Any
    after: Any
    with cast.act("gao.jie", date(2026, 4, 20)) as ctx:
        loan = ctx.session.get(Loan, jinlan)
        table, after = preview_of_repayment(ctx, loan, Receipt(Amount.of("2030000"), None, ""))
        assert [(str(part), amount.text()) for _, part, amount in table.rows] == [
            ("Penalty interest", "31000.00"),
            ("Principal", "1999000.00"),
        ]
        assert ("Due before", "5031000.00") in [(str(k), str(v)) for k, v, _ in after.rows]
    assert len(cast.read(select(Posting))) == 2


def test_a_list_shows_what_a_payment_left_open(cast: Any, jinlan: int) -> None:
    repay(cast, jinlan, "2030000", date(2026, 4, 20))
    (loan,) = cast.read(select(Loan))
    assert (loan.outstanding.text(), loan.overdue.text()) == ("48001000.00", "3001000.00")
    assert (loan.days_past_due, loan.next_due) == (31, PAID)


def test_a_loan_closes_when_everything_is_repaid_and_opens_again_when_that_is_reversed(
    cast: Any, jinlan: int
) -> None:
    repay(cast, jinlan, "5000000", DUE)
    last = repay(cast, jinlan, "47190000", PAID)
    assert cast.read(select(Loan.state)) == ["closed"]
    with pytest.raises(Refused) as refused:
        repay(cast, jinlan, "1", PAID)
    assert refused.value.key == "loan-closed"
    with cast.act("gao.jie", PAID) as ctx:
        reverse_posting(ctx, ctx.session.get(Posting, last), Undo("退票"))
    assert cast.read(select(Loan.state)) == ["active"]


def test_an_entry_is_reversed_once_and_a_drawdown_never(cast: Any, jinlan: int) -> None:
    paid = repay(cast, jinlan, "100", date(2026, 4, 20))
    with cast.act("gao.jie", date(2026, 4, 20)) as ctx:
        reverse_posting(ctx, ctx.session.get(Posting, paid), Undo("x"))
    for entry, key in ((paid, "reversed-already"), (1, "only-repayments-are-reversed")):
        with pytest.raises(Refused) as refused, cast.act("gao.jie", date(2026, 4, 20)) as ctx:
            reverse_posting(ctx, ctx.session.get(Posting, entry), Undo("x"))
        assert refused.value.key == key


@pytest.mark.parametrize(
    ("value_date", "key"),
    [(date(2026, 4, 21), "value-date-ahead"), (date(2025, 3, 19), "value-date-before-drawdown")],
)
def test_a_value_date_lies_between_the_drawdown_and_today(
    cast: Any, jinlan: int, value_date: date, key: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        repay(cast, jinlan, "100", date(2026, 4, 20), value_date)
    assert invalid.value.fields["value_date"].key == key


@pytest.mark.parametrize("login", ["lin.xiaowen", "jiang.nan", "zhou.qiming", "song.qing"])
def test_only_operations_book_repayments(cast: Any, jinlan: int, login: str) -> None:
    with pytest.raises(Forbidden), cast.act(login, date(2026, 4, 20)) as ctx:
        book_repayment(ctx, ctx.session.get(Loan, jinlan), Receipt(Amount(1), None, ""))


def test_nobody_takes_over_a_loan_by_the_position_alone(cast: Any) -> None:
    for login in ("lin.xiaowen", "gao.jie", "jiang.nan", "feng.lei", "ding.ning", "song.qing"):
        with cast.act(login) as ctx:
            assert not ctx.may(take_over_loans)


def test_a_posting_is_never_changed(cast: Any, jinlan: int) -> None:
    with pytest.raises(Refused) as refused, cast.act("gao.jie") as ctx:
        ctx.session.scalars(select(Posting)).first().amount = Amount(1)
        ctx.session.flush()
    assert refused.value.key == "append-only"


def test_the_sheets_say_what_is_late_and_what_each_payment_paid(cast: Any, jinlan: int) -> None:
    table: Any
    sums: Any
    repay(cast, jinlan, "2030000", date(2026, 4, 20))
    with cast.act("song.qing", date(2026, 4, 20)) as ctx:
        loan = ctx.session.get(Loan, jinlan)
        table, sums = schedule_table(ctx, loan)
        states = [str(row[-1].value) for row in table.rows]
        said = {str(label): value for label, value, _ in balances(ctx, loan).rows}
        paid = [str(row[4]) for row in postings_table(ctx, loan).rows]
        facts = {str(label): str(getattr(value, "value", value)) for label, value, _ in sums.rows}
    assert states == ["31 days late", "ahead"]
    numbers = [getattr(row[0], "tone", "") for row in table.rows[-2:]]
    assert numbers == ["adverse", ""]  # by its first cell a row is marked at its edge
    assert (str(said["Principal, due"]), str(said["Class at best"])) == (
        "3001000.00", "Special mention",
    )  # fmt: skip
    assert paid == ["", f"Interest {INTEREST}", "Penalty interest 31000.00; Principal 1999000.00"]
    assert (facts["Past due"], facts["Paid"]) == ("3001000.00", "4463333.33")


def test_another_branch_finds_no_loan(cast: Any) -> None:
    cast.lent()
    for login, seen in (("lin.xiaowen", 1), ("fang.zheng", 1), ("shen.bai", 0), ("du.yuan", 0),
                        ("xu.min", 0), ("gao.jie", 1), ("feng.lei", 1), ("ding.ning", 0),
                        ("qin.feng", 0), ("luo.qiang", 0)):  # fmt: skip
        with cast.act(login) as ctx:
            found = [
                len(ctx.session.scalars(select(kind.id)).all())
                for kind in (Loan, Posting, Instalment)
            ]
        assert found == [seen, seen, 36 * seen], login


def test_a_night_keeps_the_balances_of_each_loan(cast: Any, institution: Institution) -> None:
    from tenor_sdk.testing import on_date

    cast.lent()
    run_jobs(institution)
    with on_date(institution, date(2026, 8, 3)):
        run_jobs(institution)
    (loan,) = cast.read(select(Loan))
    assert (loan.days_past_due, loan.overdue.minor > 0, loan.next_due) == (
        4, True, date(2026, 8, 31),
    )  # fmt: skip
