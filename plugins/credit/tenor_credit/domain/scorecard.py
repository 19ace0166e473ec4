"""A scorecard and the working sheet that it makes of a customer's figures: every point can be followed.

Figures are exact fractions; a band takes its low and leaves its high, [low, high). A figure that is missing or not
meaningful has points of its own: it is neither zero nor the worst.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from tenor_credit.domain.errors import CreditError, ModelInvalid
from tenor_credit.domain.grades import Grade, GradeScale, OverrideRule

FULL_MARKS = 100
"""What the best bands of a scorecard's factors add up to."""


class Better(StrEnum):
    """Which way a factor's points rise; ANY where the best lies in between, or the factor has classes."""

    HIGHER = "higher"
    LOWER = "lower"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Band:
    """Values from ``low`` up to and without ``high`` (None: no bound), worth ``points``."""

    low: Fraction | None
    high: Fraction | None
    points: int

    def __contains__(self, value: Fraction) -> bool:
        above = self.low is None or value >= self.low
        return above and (self.high is None or value < self.high)


@dataclass(frozen=True, slots=True)
class Class:
    """One of the classes of a factor that has no figure, with its names and its points."""

    code: str
    points: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that a scorecard looks at, in bands of a figure or in classes by name.

    Args:
        code: its key in the inputs.
        zh: its name in Chinese.
        en: its name in English.
        source: where its value comes from, as text for the sheet: ``statement``, ``operations``, ``officer``.
        maximum: the most points that it can give.
        missing: its points where there is no value.
        better: which way points rise.
        bands: for a figure, from the lowest up, without gaps.
        classes: for a judgement, the classes to choose from.
        percent: whether the figure is shown as a percentage.

    Raises ModelInvalid with the factor's code: ``bands-missing``, ``band-empty``, ``bands-not-contiguous``,
    ``bands-do-not-cover``, ``points-out-of-range``, ``maximum-not-reached``, ``points-not-rising``.
    """

    code: str
    zh: str
    en: str
    source: str
    maximum: int
    missing: int
    better: Better = Better.ANY
    bands: tuple[Band, ...] = ()
    classes: tuple[Class, ...] = ()
    percent: bool = False

    def __post_init__(self) -> None:
        if bool(self.bands) == bool(self.classes):
            raise ModelInvalid("bands-missing", factor=self.code)
        if self.bands:
            self._check_bands()
        worth = [band.points for band in self.bands] + [named.points for named in self.classes]
        if not all(0 <= points <= self.maximum for points in (*worth, self.missing)):
            raise ModelInvalid("points-out-of-range", factor=self.code)
        if max(worth) != self.maximum:
            raise ModelInvalid("maximum-not-reached", factor=self.code)

    def _check_bands(self) -> None:
        if self.bands[0].low is not None or self.bands[-1].high is not None:
            raise ModelInvalid("bands-do-not-cover", factor=self.code)
        for band, above in zip(self.bands, self.bands[1:], strict=False):
            if band.high is None or band.high != above.low:
                raise ModelInvalid("bands-not-contiguous", factor=self.code)
        for band in self.bands:
            if band.low is not None and band.high is not None and band.low >= band.high:
                raise ModelInvalid("band-empty", factor=self.code)
        points = [band.points for band in self.bands]
        order = {Better.HIGHER: sorted(points), Better.LOWER: sorted(points, reverse=True)}
        if points != order.get(self.better, points):
            raise ModelInvalid("points-not-rising", factor=self.code)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A model: factors whose maxima make 100, and the grades of their total.

    Args:
        id: name and version, ``制造业-2026.1``; a new version is another model.
        digest: the SHA-256 of its content, kept with every rating.

    Raises ModelInvalid ``factor-repeated``, ``maxima-not-full-marks`` (total).
    """

    id: str
    zh: str
    en: str
    valid_from: date
    factors: tuple[Factor, ...]
    scale: GradeScale
    overrides: OverrideRule
    digest: str

    def __post_init__(self) -> None:
        if len({factor.code for factor in self.factors}) != len(self.factors):
            raise ModelInvalid("factor-repeated", model=self.id)
        total = sum(factor.maximum for factor in self.factors)
        if total != FULL_MARKS:
            raise ModelInvalid("maxima-not-full-marks", model=self.id, total=total)


