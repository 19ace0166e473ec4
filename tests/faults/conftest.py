"""The people of a bank, and one of them before a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys.steps import MANAGER, Cast
from tests.security.browsing import Browser, signed_in

if TYPE_CHECKING:
    from tests.journeys.bank import Bank


@pytest.fixture(scope="package")
def cast(embedded_bank: Bank) -> Cast:
    return Cast(embedded_bank)


@pytest.fixture(scope="package")
def page(embedded_bank: Bank) -> Browser:
    """The browser of a relationship manager."""
    return signed_in(embedded_bank.url, MANAGER)
