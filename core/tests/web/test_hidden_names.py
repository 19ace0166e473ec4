"""Names that are made of what a rule hides or masks: nowhere do they tell it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import false

from core.tests.web.test_api import Programs, program
from core.tests.workflow.standing_in import give
from tenor.access.records import User
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor_sdk.access import FieldRule, RowRule
from tenor_sdk.i18n import _
from tenor_sdk.notify import notify
from tenor_sdk.records import name_of
from tenor_sdk.testing import as_actor, make_user

__all__ = ["program"]
pytestmark = pytest.mark.both_databases
Rules = Callable[..., None]
PAGES = (
    "/vault/box/1?tab=1", "/vault/box/1/edit", "/vault/box/1/why", "/vault/box/1/delete",
    "/vault/box/1/reveal/holder_identity", "/vault/box/1/actions/revalue", "/vault/box",
    "/vault/box/suggest?q=", "/vault/box/export?format=csv", "/vault/opening/new", "/vault/opening",
    "/vault/opening/1", "/inbox", "/search?q=BOX",
)  # fmt: skip
ANSWERS = (
    "/vault/box/1", "/vault/box", "/vault/box/1/history", "/search?q=BOX", "/inbox",
    "/vault/opening", "/vault/opening/1/panels",
)  # fmt: skip


@pytest.fixture
def rule(institution: Kernel, monkeypatch: pytest.MonkeyPatch) -> Rules:
    """Have a further rule about fields."""

    def put(effect: Any, *fields: Any, **more: Any) -> None:
        made = FieldRule(fields=fields, effect=effect, **more)
        known = institution.access.field_rules
        monkeypatch.setattr(institution.access, "field_rules", [*known, made])
        institution.access._field_effects.clear()

    return put


@pytest.fixture
def opened(institution: Kernel, box: Any) -> None:
    """A box that was opened once, and a notice about it."""
    from tenor_vault.records import Box, Opening

    box(name="Goldkiste", holder_identity="110101199003074514")
    with as_actor(institution, "lin.xiaowen") as ctx:
        ctx.session.add(Opening(box_id=1, reason="for a look"))
        notify(ctx, [ctx.actor.id], _("Look at it"), about=ctx.session.get(Box, 1))


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("effect", ["hide", "mask"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_calls_a_record_by_it(person: Any, rule: Rules, path: str, effect: str) -> None:
    from tenor_vault.records import Box

    rule(effect, Box.number, Box.name)
    shown = person("lin.xiaowen").get(path)
    assert "BOX-001" not in shown
    assert "Goldkiste" not in shown


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("effect", ["hide", "mask"])
@pytest.mark.parametrize("path", ANSWERS)
def test_no_answer_of_the_api_does(program: Programs, rule: Rules, path: str, effect: str) -> None:
    from tenor_vault.records import Box

    rule(effect, Box.number, Box.name)
    answer = program("lin.xiaowen")("GET", path)
    assert answer.status_code == 200
    assert "BOX-001" not in answer.text
    assert "Goldkiste" not in answer.text


@pytest.mark.usefixtures("opened")
def test_a_mail_about_it_doesnt_either(institution: Kernel, rule: Rules) -> None:
    from tenor_vault.records import Box

    ctx: Any
    with as_actor(institution, "lin.xiaowen", write=False) as ctx:
        place = ("vault_box", 1)
        assert institution.notify.names_of(ctx, [place]) == {place: "BOX-001"}
        rule("hide", Box.number)
        assert institution.notify.names_of(ctx, [place]) == {place: "Goldkiste"}


@pytest.mark.parametrize("path", ["/vault/box", "/vault/box/export?format=csv", "/vault/box/1"])
def test_nor_does_a_link_to_it(
    person: Any, institution: Kernel, rule: Rules, box: Any, path: str
) -> None:
    box(keeper_id=actor_of(institution, "shen.bai").id)
    lin = person("lin.xiaowen")
    assert "沈柏" in lin.get(path)
    rule("hide", User.name)
    assert "沈柏" not in lin.get(path)


@pytest.mark.usefixtures("opened")
def test_where_nothing_is_left_of_its_name_it_goes_by_what_it_is(person: Any, rule: Rules) -> None:
    from tenor_vault.records import Box

    rule("hide", Box.number, Box.name)
    lin = person("lin.xiaowen")
    assert "<title>Box 1" in lin.get("/vault/box/1")
    assert "Box 1" in lin.get("/vault/opening/1")


@pytest.mark.usefixtures("opened")
def test_a_page_of_many_names_asks_as_often_as_one_of_few(
    person: Any, institution: Kernel, rule: Rules, box: Any, statements: list[str]
) -> None:
    """Asked by somebody for whom the rule is lifted by the rights of another, of whose rows alone it is so."""
    from tenor_vault.access import keeper
    from tenor_vault.records import Box

    rule("hide", Box.number, unless=(keeper,))
    give(institution, "lin.xiaowen", "chen.li")
    chen = person("chen.li")
    counts = []
    for more in (1, 12):
        for n in range(more):
            box(name=f"box {n}")
        for path in ("/vault/opening/new", "/vault/box", "/vault/box/suggest?q="):
            assert "BOX-002" in chen.get(path) or more == 1
        statements.clear()
        for path in ("/vault/opening/new", "/vault/box", "/vault/box/suggest?q="):
            chen.get(path)
        counts.append(len(statements))
    assert counts[0] == counts[1]


# -- a display of a plugin's own --------------------------------------------------------------------------------------


@pytest.fixture
def title(
    institution: Kernel, box: Any, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[Any], str]], str]:
    """What a box is called before somebody who sees shelves too, as its plugin would have it."""
    from tenor_vault.records import Box, Shelf

    held = [("relationship-manager", "YZ")]
    make_user(institution, "liu.shu", positions=held, unit="YZ", roles=["vault.shelver"])
    with as_actor(institution, "liu.shu") as ctx:
        ctx.session.add(Shelf(name="Cellar"))
    box(
        "liu.shu",
        name="Goldkiste",
        shelf_id=1,
        holder_identity="110101199003074514",
        items=["ring"],
    )

    def of(display: Callable[[Any], str]) -> str:
        monkeypatch.setattr(Box, "display", display)
        ctx: Any
        with as_actor(institution, "liu.shu", write=False) as ctx:
            return name_of(ctx, ctx.session.get_one(Box, 1))

    return of


def test_what_is_masked_of_it_is_masked(title: Any) -> None:
    assert title(lambda box: f"{box.name} {box.holder_identity}") == "Goldkiste 110101********4514"


def test_what_is_hidden_of_it_is_left_out(title: Any, rule: Rules) -> None:
    from tenor_vault.records import Box

    rule("hide", Box.name)
    assert title(lambda box: f"{box.number} {box.name}") == "BOX-001"


def test_so_it_is_where_a_property_or_a_computed_field_would_tell(title: Any, rule: Rules) -> None:
    from tenor_vault.records import Box

    rule("hide", Box.name, Box.value)
    Box.shout = property(lambda box: box.name.upper())
    try:
        assert title(lambda box: f"{box.number}{box.shout}{box.double}") == "BOX-001"
    finally:
        del Box.shout


@pytest.mark.parametrize("hidden", ["what it leads to", "the link"])
def test_so_it_is_of_a_record_that_it_leads_to(title: Any, rule: Rules, hidden: str) -> None:
    from tenor_vault.records import Box, Shelf

    def display(box: Any) -> str:
        return f"{box.number} {box.shelf.name if box.shelf else ''}"

    assert title(display) == "BOX-001 Cellar"
    rule("hide", Shelf.name if hidden == "what it leads to" else Box.shelf_id)
    assert title(display) == "BOX-001"


def test_where_a_rule_about_rows_keeps_what_it_leads_to_it_goes_by_what_it_is(
    title: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_vault.records import Shelf

    book = institution.access.book
    rules = {**book.rules, Shelf: [RowRule(record=Shelf, allows=lambda _actor: false())]}
    monkeypatch.setattr(institution.access, "book", replace(book, rules=rules))
    institution.access._rights.clear()
    assert title(lambda box: f"{box.number} {box.shelf.name}") == "Box 1"
    assert title(lambda box: f"{box.number} {box.shelf.name if box.shelf else ''}") == "BOX-001"


def test_so_it_is_of_lines(title: Any, rule: Rules) -> None:
    from tenor_vault.records import Item

    rule("hide", Item.what)
    assert title(lambda box: f"{box.number} {box.items[0].what}") == "BOX-001"


def test_a_display_over_that_of_all_records_is_asked_as_well(title: Any, rule: Rules) -> None:
    from tenor_vault.records import Box

    from tenor_sdk import Record

    rule("hide", Box.number)
    assert title(lambda box: f"Box {super(Box, box).display()}") == "Box Goldkiste"
    assert title(Record.display) == "Goldkiste"


def test_a_display_that_fails_over_a_blank_is_none(title: Any, rule: Rules) -> None:
    from tenor_vault.records import Box

    rule("hide", Box.kind)
    assert title(lambda box: box.kind.value) == "Box 1"


def test_one_that_fails_anyhow_is_a_fault(title: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        title(lambda box: str(1 // 0))
