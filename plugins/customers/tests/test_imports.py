"""Statements taken over from files."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from tenor_customers.demo_files import demo_uscc, us_statements_csv, zeyuan_workbook
from tenor_customers.imports import StatementUpload, import_statements
from tenor_customers.public import (
    Assurance,
    Customer,
    FinancialStatement,
    PeriodKind,
    Statement,
    add_customer,
    filed_statements,
    ratios,
    record_statement,
)
from tenor_customers.sheets import (
    dossier_gaps,
    preview_of_import,
    statement_table,
    statements_side_by_side,
)
from tenor_sdk import Amount, Forbidden, Invalid
from tenor_sdk.files import Upload
from tenor_sdk.records import as_of
from tenor_sdk.testing import Institution, as_actor
from tenor_sdk.views import Cell

MANAGER = "lin.xiaowen"


@pytest.fixture
def zeyuan(institution: Institution) -> int:
    with as_actor(institution, MANAGER) as ctx:
        return add_customer(ctx, "泽远精密制造股份有限公司", demo_uscc(1)).id


def take(institution: Institution, customer: int, upload: StatementUpload, **acting: Any) -> str:
    with as_actor(institution, MANAGER, **acting) as ctx:
        return str(import_statements(ctx, ctx.session.get_one(Customer, customer), upload))


def upload(content: bytes, name: str = "zeyuan_2023-2025.xlsx", **more: Any) -> StatementUpload:
    return StatementUpload(Upload(name, content), **more)


def refusal(institution: Institution, customer: int, given: StatementUpload) -> tuple[str, Invalid]:
    """The field at fault, and its error."""
    with pytest.raises(Invalid) as refused:
        take(institution, customer, given)
    (field, error), *_others = refused.value.fields.items()
    assert isinstance(error, Invalid)
    return field, error


def workbook(*rows: Sequence[object], about: str = "单位：万元") -> bytes:
    book, raw = Workbook(), BytesIO()
    assert book.active is not None
    for row in ([about], *rows):
        book.active.append(list(row))
    book.save(raw)
    return raw.getvalue()


HEAD = ["年度", "资产总计", "负债合计", "所有者权益合计", "营业收入", "净利润"]
YEAR = ["2025-12-31", 100, 60, 40, 80, 5]


# -- what is right -----------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_three_years_come_from_the_workbook_with_their_source(
    institution: Institution, zeyuan: int
) -> None:
    told = take(institution, zeyuan, upload(zeyuan_workbook()))
    assert told == "3 periods recorded, 0 unchanged, 0 left out"
    with as_actor(institution, MANAGER, write=False) as ctx:
        filed = filed_statements(ctx, zeyuan)
        on_file = [
            (each.file_id, each.known_on)
            for each in ctx.session.scalars(select(FinancialStatement))
        ]
    assert [each.statement.period_end.year for each in filed] == [2023, 2024, 2025]
    assert {each.statement.assurance for each in filed} == {Assurance.AUDITED}
    assert filed[-1].statement.issued_on == date(2026, 4, 20)
    assert all(file_id and known_on == date(2026, 6, 30) for file_id, known_on in on_file)


def test_the_ratios_of_the_newest_year_come_out(institution: Institution, zeyuan: int) -> None:
    take(institution, zeyuan, upload(zeyuan_workbook()))
    with as_actor(institution, MANAGER, write=False) as ctx:
        newest = filed_statements(ctx, zeyuan)[-1]
        found = ratios(newest.statement, newest.opening)
    assert found["debt_to_assets"].value == pytest.approx(0.6)
    assert round(float(found["receivables_turnover"].value or 0), 2) == 4.20


@pytest.mark.both_databases
def test_real_statements_are_taken_for_the_company_that_is_named(institution: Institution) -> None:
    with as_actor(institution, MANAGER) as ctx:
        customer = add_customer(ctx, "美港航材", demo_uscc(58), currency="USD").id
    given = upload(
        us_statements_csv(), "us_statements.csv", unit="MILLION", company="C_1", without_equity=True
    )
    told = take(institution, customer, given)
    assert told == "19 periods recorded, 0 unchanged, 0 left out"
    with as_actor(institution, MANAGER, write=False) as ctx:
        first = filed_statements(ctx, customer)[0].statement
    assert first.lines["total_assets"] == Amount.of("740998000.00", "USD")


def test_the_same_file_again_changes_nothing(institution: Institution, zeyuan: int) -> None:
    take(institution, zeyuan, upload(zeyuan_workbook()))
    again = take(institution, zeyuan, upload(zeyuan_workbook()))
    assert again == "0 periods recorded, 3 unchanged, 0 left out"


@pytest.mark.both_databases
def test_a_correction_supersedes_and_the_first_can_still_be_read(
    institution: Institution, zeyuan: int
) -> None:
    first = workbook(HEAD, YEAR)
    later = workbook(HEAD, [*YEAR[:4], 90, 6])
    take(institution, zeyuan, upload(first), on=date(2026, 5, 1))
    take(institution, zeyuan, upload(later))
    with as_actor(institution, MANAGER, write=False) as ctx:
        now = ctx.session.scalars(as_of(FinancialStatement)).one()
        then = ctx.session.scalars(as_of(FinancialStatement, known=date(2026, 5, 31))).one()
        assert now.supersedes_id == then.id
        assert len(ctx.session.scalars(select(FinancialStatement)).all()) == 2


def test_each_axis_of_time_is_asked_by_itself(institution: Institution, zeyuan: int) -> None:
    take(institution, zeyuan, upload(zeyuan_workbook()))
    with as_actor(institution, MANAGER, write=False) as ctx:
        issued = as_of(FinancialStatement, issued=date(2026, 3, 31))
        known = as_of(FinancialStatement, known=date(2026, 3, 31))
        assert len(ctx.session.scalars(issued).all()) == 2
        assert ctx.session.scalars(known).all() == []


# -- what is wrong -----------------------------------------------------------------------------------------------------


def test_the_dry_run_says_of_each_period_whether_it_is_taken(
    institution: Institution, zeyuan: int
) -> None:
    with as_actor(institution, MANAGER, write=False) as ctx:
        customer = ctx.session.get_one(Customer, zeyuan)
        table = preview_of_import(ctx, customer, upload(zeyuan_workbook(balanced=False)))[0]
    results = [row[1] for row in table.rows]
    assert [str(each.value) for each in results if isinstance(each, Cell)] == [
        "taken", "taken", "left out",
    ]  # fmt: skip
    assert "difference=100" in str(table.rows[2][4])


def test_an_unbalanced_period_stays_out_and_the_others_come_in(
    institution: Institution, zeyuan: int
) -> None:
    told = take(institution, zeyuan, upload(zeyuan_workbook(balanced=False)))
    assert told == "2 periods recorded, 0 unchanged, 1 left out"


def test_a_file_without_a_right_period_says_by_how_much_it_does_not_balance(
    institution: Institution, zeyuan: int
) -> None:
    wrong = workbook(HEAD, ["2025-12-31", 100, 60, 39, 80, 5])
    field, error = refusal(institution, zeyuan, upload(wrong))
    assert (field, error.key) == ("file", "statement-unbalanced")
    assert (error.values["difference"], str(error.values["unit"])) == ("1", "ten thousand yuan")


def test_a_missing_column_is_named(institution: Institution, zeyuan: int) -> None:
    wrong = workbook(HEAD[:5], YEAR[:5])
    field, error = refusal(institution, zeyuan, upload(wrong))
    assert (field, error.key, str(error.values["column"])) == (
        "file",
        "column-missing",
        "Net profit",
    )


def test_a_repeated_column_is_named(institution: Institution, zeyuan: int) -> None:
    wrong = workbook([*HEAD, "营业收入"], [*YEAR, 81])
    _field, error = refusal(institution, zeyuan, upload(wrong))
    assert (error.key, str(error.values["column"])) == ("column-repeated", "Revenue")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("statements.csv", zeyuan_workbook()),
        ("statements.xlsx", b"year,total_assets\n2025,1\n"),
        ("statements.xlsx", b"%PDF-1.7 not a workbook"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    institution: Institution, zeyuan: int, name: str, content: bytes
) -> None:
    _field, error = refusal(institution, zeyuan, upload(content, name))
    assert error.key == "file-is-not-what-it-says"


def test_an_amount_finer_than_a_fen_is_refused(institution: Institution, zeyuan: int) -> None:
    wrong = workbook(HEAD, ["2025-12-31", "100.001", 60, "40.001", 80, 5], about="单位：元")
    _field, error = refusal(institution, zeyuan, upload(wrong))
    assert error.key == "number-too-precise"


def test_a_file_without_a_unit_asks_for_it(institution: Institution, zeyuan: int) -> None:
    silent = workbook(HEAD, YEAR, about="报表")
    assert refusal(institution, zeyuan, upload(silent))[1].key == "unit-missing"
    assert "1 periods recorded" in take(institution, zeyuan, upload(silent, unit="TEN_THOUSAND"))


def test_figures_of_several_companies_are_never_taken_for_one(institution: Institution) -> None:
    with as_actor(institution, MANAGER) as ctx:
        customer = add_customer(ctx, "美港航材", demo_uscc(58), currency="USD").id
    common: dict[str, Any] = {
        "name": "us_statements.csv",
        "unit": "MILLION",
        "without_equity": True,
    }
    field, error = refusal(institution, customer, upload(us_statements_csv(), **common))
    assert (field, error.key) == ("company", "several-companies")
    field, error = refusal(
        institution, customer, upload(us_statements_csv(), **common, company="C_99")
    )
    assert (field, error.key) == ("company", "company-not-in-file")


def test_a_file_without_equity_is_taken_only_when_that_is_said(institution: Institution) -> None:
    with as_actor(institution, MANAGER) as ctx:
        customer = add_customer(ctx, "美港航材", demo_uscc(58), currency="USD").id
    given = upload(us_statements_csv(), "us_statements.csv", unit="MILLION", company="C_1")
    _field, error = refusal(institution, customer, given)
    assert (error.key, str(error.values["column"])) == ("column-missing", "Total equity")


# -- who ---------------------------------------------------------------------------------------------------------------


def statement(currency: str = "CNY") -> Statement:
    return Statement(date(2025, 12, 31), PeriodKind.ANNUAL, currency, {"total_assets": Amount(100)})


def test_who_may_only_read_a_customer_records_no_statement(
    institution: Institution, zeyuan: int
) -> None:
    with pytest.raises(Forbidden), as_actor(institution, "zhou.qiming") as ctx:
        record_statement(ctx, ctx.session.get_one(Customer, zeyuan), statement())


def test_a_statement_in_another_currency_is_refused(institution: Institution, zeyuan: int) -> None:
    with pytest.raises(Invalid) as refused, as_actor(institution, MANAGER) as ctx:
        record_statement(ctx, ctx.session.get_one(Customer, zeyuan), statement("USD"))
    assert refused.value.key == "currency-differs"


@pytest.mark.both_databases
def test_figures_on_file_are_never_changed_nor_added_to(
    institution: Institution, zeyuan: int
) -> None:
    take(institution, zeyuan, upload(workbook(HEAD, YEAR)))
    with pytest.raises(Exception) as refused, as_actor(institution, MANAGER) as ctx:  # noqa: PT011 -- asserted below
        ctx.session.scalars(select(FinancialStatement)).one().items[0].amount = Amount(1)
        ctx.session.flush()
    assert getattr(refused.value, "key", "") == "append-only"


# -- on the page -------------------------------------------------------------------------------------------------------


def test_lines_that_no_year_states_are_left_out(institution: Institution) -> None:
    with as_actor(institution, MANAGER) as ctx:
        customer = add_customer(ctx, "美港航材", demo_uscc(58), currency="USD").id
    given = upload(
        us_statements_csv(), "us_statements.csv", unit="MILLION", company="C_1", without_equity=True
    )
    take(institution, customer, given)
    with as_actor(institution, MANAGER, write=False) as ctx:
        amounts, _ratios = statements_side_by_side(ctx, ctx.session.get_one(Customer, customer))
    assert "Total equity" not in [str(row[0]) for row in amounts.rows]
    assert "Revenue" in [str(row[0]) for row in amounts.rows]


def test_a_fall_of_revenue_is_adverse_and_a_fall_of_cost_is_not(
    institution: Institution, zeyuan: int
) -> None:
    head = [*HEAD, "营业成本"]
    before, after = ["2024-12-31", 100, 60, 40, 80, 5, 70], ["2025-12-31", 100, 60, 40, 60, 5, 50]
    take(institution, zeyuan, upload(workbook(head, before, after)))
    with as_actor(institution, MANAGER, write=False) as ctx:
        amounts, _ratios = statements_side_by_side(ctx, ctx.session.get_one(Customer, zeyuan))
    moved: dict[str, Any] = {str(row[0]): row[-1] for row in amounts.rows}
    assert (moved["Revenue"].value, moved["Revenue"].tone) == ("▼ 25.0%", "adverse")
    assert moved["Cost of sales"].tone == ""
    assert moved["Total assets"].value == "0.0%"


def test_a_page_of_a_statement_shows_its_parts(institution: Institution, zeyuan: int) -> None:
    take(institution, zeyuan, upload(zeyuan_workbook()))
    with as_actor(institution, MANAGER, write=False) as ctx:
        newest = ctx.session.scalars(as_of(FinancialStatement)).all()[-1]
        parts = statement_table(ctx, newest)
    assert [str(part.caption) for part in parts] == [
        "Balance sheet", "Income statement", "Cash flow statement",
    ]  # fmt: skip


def test_a_dossier_says_what_it_lacks(institution: Institution, zeyuan: int) -> None:
    with as_actor(institution, MANAGER, write=False) as ctx:
        before = dossier_gaps(ctx, ctx.session.get_one(Customer, zeyuan))
    take(institution, zeyuan, upload(zeyuan_workbook()))
    with as_actor(institution, MANAGER, write=False) as ctx:
        after = dossier_gaps(ctx, ctx.session.get_one(Customer, zeyuan))
    assert (str(before.caption), str(after.caption)) == ("0 of 10", "1 of 10")


def test_legal_reads_no_figures_of_a_customer(institution: Institution, zeyuan: int) -> None:
    take(institution, zeyuan, upload(zeyuan_workbook()))
    with as_actor(institution, "xu.min", write=False) as ctx:
        assert ctx.session.scalars(select(FinancialStatement.id)).all() == []
    with as_actor(institution, "zhou.qiming", write=False) as ctx:
        assert len(ctx.session.scalars(select(FinancialStatement.id)).all()) == 3
