"""What the amounts of a list come to, wherever it is told: in each currency once, and as a file of what one may take
out."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor.records.totals import Total, totals
from tenor.views import ViewError
from tenor.views.merge import list_of
from tenor_sdk import Amount, ListView
from tenor_sdk.access import FieldRule
from tenor_sdk.looks import ChartView
from tenor_sdk.testing import as_actor
from tenor_test_support.plugins import installed

pytestmark = pytest.mark.both_databases

LIN = "lin.xiaowen"
LIST = "/gems/gem"
PLUGINS = Path(__file__).parent / "plugins"


@pytest.fixture(scope="module")
def gems(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The plugin ``gems``, as pip would have installed it."""
    with installed(PLUGINS, "gems", tmp_path_factory.mktemp("gems-site")) as name:
        yield name


@pytest.fixture(scope="module")
def plugins(gems: str) -> tuple[str, ...]:
    return (gems,)


@pytest.fixture
def lin(person: Any) -> Any:
    return person(LIN)


@pytest.fixture
def gem(institution: Kernel) -> Callable[..., int]:
    """A gem of somebody's; its id."""

    def make(name: str, price: str, currency: str | None = "CNY", *, of: str = LIN) -> int:
        from tenor_gems import Gem

        with as_actor(institution, of) as ctx:
            whose = {"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id}
            priced = {"price": Amount.of(price), "currency": currency}
            made = Gem(name=name, polished_on=ctx.today, **priced, **whose)
            ctx.session.add(made)
            ctx.session.flush()
            return int(made.id)

    return make


def figures(person: Any, asked: str) -> list[list[str]]:
    """The rows of a file of figures, below its heads."""
    return list(csv.reader(person.get(f"{LIST}/figures?{asked}&format=csv").splitlines()))[1:]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("look=pivot&look_by=name,cut,price", [["mine", "10.00", "10.00"]]),
        ("look=pivot&look_by=name,cut,count", [["mine", "1", "1"]]),
        ("look=chart", [["Brilliant", "10.00"]]),
    ],
)
def test_only_figures_of_what_one_may_take_out_go_out(
    lin: Any, gem: Any, asked: str, told: list[list[str]]
) -> None:
    gem("mine", "10")
    gem("theirs", "99", of="shen.bai")
    assert "theirs" in lin.get(f"{LIST}?look=pivot")
    assert figures(lin, asked) == told


def test_nothing_goes_out_where_one_may_take_out_none_of_the_rows(lin: Any, gem: Any) -> None:
    gem("theirs", "99", of="shen.bai")
    assert figures(lin, "look=pivot") == []
    assert figures(lin, "look=chart") == []


@pytest.mark.parametrize("currency", ["", None, "cny"])
def test_an_amount_without_a_currency_is_in_yuan_wherever_it_is_added_up(
    lin: Any, gem: Any, currency: str | None
) -> None:
    gem("a", "10", currency)
    gem("b", "100", "CNY")
    gem("c", "7", "USD")
    for told in (lin.get("/"), *(lin.get(f"{LIST}?look={look}") for look in ("board", "calendar"))):
        assert "110.00" in told
        assert "7.00" in told
    chart = [["Brilliant", "CNY", "110.00"], ["Brilliant", "USD", "7.00"]]
    assert figures(lin, "look=chart") == chart
    pivot = figures(lin, "look=pivot&look_by=cut,name,price")
    assert pivot == [
        ["Brilliant", "CNY", "10.00", "100.00", "0.00", "110.00"],
        ["Brilliant", "USD", "0.00", "0.00", "7.00", "7.00"],
    ]


@pytest.mark.parametrize("effect", ["hide", "mask"])
@pytest.mark.parametrize("field", ["currency", "price"])
def test_no_sum_is_offered_of_what_one_may_not_know_or_in_what_currency(
    lin: Any, gem: Any, institution: Kernel, field: str, effect: Any
) -> None:
    from tenor_gems import Gem

    gem("a", "77.70", "USD")
    rule = FieldRule(fields=(getattr(Gem, field),), effect=effect)
    institution.access.field_rules.append(rule)
    assert 'look=chart"' not in lin.get(LIST)
    assert "data-t-chart" not in lin.get(f"{LIST}?look=chart")
    assert lin.client.get(f"{LIST}/figures?look=chart").status_code == 404
    assert figures(lin, "look=pivot&look_by=name,cut,price") == [["a", "1", "1"]]
    assert "t-day-sums" not in lin.get(f"{LIST}?look=calendar")
    assert "77.70" not in lin.get("/")


def sums(added: Any) -> ListView:
    """A list with a sum, as it is made at start."""
    from tenor_gems import Gem, Ring

    if added.class_ is Ring:
        return list_of(ListView(Ring, (Ring.name,), looks=(ChartView(Ring.name, sum=added),)), [])
    return list_of(ListView(Gem, (Gem.name,), looks=(ChartView(Gem.cut, sum=added),)), [])


def test_a_sum_by_a_currency_that_no_column_holds_is_refused_at_start(institution: Kernel) -> None:
    from tenor_gems import Ring

    with pytest.raises(ViewError, match=r"Ring\.currency is no column"):
        sums(Ring.worth)


def test_a_sum_in_an_extensions_own_currency_is_refused_at_start(institution: Kernel) -> None:
    from tenor_gems import Insured, Polished, Taxed

    with pytest.raises(ViewError, match="Insured has a currency of its own, beside that of Gem"):
        sums(Insured.sum_insured)
    with pytest.raises(ViewError, match="Taxed has a currency of its own, beside that of Gem"):
        sums(Taxed.duty)
    assert sums(Polished.spent).looks


class Counted(list[Total]):
    """Totals that count how often one of them is looked at."""

    looked = 0

    def __iter__(self) -> Iterator[Total]:
        for one in super().__iter__():
            self.looked += 1
            yield one


@pytest.mark.parametrize("look", ["pivot&look_by=name,cut,price", "chart-2"])
def test_a_group_is_looked_at_as_often_in_a_large_table_as_in_a_small_one(
    lin: Any, gem: Any, monkeypatch: pytest.MonkeyPatch, look: str
) -> None:
    def counting(*asked: Any) -> Counted:
        found.append(Counted(totals(*asked)))
        return found[-1]

    found: list[Counted] = []
    for module in ("pivot", "chart"):
        monkeypatch.setattr(f"tenor.web.{module}.totals", counting)
    for number in range(12):
        gem(f"gem {number}", str(number))
        if number in (1, 11):
            lin.get(f"{LIST}?look={look}")
    few, many = found
    assert (len(few), len(many)) == (2, 12)
    assert many.looked / len(many) <= few.looked / len(few)
