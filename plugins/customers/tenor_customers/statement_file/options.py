"""What the reader may assume and how much it may take."""

from dataclasses import dataclass
from datetime import date

from tenor_customers.domain.statements import Assurance, PeriodKind, Unit
from tenor_sdk import sheets

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits(sheets.Limits):
    """Bounds on a file of statements, closer than those on any file of rows.

    Args:
        problems: reported for one period, and for the file; further ones are cut, errors last.
    """

    file_bytes: int = 10 * MIB
    unpacked_bytes: int = 32 * MIB
    members: int = 500
    rows: int = 50_000
    columns: int = 200
    problems: int = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """What to assume where the file is silent; a file that says otherwise is a problem, never overruled.

    Args:
        unit: the unit of its amounts; None: the file must say (a guess would be off by ten thousand).
        currency: ISO 4217.
        kind: annual or quarter; None: by the period's end (December is annual).
        assurance: who stands behind the figures.
        required: codes of lines without which a period is not taken.
        on: the business date, after which no period may end; None: not checked.
        limits: see `Limits`.
    """

    unit: Unit | None = None
    currency: str = "CNY"
    kind: PeriodKind | None = None
    assurance: Assurance = Assurance.MANAGEMENT
    required: tuple[str, ...] = (
        "total_assets",
        "total_liabilities",
        "total_equity",
        "revenue",
        "net_profit",
    )
    on: date | None = None
    limits: Limits = Limits()
