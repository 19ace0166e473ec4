"""The pages of the SDK say what its source says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.reference_sdk import pages

PROJECT = '[project]\nname = "{name}"\nversion = "1.0.0"\n'
MODULE = '''\
"""Payments, one by one. More of them here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Payment:
    """What is paid.

    ::

        Payment(100)

    Args:
        amount: in minor units,
            never below zero.
    """

    amount: int
    _mine: int = 0

    def half(self) -> int:
        """Half of it."""
        return self.amount // 2


def pay(ctx: object, payment: Payment, /, *notes: str, twice: bool = False, account_of_whoever_pays: str = "") -> None:
    """Pay ``payment``.

    Raises:
        Refused: ``no-funds``.
    """


def _book() -> None: ...
'''


@pytest.fixture
def page(project: Callable[..., Path]) -> str:
    root = project(
        {
            "sdk/pyproject.toml": PROJECT.format(name="tenor-sdk"),
            "sdk/tenor_sdk/__init__.py": '"""The language."""\nfrom tenor_sdk.payments import pay\n',
            "sdk/tenor_sdk/payments.py": MODULE,
            "plugins/loans/pyproject.toml": PROJECT.format(name="tenor-loans"),
            "plugins/loans/tenor_loans/public.py": "__all__ = []\n",
        }
    )
    written = pages(root)
    assert set(written) == {"sdk.md", "sdk/tenor_sdk.payments.md"}
    assert (
        "| [`tenor_sdk.payments`](sdk/tenor_sdk.payments.md) | Payments, one by one. |"
        in written["sdk.md"]
    )
    return written["sdk/tenor_sdk.payments.md"]


def test_a_class_is_shown_with_its_fields_its_example_and_its_methods(page: str) -> None:
    assert "@dataclass(frozen=True)\nclass Payment\n    amount: int\n```" in page
    assert "```python\nPayment(100)\n```" in page
    assert "- `amount`: in minor units, never below zero." in page
    assert "### Payment.half\n\n```python\ndef half(self) -> int\n```\n\nHalf of it." in page


def test_a_long_signature_takes_a_line_for_each_argument(page: str) -> None:
    lines = (
        "def pay(",
        "    ctx: object,",
        "    payment: Payment,",
        "    /,",
        "    *notes: str,",
        "    twice: bool = False,",
        "    account_of_whoever_pays: str = '',",
        ") -> None",
    )
    assert "\n".join(lines) in page
    assert "Pay `payment`.\n\n**Raises**\n\n- `Refused`: `no-funds`." in page


def test_what_is_private_is_left_out(page: str) -> None:
    assert "_mine" not in page
    assert "_book" not in page
