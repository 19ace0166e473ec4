"""Altman's score of financial distress; its coefficients and zones are data, for sources disagree on both."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from tenor_credit.domain.errors import CreditError


@dataclass(frozen=True, slots=True)
class DistressModel:
    """Weights of the four ratios, a constant, and the two ends of the grey zone."""

    id: str
    source: str
    weights: Mapping[str, Fraction]
    constant: Fraction
    distress_below: Fraction
    safe_above: Fraction


_WEIGHTS = MappingProxyType(
    {
        "working_capital": Fraction("6.56"),
        "retained_earnings": Fraction("3.26"),
        "ebit": Fraction("6.72"),
        "equity": Fraction("1.05"),
    }
)
Z_DOUBLE_PRIME = DistressModel(
    id="altman-z2",
    source="Altman, Z'' for non-manufacturers; zones 1.10 and 2.60",
    weights=_WEIGHTS,
    constant=Fraction(0),
    distress_below=Fraction("1.10"),
    safe_above=Fraction("2.60"),
)
EMERGING_MARKETS = DistressModel(
    id="altman-em",
    source="Altman, emerging-market score: Z'' plus 3.25; zones 4.15 and 5.85",
    weights=_WEIGHTS,
    constant=Fraction("3.25"),
    distress_below=Fraction("4.15"),
    safe_above=Fraction("5.85"),
)


@dataclass(frozen=True, slots=True)
class DistressScore:
    """The score, exact, its zone (``safe``, ``grey``, ``distress``) and what each term gave."""

    model: str
    value: Fraction
    zone: str
    terms: Mapping[str, Fraction]


def distress_score(
    model: DistressModel,
    working_capital: int,
    retained_earnings: int,
    ebit: int,
    equity: int,
    total_assets: int,
    total_liabilities: int,
) -> DistressScore:
    """Altman's score of one balance sheet, amounts in any one unit; equity is measured against liabilities, the rest
    against assets. Raises CreditError ``denominator-not-positive`` (what)."""
    for what, base in (("total_assets", total_assets), ("total_liabilities", total_liabilities)):
        if base <= 0:
            raise CreditError("denominator-not-positive", what=what)
    shares = {
        "working_capital": Fraction(working_capital, total_assets),
        "retained_earnings": Fraction(retained_earnings, total_assets),
        "ebit": Fraction(ebit, total_assets),
        "equity": Fraction(equity, total_liabilities),
    }
    terms = {name: share * model.weights[name] for name, share in shares.items()}
    value = model.constant + sum(terms.values(), Fraction(0))
    return DistressScore(model.id, value, _zone(model, value), MappingProxyType(terms))


def _zone(model: DistressModel, value: Fraction) -> str:
    if value > model.safe_above:
        return "safe"
    return "distress" if value < model.distress_below else "grey"
