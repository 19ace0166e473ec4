"""Changes of fields that a plugin watches: told in their transaction, whichever way they come, and at no cost else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from core.tests.imports.conftest import Desk, as_csv
from tenor.kernel import Kernel
from tenor_sdk import Amount, Rate
from tenor_sdk.causes import caused_by
from tenor_sdk.changes import PastChange, past_changes
from tenor_sdk.custom_fields import add_custom_field, set_custom_fields
from tenor_sdk.errors import Invalid
from tenor_sdk.expressions import Expression, Judged, check_expression, holds, names_on, value_of
from tenor_sdk.services import savepoint
from tenor_sdk.testing import as_actor, make_user, run_jobs
from tenor_sdk.values import Money
from tenor_sdk.workflow import transition
from tenor_test_support.plugins import installed
from tenor_test_support.statements import asking

pytestmark = pytest.mark.both_databases

LIN = "lin.xiaowen"
PLUGINS = Path(__file__).parent / "plugins"
Build = Callable[..., int]
Change = Callable[..., None]
Told = Callable[[], list[tuple[str, int]]]


@pytest.fixture(scope="session")
def lookout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The plugin ``lookout``, as pip would have installed it."""
    with installed(PLUGINS, "lookout", tmp_path_factory.mktemp("watches-site")) as name:
        yield name


@pytest.fixture(scope="module")
def plugins(lookout: str) -> tuple[str, ...]:
    return (lookout,)


@pytest.fixture
def shed(institution: Kernel) -> Build:
    """Build a shed; its id."""

    def built(name: str = "north", **values: Any) -> int:
        from tenor_lookout import Shed

        with as_actor(institution, LIN) as ctx:
            one = Shed(name=name, unit_id=ctx.actor.unit_id or 0, owner_id=ctx.actor.id, **values)
            ctx.session.add(one)
            ctx.session.flush()
            return one.id

    return built


@pytest.fixture
def begin(institution: Kernel) -> Callable[..., None]:
    """Watch fields of sheds."""

    def begun(*names: str) -> None:
        import tenor_lookout

        with as_actor(institution, LIN) as ctx:
            for name in names:
                tenor_lookout.begin(ctx, name, key=name)

    return begun


@pytest.fixture
def change(institution: Kernel) -> Change:
    """Change a shed as its form and the API do."""

    def changed(identity: int, **values: Any) -> None:
        from tenor_lookout import Shed

        ctx: Any
        with as_actor(institution, LIN) as ctx:
            institution.records.update(ctx, ctx.session.get_one(Shed, identity), values)

    return changed


@pytest.fixture
def told(institution: Kernel) -> Told:
    """The fields that were told, with the record, oldest first."""

    def found() -> list[tuple[str, int]]:
        return [(one.name, one.record_id) for one in heard(institution)]

    return found


def heard(institution: Kernel) -> list[Any]:
    from tenor_lookout import Heard

    with as_actor(institution, LIN, write=False) as ctx:
        return list(ctx.session.scalars(select(Heard).order_by(Heard.id)))


def test_a_change_by_form_or_api_is_told_once(
    shed: Build, begin: Any, change: Change, told: Told
) -> None:
    one, other = shed(), shed("south")
    begin("colour")
    change(one, colour="red", price="5.00")
    change(one, colour="red")
    change(other, price="7.00")
    assert told() == [("colour", one)]


def test_a_new_record_has_not_changed(
    institution: Kernel, shed: Build, begin: Any, told: Told
) -> None:
    import tenor_lookout

    begin("colour")
    shed(colour="red")
    with as_actor(institution, LIN) as ctx:
        tenor_lookout.build(ctx, ["east", "west"])
        made = tenor_lookout.Shed(name="mid", unit_id=ctx.actor.unit_id or 0, owner_id=ctx.actor.id)
        ctx.session.add(made)
        ctx.session.flush()
        made.colour = "blue"
    assert told() == []


def test_an_import_tells_what_it_changes(
    institution: Kernel, shed: Build, begin: Any, told: Told
) -> None:
    one, other = shed(), shed("south", colour="red")
    begin("colour")
    desk = Desk(institution)
    kind = institution.records.find("lookout", "shed")
    desk.kind = lambda record: kind  # type: ignore[method-assign]  # of this test's plugin
    taken = desk.take(
        "shed",
        as_csv(("name", "colour"), ("north", "red"), ("south", "red"), ("new", "red")),
        matched_by=["name"],
    )
    assert (taken.made, taken.changed, taken.unchanged) == (1, 1, 1)
    assert told() == [("colour", one)]
    assert other


def test_set_based_work_tells_of_those_that_it_changed(
    institution: Kernel, shed: Build, begin: Any, told: Told
) -> None:
    import tenor_lookout

    one, _same, other = shed(), shed("mid", colour="red"), shed("south", colour="blue")
    begin("colour")
    with as_actor(institution, LIN) as ctx:
        tenor_lookout.paint_all(ctx, "red")
    assert told() == [("colour", one), ("colour", other)]
    first, second = heard(institution)
    assert first.entry == second.entry


