"""A rule whose address is compiled late makes the same addresses as one of Werkzeug's."""

from __future__ import annotations

import pytest
from werkzeug.routing import Map, Rule

from tenor.web.routing import Route


def address(kind: type[Rule], rule: str, **values: object) -> str:
    made = Map([kind(rule, endpoint="there")]).bind("tenor.test")
    return made.build("there", values)


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("/loans", {}),
        ("/loans/<int:number>/<name>", {"number": 7, "name": "a b/c"}),
        ("/loans/<int:number>", {"number": 7, "page": 2}),
    ],
)
def test_an_address_is_the_same(rule: str, values: dict[str, object]) -> None:
    assert address(Route, rule, **values) == address(Rule, rule, **values)
