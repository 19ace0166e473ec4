import pytest

from tenor_customers.domain.lines import comparable, known_lines, line_named


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("资产总计", "total_assets"),
        ("一、营业总收入", "revenue"),
        ("减：营业成本", "cost_of_sales"),
        ("  其中：利息费用 ", "interest_expense"),
        ("四、净利润（净亏损以“－”号填列）", "net_profit"),
        ("实收资本（或股本）", "paid_in_capital"),
        ("所有者权益(或股东权益)合计", "total_equity"),
        ("Total Current Assets", "current_assets"),
        ("COST OF GOODS SOLD", "cost_of_sales"),
        ("long_term_debt", "long_term_borrowings"),
        ("1.2 x", None),
        ("流动资产：", None),
    ],
)
def test_a_line_is_known_by_the_names_that_files_use(name: str, code: str | None) -> None:
    line = line_named(name)
    assert (line.code if line else None) == code


def test_every_line_is_found_by_its_code_and_both_names() -> None:
    for line in known_lines().values():
        assert {line_named(name) for name in (line.code, line.zh, line.en, *line.aliases)} == {line}


def test_a_comparable_name_compares_as_itself() -> None:
    for line in known_lines().values():
        assert comparable(comparable(line.zh)) == comparable(line.zh)


def test_a_cell_that_is_longer_than_any_name_is_compared_as_far_as_one_goes() -> None:
    assert comparable("a" * 32_000) == "a" * 500
