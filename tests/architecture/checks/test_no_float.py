"""No float in a plugin or the SDK."""

from collections.abc import Callable
from pathlib import Path

from tools.checks import no_float


def test_refusing_a_float_and_a_measurement_that_says_so_pass(project: Callable[..., Path]) -> None:
    root = project(
        {
            "plugins/loans/tenor_loans/services.py": """\
                def read(value: str | int) -> int:
                    if isinstance(value, float):
                        raise TypeError
                    return int(value)


                SECONDS = 0.5  # float: a time to wait
                """,
        }
    )
    assert list(no_float.findings(root)) == []


def test_a_float_is_found(project: Callable[..., Path]) -> None:
    root = project(
        {
            "plugins/loans/tenor_loans/services.py": """\
                RATE = 0.0435


                def share(part: float) -> int:
                    return int(part)
                """,
        }
    )
    found = [finding.told(root).split(": ")[0] for finding in sorted(no_float.findings(root))]
    assert found == [
        "plugins/loans/tenor_loans/services.py:1",
        "plugins/loans/tenor_loans/services.py:4",
    ]
