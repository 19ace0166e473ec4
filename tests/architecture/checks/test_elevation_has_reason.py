"""Whoever steps over a person's rights says why."""

from collections.abc import Callable
from pathlib import Path

from tools.checks import elevation_has_reason


def test_a_reason_in_words_is_enough(project: Callable[..., Path]) -> None:
    root = project(
        {
            "plugins/loans/tenor_loans/services.py": """\
                def total(ctx, why):
                    with ctx.elevated('exposure of the whole group'), ctx.elevated(why):
                        ...
                """,
        }
    )
    assert list(elevation_has_reason.findings(root)) == []


def test_an_elevation_without_words_is_found(project: Callable[..., Path]) -> None:
    root = project(
        {
            "plugins/loans/tenor_loans/services.py": """\
                def total(ctx):
                    with ctx.elevated():
                        ...
                    with ctx.elevated('sum'):
                        ...
                """,
        }
    )
    found = [
        finding.told(root).split(": ")[0] for finding in sorted(elevation_has_reason.findings(root))
    ]
    assert found == [
        "plugins/loans/tenor_loans/services.py:2",
        "plugins/loans/tenor_loans/services.py:4",
    ]
