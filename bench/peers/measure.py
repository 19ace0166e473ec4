"""What a create and an update cost beside Django and Tryton: interleaved, CPU first."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from bench.figures import Figure
from bench.over_http.client import Client
from bench.over_http.data import MINE, customer, mine
from bench.over_http.measure import ROUNDS, WORKS, expect, learn_units, rounds
from bench.over_http.sides import Side, fill_ours, serving
from bench.peers import sides
from tenor_test_support.postgres import running

#: ours to the peer: at least twice ahead
BAR: Final = 0.5
#: of an update, by number
_GRADES: Final = "ABCDE"


def _given(k: int) -> dict[str, Any]:
    given: dict[str, Any] = customer(k)
    return {**given, "code": uuid4().hex, "unit": MINE[k % len(MINE)]}


def _changes(k: int) -> dict[str, Any]:
    return {"score": 300 + (k * 7) % 600, "city": f"Town{k}", "grade": _GRADES[k % 5]}


def _django_create(client: Client, side: Side, k: int) -> None:
    given = _given(k)
    given |= {
        "birth_date": given["birth_date"].isoformat(),
        "opened_at": given["opened_at"].isoformat(),
        "income": f"{given['income'] / 100:.2f}",
    }
    expect(client.ask("POST", "/customers", given), 201)


def _django_update(client: Client, side: Side, k: int) -> None:
    expect(client.ask("PATCH", f"/customers/{mine(k)}", _changes(k)), 200)


def _tryton_create(client: Client, side: Side, k: int) -> None:
    _call(client, side, "create", [{key: _wire(value) for key, value in _money(_given(k)).items()}])


def _tryton_update(client: Client, side: Side, k: int) -> None:
    _call(client, side, "write", [mine(k)], _changes(k))


def _call(client: Client, side: Side, method: str, *given: Any) -> None:
    body = {"id": 1, "method": f"model.book.customer.{method}", "params": [*given, {}]}
    said = expect(client.ask("POST", side.path, body), 200)
    assert b'"error"' not in said[:300], said[:500]


def _money(given: dict[str, Any]) -> dict[str, Any]:
    minor = given["income"]
    decimal = {"__class__": "Decimal", "decimal": f"{minor // 100}.{minor % 100:02d}"}
    return {**given, "income": decimal}


def _wire(value: Any) -> Any:
    if isinstance(value, datetime):
        names = ("year", "month", "day", "hour", "minute", "second", "microsecond")
        return {"__class__": "datetime", **{name: getattr(value, name) for name in names}}
    if isinstance(value, date):
        return {
            "__class__": "date", "year": value.year, "month": value.month, "day": value.day,
        }  # fmt: skip
    return value


def figures() -> Iterator[Figure]:
    """CPU milliseconds of a request, ours and each peer's."""
    works: dict[str, dict[str, Any]] = {
        "create": {"ours": WORKS["create"], "django": _django_create, "tryton": _tryton_create},
        "update": {"ours": WORKS["update"], "django": _django_update, "tryton": _tryton_update},
    }
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(running())
        ours, theirs, others = (stack.enter_context(server.database()) for _ in range(3))
        token = fill_ours(ours, folder)
        at = [
            stack.enter_context(serving("ours", ours, folder, token)),
            stack.enter_context(sides.django(theirs, folder)),
            stack.enter_context(sides.tryton(others, folder)),
        ]
        learn_units(ours.dsn)
        for name, work in works.items():
            taken = rounds(at, work)
            for peer in ("django", "tryton"):
                yield Figure(
                    part=2, work=f"{name} over HTTP, PostgreSQL, CPU, beside {peer}", unit="ms",
                    value=taken["ours"].cpu * 1e3, peer=taken[peer].cpu * 1e3, bar=BAR, runs=ROUNDS,
                )  # fmt: skip
