"""Only the kernel's clock is read."""

from collections.abc import Callable
from pathlib import Path

from tools.checks import one_clock


def test_a_service_may_ask_its_context(project: Callable[..., Path]) -> None:
    root = project(
        {
            "plugins/loans/tenor_loans/services.py": """\
                def due(ctx, loan):
                    return loan.due < ctx.today
                """,
        }
    )
    assert list(one_clock.findings(root)) == []


def test_a_clock_of_a_plugins_own_is_found(project: Callable[..., Path]) -> None:
    root = project(
        {
            "plugins/loans/tenor_loans/services.py": """\
                import datetime, time
                from sqlalchemy import func

                a = datetime.datetime.now()
                b = datetime.date.today()
                c = time.time()
                d = func.now()
                """,
        }
    )
    found = [finding.told(root).split(": ")[0] for finding in sorted(one_clock.findings(root))]
    assert found == [
        "plugins/loans/tenor_loans/services.py:4",
        "plugins/loans/tenor_loans/services.py:5",
        "plugins/loans/tenor_loans/services.py:6",
        "plugins/loans/tenor_loans/services.py:7",
    ]