def test_a_job_of_a_service_tells_and_a_workflow_does(
    institution: Kernel, shed: Build, begin: Any, told: Told
) -> None:
    import tenor_lookout

    one = shed()
    begin("colour", "state")
    with as_actor(institution, LIN) as ctx:
        ctx.enqueue(tenor_lookout.paint_later, shed_id=one, colour="red")
        transition(ctx, ctx.session.get_one(tenor_lookout.Shed, one), tenor_lookout.close)
    run_jobs(institution)
    assert told() == [("state", one), ("colour", one)]


def test_fields_of_lines_sums_extensions_and_of_the_institutions_own(
    institution: Kernel, shed: Build, begin: Any, told: Told
) -> None:
    from tenor_lookout import Roof, Shed, Tool

    with as_actor(institution, "ding.ning") as ctx:
        add_custom_field(ctx, Shed, "wood", "text", "木材", label_en="Wood")
    one = shed()
    with as_actor(institution, LIN) as ctx:
        ctx.session.add(Roof(id=one, age=1))
    begin("pieces", "age", "custom.wood")
    with as_actor(institution, LIN) as ctx:
        found = ctx.session.get_one(Shed, one)
        found.tools.append(Tool(pieces=3))
        ctx.session.flush()
        ctx.session.get_one(Roof, one).age = 2
        set_custom_fields(ctx, found, {"wood": "oak"})
    assert sorted(told()) == [("age", one), ("custom.wood", one), ("pieces", one)]


def test_what_is_undone_is_not_told(
    institution: Kernel, shed: Build, begin: Any, told: Told
) -> None:
    from tenor_lookout import Shed

    one = shed()
    begin("colour")
    with as_actor(institution, LIN) as ctx:
        found = ctx.session.get_one(Shed, one)
        with pytest.raises(RuntimeError), savepoint(ctx):
            found.colour = "red"
            ctx.session.flush()
            raise RuntimeError
    with pytest.raises(RuntimeError), as_actor(institution, LIN) as ctx:
        ctx.session.get_one(Shed, one).colour = "red"
        ctx.session.flush()
        raise RuntimeError
    assert told() == []


def test_a_watch_that_ended_tells_nothing(
    institution: Kernel, shed: Build, begin: Any, change: Change, told: Told
) -> None:
    import tenor_lookout

    one = shed()
    begin("colour")
    with as_actor(institution, LIN) as ctx:
        tenor_lookout.end(ctx, "colour")
    change(one, colour="red")
    assert told() == []


def test_a_watch_begun_by_another_process_is_known_at_once(
    institution: Kernel, shed: Build, change: Change, told: Told
) -> None:
    one = shed()
    change(one, colour="red")
    with institution.db.raw() as connection:
        connection.execute(
            text(
                "INSERT INTO base_watch (plugin, key, kind, name, table_name, stands_as, version, created_at,"
                " changed_at) VALUES ('lookout', 'x', 'lookout.shed', 'colour', 'lookout_shed', 'colour', 1,"
                " CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)"
            )
        )
    change(one, colour="blue")
    assert told() == [("colour", one)]


def test_what_led_there_is_told_with_it(institution: Kernel, shed: Build, begin: Any) -> None:
    from tenor_lookout import Shed

    one = shed()
    begin("colour")
    with as_actor(institution, LIN) as ctx:
        found = ctx.session.get_one(Shed, one)
        with caused_by(ctx, "a rule"), savepoint(ctx):
            found.colour = "red"
    assert [each.causes for each in heard(institution)] == [["a rule"]]


def test_records_that_nobody_watches_cost_no_statement(
    institution: Kernel, shed: Build, begin: Any, change: Change
) -> None:
    one = shed()
    change(one, price="1.00")

    def asked(price: str) -> list[str]:
        with asking(institution.db.writer) as found:
            change(one, price=price)
        return found

    before = asked("2.00")
    assert not [each for each in before if "base_watch" in each]
    begin("colour")
    change(one, price="3.00")
    assert len(asked("4.00")) == len(before)


