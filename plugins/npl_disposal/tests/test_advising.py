"""An adviser is asked what a bad loan may bring; what it says is held against the claim."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tenor_npl_disposal.advising import advice_on
from tenor_npl_disposal.drivers import Advice, NplAdviser, NullAdviser, Question
from tenor_npl_disposal.records import WayOut
from tenor_npl_disposal.testing import AT, JINLAN, AdviserContract, asked
from tenor_sdk import Amount, Invalid, Refused
from tenor_sdk.testing import Institution, as_actor

HALF = Advice(
    low=Amount.of(10), high=Amount.of(20), way=WayOut.TRANSFER, months=3, reasons=("无抵押",)
)


class Halver(NplAdviser):
    """Half of a pool, whatever it is."""

    title = "Halver"

    def advise(self, question: Question, *, at: datetime) -> Advice:
        if question.claim.minor < 2:
            raise Refused("adviser-declines", reason="金额过小")
        half = Amount(question.claim.minor // 2)
        return replace(HALF, low=half, high=half)


class TestHalver(AdviserContract):
    driver = Halver


def test_without_an_adviser_there_is_no_figure(institution: Institution) -> None:
    with as_actor(institution, "tang.lan", write=False) as ctx:
        with pytest.raises(Refused, match="no-driver"):
            advice_on(ctx, asked(JINLAN))
        with pytest.raises(Refused, match="no-npl-adviser"):
            NullAdviser(ctx).advise(asked(JINLAN), at=AT)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"low": Amount.of(30)}, "advice-range-upside-down"),
        ({"low": Amount(-1)}, "advice-range-upside-down"),
        ({"reasons": ()}, "advice-without-reasons"),
        ({"reasons": (" ",)}, "advice-without-reasons"),
    ],
)
def test_advice_that_says_nothing_is_refused(change: dict[str, Any], key: str) -> None:
    with pytest.raises(Invalid, match=key):
        replace(HALF, **change)


def test_a_question_is_about_loans_each_once() -> None:
    with pytest.raises(Invalid, match="no-bad-loans"):
        asked()
    with pytest.raises(Invalid, match="bad-loan-twice"):
        asked(JINLAN, JINLAN)
    with pytest.raises(Invalid, match="no-exposure"):
        replace(JINLAN, claim=Amount(0))
