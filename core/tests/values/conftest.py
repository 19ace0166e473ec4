"""An institution with orders, and programs and people who work on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.tests.web.conftest import app, faults, person, statements
from core.tests.web.test_api import Program
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor_sdk import Amount
from tenor_sdk.testing import as_actor
from tenor_test_support.plugins import installed

__all__ = ["app", "faults", "person", "statements"]

SELLER = "lin.xiaowen"
PLUGINS = Path(__file__).parent / "plugins"


@pytest.fixture(scope="session")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The plugin ``orders``, as pip would have installed it."""
    with installed(PLUGINS, "orders", tmp_path_factory.mktemp("orders-site")) as name:
        yield name


@pytest.fixture(scope="module")
def plugins(orders: str) -> tuple[str, ...]:
    return (orders,)


@pytest.fixture
def program(app: Flask, institution: Kernel) -> Callable[[str], Program]:
    """A program that acts with somebody's token."""

    def make(login: str) -> Program:
        token = institution.identity.create_token(actor_of(institution, login), "test")
        return Program(app.test_client(), token)

    return make


@pytest.fixture
def order(institution: Kernel) -> Callable[..., int]:
    """An order with items of these prices; its id."""

    def make(*prices: int, login: str = SELLER, **values: Any) -> int:
        from tenor_orders.records import Item, Order

        ctx: Any
        with as_actor(institution, login) as ctx:
            whose = {"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id}
            made = Order(**{"name": "an order", **whose, **values})
            made.items = [Item(what="a thing", price=Amount(price)) for price in prices]
            ctx.session.add(made)
            ctx.session.flush()
            return int(made.id)

    return make


@pytest.fixture
def held(institution: Kernel) -> Callable[..., Sequence[Any]]:
    """Fields of an order as they lie in the database."""

    def read(identity: int, *names: str) -> Sequence[Any]:
        from tenor_orders.records import Order

        with as_actor(institution, "system", write=False) as ctx:
            columns = [getattr(Order, name) for name in names]
            with ctx.elevated("look") as high:
                return tuple(high.execute(select(*columns).where(Order.id == identity)).one())

    return read
