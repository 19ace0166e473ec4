"""From the conditions precedent to the loan: prepared by one, released by another, paid once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from tenor_loans.disbursing import PayTo
from tenor_loans.domain.facts import FactKind
from tenor_loans.records import Instalment, Loan, PaymentInstruction, Posting
from tenor_origination.public import Condition, Repayment
from tenor_origination.services import Met, meet_condition
from tenor_sdk.errors import Blocked, Conflict, Forbidden, Invalid, TenorError
from tenor_sdk.testing import Institution, make_user
from tenor_sdk.values import total

pytestmark = pytest.mark.both_databases
PAYEE = PayTo("云州重型机床有限公司", "6222000012345678901", "云州农商银行")


def count(cast: Any, record: Any) -> int:
    (found,) = cast.read(select(func.count(record.id)))
    return int(found)


def rows(cast: Any) -> list[Instalment]:
    return list(cast.read(select(Instalment).order_by(Instalment.number)))


def test_a_release_makes_the_loan_with_its_schedule_to_the_fen(cast: Any) -> None:
    # 10,000,000 at 4.35 % over 36 months, level payment: 296,799.34; the last one 296,799.38 (loan_math.json)
    cast.lent(amount="10000000")
    made = rows(cast)
    (loan,) = cast.read(select(Loan))
    assert [(made[0].principal + made[0].interest).text(), made[0].interest.text()] == [
        "296799.34",
        "36250.00",
    ]
    assert (made[-1].principal + made[-1].interest).text() == "296799.38"
    assert total(row.interest for row in made).text() == "684776.28"
    assert total(row.principal for row in made) == loan.principal == loan.outstanding
    assert (loan.drawn_on, loan.first_due, loan.maturity) == (
        date(2026, 6, 30), date(2026, 7, 30), date(2029, 6, 30),
    )  # fmt: skip
    assert (loan.rate.text(), loan.penalty_rate.text()) == ("0.0435", "0.06525")


@pytest.mark.parametrize(
    ("repayment", "first", "interest"),
    [
        (Repayment.LEVEL_PRINCIPAL, "314027.78", "670625.00"),
        (Repayment.BULLET, "36250.00", "1305000.00"),
    ],
)
def test_each_way_of_repayment_has_its_schedule(
    cast: Any, repayment: Repayment, first: str, interest: str
) -> None:
    cast.lent(amount="10000000", repayment=repayment)
    made = rows(cast)
    assert (made[0].principal + made[0].interest).text() == first
    assert total(row.interest for row in made).text() == interest


def test_a_payment_that_falls_on_a_day_off_is_made_on_the_next_working_day(cast: Any) -> None:
    saturday = PayTo(PAYEE.payee, PAYEE.account, PAYEE.bank, date(2026, 7, 4))
    cast.go(cast.prepared(saturday), "jiang.nan", "release")
    first, second, _third, fourth = rows(cast)[:4]
    assert (first.due, first.payable_on) == (date(2026, 7, 4), date(2026, 7, 6))
    # the National Day's week, then a working Saturday is none: 4 October is paid on the 8th
    assert (fourth.due, fourth.payable_on) == (date(2026, 10, 4), date(2026, 10, 8))
    assert second.start == first.due


def test_a_release_leaves_one_drawdown_and_one_payment_instruction(cast: Any) -> None:
    loan = cast.lent()
    (posting,) = cast.read(select(Posting))
    (instruction,) = cast.read(select(PaymentInstruction))
    assert (posting.kind, posting.amount.text(), posting.value_date) == (
        FactKind.DRAWDOWN, "5000000.00", date(2026, 6, 30),
    )  # fmt: skip
    assert (instruction.loan_id, instruction.amount, instruction.payee) == (
        loan, posting.amount, PAYEE.payee,
    )  # fmt: skip
    assert instruction.prepared_by_id != instruction.released_by_id


def test_who_prepared_a_disbursement_does_not_release_it(
    cast: Any, institution: Institution
) -> None:
    both = [("operations", "HQ"), ("release-checker", "HQ")]
    make_user(institution, "both", positions=both)
    case = cast.prepared()
    cast.go(case, "jiang.nan", "send-back-disbursement", reason="账号有误")
    cast.go(case, "both", "prepare-disbursement", PAYEE)
    with pytest.raises(Forbidden) as refused:
        cast.go(case, "both", "release")
    assert refused.value.key == "segregated"
    assert count(cast, Loan) == 0


def test_nobody_confirms_the_payment_past_the_release(cast: Any) -> None:
    case = cast.approved()
    with pytest.raises(Blocked) as blocked:
        cast.go(case, "gao.jie", "complete")
    assert "released by a second person" in str(blocked.value.blockers[0].what)
    assert cast.state(case) == "conditions"


def test_conditions_that_are_not_met_stand_before_the_disbursement(cast: Any) -> None:
    case = cast.approved(conditions="资本金到位证明\n受托支付合同")
    with pytest.raises(Blocked) as blocked:
        cast.go(case, "gao.jie", "prepare-disbursement", PAYEE)
    assert len(blocked.value.blockers) == 2
    with cast.act("gao.jie") as ctx:
        for condition in ctx.session.scalars(select(Condition)):
            meet_condition(ctx, condition, Met("见附件"))
    assert cast.go(case, "gao.jie", "prepare-disbursement", PAYEE)


def test_a_disbursement_is_sent_back_with_a_reason_and_the_latest_payee_counts(cast: Any) -> None:
    case = cast.prepared()
    cast.go(case, "jiang.nan", "send-back-disbursement", reason="账号有误")
    assert cast.state(case) == "conditions"
    other = PayTo("临海机床厂", "6222000000000000002", "临海银行")
    cast.go(case, "gao.jie", "prepare-disbursement", other)
    cast.go(case, "jiang.nan", "release")
    (instruction,) = cast.read(select(PaymentInstruction))
    assert instruction.payee == "临海机床厂"


@pytest.mark.parametrize(
    ("first_due", "key"),
    [(date(2026, 6, 30), "first-due-not-ahead"), (date(2026, 7, 31), "first-due-too-late")],
)
def test_the_first_due_date_lies_within_a_month(cast: Any, first_due: date, key: str) -> None:
    case = cast.approved()
    pay_to = PayTo(PAYEE.payee, PAYEE.account, PAYEE.bank, first_due)
    with pytest.raises(Invalid) as invalid:
        cast.go(case, "gao.jie", "prepare-disbursement", pay_to)
    assert invalid.value.fields["first_due"].key == key


def test_a_release_waits_no_longer_than_the_first_due_date(cast: Any) -> None:
    case = cast.prepared(PayTo(PAYEE.payee, PAYEE.account, PAYEE.bank, date(2026, 7, 20)))
    with pytest.raises(Blocked):
        cast.go(case, "jiang.nan", "release", on=date(2026, 7, 20))


def test_a_double_click_on_release_pays_once(cast: Any) -> None:
    case = cast.prepared()
    outcomes = at_once(cast, case, ["jiang.nan", "jiang.nan"])
    assert_paid_once(cast, outcomes)


def test_two_people_who_release_in_the_same_second_pay_once(
    cast: Any, institution: Institution
) -> None:
    make_user(institution, "second", positions=[("release-checker", "HQ")])
    case = cast.prepared()
    cast.go(case, "jiang.nan", "send-back-disbursement", reason="账号有误")
    cast.go(case, "gao.jie", "prepare-disbursement", PAYEE)
    outcomes = at_once(cast, case, ["jiang.nan", "second", "jiang.nan", "second"])
    assert_paid_once(cast, outcomes)


def at_once(cast: Any, case: int, logins: list[str]) -> list[object]:
    """What comes of several who press the button together."""

    def press(login: str) -> object:
        try:
            return cast.go(case, login, "release")
        except TenorError as error:
            return error

    with ThreadPoolExecutor(len(logins)) as pool:
        return list(pool.map(press, logins))


def assert_paid_once(cast: Any, outcomes: list[object]) -> None:
    assert outcomes.count(True) == 1
    assert all(isinstance(one, Conflict) for one in outcomes if one is not True), outcomes
    assert [count(cast, record) for record in (Loan, Posting, PaymentInstruction)] == [1, 1, 1]