@pytest.mark.parametrize("name", ["nothing", "code", "today", "tools", "id"])
def test_what_is_no_field_that_may_be_told_is_not_watched(begin: Any, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        begin(name)
    assert refused.value.key == "no-such-field"


# -- what stood there, in expressions --------------------------------------------------------------------------------

DAY, MOMENT = date(2026, 6, 1), datetime(2026, 6, 1, 8, 30, tzinfo=UTC)
SIDES = {
    "colour": ("raw", "red", 'change.before == "raw" && change.after == "red"'),
    "price": (Amount.of("5"), Amount.of("7.50"), 'change.after - change.before == money("2.50", "CNY")'),
    "share": (
        Rate.percent("5"), Rate.percent("4.35"),
        'change.after == percent("4.35") && change.before > change.after',
    ),
    "built_on": (DAY, date(2026, 6, 8), "change.after - change.before == 7"),
    "seen_at": (None, MOMENT, '!has(change.before) && day_of(change.after) == date("2026-06-01")'),
    "locked": (False, True, "!change.before && change.after"),
}  # fmt: skip


@pytest.mark.parametrize("name", SIDES)
def test_both_sides_of_a_change_can_be_asked_for(
    institution: Kernel, shed: Build, begin: Any, name: str
) -> None:
    from tenor_lookout import Shed

    before, after, condition = SIDES[name]
    one = shed(**{name: before})
    begin(name)
    for value in (after, before):
        with as_actor(institution, LIN) as ctx:
            setattr(ctx.session.get_one(Shed, one), name, value)
    first, second = heard(institution)
    asked = Expression(Shed, condition, changed=name)
    with as_actor(institution, LIN, write=False) as ctx:
        check_expression(ctx, asked)
        found = ctx.session.get_one(Shed, one)
        assert holds(ctx, asked, found, entry=first.entry) == Judged(True)
        assert not holds(ctx, asked, found, entry=second.entry).holds
        assert holds(ctx, asked, found).error.key == "expression-unknown"


def test_an_amount_is_of_the_currency_of_its_side(
    institution: Kernel, shed: Build, begin: Any, change: Change
) -> None:
    from tenor_lookout import Shed

    one = shed(price=Amount.of("5"))
    begin("price")
    change(one, price="6.00", currency="USD")
    (seen,) = heard(institution)
    with as_actor(institution, LIN, write=False) as ctx:
        found = ctx.session.get_one(Shed, one)
        sides = [
            value_of(ctx, Expression(Shed, side, changed="price"), found, entry=seen.entry)
            for side in ("change.before", "change.after")
        ]
    assert sides == [Money(500, "CNY"), Money(600, "USD")]


def test_set_based_work_has_both_sides_of_each_record(
    institution: Kernel, shed: Build, begin: Any
) -> None:
    import tenor_lookout
    from tenor_lookout import Shed

    shed(colour="raw"), shed("south", colour="blue")
    begin("colour")
    with as_actor(institution, LIN) as ctx:
        tenor_lookout.paint_all(ctx, "red")
    asked = Expression(Shed, 'change.before == "blue" && change.after == "red"', changed="colour")
    with as_actor(institution, LIN, write=False) as ctx:
        judged = [
            holds(ctx, asked, ctx.session.get_one(Shed, one.record_id), entry=one.entry).holds
            for one in heard(institution)
        ]
    assert judged == [False, True]


def test_an_entry_of_another_record_tells_nothing(
    institution: Kernel, shed: Build, begin: Any, change: Change
) -> None:
    from tenor_lookout import Shed

    one, other = shed(), shed("south")
    begin("colour")
    change(one, colour="red")
    (seen,) = heard(institution)
    asked = Expression(Shed, 'change.after == "red"', changed="colour")
    with as_actor(institution, LIN, write=False) as ctx:
        judged = holds(ctx, asked, ctx.session.get_one(Shed, other), entry=seen.entry)
    assert (judged.holds, judged.error.key) == (False, "expression-unknown")


def test_who_may_not_read_a_field_is_told_nothing_of_its_change(
    institution: Kernel, shed: Build, begin: Any, change: Change
) -> None:
    from tenor_lookout import Shed

    make_user(institution, "looker", roles=["lookout.looker"])
    one = shed(keeper="Petersen")
    begin("keeper")
    change(one, keeper="Vogt")
    (seen,) = heard(institution)
    asked = Expression(Shed, "true", changed="keeper")
    with as_actor(institution, "looker", write=False) as ctx:
        judged = holds(ctx, asked, ctx.session.get_one(Shed, one), entry=seen.entry)
        assert (judged.holds, judged.error.key) == (False, "expression-not-readable")
        with pytest.raises(Invalid) as refused:
            check_expression(ctx, asked)
        assert refused.value.key == "expression-not-readable"
        assert "change.before" not in {each.name for each in names_on(ctx, Shed, changed="keeper")}
        assert past_changes(ctx, Shed, "keeper") == []
    with as_actor(institution, LIN, write=False) as ctx:
        assert past_changes(ctx, Shed, "keeper") == [PastChange(seen.entry, seen.created_at, one)]


def test_past_changes_are_those_of_records_that_one_may_read(
    institution: Kernel, shed: Build, change: Change
) -> None:
    import tenor_lookout
    from tenor_lookout import Shed

    one, other = shed(), shed("south")
    change(one, colour="red")
    change(one, price="1.00")
    with as_actor(institution, LIN) as ctx:
        tenor_lookout.paint_all(ctx, "blue")
    with as_actor(institution, LIN, write=False) as ctx:
        assert [each.record_id for each in past_changes(ctx, Shed, "colour")] == [one, other, one]
    with as_actor(institution, "ding.ning", write=False) as ctx:
        assert past_changes(ctx, Shed, "colour") == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_its_fault_has_its_sentence(institution: Kernel, begin: Any, language: str) -> None:
    with pytest.raises(Invalid) as refused:
        begin("nothing")
    said = institution.translator.error(refused.value, language)
    assert "nothing" in said
    assert "{" not in said
