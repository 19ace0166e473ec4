"""The arrows between the floors and within the kernel point one way."""

from collections.abc import Callable
from pathlib import Path

from tools.checks import contracts


def test_arrows_that_point_downwards_pass(project: Callable[..., Path]) -> None:
    root = project(
        {
            "core/tenor/web/__init__.py": "",
            "core/tenor/web/page.py": """\
                import tenor.clock
                import tenor_sdk
                """,
            "plugins/loans/tenor_loans/services.py": "import tenor_customers.public\n",
        }
    )
    assert list(contracts.findings(root)) == []


def test_arrows_that_point_upwards_are_found(project: Callable[..., Path]) -> None:
    root = project(
        {
            "core/tenor/web/__init__.py": "",
            "core/tenor/clock.py": "import tenor.web\n",
            "core/tenor/late.py": "",
            "sdk/tenor_sdk/records.py": "import tenor.clock\n",
            "plugins/customers/tenor_customers/services.py": "import tenor_loans\n",
        }
    )
    found = [finding.told(root).split(": ")[0] for finding in sorted(contracts.findings(root))]
    assert found == [
        "core/tenor/clock.py:1",
        "plugins/customers/tenor_customers/services.py:1",
        "sdk/tenor_sdk/records.py:1",
        "tests/architecture/layers.txt:1",
    ]
