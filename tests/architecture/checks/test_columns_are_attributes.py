"""Views name columns by attributes."""

from collections.abc import Callable
from pathlib import Path

from tools.checks import columns_are_attributes


def test_a_title_may_be_a_string(project: Callable[..., Path]) -> None:
    root = project(
        {
            "plugins/loans/tenor_loans/views.py": """\
                loans = ListView(Loan, (Loan.number, Loan.balance), title='Loans')
                terms = Section('Terms', Loan.rate, Loan.months)
                """,
        }
    )
    assert list(columns_are_attributes.findings(root)) == []


def test_a_column_named_by_a_string_is_found(project: Callable[..., Path]) -> None:
    root = project(
        {
            "plugins/loans/tenor_loans/views.py": """\
                loans = ListView(
                    Loan,
                    (Loan.number, 'balance'),
                    sort='due',
                )
                """,
        }
    )
    found = [
        finding.told(root).split(": ")[0]
        for finding in sorted(columns_are_attributes.findings(root))
    ]
    assert found == ["plugins/loans/tenor_loans/views.py:3", "plugins/loans/tenor_loans/views.py:4"]
