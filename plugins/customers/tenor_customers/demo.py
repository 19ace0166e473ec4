"""Customers of the demo bank, with their statements: played by the services that staff use."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files
from typing import Any, Final

from tenor_customers.demo_files import demo_uscc, us_statements_csv, zeyuan_workbook
from tenor_customers.domain.identifiers import identity_check_character
from tenor_customers.domain.statements import Assurance, PeriodKind, Statement
from tenor_customers.imports import StatementUpload, import_statements
from tenor_customers.records import Customer
from tenor_customers.services import add_customer, record_statement
from tenor_sdk import Amount, Context
from tenor_sdk.custom_fields import add_custom_field, set_custom_fields
from tenor_sdk.demo import Stage, demo
from tenor_sdk.external_ids import set_external_id
from tenor_sdk.files import Upload

#: when the statements of the demo's other customers came in
CAME_IN: Final = date(2026, 5, 12)
ISSUED: Final = (4, 24)
YEARS: Final = (2023, 2024, 2025)
_SHARES_OF_ASSETS: Final = {
    "cash": "0.09",
    "accounts_receivable": "0.19",
    "prepayments": "0.02",
    "inventory": "0.15",
}


@demo()
def customers(stage: Stage) -> None:
    """The cast and two dozen others, each of the relationship manager who looks after it."""
    with stage.as_("ding.ning", on=CAME_IN) as ctx:
        _define_fields(ctx)
    for facts in demo_customers():
        with stage.as_(facts["manager"], on=CAME_IN) as ctx:
            customer = _add(ctx, facts)
            if "figures" in facts:
                for statement in computed_statements(facts["figures"]):
                    record_statement(ctx, customer, statement)
            if "us" in facts:
                _import_us(ctx, customer, facts["us"])
    with stage.as_("lin.xiaowen", on=CAME_IN) as ctx:
        _import_zeyuan(ctx)


def _define_fields(ctx: Context) -> None:
    """What this bank wants to know of a customer beyond what every lender does."""
    add_custom_field(
        ctx, Customer, "listed_at", "choice", "上市地", label_en="Listed at", searched=True, place=10,
        choices=[
            ("sse", "上海证券交易所", "Shanghai"), ("szse", "深圳证券交易所", "Shenzhen"),
            ("bse", "北京证券交易所", "Beijing"), ("abroad", "境外", "Abroad"),
        ],
    )  # fmt: skip
    add_custom_field(
        ctx, Customer, "payroll_here", "boolean", "在本行代发工资", label_en="Payroll runs through us", place=20
    )  # fmt: skip


def demo_customers() -> list[dict[str, Any]]:
    """The customers of ``demo_data/customers.toml``, in its order."""
    text = (files("tenor_customers") / "demo_data" / "customers.toml").read_text("utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["customer"]
    return found


def demo_identity_number(born: str, serial: int) -> str:
    """A valid identity number of somebody who can't exist: of the region 990000."""
    body = f"990000{born}{serial % 1000:03d}"
    return body + identity_check_character(body)


def _add(ctx: Context, facts: Mapping[str, Any]) -> Customer:
    currency = facts.get("currency", "CNY")
    customer = add_customer(
        ctx,
        facts["name"],
        demo_uscc(facts["serial"]),
        industry=facts["industry"],
        region=facts["region"],
        currency=currency,
        registered_capital=Amount.of(facts["capital"], currency),
        established_on=facts["established"],
        address=facts["address"],
        business_scope=facts["scope"],
        representative=facts["representative"],
        representative_number=demo_identity_number(facts["born"], int(facts["born"][-3:])),
        representative_phone=f"1990000{facts['serial']:04d}",
    )
    own = {"listed_at": "abroad"} if "us" in facts else {"payroll_here": facts["serial"] % 3 == 1}
    set_custom_fields(ctx, customer, own)
    set_external_id(ctx, customer, "core-banking", f"8801{facts['serial']:06d}")
    return customer


def _import_zeyuan(ctx: Context) -> None:
    from sqlalchemy import select

    customer = ctx.session.scalars(
        select(Customer).where(Customer.credit_code == demo_uscc(1))
    ).one()
    file = Upload("zeyuan_2023-2025.xlsx", zeyuan_workbook())
    import_statements(ctx, customer, StatementUpload(file))


