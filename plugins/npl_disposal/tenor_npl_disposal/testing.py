"""What every NPL adviser must pass. A driver's own tests inherit it in a few lines::

    class TestMyAdviser(AdviserContract):
        driver = MyAdviser

An adviser that reaches another computer overrides the fixture ``adviser`` with one that asks its provider's sandbox.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, ClassVar, cast

import pytest

from tenor_npl_disposal.drivers import Advice, BadLoan, NplAdviser, Question
from tenor_npl_disposal.records import WayOut
from tenor_sdk import Amount, Context, Rate, Refused
from tenor_sdk.testing import DriverContract

#: Now, for the kit.
AT = datetime(2026, 6, 30, 2, 0, tzinfo=UTC)
#: 金澜纺织, 95 days past due, its collateral not appraised.
JINLAN = BadLoan(
    key="NPL-2026-0007",
    claim=Amount.of("48608586.80"),
    principal=Amount.of("47999000"),
    days_past_due=95,
)
SECURED = replace(JINLAN, key="NPL-2026-0008", secured=Amount.of("60000000"))
UNSECURED = replace(JINLAN, key="NPL-2026-0009", days_past_due=800, secured=Amount(0))
SMALLEST = BadLoan(key="NPL-2026-0010", claim=Amount(1), principal=Amount(1), days_past_due=91)
LOANS = (JINLAN, SECURED, UNSECURED, SMALLEST)


def asked(*loans: BadLoan) -> Question:
    """The question about these loans."""
    return Question(loans=loans, currency="CNY", base_date=date(2026, 6, 23), rate=Rate.of("0.08"))


class AdviserContract(DriverContract):
    """The promises of ``NplAdviser``, as tests. One that has nothing to say on a loan declines, and keeps them too."""

    driver: ClassVar[type[Any]]
    interface = NplAdviser

    @pytest.fixture
    def adviser(self) -> NplAdviser:
        """The adviser under test; its context knows the time and no institution."""
        made: NplAdviser = self.driver(cast("Context", SimpleNamespace(now=AT, today=AT.date())))
        return made

    def answer(self, adviser: NplAdviser, *loans: BadLoan) -> Advice | None:
        """Its advice; None where it declines, with a reason."""
        try:
            return adviser.advise(asked(*loans), at=AT)
        except Refused as refused:
            no = refused
        assert no.key == "adviser-declines", no
        assert no.values.get("reason"), "it declines and doesn't say why"
        return None

    def test_it_has_something_to_say(self, adviser: NplAdviser) -> None:
        assert any(self.answer(adviser, loan) for loan in LOANS)

    @pytest.mark.parametrize("loan", LOANS, ids=lambda loan: loan.key)
    def test_nobody_gets_more_than_is_owed(self, adviser: NplAdviser, loan: BadLoan) -> None:
        advice = self.answer(adviser, loan)
        assert advice is None or advice.high <= loan.claim

    @pytest.mark.parametrize("loan", LOANS, ids=lambda loan: loan.key)
    def test_it_proposes_a_way_out_in_a_time(self, adviser: NplAdviser, loan: BadLoan) -> None:
        advice = self.answer(adviser, loan)
        assert advice is None or (advice.way in WayOut and advice.months >= 0)

    def test_a_pool_is_answered_as_a_whole(self, adviser: NplAdviser) -> None:
        advice = self.answer(adviser, *LOANS)
        assert advice is None or advice.high <= asked(*LOANS).claim

    def test_the_same_question_has_the_same_answer(self, adviser: NplAdviser) -> None:
        assert self.answer(adviser, *LOANS) == self.answer(adviser, *LOANS)
