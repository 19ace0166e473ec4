"""Fields that are asked for or stay as they are while a condition holds, at every door and at the flush."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.tests.records.conftest import LIN, PLUGINS
from tenor.kernel import Kernel
from tenor.records.values import masked
from tenor_sdk import Amount, Rate
from tenor_sdk.bulk import load, update_where
from tenor_sdk.errors import Invalid
from tenor_sdk.testing import as_actor, make_user
from tenor_test_support.plugins import installed
from tenor_test_support.statements import asking

pytestmark = pytest.mark.both_databases
LARGE = {"kind": "fixed", "amount": "2000000.00"}
Do = Callable[..., Any]


@pytest.fixture(scope="session")
def lending(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The plugin ``lending``, as pip would have installed it."""
    with installed(Path(PLUGINS), "lending", tmp_path_factory.mktemp("lending-site")) as name:
        yield name


@pytest.fixture(scope="module")
def plugins(lending: str) -> tuple[str, ...]:
    return (lending,)


@pytest.fixture
def make(institution: Kernel) -> Do:
    """A loan of what is handed in; its id."""

    def made(login: str = LIN, **given: Any) -> int:
        from tenor_lending import Loan

        ctx: Any
        with as_actor(institution, login) as ctx:
            return institution.records.create(ctx, Loan, {"name": "a loan", **given}).id

    return made


@pytest.fixture
def change(institution: Kernel) -> Do:
    """Change a loan by what is handed in."""

    def changed(identity: int, login: str = LIN, **given: Any) -> None:
        from tenor_lending import Loan

        ctx: Any
        with as_actor(institution, login) as ctx:
            institution.records.update(ctx, ctx.session.get_one(Loan, identity), given)

    return changed


@pytest.fixture
def loan(institution: Kernel) -> Do:
    """A loan as it stands."""

    def found(identity: int) -> Any:
        from tenor_lending import Loan

        with as_actor(institution, LIN, write=False) as ctx:
            return ctx.session.get_one(Loan, identity)

    return found


def refused(what: Callable[[], object]) -> dict[str, str]:
    """The keys of what is wrong, by field."""
    with pytest.raises(Invalid) as raised:
        what()
    return {name: error.key for name, error in raised.value.fields.items()}


def test_a_new_record_needs_what_it_asks_for(make: Do, loan: Do) -> None:
    assert refused(lambda: make(**LARGE)) == {"rate": "required"}
    assert refused(lambda: make(urgent=True, reason="  ")) == {"reason": "required"}
    both = refused(lambda: make(due_on="2026-06-29", **LARGE))
    assert both == {"rate": "required", "reason": "required"}
    made = loan(make(**LARGE, rate="0.0435"))
    assert (made.rate, made.base) == (Rate.of("0.0435"), "LPR")
    make(kind="fixed", amount="1000000.00")
    make(kind="fixed")  # nobody knows its amount: an error is never true
    make(due_on="2026-06-30")


def test_a_change_is_judged_by_the_record_as_it_would_be(make: Do, change: Do, loan: Do) -> None:
    one = make(amount="2000000.00")
    assert refused(lambda: change(one, kind="fixed")) == {"rate": "required"}
    change(one, kind="fixed", rate="0.04")
    assert refused(lambda: change(one, rate=None)) == {"rate": "required"}
    change(one, kind="floating", rate=None, base="SHIBOR")
    assert (loan(one).rate, loan(one).base) == (None, "SHIBOR")


def test_what_is_read_only_keeps_its_value_and_may_be_said_again(make: Do, change: Do) -> None:
    one = make(**LARGE, rate="0.04")
    assert refused(lambda: change(one, base="SHIBOR")) == {"base": "fixed-now"}
    change(one, base="LPR", name="the same")
    change(one, base="SHIBOR", kind="floating")
    assert refused(lambda: change(one, base="LPR", kind="fixed")) == {"base": "fixed-now"}
    assert refused(lambda: make(**LARGE, rate="0.04", base="SHIBOR")) == {"base": "fixed-now"}


