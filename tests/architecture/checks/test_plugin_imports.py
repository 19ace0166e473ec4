"""A plugin imports what its pyproject.toml requires, and of other plugins only what they publish."""

from collections.abc import Callable
from pathlib import Path

from tools.checks import plugin_imports


def test_a_required_plugins_public_names_may_be_imported(project: Callable[..., Path]) -> None:
    root = project(
        {
            "plugins/loans/tenor_loans/services.py": """\
                import json
                from sqlalchemy import select
                from tenor_sdk import Record
                from tenor_customers.public import Customer
                from tenor_loans.domain import schedule
                """,
            "plugins/loans/tenor_loans/integrations/collections.py": "from tenor_collections.public import Case\n",
        }
    )
    assert list(plugin_imports.findings(root)) == []


def test_what_is_not_required_or_not_public_is_found(project: Callable[..., Path]) -> None:
    root = project(
        {
            "plugins/loans/tenor_loans/services.py": """\
                from tenor_customers.records import Customer
                import flask
                from tenor.db import engine
                import numpy
                """,
            "plugins/customers/tenor_customers/services.py": """\
                def late():
                    from tenor_loans.public import Loan
                """,
        }
    )
    found = [finding.told(root).split(": ")[0] for finding in sorted(plugin_imports.findings(root))]
    assert found == [
        "plugins/customers/tenor_customers/services.py:2",
        "plugins/loans/tenor_loans/services.py:1",
        "plugins/loans/tenor_loans/services.py:2",
        "plugins/loans/tenor_loans/services.py:3",
        "plugins/loans/tenor_loans/services.py:4",
    ]