def _import_us(ctx: Context, customer: Customer, company: str) -> None:
    file = Upload("us_statements.csv", us_statements_csv())
    import_statements(
        ctx,
        customer,
        StatementUpload(file, unit="MILLION", company=company, without_equity=True),
    )


# -- statements from a few figures -------------------------------------------------------------------------------------


def computed_statements(figures: Mapping[str, str]) -> list[Statement]:
    """Statements of 2023 to 2025 from a profile of 2025: each balances, and profits tie the years' equity together.

    Args:
        figures: ``assets`` and ``revenue`` in 万元; of 2025 the shares ``debt`` (of assets), ``growth`` (of revenue),
            ``gross`` and ``net`` (of revenue), ``cash`` (operating cash flow to liabilities); ``better``: how much
            more of its revenue it kept in each year before, where it went downhill.
    """
    profile = {key: Decimal(value) for key, value in figures.items()}
    equity = _whole(profile["assets"] * (1 - profile["debt"]))
    paid_in = _whole(equity * Decimal("0.4"))
    revenue, made = profile["revenue"], []
    for year in reversed(YEARS):
        lines = _lines(_of_year(profile, YEARS[-1] - year), revenue, equity, paid_in)
        made.append(_statement(year, lines))
        equity -= lines["net_profit"]  # nothing is paid out
        revenue /= 1 + profile["growth"]
    return made[::-1]


def _of_year(profile: Mapping[str, Decimal], back: int) -> dict[str, Decimal]:
    """The profile some years before: a little more debt, a little less margin and cash, unless it went downhill."""
    better = profile.get("better", Decimal("-0.003"))
    return {
        **profile,
        "debt": profile["debt"] - back * better * Decimal("2.5"),
        "gross": profile["gross"] + back * better,
        "net": profile["net"] + back * better / 2,
        "cash": profile["cash"] + back * better * 2,
    }


def _lines(
    profile: Mapping[str, Decimal], turnover: Decimal, equity: Decimal, paid_in: Decimal
) -> dict[str, Decimal]:
    """The lines of one year in whole 万元."""
    revenue = _whole(turnover)
    liabilities = _whole(equity * profile["debt"] / (1 - profile["debt"]))
    assets = liabilities + equity
    parts = {code: _whole(assets * Decimal(share)) for code, share in _SHARES_OF_ASSETS.items()}
    current_liabilities = _whole(liabilities * Decimal("0.58"))
    net = _whole(revenue * profile["net"])
    before_tax = _whole(net / Decimal("0.75")) if net > 0 else net
    return {
        **parts,
        "current_assets": sum(parts.values(), Decimal(0)),
        "non_current_assets": assets - sum(parts.values(), Decimal(0)),
        "total_assets": assets,
        "accounts_payable": _whole(current_liabilities * Decimal("0.3")),
        "advances_received": _whole(current_liabilities * Decimal("0.05")),
        "current_liabilities": current_liabilities,
        "non_current_liabilities": liabilities - current_liabilities,
        "total_liabilities": liabilities,
        "paid_in_capital": paid_in,
        "retained_earnings": equity - paid_in,
        "total_equity": equity,
        "revenue": revenue,
        "cost_of_sales": revenue - _whole(revenue * profile["gross"]),
        "interest_expense": _whole(liabilities * Decimal("0.025")),
        "profit_before_tax": before_tax,
        "income_tax": before_tax - net,
        "net_profit": net,
        "operating_cash_flow": _whole(liabilities * profile["cash"]),
    }


def _statement(year: int, lines: Mapping[str, Decimal]) -> Statement:
    return Statement(
        period_end=date(year, 12, 31),
        kind=PeriodKind.ANNUAL,
        currency="CNY",
        lines={code: Amount.of(figure * 10_000) for code, figure in lines.items()},
        assurance=Assurance.AUDITED,
        issued_on=date(year + 1, *ISSUED),
    )


def _whole(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), ROUND_HALF_UP)
