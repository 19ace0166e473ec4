"""A service leaves the end of the transaction to the kernel."""

from collections.abc import Callable
from pathlib import Path

from tools.checks import plugin_never_commits


def test_a_service_may_flush(project: Callable[..., Path]) -> None:
    root = project(
        {
            "plugins/loans/tenor_loans/services.py": """\
                def release(ctx):
                    ctx.session.flush()
                """,
        }
    )
    assert list(plugin_never_commits.findings(root)) == []


def test_a_service_that_commits_or_rolls_back_is_found(project: Callable[..., Path]) -> None:
    root = project(
        {
            "plugins/loans/tenor_loans/services.py": """\
                def release(ctx):
                    ctx.session.commit()
                    ctx.session.rollback()
                """,
        }
    )
    found = [
        finding.told(root).split(": ")[0] for finding in sorted(plugin_never_commits.findings(root))
    ]
    assert found == [
        "plugins/loans/tenor_loans/services.py:2",
        "plugins/loans/tenor_loans/services.py:3",
    ]
