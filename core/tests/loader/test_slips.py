"""Slips of whoever writes a plugin: each is told with what is wrong and where, and keeps nobody else from starting."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tenor.boot import boot
from tenor.loader.manifest import find
from tenor.testing import settings_for
from tenor.testing.tables import make_tables
from tenor_sdk.records import dispose

if TYPE_CHECKING:
    from pathlib import Path

    from core.tests.loader.conftest import Shelf

RECORDS = """
from sqlalchemy.orm import Mapped
from tenor_sdk import Event, Record, field
from tenor_sdk.records import state_field


class Slip(Record):
    name: Mapped[str] = field()
    state: Mapped[str] = state_field("draft")


class Torn(Event):
    slip_id: int
"""
HEAD = """\
from tenor_sdk import FormView, ListView, Menu, Panel, Role, State, Transition, Workflow
from tenor_sdk import can, guard, hookimpl, job, link, on, service
from tenor_slips.records import Slip, Torn
draft, sent = State(name="draft", title="Draft"), State(name="sent", title="Sent", final="good")
"""
#: for each slip the line that it stands on and what is said about it
SLIPS = {
    "a misspelt field": ("Menu('Slips', ListView(Slip, (Slip.nmae,)))", "has no attribute 'nmae'"),
    "a grant to a name": ("r = Role('X', can.read('Slip'))", "can grants a record's class"),
    "a role without can": ("r = Role('X', Slip)", "as in can.read(Loan)"),
    "a role twice": ("r, q = Role('X', can.read(Slip)), Role('X')", "is there already"),
    "a bare hookimpl": ("hookimpl(lambda ctx: None)", "write @hookimpl(the_spec)"),
    "a state by its name": (
        "t = Transition(name='send', title='Send', source='draft', target=sent)",
        "takes States, not 'draft'",
    ),
    "a workflow of a class": ("w = Workflow(Slip, states=(draft,), transitions=())", "Loan.state"),
    "a step that is handed too much": (
        (
            "w = Workflow(Slip.state, states=(draft, sent), transitions=("
            "Transition(name='send', title='Send', source=draft, target=sent, do=lambda ctx: None),))"
        ),
        "is called with (ctx, record, inputs)",
    ),
    "a sheet beside a step of nothing": (
        (
            "f = FormView(Slip, Panel(title='P', content=lambda c, r: None, beside=("
            "Transition(name='send', title='Send', source=draft, target=sent),)))"
        ),
        "'send' is no step of Slip",
    ),
    "a handler of a record": ("on(Slip)", "write @on(ItsEvent)"),
    "a handler without ctx": ("h = on(Torn)(lambda event: None)", "is called with (ctx, event)"),
    "a job after a record": ("job(on=Slip)", "write @job(on=ItsEvent)"),
    "a bare handler": ("@on\ndef h(ctx, event): ...", "write @on(ItsEvent)"),
    "a bare job": ("@job\ndef j(ctx): ...", "write @job(), or @job(on=ItsEvent)"),
    "a job of an event": ("@job(Torn)\ndef j(ctx, event): ...", "write @job(), or @job(on=ItsEvent)"),
    "a bare service": ("@service\ndef s(ctx): ...", "write @service()"),
    "a job without a name": ("j = job()(lambda ctx: None)", "can't be a job"),
    "a link to a name": ("link('Slip')", "link() takes the record's class"),
}  # fmt: skip


def cause_of(shelf: Shelf, database: str, folder: Path, files: dict[str, str]) -> str:
    """Why the plugin of these files is left out; the kernel starts all the same."""
    shelf.plugin("slips", files)
    with suppress(
        TypeError, ValueError, AttributeError
    ):  # the slip itself, where its module can't be imported
        make_tables(database, [find()[0]["slips"]])
    dispose("slips")
    for module in [name for name in sys.modules if name.partition(".")[0] == "tenor_slips"]:
        del sys.modules[module]
    kernel = boot(settings_for(database, folder), plugins=["slips"])
    kernel.db.dispose()
    (failure,) = kernel.failures
    assert failure.plugin == "slips"
    return str(failure.cause)


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_with_its_line_and_what_to_write_instead(
    shelf: Shelf, database: str, tmp_path: Path, name: str
) -> None:
    line, said = SLIPS[name]
    files = {"records.py": RECORDS, "views.py": HEAD + line + "\n"}
    cause = cause_of(shelf, database, tmp_path, files)
    assert said in cause
    assert "views.py:5: " in cause


@pytest.mark.parametrize("kind", ["float", "Decimal"])
def test_a_field_that_would_round_money_is_refused(
    shelf: Shelf, database: str, tmp_path: Path, kind: str
) -> None:
    field = f"\n\nfrom decimal import Decimal\nclass Bill(Record):\n    cost: Mapped[{kind}]\n"
    cause = cause_of(shelf, database, tmp_path, {"records.py": RECORDS + field})
    assert "Bill.cost would be kept as" in cause
    assert "money is an Amount" in cause
    assert "records.py:" in cause


#: for each the type of a field, its bounds, and what is said of them
UNBOUND = {
    "a number for an amount": ("Amount", "minimum=0", "bounded by 0: write one of its own type, Amount"),
    "a text for an amount": ("Amount", "maximum='9.00'", "write one of its own type, Amount"),
    "a number for a rate": ("Rate | None", "maximum=1", "write one of its own type, Rate"),
    "an amount for a number": ("int", "minimum=Amount(0)", "write one of its own type, int"),
    "a time for a date": ("date", "minimum=datetime(2026, 1, 1)", "of its own type, date"),
    "a bound for yes and no": ("bool", "maximum=1", "takes no minimum or maximum"),
    "a number for a text": ("str", "minimum=1", "takes no minimum or maximum"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNBOUND)
def test_a_bound_of_another_type_than_its_field_is_told_with_its_line(
    shelf: Shelf, database: str, tmp_path: Path, name: str
) -> None:
    kind, bounds, said = UNBOUND[name]
    record = (
        "\n\nfrom datetime import date, datetime\nfrom tenor_sdk import Amount, Rate\n"
        f"class Bill(Record):\n    cost: Mapped[{kind}] = field({bounds})\n"
    )
    cause = cause_of(shelf, database, tmp_path, {"records.py": RECORDS + record})
    assert "Bill.cost" in cause
    assert said in cause
    assert "records.py:18: " in cause


#: for each what a setting is, and what is said of it
UNSET = {
    "a number for an amount": (
        "Amount = setting(Amount(5), minimum=0)",
        "Bills.cap is bounded by 0: write one of its own type, Amount",
    ),
    "a text for a number": ("int = setting(5, maximum='9')", "write one of its own type, int"),
    "a whole for a share": ("Rate = setting(Rate(0), maximum=1)", "write one of its own type, Rate"),
    "a time for a date": (
        "date | None = setting(None, minimum=datetime(2026, 1, 1))",
        "of its own type, date",
    ),
    "a bound for yes and no": ("bool = setting(True, maximum=1)", "takes no minimum or maximum"),
    "a bound for a text": ("str = setting('', minimum='a')", "takes no minimum or maximum"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSET)
def test_a_bound_of_another_type_than_its_setting_is_told_with_its_line(
    shelf: Shelf, database: str, tmp_path: Path, name: str
) -> None:
    declared, said = UNSET[name]
    settings = (
        "from datetime import date, datetime\nfrom tenor_sdk import Amount, Rate\n"
        "from tenor_sdk.settings import Settings, setting\n\n\n"
        f"class Bills(Settings):\n    cap: {declared}\n"
    )
    cause = cause_of(shelf, database, tmp_path, {"records.py": RECORDS, "settings.py": settings})
    assert said in cause
    assert "settings.py:7: Bills.cap" in cause


#: for each what is asked, and what is said of it
UNASKED = {
    "a number for an amount": (
        "Amount = ask(minimum=1)",
        "Given.it is bounded by 1: write one of its own type, Amount",
    ),
    "a text for a rate": ("Rate | None = ask(maximum='1')", "write one of its own type, Rate"),
    "an amount for a number": ("int = ask(minimum=Amount(0))", "write one of its own type, int"),
    "a bound for a text": ("str = ask(maximum='z')", "takes no minimum or maximum"),
    "a bound for a link": ("int = ask(target=Slip, minimum=1)", "takes no minimum or maximum"),
    "a length for a number": ("int = ask(max_length=9)", "is no text: it takes no max_length"),
    "a length in words": ("str = ask(max_length='9')", "max_length is a whole number above zero, not '9'"),
    "no length at all": ("str = ask(max_length=0)", "max_length is a whole number above zero, not 0"),
    "a length for a choice": (
        "str = ask(choices=(('a', 'A'),), max_length=9)",
        "takes no max_length",
    ),
    "choices for a number": ("int = ask(choices=(('1', 'One'),))", "is no text: it takes no choices"),
    "keys for a number": ("int = ask(offered=str)", "is offered keys"),
    "several of nothing": ("str = ask(widget='several')", "takes several of what is offered"),
    "choices that are numbers": ("str = ask(choices=((1, 'One'),))", "choices are pairs of a value and a label"),
    "choices without labels": ("str = ask(choices=('one', 'two'))", "choices are pairs of a value and a label"),
}  # fmt: skip
GIVEN = """\
from dataclasses import dataclass
from tenor_sdk import Action, Amount, Rate, State, Transition, Workflow, ask
from tenor_slips.records import Slip


