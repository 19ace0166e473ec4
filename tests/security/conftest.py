"""What attackers have in hand: people's tokens and browsers, and the cast that makes them something to attack."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.steps import CUSTOMER, MANAGER, Cast, at
from tests.security.browsing import Browser, signed_in

if TYPE_CHECKING:
    from tests.journeys.bank import Bank
    from tests.journeys.people import Person


@pytest.fixture(scope="package")
def cast(embedded_bank: Bank) -> Cast:
    return Cast(embedded_bank)


@pytest.fixture
def lin(cast: Cast) -> Person:
    """A relationship manager with a token."""
    return cast[MANAGER]


@pytest.fixture(scope="package")
def customer(cast: Cast) -> Any:
    """A customer of hers, which nothing here changes."""
    return cast.customer()


@pytest.fixture
def here(customer: Any) -> str:
    """Where that customer is."""
    return at(CUSTOMER, customer)


@pytest.fixture(scope="package")
def browser_of(embedded_bank: Bank) -> Callable[[str], Browser]:
    """Somebody's browser, signed in once for all tests."""
    return cache(lambda login: signed_in(embedded_bank.url, login))


@pytest.fixture
def anybody(embedded_bank: Bank) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(embedded_bank.url)
