"""Problems as people read them, in both languages."""

import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import tenor_customers
from tenor_customers.domain.identifiers import uscc_problems
from tenor_customers.domain.lines import known_lines
from tenor_customers.domain.problems import Place, error
from tenor_customers.domain.statements import PeriodKind, Statement, Unit, balance_problems
from tenor_customers.words import as_error, line_name, listed, said, unit_name
from tenor_sdk import Amount

PACKAGE = Path(tenor_customers.__file__).parent
KEYS = re.compile(r"""(?:error|warning|Unreadable|Unusable)\(\s*"([a-z-]+)\"""")


def catalogue(language: str) -> dict[str, str]:
    with (PACKAGE / "translations" / f"{language}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def keys_of_problems() -> set[str]:
    sources = [*(PACKAGE / "domain").glob("*.py"), *(PACKAGE / "statement_file").glob("*.py")]
    return {key for path in sources for key in KEYS.findall(path.read_text("utf-8"))}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_problem_that_the_domain_finds_has_its_sentence(language: str) -> None:
    known = catalogue(language)
    assert len(keys_of_problems()) > 40
    assert [key for key in sorted(keys_of_problems()) if not known.get(f"error:{key}")] == []


def test_every_line_of_a_statement_is_called_in_chinese_what_the_data_call_it() -> None:
    known = catalogue("zh_CN")
    assert {line.en: known.get(line.en) for line in known_lines().values()} == {
        line.en: line.zh for line in known_lines().values()
    }


def unbalanced(unit: Unit, currency: str = "CNY") -> Statement:
    figures = {"total_assets": 86_420, "total_liabilities": 51_852, "total_equity": 34_468}
    lines = {code: unit.amount(figure, currency) or Amount(0) for code, figure in figures.items()}
    return Statement(date(2025, 12, 31), PeriodKind.ANNUAL, currency, lines, unit=unit)


def test_an_unbalanced_statement_says_by_how_much_in_the_unit_of_the_file() -> None:
    found = as_error(balance_problems(unbalanced(Unit.TEN_THOUSAND))[0])
    assert found.key == "statement-unbalanced"
    assert found.values["assets"] == "86,420"
    assert found.values["difference"] == "100"
    assert str(found.values["unit"]) == "ten thousand yuan"


def test_a_difference_keeps_the_decimals_that_it_needs() -> None:
    statement = unbalanced(Unit.ONE)
    lines = {**statement.lines, "total_assets": Amount(8_632_001)}
    found = as_error(
        balance_problems(Statement(date(2025, 12, 31), PeriodKind.ANNUAL, "CNY", lines))[0]
    )
    assert found.values["difference"] == "0.01"


def test_a_unit_is_named_with_its_currency() -> None:
    assert str(unit_name(Unit.MILLION, "USD")) == "million USD"
    assert str(unit_name(Unit.TEN_THOUSAND, "CNY")) == "ten thousand yuan"
    assert unit_name(Unit.ONE, "USD") == "USD"


def test_lines_in_problems_are_named_not_coded() -> None:
    found = as_error(error("column-missing", column="total_equity"))
    assert found.values["column"] == line_name("total_equity")


def test_a_missing_column_for_the_period_is_named_too() -> None:
    assert (
        str(as_error(error("column-missing", column="period_end")).values["column"]) == "the period"
    )


def test_a_place_in_the_file_stands_before_the_problem() -> None:
    words = said(error("line-name-missing", Place("资产负债表", 12, "C")))
    assert words.values["where"] == "资产负债表 C12"


def test_several_names_are_set_off_by_the_comma_of_the_language() -> None:
    assert str(listed(["a", "b", "c"])) == "a, b, c"
    assert listed([]) == ""


def test_a_letter_that_credit_codes_lack_comes_with_what_was_perhaps_meant() -> None:
    found = as_error(uscc_problems("91110000600037341I")[0])
    assert str(found.values["perhaps"]) == "Perhaps 1 is meant."
    assert as_error(uscc_problems("9111000060003734#L")[0]).values["perhaps"] == ""


def test_sizes_are_said_in_mebibytes() -> None:
    found = as_error(error("file-too-large", size=15 * 1024**2, limit=10 * 1024**2))
    assert found.values == {"size": "15.0", "limit": "10.0"}