@dataclass(frozen=True)
class Given:
    it: {asked}


"""
DOORS = {
    "a transition": (
        "draft, sent = State(name='draft', title='Draft'), State(name='sent', title='Sent', final='good')\n"
        "flow = Workflow(Slip.state, states=(draft, sent), transitions=(\n"
        "    Transition(name='send', title='Send', source=draft, target=sent, inputs=Given),))\n"
    ),
    "an action": "act = Action(name='a', title='A', on=Slip, do=lambda c, r, i: None, inputs=Given)\n",
}


@pytest.mark.parametrize("name", UNASKED)
@pytest.mark.parametrize("door", DOORS)
def test_a_bound_that_an_input_cannot_have_is_told_with_its_line(
    shelf: Shelf, database: str, tmp_path: Path, name: str, door: str
) -> None:
    asked, said = UNASKED[name]
    views = GIVEN.format(asked=asked) + DOORS[door]
    cause = cause_of(shelf, database, tmp_path, {"records.py": RECORDS, "views.py": views})
    assert said in cause
    assert "views.py:8: Given.it" in cause


#: for each how an event is declared, and what is said of it
MISDECLARED = {
    "a record among its fields": (
        "class Paid(Event):\n    slip: Slip",
        "Paid.slip is of type Slip, which no event carries: hand over ids, dates, amounts and rates",
    ),
    "a set of ids": ("class Paid(Event):\n    ids: set[int]", "Paid.ids is of type set"),
    "a list of records": ("class Paid(Event):\n    slips: list[Slip]", "Paid.slips is of type Slip"),
    "none or a record": ("class Paid(Event):\n    slip: 'Slip | None' = None", "is of type Slip"),
    "a field without its type": (
        "class Paid(Event):\n    slip_id = 0",
        "Paid.slip_id has no type: write slip_id: int = 0",
    ),
    "a field of the kernel's": (
        "class Paid(Event):\n    event_name: str",
        "Paid.event_name is the kernel's: name the field otherwise",
    ),
    "a list to begin with": ("class Paid(Event):\n    ids: list[int] = []", "mutable default"),
    "a dataclass once more": (
        "from dataclasses import dataclass\n@dataclass\nclass Paid(Event):\n    slip_id: int",
        "Paid is a frozen dataclass by itself: leave out @dataclass",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISDECLARED)
def test_an_event_that_could_not_be_told_is_refused_with_its_line(
    shelf: Shelf, database: str, tmp_path: Path, name: str
) -> None:
    declared, said = MISDECLARED[name]
    records = f"{RECORDS}\n\n{declared}\n"
    cause = cause_of(shelf, database, tmp_path, {"records.py": records})
    assert said in cause
    line = next(
        number for number, text in enumerate(records.splitlines(), start=1)
        if text.startswith("class Paid")
    )  # fmt: skip
    assert f"records.py:{line}: " in cause


def test_a_hooks_argument_that_there_is_not_is_named(
    shelf: Shelf, database: str, tmp_path: Path
) -> None:
    hooks = (
        "from tenor_sdk import Context, hookimpl, hookspec\n"
        "@hookspec\ndef score(ctx: Context, slip_id: int) -> int: ...\n"
        "@hookimpl(score)\ndef mine(ctx, nonsense):\n    return 1\n"
    )
    assert "nonsense" in cause_of(shelf, database, tmp_path, {"hooks.py": hooks})


def test_a_slip_that_no_room_foresaw_is_laid_to_the_declaration_that_it_failed_at(
    shelf: Shelf, database: str, tmp_path: Path
) -> None:
    line = "w = Workflow(Slip.state, states=(draft, 'sent'), transitions=())\n"
    cause = cause_of(shelf, database, tmp_path, {"records.py": RECORDS, "views.py": HEAD + line})
    assert "AttributeError" in cause
    assert "views.py:" in cause


COMPUTED = """
from __future__ import annotations
from sqlalchemy.orm import Mapped
from tenor_sdk import Line, Record, lines
from tenor_sdk.records import computed, stored


