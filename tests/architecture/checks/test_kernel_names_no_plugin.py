"""Kernel and SDK name no plugin."""

from collections.abc import Callable
from pathlib import Path

from tools.checks import kernel_names_no_plugin


def test_words_of_a_lender_are_no_names_of_plugins(project: Callable[..., Path]) -> None:
    root = project(
        {
            "core/tenor/events.py": """\
                from collections import deque

                title = 'The customers of a bank and their loans'
                """,
        }
    )
    assert list(kernel_names_no_plugin.findings(root)) == []


def test_a_plugins_name_in_kernel_or_sdk_is_found(project: Callable[..., Path]) -> None:
    root = project(
        {
            "core/tenor/events.py": """\
                import tenor_loans
                if plugin == 'customers':
                    ...
                """,
            "core/tenor/web/templates/page.html": "{% include 'tenor_loans/due.html' %}\n",
        }
    )
    found = [
        finding.told(root).split(": ")[0]
        for finding in sorted(kernel_names_no_plugin.findings(root))
    ]
    assert found == [
        "core/tenor/events.py:1",
        "core/tenor/events.py:2",
        "core/tenor/web/templates/page.html:1",
    ]
