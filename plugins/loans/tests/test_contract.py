"""What every plugin promises, and that what others may import is what it says."""

from typing import Any

from sqlalchemy import select

from tenor_loans import public
from tenor_loans.domain.schedule import Method
from tenor_loans.records import Instalment, Loan
from tenor_sdk.testing import PluginContract


class TestLoans(PluginContract):
    plugin = "loans"


def test_others_may_import_what_is_listed_and_nothing_else() -> None:
    imported = {name for name in vars(public) if not name.startswith("_")}
    assert imported == set(public.__all__)


def test_the_demo_bank_has_loans_of_each_kind(institution: Any, cast: Any) -> None:
    from tenor.loader.stage import play

    play(institution)
    loans = {loan.borrower: loan for loan in cast.read(select(Loan))}
    assert {loan.method for loan in loans.values()} == set(Method)
    late = {name: loan.days_past_due for name, loan in loans.items() if loan.days_past_due}
    assert late == {"金澜纺织有限公司": 102, "云州明泽食品有限公司": 4}
    assert loans["金澜纺织有限公司"].outstanding.text() == "47999000.00"
    assert loans["云州恒达汽车零部件股份有限公司"].state == "closed"
    assert loans["美港航材（临海）有限公司"].currency == "USD"
    assert len(cast.read(select(Instalment).join(Loan).where(Loan.method == Method.BULLET))) == 14
