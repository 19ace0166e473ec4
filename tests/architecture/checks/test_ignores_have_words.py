"""A silenced checker says which rule and why."""

from collections.abc import Callable
from pathlib import Path

from tools.checks import ignores_have_words


def test_a_silencer_with_code_and_words_passes(project: Callable[..., Path]) -> None:
    root = project(
        {
            "plugins/loans/tenor_loans/services.py": """\
                a = 1  # noqa: S314 - a file pinned by its hash
                b = 2  # type: ignore[arg-type]  # handed on as it came
                c = '# noqa'
                """,
        }
    )
    assert list(ignores_have_words.findings(root)) == []


def test_a_silencer_without_code_or_words_is_found(project: Callable[..., Path]) -> None:
    root = project(
        {
            "plugins/loans/tenor_loans/services.py": """\
                a = 1  # noqa
                b = 2  # noqa: S314
                c = 3  # type: ignore
                d = 4  # type: ignore[arg-type]
                e = 5  # pyright: ignore
                """,
        }
    )
    found = [
        finding.told(root).split(": ")[0] for finding in sorted(ignores_have_words.findings(root))
    ]
    assert found == [
        "plugins/loans/tenor_loans/services.py:1",
        "plugins/loans/tenor_loans/services.py:2",
        "plugins/loans/tenor_loans/services.py:3",
        "plugins/loans/tenor_loans/services.py:4",
        "plugins/loans/tenor_loans/services.py:5",
    ]
