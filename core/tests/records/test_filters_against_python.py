"""Rows that the database finds for a random filter are those that plain Python finds, nulls and all."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.tests.records.conftest import Show
from core.tests.records.test_filters import above
from tenor.records.filters import And, Comparison, Not, Or, Sign, Tree, written
from tenor_sdk import Amount, Rate
from tenor_test_support.examples import examples

pytestmark = pytest.mark.both_databases
Row = Mapping[str, Any]

TEXTS = (
    "",
    "a",
    "A",
    "Ä",
    "ä",
    "B",
    "ß",
    "z",
    "中",
    "丁",
    "a b",
    "%",
    "\\",
    "𠂊",
    "e\u0301",
    "\u00e9",
)
#: for each field the values that rows have and filters ask for, and how a filter writes one
VALUES: Mapping[str, tuple[tuple[Any, ...], Callable[[Any], str]]] = {
    "label": (TEXTS, str),
    "local": (TEXTS, str),
    "price": (tuple(Amount(minor) for minor in (-1, 0, 1, 100, 250_000_000)), lambda one: one.text()),
    "share": (tuple(Rate(nano) for nano in (0, 1, 43_500_000)), lambda one: one.text()),
    "made_on": (tuple(date(2026, month, 28) for month in (1, 2, 12)), date.isoformat),
    "broken": ((True, False), lambda one: "true" if one else "false"),
    "pieces": ((-3, 0, 2**40), str),
    "grams": ((1, 2), str),
    "maker.name": (("near", "far"), str),
}  # fmt: skip
ORDERED = ("label", "local", "price", "share", "made_on", "pieces", "grams", "maker.name")
CONTAINING = ("label", "local", "maker.name")


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    name = draw(st.sampled_from(sorted(VALUES)))
    signs = ["=", *(("<", "<=", ">", ">=") if name in ORDERED else ())]
    sign = cast("Sign", draw(st.sampled_from([*signs, *(("~",) if name in CONTAINING else ())])))
    values, write = VALUES[name]
    most = 3 if sign in ("=", "~") else 1
    found = draw(st.lists(st.sampled_from(values), min_size=sign != "=", max_size=most))
    return Comparison(name, sign, tuple(write(one) for one in found))


trees = st.recursive(comparisons(), above, max_leaves=6)


def folded(text: str) -> str:
    return "".join(one.lower() if one.isascii() else one for one in text)


def holds(tree: Tree, row: Row) -> bool:
    """Two-valued: a comparison with an empty value isn't true, and ``not`` turns it round."""
    if isinstance(tree, Not):
        return not holds(tree.term, row)
    if isinstance(tree, And):
        return all(holds(term, row) for term in tree.terms)
    if isinstance(tree, Or):
        return any(holds(term, row) for term in tree.terms)
    value = row[tree.field]
    if not tree.values:
        return value is None or value == ""
    if value is None:
        return False
    values, write = VALUES[tree.field]
    wanted = [next(one for one in values if write(one) == word) for word in tree.values]
    if tree.sign == "~":
        return any(folded(one) in folded(value) for one in wanted)
    if tree.sign == "=":
        return value in wanted
    # text by its bytes in UTF-8, which is by code point
    here, there = (one.encode() if isinstance(one, str) else one for one in (value, wanted[0]))
    return bool(
        {"<": here < there, "<=": here <= there, ">": here > there, ">=": here >= there}[tree.sign]
    )


@dataclass
class Depot:
    rows: Mapping[str, Row]
    names: Show


@pytest.fixture
def depot_of_all(keep: Any, names: Show) -> Depot:
    from tenor_depot import Maker, Part, PartWeight

    (near,) = keep(Maker(name="near"))
    (far,) = keep(Maker(name="far"), of="shen.bai")
    chance, rows, parts, weights = random.Random(7), {}, [], []  # noqa: S311 -- no secret
    own = [name for name in VALUES if name not in ("grams", "maker.name")]
    for number in range(60):
        row = {name: chance.choice((None, *VALUES[name][0])) for name in VALUES}
        maker = chance.choice((None, near, far))
        row["maker.name"] = "near" if maker == near else None  # the other isn't hers to see
        rows[f"part {number:02d}"] = row
        given = {name: row[name] for name in own}
        parts.append(Part(name=f"part {number:02d}", maker_id=maker, **given))
    for identity, row in zip(keep(*parts), rows.values(), strict=True):
        if row["grams"] is not None:
            weights.append(PartWeight(id=identity, grams=row["grams"]))
    keep(*weights)
    return Depot(rows, names)


@pytest.mark.hypothesis
def test_the_database_finds_what_python_finds(depot_of_all: Depot) -> None:
    @settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))
    @given(trees)
    def compare(tree: Tree) -> None:
        wanted = {name for name, row in depot_of_all.rows.items() if holds(tree, row)}
        assert set(depot_of_all.names(written(tree))) == wanted

    compare()
