"""Facts as of a date: what stood on three axes is what plain Python finds, and each fact is corrected in one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import literal_column, select, text
from sqlalchemy.orm import aliased

from core.tests.waiting import wait_for_a_waiter
from tenor.audit.holds import entries_held, is_held
from tenor.audit.records import LedgerEntry, LegalHold
from tenor.db.errors import Unguarded
from tenor.kernel import Kernel
from tenor_sdk import Amount
from tenor_sdk.access import RowRule
from tenor_sdk.errors import Conflict, Refused
from tenor_sdk.records import as_of
from tenor_sdk.superseded import Superseded
from tenor_sdk.testing import as_actor
from tenor_test_support.examples import examples

from .conftest import SELLER

pytestmark = pytest.mark.both_databases
Made = Callable[..., int]
FIRST = date(2026, 3, 1)
entries: Any = LedgerEntry.__table__
DAYS = tuple(FIRST + timedelta(days=day) for day in range(5))
Question = tuple[date | None, date | None, date | None]


@dataclass(frozen=True)
class Fact:
    """One row: when it holds, was given out and was recorded, and which of the rows before it is corrected by it."""

    valid: date
    issued: date | None
    known: date
    corrects: int | None


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """Rows in the order in which they are recorded, several on a day; some of them correct others."""
    made: list[Fact] = []
    standing: list[int] = []
    for known in sorted(draw(st.lists(st.sampled_from(DAYS), max_size=7))):
        corrects = draw(st.sampled_from([None, *standing]))
        if corrects is not None:
            standing.remove(corrects)
        standing.append(len(made))
        issued = draw(st.sampled_from([None, *DAYS]))
        made.append(Fact(draw(st.sampled_from(DAYS)), issued, known, corrects))
    return made


days = st.sampled_from([None, *DAYS])
questions = st.lists(st.tuples(days, days, days), min_size=6, max_size=6)


def stood(facts: Sequence[Fact], asked: Question) -> set[int]:
    """Each fact followed through its corrections as far as those were known; then what the last one says."""
    valid, issued, known = asked
    corrected_by = {fact.corrects: n for n, fact in enumerate(facts) if fact.corrects is not None}

    def was_known(n: int) -> bool:
        return known is None or facts[n].known <= known

    def last_known(n: int) -> int:
        after = corrected_by.get(n)
        return n if after is None or not was_known(after) else last_known(after)

    def holds(fact: Fact) -> bool:
        if valid is not None and fact.valid > valid:
            return False
        return issued is None or (fact.issued is not None and fact.issued <= issued)

    first = [n for n, fact in enumerate(facts) if fact.corrects is None and was_known(n)]
    return {n for n in map(last_known, first) if holds(facts[n])}


@pytest.fixture
def quote(institution: Kernel) -> Callable[..., int]:
    """A quote for an order, recorded on a day; its id."""

    def make(order_id: int, on: date = FIRST, **values: Any) -> int:
        from tenor_orders.records import Quote

        with as_actor(institution, SELLER, on=on) as ctx:
            made = Quote(
                **{"parent_id": order_id, "valid_from": FIRST, "price": Amount(1), **values}
            )
            ctx.session.add(made)
            ctx.session.flush()
            return int(made.id)

    return make


@pytest.mark.hypothesis
def test_what_stood_is_what_plain_python_finds(
    institution: Kernel, order: Made, quote: Made
) -> None:
    from tenor_orders.records import Quote

    def record(facts: Sequence[Fact], order_id: int) -> Iterator[int]:
        ids: list[int] = []
        for fact in facts:
            corrects = None if fact.corrects is None else ids[fact.corrects]
            values = {"valid_from": fact.valid, "issued_on": fact.issued, "supersedes_id": corrects}
            ids.append(quote(order_id, on=fact.known, **values))
        yield from ids

    @settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
    @given(histories(), questions)
    def compare(facts: Sequence[Fact], asked: Sequence[Question]) -> None:
        made = order()
        places = {identity: n for n, identity in enumerate(record(facts, made))}
        with as_actor(institution, SELLER, write=False) as ctx:
            for valid, issued, known in asked:
                found = as_of(Quote, valid=valid, issued=issued, known=known)
                rows = ctx.session.scalars(found.where(Quote.parent_id == made)).all()
                told = [places[row.id] for row in rows]
                assert sorted(told) == sorted(stood(facts, (valid, issued, known)))

    compare()


def test_a_fact_is_corrected_once(order: Made, quote: Made) -> None:
    made = order()
    first = quote(made)
    quote(made, supersedes_id=first)
    with pytest.raises(Conflict, match="corrected-already"):
        quote(made, supersedes_id=first)


def test_two_who_correct_a_fact_at_once_do_not_fork_it(
    institution: Kernel, order: Made, quote: Made
) -> None:
    from tenor_orders.records import Quote

    made = order()
    first = quote(made)
    values = {"parent_id": made, "valid_from": FIRST, "price": Amount(2), "supersedes_id": first}
    with ThreadPoolExecutor(1) as other, as_actor(institution, SELLER) as ctx:
        ctx.session.add(Quote(**values))
        ctx.session.flush()
        later = other.submit(quote, made, supersedes_id=first)
        wait_for_a_waiter(institution)
    with pytest.raises(Conflict, match="corrected-already"):
        later.result()


def test_a_fact_of_another_record_is_not_corrected(order: Made, quote: Made) -> None:
    elsewhere = quote(order())
    made = order()
    for identity in (elsewhere, elsewhere + 1000):
        with pytest.raises(Refused, match="corrects-nothing"):
            quote(made, supersedes_id=identity)


@pytest.mark.parametrize("together", [True, False])
def test_a_fact_that_is_hidden_is_not_corrected_as_one_that_there_is_not(
    institution: Kernel, order: Made, quote: Made, *, together: bool
) -> None:
    """It would vanish from what holds, and whoever corrects it would learn that it is there."""
    from tenor_orders.records import Quote

    made = order()
    hidden = quote(made)
    rule = RowRule(record=Quote, allows=lambda _actor: Quote.id != hidden)
    access = institution.access
    access.book = replace(access.book, rules={**access.book.rules, Quote: [rule]})
    access._rights.clear()
    values = {"parent_id": made, "valid_from": FIRST, "price": Amount(2)}
    for identity in (hidden, hidden + 1000, 2**70):
        row = {**values, "supersedes_id": identity}
        ctx: Any
        with (
            pytest.raises(Refused, match="corrects-nothing"),
            as_actor(institution, SELLER) as ctx,
            access.procedure(ctx, "orders", "correct"),
        ):
            if together:
                access.bulk.load(ctx, Quote, [row])
            else:
                ctx.session.add(Quote(**row))


def test_no_row_corrects_itself(order: Made, quote: Made) -> None:
    made = order()
    following = quote(made) + 1
    with pytest.raises(Refused, match="corrects-nothing"):
        quote(made, supersedes_id=following)


def test_a_correction_is_not_known_before_what_it_corrects(order: Made, quote: Made) -> None:
    made = order()
    first = quote(made, on=DAYS[1])
    with pytest.raises(Refused, match="corrects-what-is-later"):
        quote(made, on=DAYS[0], supersedes_id=first)


def test_since_when_a_fact_is_known_is_the_kernels_to_say(
    institution: Kernel, order: Made, quote: Made
) -> None:
    from tenor_orders.records import Quote

    first = quote(order(), on=DAYS[2])
    with pytest.raises(TypeError, match=r"Quote.known_on is the kernel's"):
        quote(order(), on=DAYS[2], known_on=DAYS[0])
    with as_actor(institution, SELLER, write=False) as ctx:
        assert ctx.session.get_one(Quote, first).known_on == DAYS[2]


def test_facts_that_are_loaded_in_bulk_keep_to_the_same(
    institution: Kernel, order: Made, quote: Made
) -> None:
    from tenor_orders import services
    from tenor_orders.records import Quote

    made = order()
    first = quote(made)
    row = {"parent_id": made, "valid_from": FIRST, "price": Amount(3)}
    with as_actor(institution, SELLER, on=DAYS[3]) as ctx:
        services.load_quotes(ctx, [{**row, "supersedes_id": first}])
    with as_actor(institution, SELLER, write=False) as ctx:
        (loaded,) = ctx.session.scalars(select(Quote).where(Quote.supersedes_id == first)).all()
        assert loaded.known_on == DAYS[3]
    with as_actor(institution, SELLER) as ctx:
        with pytest.raises(TypeError, match=r"Quote.known_on is the kernel's"):
            services.load_quotes(ctx, [{**row, "known_on": FIRST}])
        with pytest.raises(Conflict, match="corrected-already"):
            services.load_quotes(ctx, [{**row, "supersedes_id": first}])
        with pytest.raises(Conflict, match="corrected-already"):
            services.load_quotes(ctx, [{**row, "supersedes_id": loaded.id}] * 2)


def test_whether_facts_were_corrected_is_told_of_those_that_are_read_alone(
    institution: Kernel, order: Made, quote: Made
) -> None:
    """Whoever may read none would learn by it whether there are corrections, and by its day since when."""
    from tenor_orders.records import Order, Quote

    made = order()
    quote(made, supersedes_id=quote(made))
    parts: list[tuple[str, Any]] = [
        ("corrected", literal_column("1")),
        ("corrected", Order.__table__.c.id),
        ("corrected", aliased(Quote).id),
        ("known", text("1")),
    ]
    statements = [select(Order.id).where(Superseded(Quote, None))]
    for name, part in parts:
        condition = Superseded(Quote, None)
        setattr(condition, name, part)
        statements.append(select(Quote.id).where(condition))
    with as_actor(institution, SELLER, write=False) as ctx:
        for statement in statements:
            with pytest.raises(Unguarded):
                ctx.session.scalars(statement)
        other = aliased(Quote)
        read = select(other.id).where(~Superseded(other, None))
        assert len(ctx.session.scalars(read).all()) == 1


def test_a_hold_on_a_record_reaches_the_facts_about_it(
    institution: Kernel, order: Made, quote: Made
) -> None:
    held, free = order(), order()
    about_held, about_free = quote(held), quote(free)
    ctx: Any
    with (
        as_actor(institution, "system") as ctx,
        institution.db.system(ctx.session) as session,
    ):
        session.add(LegalHold(table_name="orders_order", record_id=held, reason="court"))
    kinds = institution.records.by_table
    with institution.db.raw(write=False) as connection:
        assert is_held(connection, kinds, "orders_quote", about_held)
        assert not is_held(connection, kinds, "orders_quote", about_free)
        of_quotes = entries.c.table_name == "orders_quote"
        kept = select(entries.c.record_id).where(of_quotes, entries_held(connection, kinds))
        assert connection.scalars(kept).all() == [about_held]
