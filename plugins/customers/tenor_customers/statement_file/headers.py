"""Finding the header of a sheet, and what stands above it: which layout it is, its unit and currency."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from tenor_customers.domain.lines import comparable, line_named
from tenor_customers.domain.problems import Place, Problem, error, warning
from tenor_customers.domain.statements import Unit
from tenor_customers.statement_file.figures import (
    StatedPeriod,
    read_currency,
    read_period,
    read_unit,
)
from tenor_customers.statement_file.options import Reading
from tenor_customers.statement_file.sheets import Cell

HEADER_WITHIN = 30
"""A header must stand within so many rows of a sheet's top."""


def _words(*names: str) -> frozenset[str]:
    return frozenset(comparable(name) for name in names)


ITEM = _words(
    "项目", "科目", "报表项目", "指标", "项目名称", "资产", "item", "line item", "line", "account"
)
PERIOD = _words(
    "年份",
    "年度",
    "期间",
    "报告期",
    "会计期间",
    "截止日期",
    "报表日期",
    "period end",
    "period",
    "year",
)
SUBJECT = _words("公司", "公司名称", "企业名称", "客户名称", "客户", "company", "customer")
ASSURANCE = _words("审计情况", "是否审计", "审计意见", "审计", "audited", "audit", "assurance")
ISSUED = _words(
    "签发日期", "报告日期", "披露日期", "出具日期", "报出日期", "issued", "issued on", "issue date"
)
BESIDE = _words("行次", "附注", "备注", "序号", "note", "notes", "remarks", "status")
"""Columns that belong to such a table and hold no figures."""

_ABOUT = re.compile(r"(?:^|(?<=\s)|金额|货币)(单位|币种|unit|currency)\s*:\s*", re.IGNORECASE)


@dataclass(slots=True)
class About:
    """What a sheet says of all its figures."""

    unit: Unit | None = None
    currency: str | None = None
    problems: list[Problem] = field(default_factory=list)

    def note(self, cells: Sequence[Cell]) -> None:
        """Take unit and currency from a row, within a cell (单位:万元 币种:人民币) or in two (单位 | 万元)."""
        filled = [cell for cell in cells if cell.filled]
        for cell in filled:
            for word, value in _declared(cell.text):
                self._take(word, value, cell.place)
        if len(filled) > 1 and comparable(filled[0].text) in ("单位", "unit", "币种", "currency"):
            self._take(comparable(filled[0].text), filled[1].text, filled[1].place)

    def _take(self, word: str, value: str, place: Place) -> None:
        if word in ("单位", "unit"):
            self._take_unit(value, place)
        else:
            self._take_currency(value, place)

    def _take_unit(self, value: str, place: Place) -> None:
        found = read_unit(value)
        if found is None:
            self.problems.append(error("unit-unknown", place, found=value[:40]))
        elif self.unit not in (None, found):
            self.problems.append(error("unit-differs", place, found=value[:40]))
        else:
            self.unit = found

    def _take_currency(self, value: str, place: Place) -> None:
        found = read_currency(value)
        if found is None:
            self.problems.append(error("currency-unknown", place, found=value[:40]))
        elif self.currency not in (None, found):
            self.problems.append(error("currency-differs", place, found=value[:40]))
        else:
            self.currency = found

    def settled(self, sheet: str, reading: Reading) -> tuple[Unit | None, str]:
        """Unit and currency of the sheet, after its last row; a missing or contradictory one is noted."""
        place = Place(sheet)
        if self.unit is None and reading.unit is None:
            self.problems.append(error("unit-missing", place))
        if self.unit and reading.unit and self.unit is not reading.unit:
            self.problems.append(error("unit-differs", place, found=self.unit.name))
        return self.unit or reading.unit, self.currency or reading.currency


def _declared(text: str) -> list[tuple[str, str]]:
    """The pairs of word and value in a text such as 单位:万元 币种:人民币."""
    pieces = _ABOUT.split(unicodedata.normalize("NFKC", text))
    words, values = pieces[1::2], pieces[2::2]
    return [
        (word.lower(), value.strip().strip(";,)("))
        for word, value in zip(words, values, strict=True)
    ]


# --- one row for each line -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LineHeader:
    """Columns (from 0) of a table with a row for each line: the names', and each period's."""

    label: int
    periods: dict[int, StatedPeriod]
    beside: frozenset[int]
    repeated: dict[StatedPeriod, tuple[str, ...]]
    rejected: tuple[Problem, ...]


