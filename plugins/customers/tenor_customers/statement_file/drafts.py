"""Periods while a file is being read: figures as stated, gathered from rows and sheets, then made into statements."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tenor_customers.domain.problems import Place, Problem, error, warning
from tenor_customers.domain.statements import (
    Assurance,
    Statement,
    Unit,
    balance_problems,
    scale_problems,
)
from tenor_customers.statement_file.figures import (
    LARGEST_MINOR,
    StatedPeriod,
    Unreadable,
    read_assurance,
    read_date,
    read_number,
)
from tenor_customers.statement_file.options import Reading
from tenor_customers.statement_file.result import ImportedPeriod
from tenor_customers.statement_file.sheets import Cell
from tenor_sdk.values import Amount, exponent

SHOWN = 40
"""How many characters of what stands in a cell are repeated in a problem."""


@dataclass(slots=True)
class Draft:
    """A period under construction."""

    subject: str
    period: StatedPeriod
    assurance: Assurance
    currency: str = ""
    unit: Unit = Unit.ONE
    issued_on: date | None = None
    stated: dict[str, tuple[Fraction, Cell]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    lines: dict[str, Amount] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    formulas: list[Cell] = field(default_factory=list)

    def state(self, code: str, cell: Cell) -> None:
        """Note the figure of a line; a second one for the same line is a problem."""
        if not cell.filled:
            return
        if code in self.places:
            self._repeated(code, cell)
            return
        self.places[code] = cell.place
        if cell.formula:
            self.formulas.append(cell)
        if cell.formula and cell.value is None:
            formula = cell.formula[:SHOWN]
            self.problems.append(
                error("formula-without-value", cell.place, line=code, formula=formula)
            )
            return
        self._read(code, cell)

    def _repeated(self, code: str, cell: Cell) -> None:
        first = self.places[code]
        self.problems.append(
            error("line-repeated", cell.place, line=code, first=f"{first.column}{first.row}")
        )

    def _read(self, code: str, cell: Cell) -> None:
        try:
            number = read_number(cell.value)
        except Unreadable as why:
            found = cell.text[:SHOWN]
            self.problems.append(error(why.key, cell.place, line=code, found=found))
            return
        if number is not None:
            self.stated[code] = (number, cell)

    def state_assurance(self, cell: Cell) -> None:
        """Note whether the period was audited."""
        if not cell.filled:
            return
        found = read_assurance(cell.text)
        if found is None:
            problem = error("assurance-unknown", cell.place, found=cell.text[:SHOWN])
            self.problems.append(problem)
        else:
            self.assurance = found

    def state_issued(self, cell: Cell) -> None:
        """Note when the statement was signed."""
        if not cell.filled:
            return
        self.issued_on = read_date(cell.value)
        if self.issued_on is None:
            problem = error("issued-unreadable", cell.place, found=cell.text[:SHOWN])
            self.problems.append(problem)

    def convert(self, unit: Unit, currency: str) -> None:
        """Turn what one sheet stated into amounts; call it at the end of each sheet."""
        if self.currency and self.currency != currency:
            self.problems.append(error("currency-differs", found=currency, expected=self.currency))
        self.currency, self.unit = currency, unit
        for code, (number, cell) in self.stated.items():
            self._convert(code, unit.amount(number, currency), cell)
        self.stated.clear()

    def _convert(self, code: str, amount: Amount | None, cell: Cell) -> None:
        found = cell.text[:SHOWN]
        if amount is None:
            places = exponent(self.currency)
            problem = error(
                "number-too-precise", cell.place, line=code, found=found, decimals=places
            )
            self.problems.append(problem)
        elif abs(amount.minor) > LARGEST_MINOR:
            self.problems.append(error("number-too-large", cell.place, line=code, found=found))
        else:
            self.lines[code] = amount

    def statement(self) -> Statement:
        """The statement as far as it could be read."""
        return Statement(
            period_end=self.period.end,
            kind=self.period.kind,
            currency=self.currency,
            lines=dict(self.lines),
            assurance=self.assurance,
            issued_on=self.issued_on,
            unit=self.unit,
        )


class Drafts:
    """All periods of a file, by company and period."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._drafts: dict[tuple[str, StatedPeriod], Draft] = {}

    def of(self, subject: str, period: StatedPeriod) -> Draft:
        """The draft of a company's period, begun when it wasn't there."""
        key = (subject, period)
        if key not in self._drafts:
            self._drafts[key] = Draft(subject, period, self._reading.assurance)
        return self._drafts[key]

    def finished(self, absent: frozenset[str]) -> list[ImportedPeriod]:
        """Each period with everything that is wrong with it, by company and date.

        `absent` are required lines that the file as a whole lacks: said once for the file, not of each period.
        """
        ordered = sorted(self._drafts.values(), key=lambda draft: (draft.subject, draft.period))
        finished: list[ImportedPeriod] = []
        for draft in ordered:
            earlier = finished[-1] if finished and finished[-1].subject == draft.subject else None
            finished.append(_finished(draft, earlier, self._reading, absent))
        return finished


def _finished(
    draft: Draft, earlier: ImportedPeriod | None, reading: Reading, absent: frozenset[str]
) -> ImportedPeriod:
    statement = draft.statement()
    problems = [
        *draft.problems,
        *_missing_lines(draft, reading.required, absent),
        *_dates(draft, reading.on),
        *balance_problems(statement),
        *(scale_problems(earlier.statement, statement) if earlier else ()),
        *_formulas(draft),
    ]
    period = draft.period
    return ImportedPeriod(draft.subject, period.end, period.kind, statement, tuple(problems))


def _missing_lines(
    draft: Draft, required: Iterable[str], absent: frozenset[str]
) -> Iterable[Problem]:
    """Required lines that were not stated at all; those stated and unreadable have their own problem."""
    at_fault = {problem.values.get("line") for problem in draft.problems}
    return (
        error("line-missing", line=code)
        for code in required
        if code not in draft.lines and code not in absent and code not in at_fault
    )


def _dates(draft: Draft, on: date | None) -> Iterable[Problem]:
    end, issued = draft.period.end, draft.issued_on
    if on is not None and end > on:
        yield error("period-in-future", period_end=end)
    if issued is not None and issued < end:
        yield error("issued-before-period-end", issued_on=issued, period_end=end)
    if issued is not None and on is not None and issued > on:
        yield error("issued-in-future", issued_on=issued)


def _formulas(draft: Draft) -> Iterable[Problem]:
    if draft.formulas:
        first = draft.formulas[0]
        yield warning(
            "formula-cells",
            first.place,
            count=len(draft.formulas),
            formula=first.formula[:SHOWN],
        )