def test_what_is_masked_for_somebody_is_not_told_by_a_refusal(
    make: Do, change: Do, institution: Kernel
) -> None:
    """Whether they say what stands there: they are refused in any case."""
    make_user(institution, "the.head", roles=["lending.head-of-lending"])
    make_user(institution, "the.clerk", roles=["lending.lending-clerk"])
    one = make("the.head", account="6222020200011", amount="5.00")
    change(one, "the.head", ceiling="1.00")
    for said in ("6222020200011", "6222020200012"):
        told = refused(partial(change, one, "the.clerk", account=said))
        assert told == {"account": "fixed-now"}
    change(one, "the.clerk", account=masked("6222020200011", "account"))  # as it was shown


def test_code_of_plugins_keeps_what_is_asked_for_and_writes_what_is_read_only(
    make: Do, institution: Kernel, loan: Do
) -> None:
    from tenor_lending import Kind, Loan

    one = make(**LARGE, rate="0.04")

    def wanting() -> None:
        with as_actor(institution, LIN) as ctx:
            ctx.session.get_one(Loan, one).rate = None

    def new() -> None:
        with as_actor(institution, LIN) as ctx:
            who = {"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id}
            ctx.session.add(Loan(name="x", kind=Kind.FIXED, amount=Amount.of("1000000.01"), **who))

    assert refused(wanting) == {"rate": "required"}
    assert refused(new) == {"rate": "required"}
    with as_actor(institution, LIN) as ctx:
        ctx.session.get_one(Loan, one).base = "SHIBOR"
    assert loan(one).base == "SHIBOR"


def test_rows_that_are_set_together_are_held_to_it_too(make: Do, institution: Kernel) -> None:
    from tenor_lending import Kind, Loan

    one = make(amount="2000000.00")

    def together(do: Callable[[Any], object]) -> Callable[[], None]:
        def done() -> None:
            ctx: Any
            with (
                as_actor(institution, LIN) as ctx,
                institution.access.procedure(ctx, "lending", "test"),
            ):
                do(ctx)

        return done

    row = {"name": "x", "kind": Kind.FIXED, "amount": Amount.of("1000000.01"), "unit_id": 1}
    assert refused(together(lambda ctx: load(ctx, Loan, [row]))) == {"rate": "required"}
    fixed = {"kind": Kind.FIXED}
    setting = together(lambda ctx: update_where(ctx, Loan, Loan.id == one, fixed))
    assert refused(setting) == {"rate": "required"}
    together(lambda ctx: update_where(ctx, Loan, Loan.id == one, {"name": "y"}))()


def test_what_rows_that_are_set_together_begin_with_counts_as_what_they_say(
    institution: Kernel,
) -> None:
    from tenor_lending import Loan

    def loaded(**row: Any) -> None:
        ctx: Any
        with (
            as_actor(institution, LIN) as ctx,
            institution.access.procedure(ctx, "lending", "test"),
        ):
            load(ctx, Loan, [{"unit_id": ctx.actor.unit_id, **row}])

    loaded(name="x", urgent=True, reason="y")
    assert refused(lambda: loaded(name="x", urgent=True, base="", reason="y")) == {
        "base": "required"
    }


def test_what_was_so_before_stays_till_somebody_changes_what_it_is_about(
    make: Do, change: Do, institution: Kernel
) -> None:
    one = make(due_on="2026-07-01")
    institution.clock.business_date = date(2026, 7, 2)
    try:
        change(one, name="another")
        assert refused(lambda: change(one, due_on="2026-06-30")) == {"reason": "required"}
        assert refused(lambda: change(one, reason="")) == {"reason": "required"}
    finally:
        institution.clock.business_date = date(2026, 6, 30)


def test_lines_are_held_to_conditions_of_their_own(make: Do, change: Do) -> None:
    steps: list[Mapping[str, Any]] = [{"what": "sign"}, {"what": "pay", "done": True}]
    assert refused(lambda: make(steps=steps)) == {"steps.1.proof": "required"}
    one = make(steps=[{"what": "pay", "done": True, "proof": "slip 7"}])
    assert refused(lambda: change(one, steps=steps)) == {"steps.1.proof": "required"}


def test_it_costs_no_statement(make: Do, institution: Kernel) -> None:
    def counted(**given: Any) -> int:
        with asking(institution.db.reader, institution.db.writer) as asked:
            make(**given)
        return len(asked)

    counted()
    assert counted() == counted(**LARGE, rate="0.04", due_on="2026-01-01", reason="late")
