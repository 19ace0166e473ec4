"""From the bytes of a file to its periods."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from tenor_customers.domain.problems import Place, Problem, Value, error
from tenor_customers.statement_file.drafts import Drafts
from tenor_customers.statement_file.headers import (
    HEADER_WITHIN,
    About,
    item_column,
    line_header,
    period_header,
)
from tenor_customers.statement_file.options import Reading
from tenor_customers.statement_file.result import ImportedPeriod, StatementFile
from tenor_customers.statement_file.sheets import Cell, Sheet, read_sheets
from tenor_customers.statement_file.tables import LineTable, PeriodTable
from tenor_sdk.sheets import UnreadableFile

Table = LineTable | PeriodTable


@dataclass(slots=True)
class _Reader:
    """What has been gathered from the sheets so far."""

    reading: Reading
    drafts: Drafts
    problems: list[Problem] = field(default_factory=list)
    rejected: list[Problem] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    without_periods: Place | None = None

    def take(self, sheet: Sheet) -> None:
        """Read one sheet; one without a header (a cover, notes) is passed over."""
        self.problems.extend(sheet.problems)
        about = About()
        table = self._table(sheet.rows, about)
        if table is None:
            return
        self.tables.append(table)
        for cells in sheet.rows:
            table.take(cells, about)
        unit, currency = about.settled(sheet.name, self.reading)
        if unit is not None:
            for draft in table.touched:
                draft.convert(unit, currency)
        self.problems.extend((*about.problems, *table.problems))
        self.rejected.extend(table.rejected)

    def _table(self, rows: Iterator[list[Cell]], about: About) -> Table | None:
        """Go down to the header, noting what stands above it."""
        label = None
        for number, cells in enumerate(rows, start=1):
            if by_period := period_header(cells):
                return PeriodTable(by_period, self.drafts, self.reading)
            if by_line := line_header(cells, self.reading, label):
                return LineTable(by_line, self.drafts, self.reading)
            label = item_column(cells)
            if label is not None:
                self.without_periods = cells[label].place
            about.note(cells)
            if number >= HEADER_WITHIN:
                break
        return None

    def absent(self) -> frozenset[str]:
        """Required lines that have no column anywhere, where every table has a row for each period."""
        if not self.tables or any(isinstance(table, LineTable) for table in self.tables):
            return frozenset()
        present = {
            code
            for table in self.tables
            if isinstance(table, PeriodTable)
            for code in table.headings
        }
        return frozenset(self.reading.required) - present if present else frozenset()


def read_statements(content: bytes, name: str, reading: Reading | None = None) -> StatementFile:
    """A dry run over a file of statements: every period in it, each ok or with its problems. Never raises for what
    a file holds.

    Args:
        content: the file's bytes.
        name: the name under which it was sent; it must not claim another kind of file than the bytes are.
        reading: what to assume where the file is silent (see `Reading`).

    Keys of problems that make the file unreadable: those of ``tenor_sdk.sheets.open_sheets``:
    ``workbook-damaged``, ``encoding-unknown``, ``csv-damaged``, ``too-many-rows``, ``too-many-columns``,
    ``header-not-found``, ``period-columns-missing``, ``column-missing``, ``column-repeated``, ``unit-missing``,
    ``unit-unknown``, ``unit-differs``, ``currency-unknown``, ``currency-differs``. Of a row or column of no period:
    ``period-unreadable``, ``column-without-header``, ``line-name-missing``. Of a period: ``period-repeated``,
    ``period-in-future``, ``line-repeated``, ``line-missing``, ``number-unreadable``, ``number-too-precise``,
    ``number-too-large``, ``formula-without-value``, ``assurance-unknown``, ``issued-unreadable``,
    ``issued-before-period-end``, ``issued-in-future``, ``statement-unbalanced``. Warnings: ``sheet-hidden``,
    ``line-unknown``, ``column-unknown``, ``formula-cells``, ``balance-not-checkable``, ``subtotal-differs``,
    ``scale-suspicious``.
    """
    reading = reading or Reading()
    reader = _Reader(reading, Drafts(reading))
    try:
        for sheet in read_sheets(content, name, reading.limits):
            reader.take(sheet)
    except UnreadableFile as why:
        return StatementFile(problems=(_unreadable(why),))
    return _result(reader) if reader.tables else _without_table(reader)


def _unreadable(why: UnreadableFile) -> Problem:
    """What is wrong with a file that can't be read at all, as a problem."""
    values = cast("Mapping[str, Value]", why.values)
    row = values.get("row")
    return error(why.key, Place(row=row) if isinstance(row, int) else None, **values)


def _without_table(reader: _Reader) -> StatementFile:
    """A file in which no table was recognised: a heading of line names without periods beside it says more."""
    key = "period-columns-missing" if reader.without_periods else "header-not-found"
    return StatementFile(problems=(*reader.problems, error(key, reader.without_periods)))


def _result(reader: _Reader) -> StatementFile:
    absent = reader.absent()
    missing = [error("column-missing", column=code) for code in sorted(absent)]
    most = reader.reading.limits.problems
    periods = reader.drafts.finished(absent)
    file_problems = (*reader.problems, *missing)
    counts = (len(file_problems), len(reader.rejected), *(len(p.problems) for p in periods))
    return StatementFile(
        tuple(_cut_period(period, most) for period in periods),
        _cut(file_problems, most),
        _cut(reader.rejected, most),
        truncated=max(counts) > most,
    )


def _cut_period(period: ImportedPeriod, most: int) -> ImportedPeriod:
    return replace(period, problems=_cut(period.problems, most))


def _cut(problems: Iterable[Problem], most: int) -> tuple[Problem, ...]:
    """The first `most` problems, those that block before the others: a cut must not make anything look right."""
    return tuple(sorted(problems, key=lambda problem: not problem.blocks)[:most])