class Slip(Record):
    name: Mapped[str]
    items: Mapped[list[Item]] = lines()

    {declared}
    def worth(self) -> int:
        return 1

    @stored("items.worth")
    def total(self) -> int:
        return 1

    @computed("name")
    def loud(self) -> str:
        return ""

    @stored("worth")
    def more(self) -> int:
        return 1


class Item(Line[Slip]):
    pieces: Mapped[int]

    {on_item}
    def worth(self) -> int:
        return 1
"""
WATCHED = '@stored("pieces")'
#: for each what stands on the record, on its line, on which line of the file, and what is said
UNCOMPUTED = {
    "a field that there isn't": ('@stored("nmae")', WATCHED, 12, "no field 'nmae'"),
    "a field of lines that there isn't": ('@stored("items.nmae")', WATCHED, 12, "no field 'nmae'"),
    "a relation that there isn't": ('@stored("itms.worth")', WATCHED, 12, "no field 'itms'"),
    "more than one step": ('@stored("items.a.b")', WATCHED, 12, "no field 'a.b'"),
    "a field as if it were a relation": ('@stored("name.a")', WATCHED, 12, "isn't a relation"),
    "what moves with each change": ('@stored("version")', WATCHED, 12, "no field 'version'"),
    "what isn't stored": ('@stored("loud")', WATCHED, 12, "isn't stored"),
    "what lies above": ('@stored("name")', '@stored("parent.name")', 32, "lies above"),
    "itself": ('@stored("worth")', WATCHED, 12, "Slip.worth → Slip.worth"),
    "itself, by a round": ('@stored("more")', WATCHED, 12, "Slip.worth → Slip.more → Slip.worth"),
    "nothing": ("@computed()", WATCHED, 12, "says by name what it depends on"),
    "nothing, without a call": ("@computed", WATCHED, 12, "says by name what it depends on"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNCOMPUTED)
def test_a_formula_that_depends_on_what_it_cannot_is_told_with_its_line(
    shelf: Shelf, database: str, tmp_path: Path, name: str
) -> None:
    declared, on_item, line, said = UNCOMPUTED[name]
    records = COMPUTED.format(declared=declared, on_item=on_item)
    cause = cause_of(shelf, database, tmp_path, {"records.py": records})
    assert said in cause
    assert f"records.py:{line}: " in cause


def test_a_stored_value_says_of_which_type_it_is(
    shelf: Shelf, database: str, tmp_path: Path
) -> None:
    untyped = COMPUTED.format(declared='@stored("name")', on_item=WATCHED).replace(" -> int", "")
    cause = cause_of(shelf, database, tmp_path, {"records.py": untyped})
    assert "worth is stored, so it says what it returns" in cause
    assert "records.py:12: " in cause