# --- rating ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Input:
    """A factor's value for one customer.

    Args:
        value: a figure, the code of a class, or None where there is none.
        source: where it came from, such as ``statement 2025-12-31, audited``.
        as_of: the day that it tells of.
        reason: why there is none.
    """

    value: Fraction | str | None
    source: str = ""
    as_of: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NextBand:
    """What would earn more: a figure of ``at_least`` or ``below``, or class ``named``; and how many points more."""

    gain: int
    at_least: Fraction | None = None
    below: Fraction | None = None
    named: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the working sheet: the value, where it fell, what it earned, what the next band needs.

    ``band`` is None for a class and for a missing value; ``next`` is None at the maximum.
    """

    factor: str
    input: Input
    band: Band | None
    points: int
    maximum: int
    next: NextBand | None


@dataclass(frozen=True, slots=True)
class WorkingSheet:
    """A rating taken apart: a row for each factor, their total and its grade.

    Args:
        to_next: points that the next better grade needs; None at the best.
    """

    model: str
    digest: str
    rows: tuple[Row, ...]
    total: int
    grade: str
    to_next: int | None

    def reasons(self, most: int = 3) -> tuple[Row, ...]:
        """The rows that cost most points, the costliest first; none that cost nothing."""
        costly = sorted(self.rows, key=lambda row: row.points - row.maximum)
        return tuple(row for row in costly if row.points < row.maximum)[:most]


def rate(model: Scorecard, inputs: Mapping[str, Input]) -> WorkingSheet:
    """The working sheet of a customer with these `inputs`, by factor code; what is absent counts as missing.

    Raises CreditError: ``input-unknown`` (inputs) for a code that the model doesn't have, ``class-unknown`` (factor,
    found), ``value-of-wrong-kind`` (factor): a class where a figure belongs or the other way round.
    """
    codes = {factor.code for factor in model.factors}
    if strange := sorted(set(inputs) - codes):
        raise CreditError("input-unknown", inputs=tuple(strange), model=model.id)
    nothing = Input(None, reason="not-given")
    rows = tuple(_row(factor, inputs.get(factor.code, nothing)) for factor in model.factors)
    total = sum(row.points for row in rows)
    grade = model.scale.of(total)
    to_next = _to_next(model.scale, grade, total)
    return WorkingSheet(model.id, model.digest, rows, total, grade.code, to_next)


def _to_next(scale: GradeScale, grade: Grade, total: int) -> int | None:
    better = scale.better_than(grade)
    return better.low - total if better else None


def _row(factor: Factor, given: Input) -> Row:
    if given.value is None:
        return Row(factor.code, given, None, factor.missing, factor.maximum, None)
    if isinstance(given.value, str):
        return _class_row(factor, given, given.value)
    if not factor.bands:
        raise CreditError("value-of-wrong-kind", factor=factor.code)
    place = next(i for i, band in enumerate(factor.bands) if given.value in band)
    band = factor.bands[place]
    return Row(factor.code, given, band, band.points, factor.maximum, _next(factor.bands, place))


def _class_row(factor: Factor, given: Input, named: str) -> Row:
    if not factor.classes:
        raise CreditError("value-of-wrong-kind", factor=factor.code)
    found = next((choice for choice in factor.classes if choice.code == named), None)
    if found is None:
        raise CreditError("class-unknown", factor=factor.code, found=named)
    above = [choice for choice in factor.classes if choice.points > found.points]
    better = min(above, key=lambda choice: choice.points, default=None)
    more = NextBand(better.points - found.points, named=better.code) if better else None
    return Row(factor.code, given, None, found.points, factor.maximum, more)


def _next(bands: Sequence[Band], place: int) -> NextBand | None:
    """The nearest band worth more, looked for upwards first."""
    here = bands[place].points
    upward = [(band.low, band.points) for band in bands[place + 1 :] if band.points > here]
    downward = [(band.high, band.points) for band in reversed(bands[:place]) if band.points > here]
    if upward:
        bound, points = upward[0]
        return NextBand(points - here, at_least=bound)
    if downward:
        bound, points = downward[0]
        return NextBand(points - here, below=bound)
    return None
