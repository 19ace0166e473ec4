"""Reading the rows below a header into drafts, in either layout."""

from collections.abc import Callable, Iterable, Sequence

from tenor_customers.domain.lines import comparable, line_named
from tenor_customers.domain.problems import Problem, error, warning
from tenor_customers.statement_file.drafts import Draft, Drafts
from tenor_customers.statement_file.figures import read_period
from tenor_customers.statement_file.headers import (
    ASSURANCE,
    ISSUED,
    ITEM,
    About,
    LineHeader,
    PeriodHeader,
    line_header,
)
from tenor_customers.statement_file.options import Reading
from tenor_customers.statement_file.sheets import Cell


class LineTable:
    """One row for each line, one column for each period."""

    def __init__(self, header: LineHeader, drafts: Drafts, reading: Reading) -> None:
        self._drafts = drafts
        self._reading = reading
        self._unnamed: set[str] = set()
        self.touched: list[Draft] = []
        self.problems: list[Problem] = []
        self.rejected: list[Problem] = []
        self._begin(header)

    def _begin(self, header: LineHeader) -> None:
        """Read on under `header`: the first, or that of a further part below, which may order its periods otherwise."""
        self._header = header
        self._columns = {i: self._drafts.of("", period) for i, period in header.periods.items()}
        self.touched.extend(self._columns.values())
        self.rejected.extend(header.rejected)
        for i, draft in self._columns.items():
            if columns := header.repeated.get(header.periods[i]):
                draft.problems.append(error("period-repeated", columns=columns))

    def take(self, cells: Sequence[Cell], about: About) -> None:
        """Read one row."""
        label = cells[self._header.label] if self._header.label < len(cells) else None
        name = label.text if label else ""
        figures = [cell for i in self._columns if i < len(cells) and (cell := cells[i]).filled]
        word = comparable(name)
        if word in ITEM and (header := line_header(cells, self._reading, None)):
            self._begin(header)
        elif word in ASSURANCE:
            self._each(cells, Draft.state_assurance)
        elif word in ISSUED:
            self._each(cells, Draft.state_issued)
        elif line := line_named(name):
            self._take_line(cells, line.code)
        elif figures and not name:
            self.rejected.append(error("line-name-missing", figures[0].place))
        elif figures and label and word not in ("单位", "unit", "币种", "currency"):
            self.problems.append(warning("line-unknown", label.place, found=name[:40]))
        about.note(cells)

    def _each(self, cells: Sequence[Cell], state: Callable[[Draft, Cell], None]) -> None:
        for i, draft in self._columns.items():
            if i < len(cells):
                state(draft, cells[i])

    def _take_line(self, cells: Sequence[Cell], code: str) -> None:
        for i, cell in enumerate(cells):
            if i in self._columns:
                self._columns[i].state(code, cell)
            elif i != self._header.label and i not in self._header.beside and cell.filled:
                self._reject_column(cell)

    def _reject_column(self, cell: Cell) -> None:
        """A figure in a column without a heading: say it once for the column."""
        if cell.place.column not in self._unnamed:
            self._unnamed.add(cell.place.column)
            self.rejected.append(error("column-without-header", cell.place, found=cell.text[:40]))


class PeriodTable:
    """One row for each period, one column for each line."""

    def __init__(self, header: PeriodHeader, drafts: Drafts, reading: Reading) -> None:
        self._header = header
        self._drafts = drafts
        self._reading = reading
        self._rows: dict[int, int] = {}
        self.touched: list[Draft] = []
        self.problems: list[Problem] = list(header.problems)
        self.rejected: list[Problem] = []

    @property
    def headings(self) -> Iterable[str]:
        """The codes of the lines that have a column."""
        return self._header.lines.values()

    def take(self, cells: Sequence[Cell], _about: About) -> None:
        """Read one row."""
        filled = next((cell for cell in cells if cell.filled), None)
        if filled is None or not self._header.lines:
            return
        stated = self._cell(cells, self._header.period)
        period = read_period(stated.value, self._reading.kind) if stated else None
        if period is None:
            found = stated.text[:40] if stated else ""
            self.rejected.append(error("period-unreadable", filled.place, found=found))
            return
        subject = self._cell(cells, self._header.subject)
        draft = self._drafts.of(subject.text if subject else "", period)
        if self._is_repeated(draft, filled):
            return
        self._fill(draft, cells)

    def _is_repeated(self, draft: Draft, cell: Cell) -> bool:
        """Whether this sheet already has a row for the period: neither counts, and both are named."""
        row = cell.place.row or 0
        first = self._rows.setdefault(id(draft), row)
        if first == row:
            self.touched.append(draft)
            return False
        draft.problems.append(error("period-repeated", cell.place, rows=(first, row)))
        return True

    def _fill(self, draft: Draft, cells: Sequence[Cell]) -> None:
        for i, code in self._header.lines.items():
            if cell := self._cell(cells, i):
                draft.state(code, cell)
        if assurance := self._cell(cells, self._header.assurance):
            draft.state_assurance(assurance)
        if issued := self._cell(cells, self._header.issued):
            draft.state_issued(issued)

    @staticmethod
    def _cell(cells: Sequence[Cell], column: int | None) -> Cell | None:
        return cells[column] if column is not None and column < len(cells) else None