def line_header(cells: Sequence[Cell], reading: Reading, label: int | None) -> LineHeader | None:
    """The header in this row, if it is one. `label`: the column of the names, where the row above said it."""
    filled = [i for i, cell in enumerate(cells) if cell.filled]
    named = next((i for i in filled if comparable(cells[i].text) in ITEM), label)
    periods = {i: p for i in filled if (p := read_period(cells[i].value, reading.kind))}
    if not periods or (named is None and (filled[0] == 0 or cells[0].filled)):
        return None
    return _line_header(cells, named or 0, periods)


def item_column(cells: Sequence[Cell]) -> int | None:
    """The column whose heading says that line names stand below it, in a header of two merged rows."""
    return next((i for i, cell in enumerate(cells) if comparable(cell.text) in ITEM), None)


def _line_header(cells: Sequence[Cell], label: int, periods: dict[int, StatedPeriod]) -> LineHeader:
    beside = frozenset(i for i, cell in enumerate(cells) if comparable(cell.text) in BESIDE)
    columns: dict[StatedPeriod, tuple[str, ...]] = {}
    for i, period in periods.items():
        columns[period] = (*columns.get(period, ()), cells[i].place.column)
    first = {i: p for i, p in periods.items() if cells[i].place.column == columns[p][0]}
    known = {label, *periods, *beside}
    rejected = tuple(
        error("period-unreadable", cell.place, found=cell.text[:40])
        for i, cell in enumerate(cells)
        if i not in known and cell.filled
    )
    again = frozenset(periods) - frozenset(first)
    at_fault = frozenset(i for i, cell in enumerate(cells) if i not in known and cell.filled)
    repeated = {period: where for period, where in columns.items() if len(where) > 1}
    return LineHeader(label, first, beside | again | at_fault, repeated, rejected)


# --- one row for each period -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PeriodHeader:
    """Columns (from 0) of a table with a row for each period."""

    period: int
    lines: dict[int, str]
    subject: int | None = None
    assurance: int | None = None
    issued: int | None = None
    problems: tuple[Problem, ...] = ()


def period_header(cells: Sequence[Cell]) -> PeriodHeader | None:
    """The header in this row, if at least two of its cells name lines and one the period.

    Lines without a period's column give a header whose only problem is ``column-missing``.
    """
    lines = {i: line.code for i, cell in enumerate(cells) if (line := line_named(cell.text))}
    if len(lines) < 2:
        return None
    roles = {
        role: [i for i, cell in enumerate(cells) if comparable(cell.text) in words]
        for role, words in _ROLES.items()
    }
    if not roles["period_end"]:
        problem = error("column-missing", cells[0].place, column="period_end")
        return PeriodHeader(0, {}, problems=(problem,)) if len(lines) > 2 else None
    first = {role: found[0] if found else None for role, found in roles.items()}
    return PeriodHeader(
        roles["period_end"][0],
        lines,
        first["subject"],
        first["assurance"],
        first["issued_on"],
        (*_repeated_columns(cells, lines, roles), *_unknown_columns(cells, lines, roles)),
    )


_ROLES = {"period_end": PERIOD, "subject": SUBJECT, "assurance": ASSURANCE, "issued_on": ISSUED}


def _repeated_columns(
    cells: Sequence[Cell], lines: dict[int, str], roles: dict[str, list[int]]
) -> list[Problem]:
    """Columns for one and the same thing: which of them counts is not ours to guess."""
    columns: dict[str, list[int]] = {role: list(found) for role, found in roles.items()}
    for i, code in lines.items():
        columns.setdefault(code, []).append(i)
    return [
        error(
            "column-repeated",
            cells[found[1]].place,
            column=what,
            columns=tuple(cells[i].place.column for i in found),
        )
        for what, found in columns.items()
        if len(found) > 1
    ]


def _unknown_columns(
    cells: Sequence[Cell], lines: dict[int, str], roles: dict[str, list[int]]
) -> list[Problem]:
    known = {*lines, *(i for found in roles.values() for i in found)}
    return [
        warning("column-unknown", cell.place, found=cell.text[:40])
        for i, cell in enumerate(cells)
        if cell.filled and i not in known and comparable(cell.text) not in BESIDE
    ]
