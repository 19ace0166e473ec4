"""Statements on file as the values with which ratios are computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import selectinload

from tenor_customers.domain.statements import PeriodKind, Statement
from tenor_customers.records import FinancialStatement
from tenor_sdk import Context
from tenor_sdk.records import as_of


@dataclass(frozen=True)
class Filed:
    """A statement on file.

    Args:
        id: of the record.
        statement: its figures.
        opening: those of the year before, for averages and growth; None where there are none.
    """

    id: int
    statement: Statement
    opening: Statement | None


def filed_statements(ctx: Context, customer_id: int, *, annual: bool = True) -> Sequence[Filed]:
    """The statements of a customer that nothing supersedes, oldest first, as the person may read them.

    Args:
        annual: whole years only.
    """
    statement = (
        as_of(FinancialStatement)
        .where(FinancialStatement.parent_id == customer_id)
        .options(selectinload(FinancialStatement.items))
        .order_by(FinancialStatement.valid_from, FinancialStatement.id)
    )
    if annual:
        statement = statement.where(FinancialStatement.kind == PeriodKind.ANNUAL)
    records = list(ctx.session.scalars(statement))
    values = [value_of(record) for record in records]
    by_end = {(value.kind, value.period_end): value for value in values}
    return [
        Filed(record.id, value, _opening(value, by_end))
        for record, value in zip(records, values, strict=True)
    ]


def _opening(
    value: Statement, by_end: dict[tuple[PeriodKind, date], Statement]
) -> Statement | None:
    before = value.period_end.replace(year=value.period_end.year - 1)
    return by_end.get((value.kind, before))


def value_of(record: FinancialStatement) -> Statement:
    """A statement's figures as a value."""
    return Statement(
        period_end=record.valid_from,
        kind=record.kind,
        currency=record.currency,
        lines={line.code: line.amount for line in record.items},
        assurance=record.assurance,
        issued_on=record.issued_on,
    )


def statement_on(ctx: Context, customer_id: int, statement: Statement) -> FinancialStatement | None:
    """The statement of the same period that is on file and that nothing supersedes."""
    found = (
        as_of(FinancialStatement)
        .where(FinancialStatement.parent_id == customer_id)
        .where(FinancialStatement.valid_from == statement.period_end)
        .where(FinancialStatement.kind == statement.kind)
        .options(selectinload(FinancialStatement.items))
    )
    return ctx.session.scalars(found).first()
