"""What Yuanda says of bad loans: by how much of them is secured, and how old they are."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from tenor_npl_disposal.public import Advice, BadLoan, NplAdviser, Question, WayOut
from tenor_sdk import Amount, Refused
from tenor_sdk.values import total

#: an auction begins at seven tenths of the appraisal, and may end at a fifth less
_FIRST, _LAST = Fraction(7, 10), Fraction(56, 100)
_OLD = 360
#: below it, collecting costs more than it brings
_LEAST = Amount.of(10_000)


class Yuanda(NplAdviser):
    """An adviser that knows the market for bad loans."""

    title = "Yuanda Asset Management"

    def advise(self, question: Question, *, at: datetime) -> Advice:
        if question.claim < _LEAST:
            raise Refused("adviser-declines", reason="债权金额过小，追收成本高于可收回金额")
        loan, *others = question.loans
        return self._pool(question) if others else self._single(loan)

    def _single(self, loan: BadLoan) -> Advice:
        secured = loan.secured or Amount(0)
        if secured:
            return Advice(
                low=min(loan.claim, secured.share(_LAST)),
                high=min(loan.claim, secured.share(_FIRST)),
                way=WayOut.LITIGATE,
                months=24,
                reasons=("抵押物可拍卖", f"评估价 {secured.text()}"),
            )
        if loan.days_past_due <= _OLD:
            return self._share(loan.claim, "0.30", "0.60", WayOut.RESTRUCTURE, 60, "逾期时间短")
        return self._share(loan.claim, "0.05", "0.15", WayOut.TRANSFER, 6, "逾期已久且无抵押")

    def _pool(self, question: Question) -> Advice:
        found = [self._single(loan) for loan in question.loans]
        return Advice(
            low=total(each.low for each in found).share(_FIRST),
            high=total(each.high for each in found).share(_FIRST),
            way=WayOut.TRANSFER,
            months=6,
            reasons=(f"{len(found)} 笔打包转让",),
        )

    def _share(
        self, claim: Amount, low: str, high: str, way: WayOut, months: int, reason: str
    ) -> Advice:
        return Advice(
            low=claim.share(Fraction(low)),
            high=claim.share(Fraction(high)),
            way=way,
            months=months,
            reasons=(reason,),
        )
